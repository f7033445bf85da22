"""When can carry-over be told from none at all: power, coverage, false positives, and worlds that look the same.

Run with `python -m bench.template` (some minutes). Felt responsiveness differs between clients (SD .7) and from session
to session (SD .7); avoidance of others is measured every few sessions with error.
Told: chance by shuffling at most .05. Held: the planted carry-over lies in the interval.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from holdfast.alliance.attachment import RelationalTemplate, fit_template, working_model
from holdfast.alliance.attachment.template import GRID
from holdfast.stats.arrays import FloatArray

SESSIONS, SHUFFLES, STUDIES, MORE_STUDIES = 24, 99, 100, 500
SIZES = (30, 100, 300)
MEASURING = ((4, 0.65), (4, 0.9), (12, 0.65))
World = Callable[[np.random.Generator, int, float], tuple[FloatArray, FloatArray]]


def felt(rng: np.random.Generator, clients: int) -> FloatArray:
    """Felt responsiveness, z-scaled."""
    return 0.7 * rng.standard_normal((clients, 1)) + 0.7 * rng.standard_normal((clients, SESSIONS))


def carried(rng: np.random.Generator, clients: int, carry_over: float) -> tuple[FloatArray, FloatArray]:
    """Avoidance falls as the working model says."""
    r = felt(rng, clients)
    return r, rng.standard_normal((clients, 1)) - working_model(r, carry_over=carry_over).elsewhere


def trend(rng: np.random.Generator, clients: int, carry_over: float) -> tuple[FloatArray, FloatArray]:
    """Avoidance falls for everybody alike, beside what carries over."""
    r, avoidance = carried(rng, clients, carry_over)
    return r, avoidance - 0.03 * np.arange(SESSIONS)


def wandering(rng: np.random.Generator, clients: int, carry_over: float) -> tuple[FloatArray, FloatArray]:
    """Avoidance wanders by itself (regression to the mean), beside what carries over."""
    r = felt(rng, clients)
    path = np.zeros((clients, SESSIONS))
    path[:, 0] = rng.standard_normal(clients)
    for t in range(1, SESSIONS):
        path[:, t] = 0.9 * path[:, t - 1] + 0.4 * rng.standard_normal(clients)
    return r, path - working_model(r, carry_over=carry_over).elsewhere


def third(rng: np.random.Generator, clients: int, carry_over: float) -> tuple[FloatArray, FloatArray]:
    """Something else gets better, felt with the therapist and with others at once."""
    better = np.cumsum(0.05 * (rng.standard_normal((clients, 1)) + 0.5) * np.ones((clients, SESSIONS)), axis=1)
    r = felt(rng, clients) + better
    return r, rng.standard_normal((clients, 1)) - better - working_model(r, carry_over=carry_over).elsewhere


def colours(rng: np.random.Generator, clients: int, carry_over: float) -> tuple[FloatArray, FloatArray]:
    """Avoidance wanders by itself and colours what is felt here (reverse causation)."""
    _, avoidance = wandering(rng, clients, carry_over)
    return felt(rng, clients) - 0.5 * avoidance, avoidance


def curved(rng: np.random.Generator, clients: int, carry_over: float) -> tuple[FloatArray, FloatArray]:
    """Avoidance falls fast at first for everybody alike, and who feels much has finished after nine sessions."""
    level = rng.standard_normal((clients, 1))
    r = 0.7 * level + 0.7 * rng.standard_normal((clients, SESSIONS))
    here = np.arange(SESSIONS) < np.where(level > 0.0, 9, SESSIONS)
    falling = rng.standard_normal((clients, 1)) - 1.5 * (1.0 - np.exp(-np.arange(SESSIONS) / 4.0))
    falling = falling - working_model(r, carry_over=carry_over).elsewhere
    return np.where(here, r, np.nan), np.where(here, falling, np.nan)


@dataclass(frozen=True, kw_only=True)
class Design:
    """What a study looks like."""

    clients: int
    every: int
    reliability: float
    carry_over: float = 0.0


def studies(world: World, design: Design, *, number: int, shuffles: int) -> list[RelationalTemplate]:
    """Simulated studies, each fitted."""
    fitted = []
    for study in range(number):
        seed = (design.clients, design.every, int(1e4 * design.carry_over), int(100 * design.reliability), study)
        rng = np.random.default_rng(seed)
        r, avoidance = world(rng, design.clients, design.carry_over)
        error = np.sqrt((1.0 - design.reliability) / design.reliability) * rng.standard_normal(avoidance.shape)
        measured = np.where(np.arange(SESSIONS) % design.every == 0, avoidance + error, np.nan)
        fitted.append(
            fit_template(r, avoidance=measured, reliability=design.reliability, shuffles=shuffles, seed=study)
        )
    return fitted


def told(fitted: list[RelationalTemplate]) -> float:
    """The share of studies in which carry-over is told from none."""
    return float(np.mean([each.chance <= 0.05 for each in fitted]))


def at_the_end(fitted: list[RelationalTemplate]) -> float:
    """The share of studies in which the estimate is the end of the grid."""
    return float(np.mean([each.carry_over == GRID[-1] for each in fitted]))


def held(world: World, design: Design) -> str:
    """The share of studies whose interval holds the planted carry-over, the median, and how many at the end."""
    fitted = studies(world, design, number=MORE_STUDIES, shuffles=0)
    share = np.mean([each.low <= design.carry_over <= each.high for each in fitted])
    return f"{share:11.1%} ({np.median([each.carry_over for each in fitted]):.3f},{at_the_end(fitted):4.0%})"


def main() -> None:
    """Print the tables."""
    print(f"Carry-over told from none, {STUDIES} studies of {SESSIONS} sessions each; simulated")
    head = "  carry-over      measured every   reliability"
    print(head + "".join(f"{n:7d} clients" for n in SIZES))
    for carry_over in (0.0, 0.01, 0.03, 0.1):
        for every, reliability in MEASURING:
            designs = [Design(clients=n, every=every, carry_over=carry_over, reliability=reliability) for n in SIZES]
            shares = [told(studies(carried, each, number=STUDIES, shuffles=SHUFFLES)) for each in designs]
            print(
                f"  {carry_over:10.2f}{every:15d} sessions{reliability:14.2f}" + "".join(f"{x:15.0%}" for x in shares),
                flush=True,
            )
    print(
        "Nothing carries over, avoidance moves (every 4 sessions, reliability .65, 100 clients): told; estimate at .5"
    )
    for name, world in (
        ("a trend of everybody", trend),
        ("it wanders by itself (regression to the mean)", wandering),
        ("everybody falls in a curve, who feels much ends early", curved),
        ("a third thing moves both", third),
        ("avoidance colours what is felt (reverse causation)", colours),
    ):
        fitted = studies(world, Design(clients=100, every=4, reliability=0.65), number=STUDIES, shuffles=SHUFFLES)
        print(f"  {name:56s}{told(fitted):6.0%}{at_the_end(fitted):6.0%}", flush=True)
    print(f"The interval holds the planted carry-over (median estimate, estimates at .5), {MORE_STUDIES} studies each:")
    print(head + "".join(f"{n:16d} clients" for n in SIZES))
    for name, world, measuring in (
        ("as the model says", carried, MEASURING),
        ("and avoidance wanders by itself", wandering, MEASURING[:1]),
        ("and everybody falls in a curve, who feels much ends early", curved, MEASURING[:1]),
    ):
        print(f" {name}")
        for every, reliability in measuring:
            for carry_over in (0.0, 0.05, 0.1, 0.2):
                shares = [
                    held(world, Design(clients=n, every=every, carry_over=carry_over, reliability=reliability))
                    for n in SIZES
                ]
                print(f"  {carry_over:10.2f}{every:15d} sessions{reliability:14.2f}" + "".join(shares), flush=True)


if __name__ == "__main__":
    main()
