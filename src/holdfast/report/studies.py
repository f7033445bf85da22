"""What the chapters over all clients are made from; each is there only when there is something to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from holdfast.alliance import Calibration, RepairStatus, RuleAgreement, Strengthening
from holdfast.alliance.pair import Attunement, Congruence, Consistency
from holdfast.alliance.signals import Budget, Rates, TensionRule
from holdfast.stats.estimate import Estimate
from holdfast.stats.proportion import Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The middle one of some numbers, the smallest, the largest, and how many there are."""

    median: float
    low: float
    high: float
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """How far the signals can be trusted. kinds: sessions that hold each kind; rates: what chance alone gives of it,
    per monitored session, at most; monitored; budget: the dial; calibration: of the tails; priors: whose rating -> the
    sentence on where expectation starts; tension: by who reports it, from which amount on it counts; talk_at: the fixed
    cut-off (None: none), talk, talk_expected: the sessions at or below it, as found and by each person's own history;
    pooled: whether the tails are of several sources together."""

    kinds: Mapping[str, int]
    rates: Rates
    monitored: int
    budget: Budget
    calibration: Calibration
    priors: Mapping[str, str]
    tension: Mapping[str, TensionRule] = field(default_factory=dict)
    talk_at: float | None = None
    talk: int = 0
    talk_expected: float = 0.0
    pooled: bool = False
    doubts: Sequence[str] = ()

    @property
    def by_chance(self) -> float:
        """The most that all kinds together give when nothing has happened."""
        return self.budget.total * self.monitored


@dataclass(frozen=True, slots=True, kw_only=True)
class Mending:
    """What became of the episodes of all clients. statuses: the share in each, its interval over clients; size and
    size_in_sd: how far the ratings fell; latency: sessions from onset to repair, of the repaired; returned, rebound:
    points that came back after the signal on average, and that chance alone gives; beyond: the one less the other, per
    episode (None: no episode); strengthening: over the archive (None: could not be looked at); doubts."""

    episodes: int
    clients: int
    statuses: Mapping[RepairStatus, Share]
    size: Spread | None
    size_in_sd: Spread | None
    latency: Spread | None
    returned: float
    rebound: float
    compared: int
    beyond: Estimate | None
    strengthening: Strengthening | None
    doubts: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedRules:
    """Published rules on these ratings. agreement: of those applied; same: a rule -> others that are the same
    arithmetic; clients: how many were looked at, of how many."""

    agreement: RuleAgreement
    same: Mapping[str, Sequence[str]]
    clients: int
    of: int
    doubts: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoSides:
    """Client and therapist side by side, each part None where its columns are missing or too little is there, and
    not_computed says why. clients: how many were looked at, of how many."""

    congruence: Congruence | None
    attunement: Attunement | None
    consistency: Consistency | None
    clients: int
    of: int
    not_computed: Sequence[str] = ()
    doubts: Sequence[str] = ()
