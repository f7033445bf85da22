"""How often the intervals of a learned prior hold the truth. Run with `python -m bench.coverage` (a minute or two)."""

from dataclasses import replace

import numpy as np

from holdfast.simulate import draw_from_prior
from holdfast.stats import LevelPrior, fit_level_prior
from holdfast.stats.fit import NAMES as ALL

NAMES = ALL[:6]  # the tails of these truths are normal, so they have no number to be held

FIRST = LevelPrior(level=50, level_ratio=3, degrees_of_freedom=6, variance=4, drift=0.10)
TRUTHS = (
    FIRST,
    replace(FIRST, rise=1.5),
    LevelPrior(level=-3, level_ratio=10, degrees_of_freedom=3, variance=0.5, drift=0.30, rise=0.2),
    LevelPrior(level=68, level_ratio=1.5, degrees_of_freedom=15, variance=16, drift=0.03, rise=-0.5),
)


def covered(truth: LevelPrior, *, clients: int, sessions: int, archives: int) -> list[float]:
    """For each number: the share of archives whose interval holds it; then the share in which all six have one."""
    risen = truth.rise * np.log2(np.arange(1.0, sessions + 1.0))
    held, given = np.zeros(len(NAMES)), np.zeros(len(NAMES))
    complete = 0
    for seed in range(archives):
        scores = draw_from_prior(truth, clients=clients, sessions=sessions, seed=seed) + risen
        intervals = fit_level_prior(scores).intervals
        complete += set(NAMES) <= set(intervals)
        for place, name in enumerate(NAMES):
            if name in intervals:
                given[place] += 1
                held[place] += intervals[name][0] < getattr(truth, name) < intervals[name][1]
    return [*(held / given), complete / archives]


def main(archives: int = 400) -> None:
    """Print one row for each truth and size of archive."""
    print(f"{archives} archives each: coverage of {', '.join(NAMES)}; share with all six intervals")
    for clients, sessions in ((30, 8), (100, 12), (600, 15)):
        for truth in TRUTHS:
            shares = covered(truth, clients=clients, sessions=sessions, archives=archives)
            print(f"{clients:4d} x {sessions:2d}", *(f"{share:.3f}" for share in shares), flush=True)


if __name__ == "__main__":
    main()
