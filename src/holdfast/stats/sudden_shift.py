"""A large and lasting step from one value to the next: three before against three after."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, as_series, freeze
from holdfast.stats.student import student_quantile

REACH = 3  # values on each side
FIXED = 2.776  # the critical value without adjustment, as printed: 4 degrees of freedom

Direction = Literal["down", "up"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuddenShifts:
    """What each step says; arrays are (N, T), column t stands for the step from column t - 1 to column t.

    size: how far the step goes in the direction looked at, in points; large: criterion 1 (size >= cut), relative:
    criterion 2 (size >= share of the value before), lasting: criterion 3; decidable: enough was seen to tell;
    shift: all three hold. A criterion that was not asked for holds everywhere.
    """

    size: FloatArray
    large: BoolArray
    relative: BoolArray
    lasting: BoolArray
    decidable: BoolArray
    shift: BoolArray


def sudden_shifts(
    y: ArrayLike,
    *,
    direction: Direction,
    cut: float | None = None,
    share: float | None = None,
    adjusted: bool = True,
) -> SuddenShifts:
    """Find steps that are large, large for where they start, and lasting.

    Rule, for the step from value n to n + 1, its size counted positive in `direction`: size >= cut; size >= share*y_n;
    mean of the up to three values up to n and mean of the up to three from n + 1 on differ in that direction by more
    than t*sqrt(((n1 - 1)*SD1^2 + (n2 - 1)*SD2^2)/(n1 + n2 - 2)), t = the .975 quantile of Student's distribution with
    n1 + n2 - 2 degrees of freedom (adjusted) or 2.776. No sqrt(1/n1 + 1/n2): it is no t test; as published.
    Decidable: both ends seen, two values or more on each side, n >= 2 and n + 1 <= T - 1.
    Meaning: "down" finds sudden gains in distress and sudden losses in wellbeing. share compares with the value itself
    and so depends on where the scale begins. Shapes: y (N, T), missing nan. Raises MethodError for another direction.
    Source: Tang & DeRubeis 1999; adjusted critical value Lutz et al. 2013; small table in tests/reference.
    """
    if direction not in ("down", "up"):
        raise MethodError("The direction is {direction}. It is down or up.", direction=direction)
    series = as_series(y)
    size, gap, needed, decidable = (np.full(series.shape, np.nan) for _ in range(4))
    decidable = np.zeros(series.shape, dtype=np.bool_)
    sign = -1.0 if direction == "down" else 1.0
    for t in range(2, series.shape[1] - 1):
        before, after = series[:, max(t - REACH, 0) : t], series[:, t : t + REACH]
        size[:, t] = sign * (series[:, t] - series[:, t - 1])
        difference, needed[:, t], enough = _sides(before, after, adjusted=adjusted)
        gap[:, t] = sign * difference
        decidable[:, t] = enough & ~np.isnan(size[:, t])
    large = np.ones(series.shape, dtype=np.bool_) if cut is None else size >= cut
    start = np.concatenate([np.full((len(series), 1), np.nan), series], axis=1)[:, : series.shape[1]]
    relative = np.ones(series.shape, dtype=np.bool_) if share is None else size >= share * start
    lasting = gap > needed
    return SuddenShifts(
        size=freeze(size),
        large=freeze(large),
        relative=freeze(relative),
        lasting=freeze(lasting),
        decidable=freeze(decidable),
        shift=freeze(large & relative & lasting & decidable),
    )


def _sides(before: FloatArray, after: FloatArray, *, adjusted: bool) -> tuple[FloatArray, FloatArray, BoolArray]:
    """Mean after less mean before, what their difference has to exceed, and whether both sides hold two values."""
    counts, means, squares = [], [], []
    for side in (before, after):
        seen = ~np.isnan(side)
        count = seen.sum(axis=1)
        mean = np.where(seen, side, 0.0).sum(axis=1) / np.maximum(count, 1)
        away = np.where(seen, side - mean[:, np.newaxis], 0.0)
        counts.append(count)
        means.append(mean)
        squares.append((away * away).sum(axis=1))
    enough = np.asarray((counts[0] >= 2) & (counts[1] >= 2), dtype=np.bool_)
    freedom = np.maximum(counts[0] + counts[1] - 2, 1)
    critical = student_quantile(0.975, np.arange(1.0, 2 * REACH - 1.0))[freedom - 1] if adjusted else FIXED
    needed = critical * np.sqrt((squares[0] + squares[1]) / freedom)
    return means[1] - means[0], np.asarray(needed, dtype=np.float64), enough
