"""How often the detector signals when nothing has happened, in worlds that fit its model and worlds that do not.

Run with `python -m bench.false_alarms`. Seeded; rates are shares of sessions from the third rated one on.
"""

from dataclasses import replace

import numpy as np

from bench.worlds import LEVEL, SD, WORLDS, World
from holdfast.alliance import Prior, RatingScale, Rule, detect, learn_prior

CLIENTS, SESSIONS, ARCHIVE = 20_000, 20, 2_000
ASSUMED = Prior(
    level=LEVEL,
    level_ratio=1.44,
    degrees_of_freedom=6.0,
    variance=SD * SD,
    drift=0.05,
    calibrated=True,
    source="The world's own means.",
)


def learned(world: World, seed: int) -> Prior:
    """The prior of another archive of the same world."""
    found = world(ARCHIVE, SESSIONS, np.random.default_rng(seed))
    low, high = found.range
    return learn_prior(found.scores, low=low, high=high, step=found.step)


def rates(world: World, prior: Prior, seed: int) -> tuple[float, float, float]:
    """Shares of monitored sessions with an acute signal, with one of erosion, and with either."""
    scores = world(CLIENTS, SESSIONS, np.random.default_rng(seed)).scores
    found = detect(scores, prior=prior, rule=Rule())
    monitored = (np.cumsum(~np.isnan(scores), axis=1) >= 3) & ~np.isnan(scores)
    acute, erosion = found.acute[monitored], found.erosion[monitored]
    return float(acute.mean()), float(erosion.mean()), float((acute | erosion).mean())


def main() -> None:
    """Print the table."""
    print(f"False alarms, {CLIENTS} clients x {SESSIONS} sessions in each world, nominal 2 % acute and 1 % erosion")
    print(f"{'':32s}{'prior as assumed':>27s}{'prior learned':>27s}")
    print(f"{'':32s}" + 2 * f"{'acute':>9s}{'erosion':>9s}{'either':>9s}")
    for number, (name, world) in enumerate(WORLDS.items()):
        found = world(1, SESSIONS, np.random.default_rng(0))
        scale = RatingScale(low=found.range[0], high=found.range[1], step=found.step)
        assumed = rates(world, replace(ASSUMED, scale=scale), seed=100 + number)
        own = rates(world, learned(world, seed=200 + number), seed=100 + number)
        print(f"{name:32s}" + "".join(f"{100 * each:8.2f}%" for each in (*assumed, *own)))


if __name__ == "__main__":
    main()
