"""The settings of the simulated therapies, in parts: people, ruptures, what is said about them, outcome, endings."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from math import hypot
from types import MappingProxyType
from typing import Any

from holdfast.errors import MethodError

ANY, SHARE, SPREAD, CORRELATION = (-1e6, 1e6), (0.0, 1.0), (0.0, 1e6), (-0.999, 0.999)
COUNT, ANSWERS = (1, 1_000_000), (0, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Clients and therapists. Points are those of the alliance, 0 to 100.

    start: mean alliance of the first session; client_sd, therapist_sd: how much clients and therapists differ in
    it; growth: points gained per doubling of the session number; responsiveness: how much more the bond with a
    therapist one SD more responsive grows, as a share; anxiety_link, avoidance_link: correlation of attachment
    anxiety and avoidance with the start, therapists' differences included; carry_over: SDs of avoidance lost per
    session and 10 points of alliance above the mean start; clients_per_therapist: how many see the same one.
    """

    start: float = 72.0
    client_sd: float = 10.0
    therapist_sd: float = 4.0
    growth: float = 1.0
    responsiveness: float = 0.5
    anxiety_link: float = -0.09
    avoidance_link: float = -0.13
    carry_over: float = 0.02
    clients_per_therapist: int = 12

    @property
    def start_sd(self) -> float:
        """SD of the start over clients and their therapists together, in points."""
        return hypot(self.client_sd, self.therapist_sd)

    @property
    def linked_sd(self) -> float:
        """SD of that part of the start which goes with attachment, in points; at most client_sd."""
        return self.start_sd * hypot(self.anxiety_link, self.avoidance_link)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruptures:
    """What goes wrong, and how it mends. Depths are in the client's own within-person SDs.

    rate: chance per session of a sudden one; earliest: the first session in which any can begin; depth: of a sudden
    one; slide_rate: chance per client of a slow one; slide_step: its deepening per session; slide_length: for how
    many sessions; confrontation: share of ruptures in which the client moves against; kind_tilt: log odds of that per
    SD by which anxiety exceeds avoidance; acknowledge_rate: chance per session that a therapist of average
    responsiveness takes it up; acknowledge_responsiveness: how that chance grows per SD of her responsiveness, as the
    logarithm of the ratio; repair_rate: chance per session that a sudden one begins to mend, and then that it is
    over, where it was taken up and the therapist is of average responsiveness; unspoken: that chance otherwise, as a
    share; repair_responsiveness: log odds of that chance per SD of her responsiveness; strengthening: SDs by which
    the bond is higher afterwards.
    """

    rate: float = 0.03
    earliest: int = 4
    depth: float = 4.0
    slide_rate: float = 0.1
    slide_step: float = 0.7
    slide_length: int = 6
    confrontation: float = 0.4
    kind_tilt: float = 0.5
    acknowledge_rate: float = 0.5
    acknowledge_responsiveness: float = 0.3
    repair_rate: float = 0.6
    unspoken: float = 0.6
    repair_responsiveness: float = 0.3
    strengthening: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """How it is rated. Points are those of the alliance, 0 to 100.

    within_sd: median of the clients' own SDs; within_spread: SD of their logarithms; autocorrelation: of a client's
    errors, session to session; agreement: correlation of both raters' errors; therapist_lower: points by which
    therapists rate lower; therapist_sees: share of a drop that shows in the therapist's rating; prediction_error:
    SD of the guess; missing_rate: chance that a session stays unrated.
    """

    within_sd: float = 5.0
    within_spread: float = 0.35
    autocorrelation: float = 0.0
    agreement: float = 0.3
    therapist_lower: float = 4.0
    therapist_sees: float = 0.7
    prediction_error: float = 6.0
    missing_rate: float = 0.08


