"""From a table of sessions to the contents of a caseload report."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from holdfast.alliance import Rule, RuptureEpisode
from holdfast.interop.checking import Range, SessionShape
from holdfast.interop.looking import SIGNALS, Finding, GivenPrior, Told, choose_prior, is_simulated, look
from holdfast.interop.problems import Reading
from holdfast.interop.sessions import SessionTable, read_sessions
from holdfast.interop.table import Table
from holdfast.outcome import ReliableChange, reliable_change
from holdfast.report.model import AllianceStudy, CaseloadReport, ClientCourse, Intake, Omission, OutcomeStudy
from holdfast.stats.arrays import FloatArray

OUTCOME, ALLIANCE = "outcome", "alliance"
FEWEST_PAIRS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """What a report is asked to show. outcome, alliance, client and session name columns; range is the alliance's;
    a range of None is taken from the scores seen; reliability None: from first and second scores, if there are enough;
    prior: where expectation starts, as for ruptures; made_on: a date in words; reading: lenient by default, since the
    report lists whatever it leaves out."""

    outcome: str
    made_on: str
    alliance: str | None = None
    client: str = "client"
    session: str = "session"
    range: Range | None = None
    outcome_range: Range | None = None
    higher_is: Literal["worse", "better"] = "worse"
    reliability: float | None = None
    title: str = "Caseload report"
    prior: GivenPrior = "auto"
    reading: Reading = field(default_factory=lambda: Reading(duplicates="first", unreadable="leave-out"))

    @property
    def shape(self) -> SessionShape:
        """The columns to read."""
        scores = {OUTCOME: self.outcome} | ({ALLIANCE: self.alliance} if self.alliance else {})
        ranges = {name: each for name, each in ((OUTCOME, self.outcome_range), (ALLIANCE, self.range)) if each}
        return SessionShape(client=self.client, session=self.session, scores=scores, ranges=ranges)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableReport:
    """The contents of the report, and how the table behind it was read."""

    report: CaseloadReport
    sessions: SessionTable

    @property
    def doubts(self) -> tuple[str, ...]:
        """Every doubt of the report, once."""
        studies = (self.report.alliance, self.report.outcome)
        said = [*self.report.doubts, *(doubt for study in studies if study for doubt in study.doubts)]
        return tuple(dict.fromkeys(said))


def report_from_table(table: Table, request: ReportRequest, *, told: Told | None = None) -> TableReport:
    """Read the table, look at every client's course, and put together what the report shows.

    Rule: with an alliance column its ratings are looked at for ruptures; without one the expected range is the
    outcome's and no rupture is named. Reliable change runs from each client's first to last outcome score.
    Raises TableError and MethodError as read_sessions and detect do.
    """
    sessions = read_sessions(table, request.shape, reading=request.reading)
    name = ALLIANCE if request.alliance else OUTCOME
    extent, doubts = _range(sessions, name, request.shape.ranges.get(name))
    rule = Rule() if request.alliance else Rule(robust=None)  # a large change of outcome is followed, not doubted
    prior = choose_prior(sessions, name, prior=request.prior, range=extent)
    finding = look(sessions, name, prior=prior, rule=rule, told=told)
    outcome, change = _outcome(sessions, request)
    alliance = _alliance(request.alliance, extent, finding, doubts) if request.alliance else None
    report = CaseloadReport(
        title=request.title,
        made_on=request.made_on,
        session_name=request.session.replace("_", " ").lower(),
        intake=_intake(sessions),
        clients=_clients(sessions, finding, change, extent=extent),
        alliance=alliance,
        outcome=outcome,
        simulated=is_simulated(table),
        doubts=() if alliance else (*doubts, *finding.doubts),
    )
    return TableReport(report=report, sessions=sessions)


def _intake(sessions: SessionTable) -> Intake:
    """What came in and what was left out."""
    unrated = int((~sessions.rated).sum())
    notes = list(sessions.notes)
    if unrated:
        notes.append(f"{unrated:,} {'row holds' if unrated == 1 else 'rows hold'} no score and count as not rated.")
    return Intake(
        source=sessions.table.source,
        rows=sessions.table.rows,
        used=sessions.used,
        left_out=[Omission(row=each.row, column=each.column, reason=each.reason) for each in sessions.left_out],
        notes=notes,
    )


def _range(sessions: SessionTable, name: str, given: Range | None) -> tuple[Range, tuple[str, ...]]:
    """The range as given, or as seen, with a doubt."""
    if given:
        return given, ()
    seen = sessions.flat[name][~np.isnan(sessions.flat[name])]
    low, high = (float(seen.min()), float(seen.max())) if len(seen) else (0.0, 1.0)
    high = high if high > low else low + 1.0
    column = sessions.shape.scores[name]
    return (low, high), (f"The range of `{column}` was not given; the scores seen, {low:g} to {high:g}, stand for it.",)


def _alliance(column: str, extent: Range, finding: Finding, doubts: Sequence[str]) -> AllianceStudy:
    """How the alliance was looked at."""
    return AllianceStudy(
        name="alliance",
        column=column,
        low=extent[0],
        high=extent[1],
        rule=finding.rule,
        method=finding.method,
        calibrated=finding.prior.calibrated,
        prior_source=_in_a_sentence(finding.prior.source),
        doubts=(*doubts, *finding.doubts),
    )


def _in_a_sentence(source: str) -> str:
    """A sentence on a prior's source, to stand inside another one."""
    inner = source.removesuffix(".")
    inner = inner[:1].lower() + inner[1:]
    return f"this file, {inner}" if inner.startswith("learned") else inner


