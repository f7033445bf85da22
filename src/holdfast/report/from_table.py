"""From a table of sessions to the contents of a caseload report."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from holdfast.alliance import Rule
from holdfast.alliance.detect import METHOD
from holdfast.interop.checking import Range
from holdfast.interop.listening import Heard, Listening, listen
from holdfast.interop.looking import Finding, Told, choose_prior, is_simulated, look
from holdfast.interop.sessions import SessionTable, read_sessions
from holdfast.interop.table import Table
from holdfast.report.archive import mending_of, rules_of, sides_of, trust_of
from holdfast.report.change_of_table import outcome_of
from holdfast.report.clients_of_table import clients_of
from holdfast.report.model import AllianceStudy, CaseloadReport, Intake, Omission
from holdfast.report.request import OUTCOME, RATINGS, SCORE, ReportRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """The contents of the report, and how the table behind it was read."""

    report: CaseloadReport
    sessions: SessionTable

    @property
    def doubts(self) -> tuple[str, ...]:
        """Every doubt of the report, once."""
        made = self.report
        parts = (made, made.alliance, made.trust, made.mending, made.sides, made.rules, made.outcome)
        return tuple(dict.fromkeys(doubt for part in parts if part for doubt in part.doubts))


def report_from_table(table: Table, request: ReportRequest, *, told: Told | None = None) -> TableReport:
    """Read the table, look at every client's course, and put together what the report shows.

    Rule: with an alliance column everything that was said is heard together (holdfast.ruptures); without one the
    expected range is the outcome's and no rupture is named. Reliable change runs from each client's first to last
    outcome score. Raises TableError and MethodError as read_sessions and find_ruptures do.
    """
    sessions = read_sessions(table, request.shape, reading=request.reading)
    outcome, change = outcome_of(sessions, request)
    name = SCORE if request.alliance else OUTCOME
    extent, doubts = _range(sessions, name, request.shape.ranges.get(name))
    shown = CaseloadReport(
        title=request.title,
        made_on=request.made_on,
        session_name=request.session.replace("_", " ").lower(),
        intake=_intake(sessions, request),
        clients=(),
        outcome=outcome,
        simulated=is_simulated(table),
    )
    if not request.alliance:
        finding = _look(sessions, request, extent, told)
        clients = clients_of(sessions, finding, change=change, extent=extent)
        shown = replace(shown, clients=clients, doubts=(*doubts, *finding.doubts))
        return TableReport(report=shown, sessions=sessions)
    asked = Listening(
        budget=request.budget,
        prior=request.prior,
        range=extent,
        talk_at=request.talk_at,
        therapist=request.therapist,
    )
    heard = listen(sessions, asked, told=told)
    finding = heard.findings[SCORE]
    shown = replace(
        shown,
        clients=clients_of(sessions, finding, change=change, extent=extent, heard=heard),
        alliance=_alliance(request.alliance, extent, heard, doubts),
        trust=trust_of(sessions, heard, talk_at=request.talk_at),
        mending=mending_of(sessions, finding, therapist=request.therapist),
        sides=sides_of(sessions, finding),
        rules=rules_of(sessions, extent),
    )
    return TableReport(report=shown, sessions=sessions)


def _look(sessions: SessionTable, request: ReportRequest, extent: Range, told: Told | None) -> Finding:
    """The outcome against each client's own history; a large change of it is followed, not doubted."""
    prior = choose_prior(sessions, OUTCOME, prior=request.prior, range=extent)
    return look(sessions, OUTCOME, prior=prior, rule=Rule(robust=None), told=told)


def _intake(sessions: SessionTable, request: ReportRequest) -> Intake:
    """What came in and what was left out."""
    unrated = int((~sessions.rated).sum())
    notes = list(sessions.notes)
    if unrated:
        notes.append(f"{unrated:,} {'row holds' if unrated == 1 else 'rows hold'} no score and count as not rated.")
    if request.alliance and request.therapist:
        notes.append(f"Where `{request.therapist}` names another therapist, the course of a client begins anew.")
    return Intake(
        source=sessions.table.source,
        rows=sessions.table.rows,
        used=sessions.used,
        left_out=[Omission(row=each.row, column=each.column, reason=each.reason) for each in sessions.left_out],
        notes=notes,
    )


def _range(sessions: SessionTable, name: str, given: Range | None) -> tuple[Range, tuple[str, ...]]:
    """The range as given, or as seen in this and every rating on the same scale, with a doubt."""
    if given:
        return given, ()
    same = [name, *(RATINGS if name == SCORE else ())]
    flat = np.concatenate([sessions.flat[each] for each in same if each in sessions.flat])
    seen = flat[~np.isnan(flat)]
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 1.0)
    high = high if high > low else low + 1.0
    column = sessions.shape.scores[name]
    return (low, high), (f"The range of `{column}` was not given; the scores seen, {low:g} to {high:g}, stand for it.",)


def _alliance(column: str, extent: Range, heard: Heard, doubts: Sequence[str]) -> AllianceStudy:
    """How the alliance was looked at."""
    finding = heard.findings[SCORE]
    return AllianceStudy(
        name="alliance",
        column=column,
        low=extent[0],
        high=extent[1],
        rule=finding.rule,
        method=METHOD,
        calibrated=finding.prior.calibrated,
        prior_source=_in_a_sentence(finding.prior.source),
        doubts=(*doubts, *heard.doubts),
    )


def _in_a_sentence(source: str) -> str:
    """A sentence on a prior's source, to stand inside another one."""
    inner = source.removesuffix(".")
    inner = inner[:1].lower() + inner[1:]
    return f"this file, {inner}" if inner.startswith("learned") else inner