@dataclass(frozen=True, slots=True, kw_only=True)
class Reports:
    """Chances per session that tension is reported: in a rupture, and when there is none; by either side."""

    client_in_rupture: float = 0.5
    client_alone: float = 0.03
    therapist_in_rupture: float = 0.6
    therapist_alone: float = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """Which facets a rupture hits: by how many answers (0 to 4, each 25 points) they lie below what the rating alone
    would give. In a withdrawal safety and bond, in a confrontation empathy and goal; the first of the two adds to
    regard and the second to genuineness what it loses, as far as answers go, so that the facets still add up."""

    withdrawal_safety: int = 1
    withdrawal_bond: int = 1
    confrontation_empathy: int = 1
    confrontation_goal: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """Attachment to others as a questionnaire shows it, anxiety and avoidance each from 1 to 7.

    mean, sd: of both over the clients; noise: SD of the error; all in points. every: sessions from one
    questionnaire to the next, beginning with the first session.
    """

    mean: float = 3.5
    sd: float = 1.1
    noise: float = 0.4
    every: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Distress before a session, 0 to 24, lower is better.

    start, sd: at the first session; trend: points per doubling of the session number; link: points lower next
    session per 10 points of alliance above the client's own level; noise: SD from session to session.
    """

    start: float = 14.0
    sd: float = 4.0
    trend: float = -1.2
    link: float = 0.8
    noise: float = 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Dropout. rate: chance after a session that the client does not come again; earliest: the first session after
    which that can be; in_rupture: how many times as large the chance is in a rupture."""

    rate: float = 0.009
    earliest: int = 3
    in_rupture: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """Everything that `simulate_sessions` needs to know. Raises MethodError for values that it cannot use."""

    people: People = field(default_factory=People)
    ruptures: Ruptures = field(default_factory=Ruptures)
    ratings: Ratings = field(default_factory=Ratings)
    reports: Reports = field(default_factory=Reports)
    facets: Facets = field(default_factory=Facets)
    attachment: Attachment = field(default_factory=Attachment)
    outcome: Outcome = field(default_factory=Outcome)
    ending: Ending = field(default_factory=Ending)

    def __post_init__(self) -> None:
        """Refuse chances outside 0 to 1, correlations outside -1 to 1, spreads below 0, and broken counts."""
        for name, value in settings_of(self).items():
            low, high = _bounds(name.split(".")[1])
            if not low <= value <= high:
                raise MethodError(
                    "The world's {name} is {number}. It lies between {low} and {high}.",
                    name=name,
                    number=value,
                    low=low,
                    high=high,
                )
            if isinstance(low, int) and isinstance(value, float):
                raise MethodError(
                    "The world's {name} is {number}. It is a count: give a whole number.", name=name, number=value
                )
        if self.people.linked_sd > self.people.client_sd * (1.0 + 1e-9):
            raise MethodError(
                "The world's people.anxiety_link and avoidance_link need an SD of {linked:.3g} among clients, "
                "but people.client_sd is {client_sd:.3g}. Lower the links or raise people.client_sd.",
                linked=self.people.linked_sd,
                client_sd=self.people.client_sd,
            )

    @classmethod
    def quiet(cls) -> "World":
        """A world in which nothing happens: no rupture, no report, nobody leaves."""
        nothing = Reports(client_in_rupture=0.0, client_alone=0.0, therapist_in_rupture=0.0, therapist_alone=0.0)
        return cls(ruptures=Ruptures(rate=0.0, slide_rate=0.0), reports=nothing, ending=Ending(rate=0.0))


def settings_of(world: World) -> dict[str, float]:
    """Every number of a world by "part.name"."""
    return {
        f"{part.name}.{each.name}": getattr(getattr(world, part.name), each.name)
        for part in fields(world)
        if is_dataclass(getattr(world, part.name))
        for each in fields(getattr(world, part.name))
    }


def _bounds(name: str) -> tuple[float, float]:
    """Between which values a setting makes sense, by its name."""
    if name in ("earliest", "slide_length", "clients_per_therapist", "every"):
        return COUNT
    if name.startswith(("withdrawal_", "confrontation_")):
        return ANSWERS
    if name in ("autocorrelation", "agreement", "anxiety_link", "avoidance_link"):
        return CORRELATION
    if name.endswith("rate") or name in ("confrontation", "unspoken", "therapist_sees") or "_in_rupture" in name:
        return SHARE
    if name.endswith("alone"):
        return SHARE
    if name.endswith(("sd", "spread", "error", "noise")) or name in ("depth", "in_rupture"):
        return SPREAD
    return ANY


OURS = "our choice"
BASIS: Mapping[str, str] = MappingProxyType(
    dict.fromkeys(settings_of(World()), OURS)
    | {
        "people.anxiety_link": "published: r = -.09 (Notsu et al. 2024, k = 33)",
        "people.avoidance_link": "published: r = -.13 (Notsu et al. 2024, k = 33)",
        "ruptures.rate": "our choice; with slides about a third of therapies of 12 sessions hold a planted rupture "
        "(published shares by rule: 10 to 50 % of cases)",
        "ruptures.slide_length": "our choice: as long as the longest decline in Gumz et al. 2012 (six sessions)",
        "ratings.within_spread": "our choice, as in the detector's own studies (log-SD .35)",
        "ratings.agreement": "our choice, as in the detector's own studies (.3)",
        "ratings.therapist_lower": "direction published: therapists rate lower (Atzil-Slonim et al. 2015; Igra et al. "
        "2020, k = 22); size our choice",
        "reports.client_in_rupture": "direction published: clients report fewer ruptures than therapists (Muran et "
        "al. 2009); size our choice",
        "reports.therapist_in_rupture": "direction published, see reports.client_in_rupture; size our choice",
        "attachment.noise": "our choice: with the SD it makes a reliability of .88",
        "outcome.link": "direction published: within clients a session's alliance goes with the next session's "
        "distress (Falkenstroem et al. 2013); size our choice",
        "ending.rate": "our choice, so that about one in five leaves within 20 sessions (published base rate)",
        "ending.in_rupture": "direction published: a weaker alliance goes with dropout (d = .55, Sharf et al. 2010); "
        "size our choice",
    }
)
"""Where every number comes from."""


def basis_of(name: str) -> str:
    """Where a setting comes from. Raises MethodError for one that is not there."""
    if name not in BASIS:
        raise MethodError("The world has no setting {name}.", name=name)
    return BASIS[name]


def described(world: World) -> list[tuple[str, float, str]]:
    """Every setting with its value and where its default comes from."""
    values: dict[str, Any] = settings_of(world)
    return [(name, float(value), BASIS[name]) for name, value in values.items()]
