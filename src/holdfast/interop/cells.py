"""What a cell says: a number, a date, nothing, or words where a number should be."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from holdfast.interop.table import as_text
from holdfast.stats.arrays import BoolArray, FloatArray

NOTHING = ("", "na", "n/a", "nan", "#n/a", "null", "none", ".", "-", "\N{EN DASH}")
DATES = ("%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d", "%Y.%m.%d")
MOMENTS = ("%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M")
SLASHED = ("%d/%m/%Y", "%m/%d/%Y")
COMPACT = (19000101.0, 21001231.0)
DAY = 86_400_000_000  # microseconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """A column read as numbers: nan where a cell holds nothing; unreadable: where it holds words or infinity."""

    values: FloatArray
    unreadable: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A session column as a line in time: numbers, or days for dates; kind: "number", "date" or "words"."""

    values: FloatArray
    unreadable: BoolArray
    kind: str


def read_numbers(series: pl.Series) -> Numbers:
    """The numbers of a column.

    Rule: decimal points; decimal commas where the column has no decimal points; NA, N/A, NaN, null, none, `.` and `-`
    count as nothing; infinity and anything else is unreadable. Shapes: (rows,).
    """
    if series.dtype.is_numeric() or series.dtype in (pl.Boolean, pl.Null):
        found = series.cast(pl.Float64)
        empty = series.is_null()
    elif series.dtype == pl.String:
        found, empty = _from_text(series)
    else:
        found, empty = pl.Series([None], dtype=pl.Float64).new_from_index(0, len(series)), series.is_null()
    values = np.array(found.fill_null(np.nan).to_numpy(), dtype=np.float64)
    known = empty.to_numpy() | (found.is_nan().fill_null(value=False).to_numpy() & (series.dtype != pl.String))
    values[np.isinf(values)] = np.nan
    return Numbers(values=values, unreadable=np.asarray(np.isnan(values) & ~known, dtype=np.bool_))


def _from_text(series: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Text as numbers, and where it says nothing; the common case first, the rest on the cells that need it."""
    found = series.cast(pl.Float64, strict=False)
    found = found.set(found.is_nan().fill_null(value=False), None)
    empty = series.is_null()
    open_cells = (found.is_null() & ~empty).arg_true()
    if not len(open_cells):
        return found, empty
    rest = series.gather(open_cells).str.strip_chars().str.replace_all("\N{MINUS SIGN}", "-", literal=True)
    nothing = rest.str.to_lowercase().is_in(NOTHING)
    if not series.str.contains(".", literal=True).gather(found.is_not_null().arg_true()).any():
        comma = rest.str.contains(r"^[+-]?\d*,\d+$")
        rest = rest.str.replace(",", ".", literal=True).zip_with(comma, rest)
    second = rest.cast(pl.Float64, strict=False)
    second = second.set(second.is_nan().fill_null(value=False) | nothing, None)
    found = found.scatter(open_cells, second)
    return found, empty.scatter(open_cells, nothing)


def read_order(series: pl.Series) -> Order:
    """A session column as numbers or, if it holds dates, as days; a mixture keeps the numbers and names the words.

    Rule: numbers if any cell is a number (eight digits that are dates throughout are dates); else dates, written
    year-month-day, day.month.year, with or without a time, or with slashes where one reading alone fits; else words.
    """
    if series.dtype.is_temporal():
        return _from_moments(series.cast(pl.Datetime("us")), series.is_not_null())
    numbers = read_numbers(series)
    known = ~np.isnan(numbers.values)
    if known.any():
        compact = _compact(numbers)
        return compact or Order(values=numbers.values, unreadable=numbers.unreadable, kind="number")
    text = as_text(series).cast(pl.String).str.strip_chars()
    said = text.is_not_null() & pl.Series(numbers.unreadable)
    moments = _moments(text)
    if moments.is_not_null().any() or not said.any():
        return _from_moments(moments, said)
    return Order(values=numbers.values, unreadable=said.to_numpy(), kind="words")


def _moments(text: pl.Series) -> pl.Series:
    """Dates and times of day by the first way of writing that fits each cell; slashes only where one reading fits."""
    found = pl.Series([None], dtype=pl.Datetime("us")).new_from_index(0, len(text))
    for way in DATES:
        found = found.zip_with(found.is_not_null(), text.str.to_date(way, strict=False).cast(pl.Datetime("us")))
    for way in MOMENTS:
        found = found.zip_with(found.is_not_null(), text.str.to_datetime(way, strict=False, time_unit="us"))
    slashed = [text.str.to_date(way, strict=False).cast(pl.Datetime("us")) for way in SLASHED]
    fits = [int(each.is_not_null().sum()) for each in slashed]
    if fits[0] != fits[1]:
        found = found.zip_with(found.is_not_null(), slashed[int(fits[1] > fits[0])])
    return found


def _compact(numbers: Numbers) -> Order | None:
    """Eight digits such as 20240131 as dates, if every number of the column is one."""
    known = numbers.values[~np.isnan(numbers.values)]
    if not ((known >= COMPACT[0]) & (known <= COMPACT[1]) & (known == np.floor(known))).all():
        return None
    text = pl.Series(numbers.values).fill_nan(None).cast(pl.Int64).cast(pl.String)
    moments = text.str.to_date("%Y%m%d", strict=False).cast(pl.Datetime("us"))
    if int(moments.is_not_null().sum()) < len(known):
        return None
    return _from_moments(moments, text.is_not_null() | pl.Series(numbers.unreadable))


def _from_moments(moments: pl.Series, said: pl.Series) -> Order:
    """Days since 1970 and the cells that say something else."""
    days = (moments.to_physical().cast(pl.Float64) / DAY).fill_null(np.nan).to_numpy().astype(np.float64)
    return Order(values=days, unreadable=np.asarray(np.isnan(days) & said.to_numpy(), dtype=np.bool_), kind="date")
