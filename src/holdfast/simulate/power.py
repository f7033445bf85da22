"""How many clients and sessions it takes to see an effect: power by simulation, the analysis given as a function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from holdfast.errors import MethodError
from holdfast.stats.proportion import Share, wilson_interval

METHOD = "power-by-simulation"
Finds = Callable[[int, int, int], bool]
"""Whether one simulated study finds the effect: clients, sessions, seed."""
DOUBTS = (
    "The power of this analysis in this simulated world, whose settings are choices; people may differ.",
    "Each figure rests on a finite number of simulations; its interval says how finite.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Power:
    """One design: clients, sessions each, and the share of simulated studies that found it, with its interval."""

    clients: int
    sessions: int
    found: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What was tried for one number of sessions, by clients; smallest: the first design whose share reached the wanted
    power, None if none did."""

    sessions: int
    tried: tuple[Power, ...]
    smallest: Power | None
    wanted: float
    method: str
    doubts: tuple[str, ...]


def power_of(finds: Finds, *, clients: int, sessions: int, simulations: int, seed: int) -> Power:
    """The share of simulated studies of one design that find the effect.

    Rule: finds(clients, sessions, seed') for `simulations` seeds that follow from seed; Wilson's interval.
    Raises MethodError for counts below 1. Source: Monte Carlo; checked against closed-form power of a z test.
    """
    if min(clients, sessions, simulations) < 1:
        raise MethodError(
            "{clients} clients, {sessions} sessions, {simulations} simulations: each has to be 1 or more.",
            clients=clients,
            sessions=sessions,
            simulations=simulations,
        )
    found = sum(bool(finds(clients, sessions, seed * 1_000_003 + number)) for number in range(simulations))
    return Power(clients=clients, sessions=sessions, found=wilson_interval(found, simulations))


def smallest_design(
    finds: Finds, *, sessions: int, sizes: Sequence[int], wanted: float = 0.8, simulations: int = 200, seed: int = 1
) -> Sought:
    """Try designs from small to large until the effect is found often enough, then look once between the last two.

    Rule: sizes in order until the share reaches `wanted`; then the size halfway (geometric) to the one before. No
    interpolation: what is reported was simulated. Raises MethodError for a wanted power outside 0 to 1, or no sizes.
    """
    if not 0.0 < wanted < 1.0:
        raise MethodError("The wanted power is {wanted}. It lies between 0 and 1.", wanted=wanted)
    if not sizes:
        raise MethodError("No numbers of clients were given to try. Give one or more.")
    tried: list[Power] = []
    for clients in sorted(sizes):
        tried.append(power_of(finds, clients=clients, sessions=sessions, simulations=simulations, seed=seed))
        if tried[-1].found.estimate >= wanted:
            break
    if len(tried) > 1 and tried[-1].found.estimate >= wanted:
        between = round((tried[-1].clients * tried[-2].clients) ** 0.5)
        if tried[-2].clients < between < tried[-1].clients:
            tried.append(power_of(finds, clients=between, sessions=sessions, simulations=simulations, seed=seed))
    enough = [each for each in tried if each.found.estimate >= wanted]
    return Sought(
        sessions=sessions,
        tried=tuple(sorted(tried, key=lambda each: each.clients)),
        smallest=min(enough, key=lambda each: each.clients) if enough else None,
        wanted=wanted,
        method=METHOD,
        doubts=DOUBTS,
    )
