"""Rows that cannot be used as they stand: refused by name, or left out and listed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from holdfast.errors import MethodError, TableError
from holdfast.interop.table import LeftOut, Table, as_text, row_list
from holdfast.stats.arrays import BoolArray

Duplicates = Literal["refuse", "first", "last", "mean"]
Unreadable = Literal["refuse", "leave-out"]
LONGEST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What to do with rows that repeat a session and with cells that cannot be read; by default both are refused."""

    duplicates: Duplicates = "refuse"
    unreadable: Unreadable = "refuse"

    def __post_init__(self) -> None:
        """Refuse a word that is not one of them."""
        for name, known in (("duplicates", get_args(Duplicates)), ("unreadable", get_args(Unreadable))):
            if getattr(self, name) not in known:
                raise MethodError(
                    "`{name}` is {value}. It is one of: {known}.",
                    name=name,
                    value=getattr(self, name),
                    known=", ".join(known),
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Cells of one column with one fault. rows: where; kind and reason: for the list, the reason may name {cell};
    sentence: for the refusal, after "Row 3 of sessions.csv"; cure: what to do, before "or pass"."""

    rows: BoolArray
    column: str
    kind: str
    reason: str
    sentence: str
    cure: str

    def listed(self, table: Table) -> Iterator[LeftOut]:
        """Every row that has it, with its reason."""
        where = np.flatnonzero(self.rows).tolist()
        if "{cell}" in self.reason:
            cells: Sequence[str | None] = as_text(table.column(self.column).gather(where)).to_list()
        else:
            cells = [""] * len(where)
        for index, cell in zip(where, cells, strict=True):
            reason = self.reason.replace("{cell}", shortened(cell))
            yield LeftOut(row=table.row(index), column=self.column, kind=self.kind, reason=reason)

    def refusal(self, table: Table) -> TableError:
        """The error that names the first row, its cell, and the other rows."""
        rows = [table.row(index) for index in np.flatnonzero(self.rows).tolist()]
        cell = as_text(table.column(self.column).gather([rows[0] - table.first_row])).item()
        others = f" (and {'row' if len(rows) == 2 else 'rows'} {row_list(rows[1:], most=5)})" if len(rows) > 1 else ""
        return TableError(
            "Row {row} of {source}{others} " + self.sentence + ". " + self.cure + ", or pass `--unreadable leave-out`.",
            row=rows[0],
            rows=rows,
            source=table.source,
            column=self.column,
            others=others,
            value=shortened(cell),
        )


def shortened(cell: str | None) -> str:
    """A cell's text, cut where it gets long."""
    text = " ".join((cell or "").split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "\N{HORIZONTAL ELLIPSIS}"


def settle(problems: Sequence[Problem], table: Table, *, reading: Reading) -> list[LeftOut]:
    """Refuse the first problem there is, or list all of them, by row. Raises TableError."""
    found = [problem for problem in problems if problem.rows.any()]
    if found and reading.unreadable == "refuse":
        raise min(found, key=lambda problem: int(np.argmax(problem.rows))).refusal(table)
    return sorted((each for problem in found for each in problem.listed(table)), key=lambda each: each.row)
