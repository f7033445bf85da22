"""Two people who depart from expectation differently: the raters, or a prediction and its rating."""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from scipy.special import ndtr

from holdfast.alliance.detect import Detection
from holdfast.alliance.prior import Prior
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray


class Direction(IntEnum):
    """Who lies lower than expected of the two, 0 for nobody."""

    NONE = 0
    CLIENT_LOWER = 1
    THERAPIST_LOWER = 2
    PREDICTED_TOO_HIGH = 3
    PREDICTED_TOO_LOW = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """What departs in each session, (N, T): raters and miss are two-sided tail probabilities, nan where not both."""

    raters: FloatArray
    miss: FloatArray
    signal: BoolArray
    direction: IntArray


def prior_for_misses(low: float, high: float) -> Prior:
    """Where the misses of predictions are expected before the first one: from the range of the scale alone.

    Rule: none on average; S0 = 2*(5 % of the range)^2, C0 = 1, n0 = 4, q = .05. Meaning: uncalibrated; a therapist's
    guesses may lie further off. Units: points. Raises MethodError unless low < high.
    """
    from holdfast.alliance.prior import prior_for_range

    whole = prior_for_range(low, high)
    return Prior(
        level=0.0,
        level_ratio=1.0,
        degrees_of_freedom=4.0,
        variance=2.0 * whole.variance,
        drift=whole.drift,
        calibrated=False,
        method="range-alone",
        source=f"The range of the scale alone, {low:g} to {high:g}, for misses of predictions.",
        doubts=("Uncalibrated: how far predictions usually miss comes from the range of the scale.",),
    )


def two_sided(lower: FloatArray) -> FloatArray:
    """The chance of a departure as large as this either way, from the lower tail."""
    return np.asarray(2.0 * np.minimum(lower, 1.0 - lower))


def rater_gap(client: FloatArray, therapist: FloatArray, *, correlation: float) -> FloatArray:
    """How differently two raters depart from expectation, as a normal score; below 0: the client's is the lower one.

    Formula: (u_C - u_T)/sqrt(2 - 2*rho). Shapes: normal scores (N, T), missing nan. Source: ours.
    """
    return np.asarray((client - therapist) / np.sqrt(2.0 - 2.0 * correlation))


def stand_apart(
    gap: FloatArray | None, misses: Detection | None, *, rate: float, ready: BoolArray, shape: tuple[int, ...]
) -> Apart:
    """Where raters differ, or a prediction misses, by more than happens once in 1/rate sessions.

    Rule: |gap| and the miss against this pair's own history of misses, each two-sided; each has half of the rate where
    both are looked at. ready (N, T): sessions in which both raters have enough ratings. Source: ours.
    """
    each = rate / ((gap is not None) + (misses is not None))
    raters, miss = np.full(shape, np.nan), np.full(shape, np.nan)
    direction = np.zeros(shape, dtype=np.int64)
    if misses is not None:
        miss = two_sided(misses.p)
        count = np.cumsum(~np.isnan(misses.scores), axis=1)
        found = (miss < each) & (count >= misses.rule.first_alarm)
        high = misses.states.normal_score > 0.0
        direction = np.where(
            found, np.where(high, Direction.PREDICTED_TOO_HIGH, Direction.PREDICTED_TOO_LOW), Direction.NONE
        )
    if gap is not None:
        raters = 2.0 * ndtr(-np.abs(gap))
        found = (raters < each) & ready
        lower = np.where(gap < 0.0, Direction.CLIENT_LOWER, Direction.THERAPIST_LOWER)
        direction = np.where(found, lower, direction)
    return Apart(
        raters=np.asarray(raters), miss=miss, signal=direction != Direction.NONE, direction=direction.astype(np.int64)
    )
