"""What a caseload report is made from; whoever has read the table fills this in."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from holdfast.alliance import Rule, RuptureEpisode
from holdfast.alliance.signals import Direction, Way
from holdfast.errors import MethodError
from holdfast.report.studies import Mending, PublishedRules, Trust, TwoSides


@dataclass(frozen=True, slots=True, kw_only=True)
class Omission:
    """One row of the input that was not used: its number as a reader would count it, the column, and why."""

    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What came in. source: the file's name; rows: all of them; used: rows that gave at least one number;
    notes: sentences on how the input was read (duplicates merged, words among numbers, dates taken as time)."""

    source: str
    rows: int
    used: int
    left_out: Sequence[Omission] = ()
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AllianceStudy:
    """How the alliance was looked at: name, column and range of the score, the rule, where its prior came from."""

    name: str
    column: str
    low: float
    high: float
    rule: Rule
    method: str
    calibrated: bool
    prior_source: str
    doubts: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeStudy:
    """How the outcome was looked at. sd and reliability with their sources in words ("first scores of this file");
    reliable_points: the change beyond measurement error, in points, None when no reliability was given."""

    name: str
    column: str
    higher_is: str = "worse"
    sd: float | None = None
    sd_source: str = ""
    reliability: float | None = None
    reliability_source: str = ""
    reliable_points: float | None = None
    cutoff: float | None = None
    method: str = "jacobson-truax"
    doubts: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """A session with a signal. index: of the session; kinds: the signals it holds, the leading one first; p: how often
    a rating as low comes up when nothing has happened; together: the same of everything said in the session (nan: only
    the rating was given); reported: who reported tension, and which way; direction: of a disagreement."""

    index: int
    kinds: Sequence[str]
    p: float = math.nan
    together: float = math.nan
    reported: Mapping[str, Way] = field(default_factory=dict)
    direction: Direction = Direction.NONE


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientCourse:
    """One client: id as given, sessions as labelled; every series is empty or has a number per session (nan: missing).

    low and high: the expected range of the alliance or, in a report without one, of the outcome.
    signals: the leading kind of signal per session, "" for none; noticed: what there is to say of those sessions;
    tension: sessions without a signal in which tension was reported; talk: sessions at or below the fixed cut-off;
    predicted: the therapist's guesses; episodes: with indices into this client's sessions; category: of the change
    from the first to the last outcome score (a ChangeCategory, "" without a reliability).
    """

    id: str
    sessions: Sequence[str]
    alliance: Sequence[float] = ()
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    predicted: Sequence[float] = ()
    signals: Sequence[str] = ()
    noticed: Sequence[Noticed] = ()
    tension: Sequence[int] = ()
    talk: Sequence[int] = ()
    episodes: Sequence[RuptureEpisode] = ()
    outcome: Sequence[float] = ()
    category: str = ""

    def __post_init__(self) -> None:
        """Refuse series of another length than the sessions."""
        for name in ("alliance", "low", "high", "predicted", "signals", "outcome"):
            found = len(getattr(self, name))
            if found not in (0, len(self.sessions)):
                raise MethodError(
                    "A client has {length} sessions and {found} entries in `{name}`. Give one for each, or none.",
                    length=len(self.sessions),
                    found=found,
                    name=name,
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseloadReport:
    """Everything the report shows. made_on: a date in words, given by the caller; session_name: what a
    session's label is ("session", "day", "month"); trust, mending, sides, rules: chapters over all clients (None:
    nothing to say); doubts: limits of the whole."""

    title: str
    made_on: str
    intake: Intake
    clients: Sequence[ClientCourse]
    alliance: AllianceStudy | None = None
    outcome: OutcomeStudy | None = None
    trust: Trust | None = None
    mending: Mending | None = None
    sides: TwoSides | None = None
    rules: PublishedRules | None = None
    session_name: str = "session"
    simulated: bool = False
    doubts: Sequence[str] = ()
