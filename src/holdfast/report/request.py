"""What a report is asked to show."""

from dataclasses import dataclass, field
from typing import Literal

from holdfast.alliance.signals import Budget
from holdfast.interop.checking import Range, SessionShape
from holdfast.interop.looking import GivenPrior
from holdfast.interop.problems import Reading

OUTCOME, SCORE = "outcome", "score"
RATINGS = ("therapist_score", "predicted")
REPORTS = ("client_tension", "therapist_tension", "client_way", "therapist_way")
REPORTED = (0.0, 100.0)  # amounts and ways of tension: whole numbers on scales of their own


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """What a report is asked to show. outcome, alliance, client, session, and therapist_score to therapist (as in
    holdfast.Columns; None: is not there) name columns; range is that of all alliance ratings; a range of None is taken
    from the scores seen; reliability None: from first and second scores, if there are enough; prior: where expectation
    starts, as for ruptures; budget: the dial for false alarms; talk_at: a rating at or below it is worth talking about;
    made_on: a date in words; reading: lenient by default, since the report lists whatever it leaves out."""

    outcome: str
    made_on: str
    alliance: str | None = None
    therapist_score: str | None = None
    predicted: str | None = None
    client_tension: str | None = None
    therapist_tension: str | None = None
    client_way: str | None = None
    therapist_way: str | None = None
    therapist: str | None = None
    client: str = "client"
    session: str = "session"
    range: Range | None = None
    outcome_range: Range | None = None
    higher_is: Literal["worse", "better"] = "worse"
    reliability: float | None = None
    title: str = "Caseload report"
    prior: GivenPrior = "auto"
    budget: Budget = field(default_factory=Budget)
    talk_at: float | None = None
    reading: Reading = field(default_factory=lambda: Reading(duplicates="first", unreadable="leave-out"))

    @property
    def shape(self) -> SessionShape:
        """The columns to read; what was said beside the client's rating is read only where that is."""
        scores, ranges = {OUTCOME: self.outcome}, {OUTCOME: self.outcome_range}
        if self.alliance:
            named = {name: getattr(self, name) for name in (*RATINGS, *REPORTS)}
            scores |= {SCORE: self.alliance} | {name: column for name, column in named.items() if column}
            ranges |= dict.fromkeys((SCORE, *RATINGS), self.range) | dict.fromkeys(REPORTS, REPORTED)
        return SessionShape(
            client=self.client,
            session=self.session,
            scores=scores,
            ranges={name: each for name, each in ranges.items() if each and name in scores},
        )
