"""A table as somebody wrote it: every cell as given, with the number a person sees beside the row."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from holdfast.errors import TableError

NAMELESS = "the table"


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The columns as given and where they come from.

    frame: text for CSV, typed for Parquet and frames; source: the file's name, or "the table"; first_row: the number a
    person sees beside the first row (2 below a header line, 1 in a frame or Parquet file).
    """

    frame: pl.DataFrame
    source: str = NAMELESS
    first_row: int = 1

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.frame.height

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return self.frame.columns

    def column(self, name: str) -> pl.Series:
        """One column by its name. Raises TableError, with the names there are, when it is not one of them."""
        if name not in self.frame.columns:
            raise no_such_column(name, columns=self.frame.columns, source=self.source)
        return self.frame.get_column(name)

    def row(self, index: int) -> int:
        """The number a person sees beside the row with this index (from 0)."""
        return int(index) + self.first_row


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """One row that was not used, or one value of it: the row as a person counts it, the column, and why.

    kind: the same in fewer words, equal for all rows with this fault.
    """

    row: int
    column: str
    kind: str
    reason: str


def no_such_column(name: str, *, columns: Sequence[str], source: str) -> TableError:
    """The error that names the columns there are."""
    return TableError(
        "{source} has no column `{column}`. Its columns are: {columns}.",
        source=opening(source),
        column=name,
        columns=", ".join(columns) or "none",
    )


def opening(source: str) -> str:
    """A source as the first word of a sentence; a file keeps the name it has."""
    return source.capitalize() if source == NAMELESS else source


def as_text(series: pl.Series) -> pl.Series:
    """Cells as text, ids as given; a cell that holds nothing is null. Whole numbers kept as floats lose their `.0`."""
    if series.dtype == pl.String:
        return series.set(series == "", None)
    if series.dtype.is_float():
        series = series.fill_nan(None)
        whole = series.is_null() | ((series == series.floor()) & (series.abs() < 2.0**53))
        if whole.all():
            return series.cast(pl.Int64).cast(pl.String)
    if series.dtype == pl.Datetime and bool((series == series.dt.truncate("1d")).all()):
        series = series.dt.date()
    return series.cast(pl.String)


def row_list(rows: Sequence[int], *, most: int = 100) -> str:
    """Row numbers as a person would write them: runs joined, the rest counted: `3, 8 to 12 and 40 more`."""
    runs: list[list[int]] = []
    for number in rows[:most]:
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [text for a, b in runs for text in ([f"{a} to {b}"] if b > a + 1 else [str(n) for n in range(a, b + 1)])]
    if len(rows) > most:
        return f"{', '.join(shown)} and {len(rows) - most:,} more"
    return ", ".join(shown[:-1]) + " and " + shown[-1] if len(shown) > 1 else "".join(shown)
