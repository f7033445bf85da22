"""Frames of other people (pandas, polars and whatever else narwhals knows), in and out."""

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals.stable.v1 as nw
import numpy as np
import polars as pl

from holdfast.errors import TableError
from holdfast.interop.table import NAMELESS, Table, no_such_column


def eager(frame: Any) -> Any:
    """The narwhals frame behind a native one; lazy frames are collected. Raises TableError for what is no frame."""
    try:
        known = nw.from_native(frame)
    except TypeError:
        raise TableError("A {kind} is no table. Give a pandas or polars frame.", kind=type(frame).__name__) from None
    return known.collect() if isinstance(known, nw.LazyFrame) else known


def as_table(known: Any, *, columns: Sequence[str]) -> Table:
    """The named columns of a narwhals frame as a table. Raises TableError for one that is not there."""
    for name in columns:
        if name not in known.columns:
            raise no_such_column(name, columns=known.columns, source=NAMELESS)
    return Table(frame=pl.DataFrame([_series(known.get_column(name)) for name in dict.fromkeys(columns)]))


def extended(known: Any, *, kept: Mapping[str, str], added: pl.DataFrame) -> Any:
    """A native frame of the same kind, rows and index: kept columns (new name -> old name) and the added ones."""
    base = known.select(*(nw.col(old).alias(new) for new, old in kept.items()))
    if known.implementation.is_polars():
        return nw.to_native(base).with_columns(added)
    new = [
        nw.new_series(
            series.name, _cells(series), nw.String if series.dtype == pl.String else None, backend=known.implementation
        )
        for series in added
    ]
    return nw.to_native(base.with_columns(*new))


def _cells(series: pl.Series) -> Any:
    """Cells for a frame that is not polars': arrays of numbers with nan, whole numbers only where none is missing."""
    if series.dtype == pl.String or series.null_count() == 0:
        return series.to_list() if series.dtype == pl.String else series.to_numpy()
    return series.cast(pl.Float64).fill_null(np.nan).to_numpy()


def _series(given: Any) -> pl.Series:
    """One column as polars' own; a column of mixed objects becomes text."""
    if given.implementation.is_polars():
        native: pl.Series = nw.to_native(given)
        return native
    missing = given.is_null().to_numpy().astype(bool)
    if given.dtype.is_numeric():
        kind = pl.Int64 if given.dtype.is_integer() else pl.Float64
        filled = given.fill_null(0).to_numpy() if missing.any() else given.to_numpy()
        return pl.Series(given.name, filled).cast(kind).zip_with(pl.Series(~missing), pl.Series([None], dtype=kind))
    if given.dtype in (nw.Datetime, nw.Date):
        return pl.Series(given.name, np.asarray(given.to_numpy(), dtype="datetime64[us]"))
    cells = [None if no else str(cell) for no, cell in zip(missing, given.to_list(), strict=True)]
    return pl.Series(given.name, cells, dtype=pl.String)
