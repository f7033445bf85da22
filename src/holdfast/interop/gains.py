"""Sudden gains and losses in a table of sessions: one row comes out for each of them."""

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl

from holdfast.interop.checking import SessionShape
from holdfast.interop.looking import SIMULATED, is_simulated
from holdfast.interop.problems import Reading
from holdfast.interop.sessions import SessionTable, read_sessions
from holdfast.interop.table import LeftOut, Table
from holdfast.interop.writing import frame_of
from holdfast.outcome import Choice, GainCriteria, SuddenGains, sudden_gains

SCORE = "score"


@dataclass(frozen=True, slots=True, kw_only=True)
class GainSearch:
    """What to look for: the columns, gain or loss, the criteria, and which gains of a client are kept."""

    client: str = "client"
    session: str = "session"
    score: str = "outcome"
    higher_is: Literal["worse", "better"] = "worse"
    kind: Literal["gain", "loss"] = "gain"
    criteria: GainCriteria = field(default_factory=GainCriteria)
    choice: Choice = Choice.ALL
    reading: Reading = field(default_factory=Reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class GainTable:
    """What was found: rows, one per gain (client, session_before, session_after, before, after, magnitude, proportion,
    reversed, and `simulated` if the table says so); gains; and the sessions behind them."""

    rows: pl.DataFrame
    gains: SuddenGains
    sessions: SessionTable
    simulated: bool

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Rows and cells that were not used, and why."""
        return self.sessions.left_out


def find_gains(table: Table, search: GainSearch) -> GainTable:
    """Look for sudden gains or losses in every client's sessions, in the order of their number or date.

    A session that is not in the table is not there: gaps in session numbers are not counted as missing values; write
    a row with an empty score where one was held and not rated. Raises TableError for rows that reading refuses,
    MethodError as sudden_gains does.
    """
    shape = SessionShape(client=search.client, session=search.session, scores={SCORE: search.score})
    sessions = read_sessions(table, shape, reading=search.reading)
    found = sudden_gains(
        sessions.scores[SCORE],
        higher_is=search.higher_is,
        kind=search.kind,
        criteria=search.criteria,
        choice=search.choice,
    )
    simulated = is_simulated(table)
    labels = {int(each): sessions.labels(int(each)) for each in np.unique(found.client)}
    rows: dict[str, object] = {
        "client": [sessions.clients[each] for each in found.client],
        "session_before": [labels[int(who)][at] for who, at in zip(found.client, found.before, strict=True)],
        "session_after": [labels[int(who)][at + 1] for who, at in zip(found.client, found.before, strict=True)],
        "before": found.value_before,
        "after": found.value_after,
        "magnitude": found.magnitude,
        "proportion": found.proportion,
        "reversed": ["yes" if each else "no" for each in found.reversed],
    }
    if simulated:
        rows[SIMULATED] = ["yes"] * len(found.client)
    return GainTable(rows=frame_of(rows), gains=found, sessions=sessions, simulated=simulated)
