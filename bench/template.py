"""When can carry-over be told from none at all: power, false positives, and a world that looks the same.

Run with `python -m bench.template` (some minutes). Felt responsiveness differs between clients (SD .7) and from session
to session (SD .7); avoidance of others is measured every few sessions with error. Told: chance by shuffling below .05.
"""

from collections.abc import Callable

import numpy as np

from holdfast.alliance.attachment import fit_template, working_model
from holdfast.stats.arrays import FloatArray

SESSIONS, SHUFFLES, STUDIES = 24, 59, 100
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


def told(world: World, *, clients: int, every: int, carry_over: float, reliability: float) -> float:
    """The share of simulated studies in which carry-over is told from none."""
    found = 0
    for study in range(STUDIES):
        rng = np.random.default_rng((clients, every, int(1e4 * carry_over), int(100 * reliability), study))
        r, avoidance = world(rng, clients, carry_over)
        noise = np.sqrt((1.0 - reliability) / reliability) * rng.standard_normal(avoidance.shape)
        measured = np.where(np.arange(SESSIONS) % every == 0, avoidance + noise, np.nan)
        found += fit_template(r, avoidance=measured, shuffles=SHUFFLES, seed=study).chance < 0.05
    return found / STUDIES


def main() -> None:
    """Print the tables."""
    print(f"Carry-over told from none, {STUDIES} studies of {SESSIONS} sessions each; simulated")
    print("  carry-over      measured every   reliability" + "".join(f"{n:6d} clients" for n in (30, 100, 300)))
    for carry_over in (0.0, 0.01, 0.03, 0.1):
        for every, reliability in ((4, 0.65), (4, 0.9), (12, 0.65)):
            shares = [
                told(carried, clients=n, every=every, carry_over=carry_over, reliability=reliability)
                for n in (30, 100, 300)
            ]
            print(
                f"  {carry_over:10.2f}{every:15d} sessions{reliability:14.2f}" + "".join(f"{x:14.0%}" for x in shares)
            )
    print("Nothing carries over, but avoidance moves (every 4 sessions, reliability .65, 100 clients):")
    for name, world in (
        ("a trend of everybody", trend),
        ("it wanders by itself", wandering),
        ("a third thing moves both", third),
    ):
        print(f"  {name:28s}{told(world, clients=100, every=4, carry_over=0.0, reliability=0.65):6.0%}")


if __name__ == "__main__":
    main()
