"""Alliance and outcome of a table of sessions: within and between effects, as a table."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from holdfast.errors import TableError
from holdfast.interop.checking import SessionShape
from holdfast.interop.looking import SIMULATED, is_simulated
from holdfast.interop.problems import Reading
from holdfast.interop.sessions import SessionTable, read_sessions
from holdfast.interop.table import LeftOut, Table, as_text
from holdfast.interop.writing import frame_of
from holdfast.process import ProcessModel, WithinBetween, within_between

ALLIANCE, OUTCOME = "alliance", "outcome"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessColumns:
    """Which columns say who, when, how the alliance was rated and how the client is doing; therapist if there."""

    client: str = "client"
    session: str = "session"
    alliance: str = "alliance"
    outcome: str = "outcome"
    therapist: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessTable:
    """What was found: rows, one per effect (see WithinBetween.table), with `simulated` if the table says so; effects;
    and the sessions behind them."""

    rows: pl.DataFrame
    effects: WithinBetween
    sessions: SessionTable
    simulated: bool

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Rows and cells that were not used, and why."""
        return self.sessions.left_out


def find_within_between(
    table: Table, columns: ProcessColumns, *, model: ProcessModel | None = None, reading: Reading | None = None
) -> ProcessTable:
    """Within and between effects of alliance on outcome in the same session; time is told by the session column.

    Raises TableError for rows that reading refuses or a session without therapist, MethodError as within_between does.
    """
    shape = SessionShape(
        client=columns.client,
        session=columns.session,
        scores={ALLIANCE: columns.alliance, OUTCOME: columns.outcome},
    )
    sessions = read_sessions(table, shape, reading=reading or Reading())
    client = np.repeat(np.arange(len(sessions.clients)), sessions.lengths)
    passed = np.cumsum(sessions.flat_steps)
    time = passed - passed[sessions.start[:-1]][client] if len(client) else passed
    found = within_between(
        sessions.flat[OUTCOME],
        alliance=sessions.flat[ALLIANCE],
        client=client,
        therapist=_therapists(table, columns.therapist, sessions) if columns.therapist else None,
        time=time,
        model=model,
    )
    simulated = is_simulated(table)
    rows: dict[str, object] = dict(found.table())
    if simulated:
        rows[SIMULATED] = ["yes"] * len(found.effects)
    return ProcessTable(rows=frame_of(rows), effects=found, sessions=sessions, simulated=simulated)


def _therapists(table: Table, column: str, sessions: SessionTable) -> np.ndarray:
    """The therapist of each session, as a code."""
    told = as_text(table.column(column)).gather(sessions.row_of)
    empty = told.is_null().arg_true().to_list()
    if empty:
        raise TableError(
            "Row {row} has no therapist (`{column}`). Fill it in, or leave the therapist out.",
            row=min(table.row(int(sessions.row_of[i])) for i in empty),
            column=column,
        )
    codes: np.ndarray = told.rank("dense").to_numpy().astype(np.int64)
    return codes
