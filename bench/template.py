"""When can carry-over be told from none at all: power, coverage, false positives, and worlds that look the same.

Run with `python -m bench.template` (some minutes). Felt responsiveness differs between clients (SD .7) and from session
to session (SD .7); avoidance of others is measured every few sessions with error.
Told: chance by shuffling at most .05.
"""

from collections.abc import Callable

import numpy as np

from holdfast.alliance.attachment import fit_template, working_model
from holdfast.stats.arrays import FloatArray

SESSIONS, SHUFFLES, STUDIES = 24, 99, 100
World = Callable[[np.random.Generator, int, float], tuple[FloatArray, FloatArray]]


def felt(rng: np.random.Generator, clients: int) -> FloatArray:
    """Felt responsiveness, z-scaled."""
    return 0.7 * rng.standard_normal((clients, 1)) + 0.7 * rng.standard_normal((clients, SESSIONS))


def carried(rng: np.random.Generator, clients: int, carry_over: float) -> tuple[FloatArray, FloatArray]:
    """Avoidance falls as the working model says."""
    r = felt(rng, clients)
    return r, rng.standard_normal((clients, 1)) - working_model(r, carry_over=carry_over).elsewhere


def trend(rng: np.random.Generator, clients: int, carry_over: float) -> tuple[FloatArray, FloatArray]:
    """Avoidance falls for everybody alike, whatever is felt."""
    r = felt(rng, clients)
    return r, rng.standard_normal((clients, 1)) - 0.03 * np.arange(SESSIONS) * (1 + 0 * r) + 0.0 * carry_over


def wandering(rng: np.random.Generator, clients: int, carry_over: float) -> tuple[FloatArray, FloatArray]:
    """Avoidance wanders by itself (regression to the mean)."""
    r = felt(rng, clients)
    path = np.zeros((clients, SESSIONS))
    path[:, 0] = rng.standard_normal(clients)
    for t in range(1, SESSIONS):
        path[:, t] = 0.9 * path[:, t - 1] + 0.4 * rng.standard_normal(clients)
    return r, path + 0.0 * carry_over


def third(rng: np.random.Generator, clients: int, carry_over: float) -> tuple[FloatArray, FloatArray]:
    """Something else gets better, felt with the therapist and with others at once; nothing carries over."""
    better = np.cumsum(0.05 * (rng.standard_normal((clients, 1)) + 0.5) * np.ones((clients, SESSIONS)), axis=1)
    r = felt(rng, clients) + better
    return r, rng.standard_normal((clients, 1)) - better + 0.0 * carry_over


def colours(rng: np.random.Generator, clients: int, carry_over: float) -> tuple[FloatArray, FloatArray]:
    """Avoidance wanders by itself and colours what is felt here; nothing carries over."""
    _, avoidance = wandering(rng, clients, carry_over)
    return felt(rng, clients) - 0.5 * avoidance, avoidance


def curved(rng: np.random.Generator, clients: int, carry_over: float) -> tuple[FloatArray, FloatArray]:
    """Avoidance falls fast at first for everybody alike, and who feels much has finished after nine sessions."""
    level = rng.standard_normal((clients, 1))
    r = 0.7 * level + 0.7 * rng.standard_normal((clients, SESSIONS))
    here = np.arange(SESSIONS) < np.where(level > 0.0, 9, SESSIONS)
    falling = rng.standard_normal((clients, 1)) - 1.5 * (1.0 - np.exp(-np.arange(SESSIONS) / 4.0)) + 0.0 * carry_over
    return np.where(here, r, np.nan), np.where(here, falling, np.nan)


def told(world: World, *, clients: int, every: int, carry_over: float, reliability: float) -> tuple[float, float]:
    """The shares of simulated studies in which carry-over is told from none, and in which the interval holds it."""
    found = held = 0
    for study in range(STUDIES):
        rng = np.random.default_rng((clients, every, int(1e4 * carry_over), int(100 * reliability), study))
        r, avoidance = world(rng, clients, carry_over)
        noise = np.sqrt((1.0 - reliability) / reliability) * rng.standard_normal(avoidance.shape)
        measured = np.where(np.arange(SESSIONS) % every == 0, avoidance + noise, np.nan)
        fitted = fit_template(r, avoidance=measured, reliability=reliability, shuffles=SHUFFLES, seed=study)
        found += fitted.chance <= 0.05
        held += fitted.low <= carry_over <= fitted.high
    return found / STUDIES, held / STUDIES


def main() -> None:
    """Print the tables."""
    print(f"Carry-over told from none (and in the interval), {STUDIES} studies of {SESSIONS} sessions each; simulated")
    print("  carry-over      measured every   reliability" + "".join(f"{n:9d} clients" for n in (30, 100, 300)))
    for carry_over in (0.0, 0.01, 0.03, 0.1):
        for every, reliability in ((4, 0.65), (4, 0.9), (12, 0.65)):
            shares = [
                told(carried, clients=n, every=every, carry_over=carry_over, reliability=reliability)
                for n in (30, 100, 300)
            ]
            print(
                f"  {carry_over:10.2f}{every:15d} sessions{reliability:14.2f}"
                + "".join(f"{x:9.0%} ({y:4.0%})" for x, y in shares)
            )
    print("Nothing carries over, but avoidance moves (every 4 sessions, reliability .65, 100 clients):")
    for name, world in (
        ("a trend of everybody", trend),
        ("it wanders by itself (regression to the mean)", wandering),
        ("everybody falls in a curve, who feels much ends early", curved),
        ("a third thing moves both", third),
        ("avoidance colours what is felt", colours),
    ):
        print(f"  {name:56s}{told(world, clients=100, every=4, carry_over=0.0, reliability=0.65)[0]:6.0%}")


if __name__ == "__main__":
    main()
