"""What scores are possible: lowest, highest, and how far apart two neighbours are."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray
from holdfast.stats.student import student_tail


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingScale:
    """Lowest and highest possible score, and the step between neighbouring ones (None: unknown, taken as fine).

    Meaning: the expected range is shown within the scale; where the step is known p counts half of the score's own
    probability, and the range is shown in whole steps. Units: points.
    Raises MethodError unless low < high and a whole number of steps lies between them.
    """

    low: float
    high: float
    step: float | None = None

    def __post_init__(self) -> None:
        """Refuse a scale on which nothing lies."""
        if not (np.isfinite(self.low) and np.isfinite(self.high) and self.low < self.high):
            raise MethodError(
                "A score cannot run from {low} to {high}. Give the lowest score first.", low=self.low, high=self.high
            )
        if self.step is None:
            return
        steps = (self.high - self.low) / self.step if self.step > 0.0 else 0.0
        if not (1.0 <= steps < np.inf and abs(steps - round(steps)) < 1e-6 * steps):
            raise MethodError(
                "Steps of {step} do not lead from {low} to {high}. Give the distance between neighbouring scores.",
                step=self.step,
                low=self.low,
                high=self.high,
            )

    @property
    def points(self) -> int | None:
        """How many different scores there are; None when the step is unknown."""
        return None if self.step is None else round((self.high - self.low) / self.step) + 1

    def stretched(self, scores: ArrayLike) -> FloatArray:
        """Scores on the logit scale, for clients who sit at the ceiling: ln[(y - low + s/2)/(high - y + s/2)].

        Meaning: a point near the top counts for more than one in the middle. A prior learned from stretched scores goes
        with stretched scores; nearer brings a result back. An option: at nominal .02 it signalled in .0046 to .0196 of
        sessions of four kinds of whole-number ratings (docs/explanation). s is the step, 1 % of the range if unknown.
        Shapes: any, missing nan. Source: the usual logit with half a step on either side.
        """
        half = self._half
        return np.asarray(logit((np.asarray(scores, dtype=np.float64) - self.low + half) / self._width))

    def nearer(self, stretched: ArrayLike) -> FloatArray:
        """The inverse of stretched, within the scale."""
        back = self.low - self._half + self._width * expit(np.asarray(stretched, dtype=np.float64))
        return np.asarray(np.clip(back, self.low, self.high))

    @property
    def _half(self) -> float:
        return (0.01 * (self.high - self.low) if self.step is None else self.step) / 2.0

    @property
    def _width(self) -> float:
        return self.high - self.low + 2.0 * self._half


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What is expected of each score before it is seen: location, spread and degrees of freedom, (N, T)."""

    location: FloatArray
    spread: FloatArray
    degrees_of_freedom: FloatArray

    def tail(self, y: FloatArray) -> FloatArray:
        """The chance of a score at or below y."""
        return student_tail((y - self.location) / self.spread, self.degrees_of_freedom)

    def mid_tail(self, y: FloatArray, scale: RatingScale) -> FloatArray:
        """The chance of a score below y, and half of that of y itself; scores stand for all that rounds to them.

        Formula: [F(y - s/2) + F(y + s/2)]/2, with F = 0 below the lowest score and F = 1 above the highest.
        """
        half = (scale.step or 0.0) / 2.0
        below = np.where(y < scale.low + half, 0.0, self.tail(y - half))
        above = np.where(y > scale.high - half, 1.0, self.tail(y + half))
        return np.asarray(np.where(np.isnan(y), np.nan, (below + above) / 2.0))


def shown_range(
    forecast: Forecast, half: FloatArray, *, scale: RatingScale | None, alpha: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Expected, low and high as shown: within the scale, and in whole steps the last scores that are no signal.

    Rule: a score lies below `low` exactly when its p is below alpha. In steps: mid-p exceeds the plain tail in the
    lower half, so the last score that is no signal is the first at or above low - s/2, or the one after it.
    """
    low, high = forecast.location - half, forecast.location + half
    if scale is None:
        return forecast.location, low, high
    expected = np.clip(forecast.location, scale.low, scale.high)
    if scale.step is None:
        return expected, np.maximum(low, scale.low), np.minimum(high, scale.high)
    step = scale.step
    first = _on_grid(np.ceil((low - scale.low) / step - 0.5), scale, step)
    last = _on_grid(np.floor((high - scale.low) / step + 0.5), scale, step)
    low = np.where(forecast.mid_tail(first, scale) >= alpha, first, first + step)
    high = np.where(1.0 - forecast.mid_tail(last, scale) >= alpha, last, last - step)
    return expected, low, high


def _on_grid(places: FloatArray, scale: RatingScale, step: float) -> FloatArray:
    """The score at a place counted in steps from the lowest, within the scale."""
    return np.asarray(np.clip(scale.low + step * places, scale.low, scale.high))
