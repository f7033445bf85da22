"""Rows in order of client and time, and one cell for each session of a client."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from holdfast.errors import TableError
from holdfast.interop.checking import CheckedRows, SessionShape
from holdfast.interop.problems import Reading, shortened
from holdfast.interop.table import LeftOut, Table, as_text, row_list
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray

REPEATED, MEANED = "repeated session", "repeated session, counted in a mean"
NUMBERS = {2: "two", 3: "three", 4: "four"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """One cell per session, by client and time. clients: ids by first appearance; client_of and row_of: (cells,);
    values: name -> (cells,); cell_of: (rows,), -1 for rows that gave nothing; left_out: rows that repeat a session."""

    clients: tuple[str, ...]
    client_of: IntArray
    row_of: IntArray
    cell_of: IntArray
    values: Mapping[str, FloatArray]
    left_out: tuple[LeftOut, ...]


def merge(table: Table, shape: SessionShape, *, rows: CheckedRows, reading: Reading) -> Cells:
    """Sort the usable rows and settle what to do where several speak of one session.

    Rule: first (last): for each score the first (last) of these rows that has it; mean: the mean of those that have
    it; refuse: TableError that names them. Rows that gave nothing are listed.
    """
    clients, codes = _codes(rows)
    order = np.lexsort((rows.order.values[rows.usable], codes))
    row, code = np.flatnonzero(rows.usable)[order], codes[order]
    new = np.ones(len(row), dtype=np.bool_)
    new[1:] = (np.diff(code) != 0) | (np.diff(rows.order.values[row]) != 0)
    cell = np.cumsum(new) - 1
    if reading.duplicates == "refuse" and not new.all():
        raise _repeated(table, shape, row=row, cell=cell)
    values = {}
    row_of = row[new].copy()
    cell_of = np.full(table.rows, -1, dtype=np.int64)
    for name, found in reversed(list(rows.values.items())):
        values[name], gave = _one_each(found[row], cell, how=reading.duplicates)
        row_of[cell[gave]] = row[gave]
        cell_of[row[gave]] = cell[gave]
    cell_of[row_of] = np.arange(len(row_of))
    silent = cell_of[row] < 0
    return Cells(
        clients=clients,
        client_of=code[new],
        row_of=row_of,
        cell_of=cell_of,
        values={name: values[name] for name in rows.values},
        left_out=_listed(table, shape, rows=row[silent], instead=row_of[cell[silent]], how=reading.duplicates),
    )


def _codes(rows: CheckedRows) -> tuple[tuple[str, ...], IntArray]:
    """The ids of usable rows in order of first appearance, and each usable row's place among them."""
    ids = rows.ids.filter(pl.Series(rows.usable)).alias("id")
    names = ids.unique(maintain_order=True)
    known = pl.DataFrame({"id": names, "code": np.arange(len(names), dtype=np.int64)})
    codes = ids.to_frame().join(known, on="id", how="left", maintain_order="left").get_column("code")
    return tuple(names.to_list()), codes.to_numpy()


def _one_each(values: FloatArray, cell: IntArray, *, how: str) -> tuple[FloatArray, BoolArray]:
    """One value for each cell, and which of the rows are named as having given it (for a mean, the first of them)."""
    one = np.full(int(cell.max(initial=-1)) + 1, np.nan)
    rated = np.flatnonzero(~np.isnan(values))
    change = np.diff(cell[rated]) != 0
    ends = (
        np.append(change, [True] * bool(len(rated))) if how == "last" else np.append([True] * bool(len(rated)), change)
    )
    named = rated[ends.astype(np.bool_)]
    if how == "mean":
        sums = np.bincount(cell[rated], weights=values[rated], minlength=len(one))
        counts = np.bincount(cell[rated], minlength=len(one))
        one = np.divide(sums, counts, out=one, where=counts > 0)
    else:
        one[cell[named]] = values[named]
    gave = np.zeros(len(values), dtype=np.bool_)
    gave[named] = True
    return one, gave


def _repeated(table: Table, shape: SessionShape, *, row: IntArray, cell: IntArray) -> TableError:
    """The first session, by row, that several rows speak of."""
    counts = np.bincount(cell)
    several = counts[cell] > 1
    first = cell[several][np.argmin(row[several])]
    rows = sorted(table.row(index) for index in row[cell == first])
    others = int((counts > 1).sum()) - 1
    more = "" if not others else f" {others:,} more {'session is' if others == 1 else 'sessions are'} repeated."
    return TableError(
        "Client {client} has {count} rows for session {value} in {source} (rows {shown}).{more} "
        "Keep one for each session, or pass `--duplicates first`, `last` or `mean`.",
        client=as_text(table.column(shape.client).gather([rows[0] - table.first_row])).item(),
        count=NUMBERS.get(len(rows), str(len(rows))),
        value=shortened(as_text(table.column(shape.session).gather([rows[0] - table.first_row])).item()),
        source=table.source,
        rows=rows,
        shown=row_list(rows),
        more=more,
    )


def _listed(table: Table, shape: SessionShape, *, rows: IntArray, instead: IntArray, how: str) -> tuple[LeftOut, ...]:
    """The rows that repeat a session, each with the row that speaks for it."""
    kind, said = (MEANED, "counts in its mean with row") if how == "mean" else (REPEATED, "repeats it; used is row")
    clients = as_text(table.column(shape.client).gather(rows)).to_list()
    sessions = as_text(table.column(shape.session).gather(rows)).to_list()
    return tuple(
        LeftOut(
            row=table.row(row),
            column=shape.session,
            kind=kind,
            reason=f"session {shortened(session)} of client {client}: this row {said} {table.row(other)}",
        )
        for row, other, client, session in zip(rows, instead, clients, sessions, strict=True)
    )
