"""How many sessions pass until a slow slide is noticed, at one false alarm in 100 sessions.

Run with `python -m bench.erosion`. The slide goes 1.5 within-person SDs down over 5 sessions and stays there. Every
method's limit is set so that it gives one false alarm in 100 monitored sessions on the same kind of ratings without a
slide; only series without an earlier alarm count.
"""

from collections.abc import Callable

import numpy as np

from bench.worlds import WORLDS, Sample
from holdfast.alliance import Prior, detect, learn_prior
from holdfast.stats.arrays import FloatArray

CLIENTS, SESSIONS, ARCHIVE = 8_000, 50, 2_000
ONSETS, SLIDE = (5, 15), np.array([0.3, 0.6, 0.9, 1.2, 1.5])
SLACK, WEIGHT = 0.5, 0.2
Score = Callable[[FloatArray], FloatArray]


def own_scores(scores: FloatArray) -> FloatArray:
    """Each rating against the mean and SD of the client's earlier ratings; nan before the third."""
    count = np.arange(scores.shape[1])
    mean = np.cumsum(scores, axis=1) - scores
    square = np.cumsum(scores**2, axis=1) - scores**2
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = mean / count
        sd = np.sqrt((square / count - mean**2) * count / (count - 1))
        z = (scores - mean) / (sd * np.sqrt(1.0 + 1.0 / count))
    z[:, :3] = np.nan
    return np.asarray(z)


def cusum(z: FloatArray) -> FloatArray:
    """The path of max(0, W - z - slack), without resets; nan adds nothing."""
    path, W = np.zeros_like(z), np.zeros(len(z))
    for t in range(z.shape[1]):
        W = np.maximum(0.0, W - np.where(np.isnan(z[:, t]), SLACK, z[:, t] + SLACK))
        path[:, t] = W
    return path


def ewma(z: FloatArray) -> FloatArray:
    """How far the exponentially weighted mean lies below zero."""
    path, mean = np.zeros_like(z), np.zeros(len(z))
    for t in range(z.shape[1]):
        now = z[:, t]
        mean = np.where(np.isnan(now), mean, (1.0 - WEIGHT) * mean + WEIGHT * now)
        path[:, t] = -mean
    return path


def limit_for(path: FloatArray) -> float:
    """The limit at which first alarms come 100 monitored sessions apart on average."""
    low, high = 0.0, float(path.max())
    for _ in range(40):
        middle = (low + high) / 2.0
        over = path[:, 3:] > middle
        first = np.where(over.any(axis=1), np.argmax(over, axis=1) + 1, over.shape[1])
        if over.any(axis=1).sum() / first.sum() > 0.01:
            low = middle
        else:
            high = middle
    return high


def delays(quiet: FloatArray, sliding: FloatArray, *, onset: int) -> tuple[float, float, float]:
    """Median sessions from the slide's first session to the alarm (that one included), and shares within 5 and 10."""
    limit = limit_for(quiet)
    over = sliding > limit
    fresh = ~over[:, 3:onset].any(axis=1)
    late = over[fresh, onset:]
    first = np.where(late.any(axis=1), np.argmax(late, axis=1) + 1.0, np.inf)
    return float(np.median(first)), float((first <= 5).mean()), float((first <= 10).mean())


def with_slide(found: Sample, *, onset: int) -> FloatArray:
    """The ratings with the slide from column onset on."""
    fall = np.zeros(found.scores.shape[1])
    fall[onset : onset + len(SLIDE)] = SLIDE
    fall[onset + len(SLIDE) :] = SLIDE[-1]
    return np.asarray(found.scores - found.sd * fall)


def methods(prior: Prior, found: Sample) -> dict[str, Callable[[FloatArray], FloatArray]]:
    """Each method as a path that alarms when it passes its limit."""

    def ours(scores: FloatArray) -> FloatArray:
        return detect(scores, prior=prior).states.normal_score

    def known(scores: FloatArray) -> FloatArray:
        return np.asarray((scores - found.level) / found.sd)

    return {
        "Holdfast (CUSUM of normal scores)": lambda scores: cusum(ours(scores)),
        "CUSUM on raw scores, own mean and SD": lambda scores: cusum(own_scores(scores)),
        "EWMA on raw scores, own mean and SD": lambda scores: ewma(own_scores(scores)),
        "CUSUM, true level and SD known": lambda scores: cusum(known(scores)),
        "EWMA, true level and SD known": lambda scores: ewma(known(scores)),
    }


def main() -> None:
    """Print the table."""
    print("A slide of 1.5 SD over 5 sessions, one false alarm in 100 sessions, simulated: sessions until the alarm")
    for number, name in enumerate(("steady level", "exact model (n0 = 6, q = .05)")):
        world = WORLDS[name]
        archive = world(ARCHIVE, 20, np.random.default_rng(300 + number)).scores
        prior = learn_prior(archive, low=-1000.0, high=1000.0)
        found = world(CLIENTS, SESSIONS, np.random.default_rng(400 + number))
        for onset in ONSETS:
            print(f"  {name}, from session {onset + 1:<14d}{'median':>10s}{'within 5':>10s}{'within 10':>11s}")
            for method, path in methods(prior, found).items():
                quiet, sliding = path(found.scores), path(with_slide(found, onset=onset))
                median, five, ten = delays(quiet, sliding, onset=onset)
                print(f"    {method:50s}{median:10.0f}{five:10.0%}{ten:11.0%}")


if __name__ == "__main__":
    main()
