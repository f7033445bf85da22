"""How many clients and sessions it takes to see an effect: power by simulation, the analysis given as a function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from holdfast.errors import MethodError
from holdfast.stats.proportion import Share, wilson_interval

METHOD = "power-by-simulation"
Finds = Callable[[int, int, int], bool | None]
"""Whether one simulated study finds the effect: clients, sessions, seed. None: it gives no estimate at all."""
DOUBTS = (
    "The power of this analysis in this simulated world, whose settings are choices; people may differ.",
    "Each figure rests on a finite number of simulations; its interval says how finite. A design is left as soon as it "
    "can no longer reach the wanted power, so its share may rest on fewer simulations than asked for.",
    "The first design that reaches the wanted power may be a lucky one. Of searches with a known answer, about one in "
    "seven (100 simulations, a power of 0.8) named a design short of it, seldom by more than 5 points. Where it "
    "matters, take the next larger design or more simulations.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """One design: clients, sessions each, and the share of simulated studies that found it, with its interval.

    without_estimate: the studies among them from which nothing could be computed; they count as not found, since who
    plans a study and gets no estimate has not found anything.
    """

    clients: int
    sessions: int
    found: Share
    without_estimate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What was tried for one number of sessions, by clients; smallest: the first design whose share reached the wanted
    power, None if none did; at_edge: that it is the smallest tried, so that fewer might do."""

    sessions: int
    tried: tuple[Power, ...]
    smallest: Power | None
    wanted: float
    method: str
    doubts: tuple[str, ...]

    @property
    def at_edge(self) -> bool:
        return self.smallest is not None and self.smallest.clients == self.tried[0].clients


def power_of(
    finds: Finds, *, clients: int, sessions: int, simulations: int, seed: int, wanted: float | None = None
) -> Power:
    """The share of simulated studies of one design that find the effect.

    Rule: finds(clients, sessions, seed') for `simulations` seeds that follow from seed; Wilson's interval. A study
    without an estimate has not found it. With a wanted power (0 to 1) no more studies are simulated once too many
    have not found it for the share to reach that power; so whether it does is never changed, but a share below it
    rests on fewer studies and lies about a point too low.
    Raises MethodError for counts below 1. Source: Monte Carlo; checked against closed-form power of a z test.
    """
    if min(clients, sessions, simulations) < 1:
        raise MethodError(
            "{clients} clients, {sessions} sessions, {simulations} simulations: each has to be 1 or more.",
            clients=clients,
            sessions=sessions,
            simulations=simulations,
        )
    studies: list[bool | None] = []
    still = simulations  # that find it at most
    for number in range(simulations):
        studies.append(finds(clients, sessions, seed * 1_000_003 + number))
        still -= not studies[-1]
        if wanted is not None and still / simulations < wanted:
            break
    return Power(
        clients=clients,
        sessions=sessions,
        found=wilson_interval(sum(bool(found) for found in studies), len(studies)),
        without_estimate=sum(found is None for found in studies),
    )


def smallest_design(
    finds: Finds, *, sessions: int, sizes: Sequence[int], wanted: float = 0.8, simulations: int = 200, seed: int = 1
) -> Sought:
    """Try designs from small to large until the effect is found often enough, then look once between the last two.

    Rule: sizes in order until the share reaches `wanted`; then the size halfway (geometric) to the one before. A design
    is left once it can no longer reach it. No interpolation: what is reported was simulated. Stopping at the first
    that suffices favours lucky ones; the doubts say how much (docs/decisions/0083).
    Raises MethodError for a wanted power outside 0 to 1, or no sizes.
    """
    if not 0.0 < wanted < 1.0:
        raise MethodError("The wanted power is {wanted}. It lies between 0 and 1.", wanted=wanted)
    if not sizes:
        raise MethodError("No numbers of clients were given to try. Give one or more.")

    def of(clients: int) -> Power:
        return power_of(finds, clients=clients, sessions=sessions, simulations=simulations, seed=seed, wanted=wanted)

    tried: list[Power] = []
    for clients in sorted(sizes):
        tried.append(of(clients))
        if tried[-1].found.estimate >= wanted:
            break
    if len(tried) > 1 and tried[-1].found.estimate >= wanted:
        between = round((tried[-1].clients * tried[-2].clients) ** 0.5)
        if tried[-2].clients < between < tried[-1].clients:
            tried.append(of(between))
    enough = [each for each in tried if each.found.estimate >= wanted]
    return Sought(
        sessions=sessions,
        tried=tuple(sorted(tried, key=lambda each: each.clients)),
        smallest=min(enough, key=lambda each: each.clients) if enough else None,
        wanted=wanted,
        method=METHOD,
        doubts=DOUBTS,
    )
