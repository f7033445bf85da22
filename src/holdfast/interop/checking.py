"""Which rows of a table of sessions can be used, and what they say."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import numpy as np
import polars as pl

from holdfast.errors import TableError
from holdfast.interop.cells import Numbers, Order, read_numbers, read_order
from holdfast.interop.problems import Problem, Reading, settle, shortened
from holdfast.interop.table import LeftOut, Table, as_text
from holdfast.stats.arrays import BoolArray, FloatArray

Range = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionShape:
    """Which columns say what. scores: name here -> column; ranges: name here -> lowest and highest possible score."""

    client: str = "client"
    session: str = "session"
    scores: Mapping[str, str]
    ranges: Mapping[str, Range] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def columns(self) -> list[str]:
        """The columns that are read."""
        return [self.client, self.session, *self.scores.values()]


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRows:
    """What each row says; all are (rows,). usable: whether it has a place among the sessions (it may be unrated)."""

    ids: pl.Series
    order: Order
    values: Mapping[str, FloatArray]
    usable: BoolArray
    left_out: tuple[LeftOut, ...]


def check_rows(table: Table, shape: SessionShape, *, reading: Reading) -> CheckedRows:
    """Read the columns, refuse or list what cannot be read, and say what is left.

    Rule: a row without client or session, or with a session that is neither number nor date, has no place; a score
    that is a word or outside its range is missing, and a row with nothing else to say is left out; an empty row is
    left out and listed, never refused. Raises TableError.
    """
    ids, order = as_text(table.column(shape.client)), read_order(table.column(shape.session))
    numbers = {name: read_numbers(table.column(column)) for name, column in shape.scores.items()}
    _refuse_words(table, shape.session, order)
    blank = _blank(ids, order, numbers)
    problems = _problems_of_place(shape, ids, order, blank)
    faults = {name: _problems_of_score(shape, name, found) for name, found in numbers.items()}
    left_out = settle([*problems, *(each for found in faults.values() for each in found)], table, reading=reading)
    left_out += [
        LeftOut(row=table.row(i), column="", kind="empty row", reason="the row is empty")
        for i in np.flatnonzero(blank).tolist()
    ]
    faulty = {name: _any(found, len(ids)) for name, found in faults.items()}
    values = {name: np.where(faulty[name], np.nan, found.values) for name, found in numbers.items()}
    silent = np.all([np.isnan(each) for each in values.values()], axis=0)
    spoiled = silent & np.any(list(faulty.values()), axis=0)
    return CheckedRows(
        ids=ids,
        order=order,
        values=values,
        usable=~(blank | spoiled | _any(problems, len(ids))),
        left_out=tuple(left_out),
    )


def _refuse_words(table: Table, column: str, order: Order) -> None:
    """Sessions need an order in time."""
    if order.kind != "words":
        return
    first = int(np.argmax(order.unreadable))
    raise TableError(
        "Column `{column}` of {source} holds no session numbers and no dates; row {row} says `{value}`. "
        "Number the sessions, or write dates as year-month-day.",
        column=column,
        source=table.source,
        row=table.row(first),
        value=shortened(as_text(table.column(column).gather([first])).item()),
    )


def _blank(ids: pl.Series, order: Order, numbers: Mapping[str, Numbers]) -> BoolArray:
    """Rows in which nothing is said: no client, no session, no score."""
    said = [~np.isnan(order.values), order.unreadable]
    said += [~np.isnan(found.values) | found.unreadable for found in numbers.values()]
    return np.asarray(ids.is_null().to_numpy() & ~np.any(said, axis=0), dtype=np.bool_)


def _problems_of_place(shape: SessionShape, ids: pl.Series, order: Order, blank: BoolArray) -> list[Problem]:
    """Rows of which nobody can say whose or which session they are."""
    what = "date" if order.kind == "date" else "number"
    nobody = ids.is_null().to_numpy() & ~blank
    nothing = np.isnan(order.values) & ~order.unreadable & ~blank & ~nobody
    return [
        Problem(
            rows=nobody,
            column=shape.client,
            kind="no client",
            reason="no client is named",
            sentence="names no client in column `{column}`",
            cure="Name the client",
        ),
        Problem(
            rows=nothing,
            column=shape.session,
            kind="no session",
            reason="no session is named",
            sentence="names no session in column `{column}`",
            cure=f"Give the session's {what}",
        ),
        Problem(
            rows=order.unreadable & ~nobody,
            column=shape.session,
            kind=f"session is not a {what}",
            reason=f"`{{cell}}` is not a {what}",
            sentence=f"holds `{{value}}` in column `{{column}}`, where the session's {what} should be",
            cure=f"Write a {what}",
        ),
    ]


def _problems_of_score(shape: SessionShape, name: str, found: Numbers) -> list[Problem]:
    """Scores that are words, or outside the range of the scale."""
    column = shape.scores[name]
    low, high = shape.ranges.get(name, (-np.inf, np.inf))
    return [
        Problem(
            rows=found.unreadable,
            column=column,
            kind="score is not a number",
            reason="`{cell}` is not a number",
            sentence="holds `{value}` in column `{column}`, where a number should be",
            cure="Write a number or leave the cell empty",
        ),
        Problem(
            rows=np.asarray((found.values < low) | (found.values > high), dtype=np.bool_),
            column=column,
            kind="score outside its range",
            reason=f"`{{cell}}` lies outside {low:g} to {high:g}",
            sentence=f"holds `{{value}}` in column `{{column}}`, but the score runs from {low:g} to {high:g}",
            cure="Correct the cell or the range",
        ),
    ]


def _any(problems: list[Problem], rows: int) -> BoolArray:
    """Rows with any of the problems."""
    return np.asarray(np.any([problem.rows for problem in problems] or [np.zeros(rows, np.bool_)], axis=0))
