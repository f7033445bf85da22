"""Attachment in a table of sessions: changes by client, and, exploratory, carry-over."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from holdfast.alliance.attachment import AttachmentChange, RelationalTemplate, attachment_change, fit_template
from holdfast.errors import MethodError
from holdfast.interop.checking import SessionShape
from holdfast.interop.looking import SIMULATED, is_simulated
from holdfast.interop.problems import Reading
from holdfast.interop.sessions import SessionTable, read_sessions
from holdfast.interop.table import Table

FELT, AVOIDANCE, ANXIETY = "felt", "avoidance", "anxiety"
WORDS = {-1: "reliably lower", 0: "no reliable change", 1: "reliably higher"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSearch:
    """Which columns hold what: felt responsiveness in every session, attachment where it was measured (anxiety None: is
    not there); reliability of the attachment scores; reading: what is done with doubtful rows."""

    client: str = "client"
    session: str = "session"
    felt: str = "alliance"
    avoidance: str = "attachment_avoidance"
    anxiety: str | None = "attachment_anxiety"
    reliability: float = 0.65
    reading: Reading = field(default_factory=Reading)

    @property
    def shape(self) -> SessionShape:
        """The columns to read."""
        scores = {FELT: self.felt, AVOIDANCE: self.avoidance} | ({ANXIETY: self.anxiety} if self.anxiety else {})
        return SessionShape(client=self.client, session=self.session, scores=scores)


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateTable:
    """What was found. rows: a client in each; changes: by dimension; template: the exploratory fit, or why there is
    none; simulated: whether the table says that it is."""

    rows: pl.DataFrame
    sessions: SessionTable
    changes: Mapping[str, AttachmentChange]
    template: RelationalTemplate | None
    why_none: str
    simulated: bool

    @property
    def doubts(self) -> tuple[str, ...]:
        """What limits the results."""
        said = [doubt for change in self.changes.values() for doubt in change.doubts]
        return tuple(dict.fromkeys([*said, *(self.template.doubts if self.template else ())]))


def find_template(table: Table, search: TemplateSearch) -> TemplateTable:
    """Changes of attachment in a table of sessions, and the exploratory comparison with no carry-over.

    Rule: holdfast.alliance.attachment.attachment_change over session numbers, and fit_template. Raises TableError for
    rows that search.reading refuses, MethodError where first scores do not differ.
    """
    sessions = read_sessions(table, search.shape, reading=search.reading)
    times = np.cumsum(np.nan_to_num(sessions.dense(sessions.flat_steps)), axis=1)
    changes = {
        name: attachment_change(sessions.scores[name], times=times, reliability=search.reliability)
        for name in (AVOIDANCE, ANXIETY)
        if name in sessions.flat
    }
    template, why = None, ""
    try:
        template = fit_template(
            sessions.scores[FELT], avoidance=sessions.scores[AVOIDANCE], reliability=search.reliability
        )
    except MethodError as error:
        why = str(error)
    simulated = is_simulated(table)
    return TemplateTable(
        rows=_rows(sessions, changes, simulated),
        sessions=sessions,
        changes=changes,
        template=template,
        why_none=why,
        simulated=simulated,
    )


def _rows(sessions: SessionTable, changes: Mapping[str, AttachmentChange], simulated: bool) -> pl.DataFrame:
    """A row for each client."""
    columns = [pl.Series("client", list(sessions.clients), dtype=pl.String)]
    for name, change in changes.items():
        numbers = {"first": change.first, "last": change.last, "change": change.change, "low": change.low}
        numbers |= {"high": change.high, "slope_per_session": change.slope, "slope_error": change.slope_error}
        columns += [pl.Series(f"{name}_{key}", values).fill_nan(None) for key, values in numbers.items()]
        words = [
            WORDS[code] if known else None
            for code, known in zip(change.direction.tolist(), change.scores >= 2, strict=True)
        ]
        columns.append(pl.Series(f"{name}_direction", words, dtype=pl.String))
    if simulated:
        columns.append(pl.Series(SIMULATED, ["yes"] * len(sessions.clients), dtype=pl.String))
    return pl.DataFrame(columns)
