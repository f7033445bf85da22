"""From rows, one per session, to series, one per client; every row knows where it went."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from holdfast.interop.cells import Order
from holdfast.interop.checking import SessionShape, check_rows
from holdfast.interop.frames import as_table, eager
from holdfast.interop.merging import MEANED, merge
from holdfast.interop.problems import Reading
from holdfast.interop.table import LeftOut, Table, as_text
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray

COUNTED = 2.0  # session numbers with a larger median difference count days or weeks, not sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionTable:
    """The sessions of every client in order of time; a session is one cell of the flat arrays.

    clients: ids as given, in order of first appearance; start: (clients + 1,), where each client's cells begin;
    flat: name -> (cells,), nan where unrated; flat_steps: time since the cell before (0 for a client's first);
    cell_of: (rows,), the cell each row of the table went into, -1 if left out; row_of: (cells,), the row it came from;
    left_out and notes: what was not used, and how the rest was read.
    """

    table: Table
    shape: SessionShape
    clients: tuple[str, ...]
    start: IntArray
    flat: Mapping[str, FloatArray]
    flat_steps: FloatArray
    cell_of: IntArray
    row_of: IntArray
    left_out: tuple[LeftOut, ...]
    notes: tuple[str, ...]

    @property
    def lengths(self) -> IntArray:
        """(clients,): how many sessions each client has."""
        return np.diff(self.start)

    @property
    def scores(self) -> Mapping[str, FloatArray]:
        """Each score as (clients, sessions), every client's first session in the first column, nan where missing."""
        return {name: self.dense(values) for name, values in self.flat.items()}

    @property
    def steps(self) -> FloatArray:
        """(clients, sessions): the time since the session before, 1 for a usual step, 0 where there is none."""
        return np.nan_to_num(self.dense(self.flat_steps), nan=0.0)

    @property
    def rated(self) -> BoolArray:
        """(cells,): sessions with at least one score."""
        return np.asarray(np.any([~np.isnan(values) for values in self.flat.values()], axis=0), dtype=np.bool_)

    @property
    def used(self) -> int:
        """How many rows gave at least one number, those counted in a mean included."""
        in_a_mean = sum(each.kind == MEANED for each in self.left_out)
        return int(self.rated[self.cell_of[self.cell_of >= 0]].sum()) + in_a_mean

    def places(self, members: IntArray | None = None) -> IntArray:
        """(clients, sessions) of all clients or of some by index: which cell stands where, -1 after the last."""
        chosen = np.arange(len(self.clients)) if members is None else members
        lengths = self.lengths[chosen][:, np.newaxis]
        columns = np.arange(int(lengths.max(initial=0)))
        return np.where(columns < lengths, self.start[chosen][:, np.newaxis] + columns, -1)

    def dense(self, flat: FloatArray, members: IntArray | None = None) -> FloatArray:
        """Flat values as (clients, sessions), nan after each client's last session."""
        places = self.places(members)
        values = np.full(places.shape, np.nan)
        values[places >= 0] = flat[places[places >= 0]]
        return values

    def labels(self, client: int) -> list[str]:
        """The sessions of one client, by index, as given."""
        rows = self.row_of[self.start[client] : self.start[client + 1]]
        return [text or "" for text in as_text(self.table.column(self.shape.session).gather(rows)).to_list()]


def read_sessions(table: Table | Any, shape: SessionShape, *, reading: Reading | None = None) -> SessionTable:
    """Read a table, or a pandas or polars frame, with one row per session as series, one per client.

    Rule: sessions in order of their number or date. Steps: session numbers by their difference; dates, and numbers
    that are no plain count (fractions, or a median difference above 2), by the gap over the typical (median) gap.
    Raises TableError for a column that is not there, for sessions without an order and, unless reading says otherwise,
    for words, scores outside their range and repeated sessions, naming the rows.
    """
    reading = reading or Reading()
    if not isinstance(table, Table):
        table = as_table(eager(table), columns=shape.columns)
    rows = check_rows(table, shape, reading=reading)
    cells = merge(table, shape, rows=rows, reading=reading)
    start = np.searchsorted(cells.client_of, np.arange(len(cells.clients) + 1)).astype(np.int64)
    steps, notes = _steps(rows.order, shape.session, row_of=cells.row_of, start=start)
    return SessionTable(
        table=table,
        shape=shape,
        clients=cells.clients,
        start=start,
        flat=cells.values,
        flat_steps=steps,
        cell_of=cells.cell_of,
        row_of=cells.row_of,
        left_out=tuple(sorted([*rows.left_out, *cells.left_out], key=lambda each: each.row)),
        notes=notes,
    )


def _steps(order: Order, session: str, *, row_of: IntArray, start: IntArray) -> tuple[FloatArray, tuple[str, ...]]:
    """The time since the session before, and how it was told."""
    steps = np.diff(order.values[row_of], prepend=0.0)
    later = np.ones(len(steps), dtype=np.bool_)
    later[start[:-1]] = False
    steps[~later] = 0.0
    if not later.any():
        return steps, ()
    typical = float(np.median(steps[later]))
    counted = order.kind == "number" and typical <= COUNTED and not (steps % 1.0).any()
    if counted:
        return steps, ()
    what = f"{typical:g} days" if order.kind == "date" else f"{typical:g}"
    return steps / typical, (f"`{session}` is taken as time: the typical gap is {what}, and counts as one step.",)
