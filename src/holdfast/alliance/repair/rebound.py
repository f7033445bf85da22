"""What came back after a signal, and what chance alone would have given back."""

from dataclasses import dataclass

import numpy as np

from holdfast.alliance.detect import Detection
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray
from holdfast.stats.level import filter_level, prior_of, risen
from holdfast.stats.student import student_quantile

CENTRAL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Returns:
    """Points gained since the lowest rating up to the signal, one entry per episode; nan where nothing was rated.

    at_next: by the first rated session after the signal; at_last: by the last one in the window; chance_next and
    chance: what is expected of either if nothing but chance is at work (the same unless the prior knows a rise); low,
    high: where 95 of 100 such at_last lie.
    """

    at_next: FloatArray
    at_last: FloatArray
    chance_next: FloatArray
    chance: FloatArray
    low: FloatArray
    high: FloatArray


def returns(detection: Detection, *, row: IntArray, onset: IntArray, signalled: IntArray) -> Returns:
    """What came back in the window after each signal, beside what chance alone would give.

    Formula: L the lowest rating from onset to signal; m, C, S, n the filter's state after the signal with every weight
    1. Chance gives m - L, and what the prior's rise adds by then, whatever made us look: with the model true, m is the
    expectation of every later rating given all ratings so far, and looking depended on these alone. At a rating D
    steps later 95 % of the returns lie within m - L -/+ t(n; .975)*sqrt(S*(C + q*D + 1)).
    Meaning: what came back beyond chance is at_last - chance; its mean is 0 where nothing happens. Chance below 0 takes
    away: the rating was high. The window does not stop at the repair, for a repair is called when a rating is high.
    Shapes: row, onset, signalled (episodes,); units: points. Source: docs/explanation/repair.md.
    """
    if not len(row):
        return Returns(**dict.fromkeys(("at_next", "at_last", "chance_next", "chance", "low", "high"), np.zeros(0)))
    rows, place = np.unique(row, return_inverse=True)
    scores, drift = detection.scores[rows], drift_of(detection)[rows]
    steps = None if detection.steps is None else detection.steps[rows]
    starts = None if detection.starts is None else detection.starts[rows]
    exact = filter_level(scores, prior=detection.priors, robust=None, steps=steps, starts=starts)
    scores, each, columns = scores[place], np.arange(len(row)), np.arange(scores.shape[1])
    rated = ~np.isnan(scores)
    upto = (columns >= onset[:, np.newaxis]) & (columns <= signalled[:, np.newaxis]) & rated
    lowest = np.where(upto.any(axis=1), np.where(upto, scores, np.inf).min(axis=1), np.nan)
    rank = np.cumsum(rated & (columns > signalled[:, np.newaxis]), axis=1)
    inside = rated & (rank >= 1) & (rank <= detection.rule.window)
    some = inside.any(axis=1)
    first, last = (np.where(some, at, signalled) for at in (inside.argmax(axis=1), _last(inside)))
    rise = risen(detection.priors, detection.scores[rows], steps, starts)[place]
    level, ratio, S, n = (
        array[place, signalled] for array in (exact.level, exact.ratio, exact.variance, exact.degrees_of_freedom)
    )
    moved = np.cumsum(drift, axis=1)[place]
    spread = np.sqrt(S * (ratio + moved[each, last] - moved[each, signalled] + 1.0))
    half = np.where(some, student_quantile((1.0 + CENTRAL) / 2.0, n) * spread, np.nan)
    chance, by_next = (level - lowest + rise[each, at] - rise[each, signalled] for at in (last, first))
    return Returns(
        at_next=np.where(some, scores[each, first] - lowest, np.nan),
        at_last=np.where(some, scores[each, last] - lowest, np.nan),
        chance_next=by_next,
        chance=chance,
        low=chance - half,
        high=chance + half,
    )


def drift_of(detection: Detection) -> FloatArray:
    """How much variance the level gains before each session, in units of the rating variance, (N, T)."""
    drift = np.array([prior.drift for prior in detection.priors])
    own = drift[0] if detection.starts is None else drift[prior_of(detection.starts)]
    gained = np.array(np.broadcast_to(own, detection.scores.shape))
    gained[:, :1] = 0.0
    return gained if detection.steps is None else np.asarray(gained * detection.steps)


def _last(inside: BoolArray) -> IntArray:
    """The last column that is inside, for each row."""
    return np.asarray(inside.shape[1] - 1 - np.argmax(inside[:, ::-1], axis=1))