def _outcome(sessions: SessionTable, request: ReportRequest) -> tuple[OutcomeStudy, ReliableChange | None]:
    """How the outcome was looked at, and each client's change if it can be computed."""
    scores = sessions.scores[OUTCOME]
    first, second, last = _ends(scores)
    reliability, source, doubts = _reliability(first, second, request.reliability)
    both = ~np.isnan(last)
    sd = float(np.std(first[both], ddof=1)) if both.sum() > 1 else 0.0
    if reliability is None or sd == 0.0:
        if reliability is not None:
            doubts = ("Reliable change is not computed: the first scores of this file do not differ.",)
        nothing = OutcomeStudy(name=request.outcome, column=request.outcome, higher_is=request.higher_is, doubts=doubts)
        return nothing, None
    change = reliable_change(first, last, sd=sd, reliability=reliability, higher_is=request.higher_is)
    study = OutcomeStudy(
        name=request.outcome,
        column=request.outcome,
        higher_is=request.higher_is,
        sd=sd,
        sd_source=f"first scores of the {int(both.sum())} clients with two or more",
        reliability=reliability,
        reliability_source=source,
        reliable_points=change.reliable_points,
        doubts=(*doubts, *change.doubts),
    )
    return study, change


def _ends(scores: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Each client's first, second and last score; second and last are nan with fewer than two."""
    clients, columns = scores.shape
    if not columns:
        nothing = np.full(clients, np.nan)
        return nothing, nothing, nothing
    seen = ~np.isnan(scores)
    rank = np.cumsum(seen, axis=1)
    each = np.arange(clients)
    several = rank[:, -1] >= 2
    first = scores[each, np.argmax(seen, axis=1)]
    second = np.where(several, scores[each, np.argmax(rank == 2, axis=1)], np.nan)
    last = np.where(several, scores[each, columns - 1 - np.argmax(seen[:, ::-1], axis=1)], np.nan)
    return first, second, last


def _reliability(
    first: FloatArray, second: FloatArray, given: float | None
) -> tuple[float | None, str, tuple[str, ...]]:
    """The reliability as given, or the correlation of first and second scores; None, with the reason, if neither."""
    if given is not None:
        return given, "as given", ()
    both = ~np.isnan(second)
    pairs = int(both.sum())
    if pairs < FEWEST_PAIRS:
        why = f"no reliability was given, and {pairs} clients with two scores are too few to estimate one"
        return None, "", (f"Reliable change is not computed: {why} (at least {FEWEST_PAIRS}).",)
    if np.ptp(first[both]) == 0.0 or np.ptp(second[both]) == 0.0:
        return None, "", ("Reliable change is not computed: no reliability was given, and scores do not differ.",)
    found = float(np.corrcoef(first[both], second[both])[0, 1])
    if not 0.0 < found < 1.0:
        why = f"no reliability was given, and first and second scores correlate {found:.2f}"
        return None, "", (f"Reliable change is not computed: {why}.",)
    doubt = (
        f"No reliability was given; {found:.2f}, the correlation of first and second scores of {pairs} clients, stands "
        "for it. It counts real early change as error, so fewer changes are called reliable."
    )
    return found, "first and second scores of this file", (doubt,)


def _clients(
    sessions: SessionTable, finding: Finding, change: ReliableChange | None, *, extent: Range
) -> list[ClientCourse]:
    """Each client's own sessions, cut out of the flat arrays."""
    with_alliance = ALLIANCE in sessions.flat
    episodes: dict[int, list[RuptureEpisode]] = {}
    for each in finding.episodes if with_alliance else ():
        episodes.setdefault(each.row, []).append(each)
    courses = []
    for index, client in enumerate(sessions.clients):
        own = slice(int(sessions.start[index]), int(sessions.start[index + 1]))
        courses.append(
            ClientCourse(
                id=client,
                sessions=sessions.labels(index),
                alliance=sessions.flat[ALLIANCE][own].tolist() if with_alliance else (),
                low=finding.low[own].clip(*extent).tolist(),
                high=finding.high[own].clip(*extent).tolist(),
                signals=[SIGNALS[code] for code in finding.signal[own]] if with_alliance else (),
                episodes=episodes.get(index, ()),
                outcome=sessions.flat[OUTCOME][own].tolist(),
                category=str(change.category[index]) if change else "",
            )
        )
    return courses
