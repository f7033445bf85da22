"""How one quantity goes with another within groups, with groups as the independent units."""

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, as_series
from holdfast.stats.estimate import Estimate
from holdfast.stats.student import student_quantile

TURNS = 60
ROUNDING = 1e-18  # of the largest square: what is left below it is the arithmetic's


def within_slope(y: ArrayLike, x: ArrayLike, *, confidence: float = 0.95) -> Estimate:
    """By how much y moves when x moves by one, within the same row, after what each column has in common.

    Formula: y and x less their row's and their column's mean, by turns, over the cells that have both;
    b = sum(x*y)/sum(x^2); error = sqrt(N/(N - 1)*sum over rows of (sum of x*(y - b*x))^2/(1 - h))/sum(x^2), N rows,
    h a row's share of sum(x^2); interval by Student's quantile with 1/sum(h^2) - 1 degrees of freedom, at least 1.
    With N - 1 and without h the interval of 10 rows, some moving much more than others, held the truth in 885 of the
    1,000 tables of the test; so it holds in 972.
    Meaning: differences between rows, and a trend that all rows share, are taken out. With y one step later than x the
    slope is not biased by its own past as long as y does not feed back on x; with a lag of y in the model it would be
    (Nickell 1981, about -(1 + rho)/(T - 1)).
    Shapes: y and x (N, T), missing nan. Raises MethodError for other shapes, or fewer than two rows in which x moves.
    Source: the fixed-effects estimator; the clustered sandwich, corrected for leverage (Bell & McCaffrey 2002); the
    effective number of rows of Carter, Schnepel & Steigerwald 2017 for independent errors; checked against dummies.
    """
    left, right = as_series(y), as_series(x)
    if left.shape != right.shape:
        raise MethodError("One has the shape {y}, the other {x}. Give the same cells.", y=left.shape, x=right.shape)
    both = ~(np.isnan(left) | np.isnan(right))
    dy, dx = (_two_way(values, both) for values in (left, right))
    moved = (dx**2).sum(axis=1)
    rows = int((moved > ROUNDING * np.nanmax(np.where(both, right**2, 0.0), initial=0.0)).sum())
    total = float(moved.sum())
    if rows < 2:
        raise MethodError("{rows} rows have values that move. A slope within rows needs two.", rows=rows)
    slope = float((dx * dy).sum()) / total
    score, share = (dx * (dy - slope * dx)).sum(axis=1), moved / total
    error = float(np.sqrt(rows / (rows - 1.0) * (score**2 / (1.0 - share)).sum())) / total
    freedom = max(1.0 / float((share**2).sum()) - 1.0, 1.0)
    half = float(student_quantile((1.0 + confidence) / 2.0, np.asarray(freedom))) * error
    return Estimate(value=slope, error=error, low=slope - half, high=slope + half)


def _two_way(values: FloatArray, both: np.ndarray) -> FloatArray:
    """Departures from row and column means, by turns until they no longer move; 0 where not both are there."""
    left = np.where(both, values, 0.0)
    for _ in range(TURNS):
        for axis in (1, 0):
            count = np.maximum(both.sum(axis=axis, keepdims=True), 1)
            left = np.where(both, left - left.sum(axis=axis, keepdims=True) / count, 0.0)
    return np.asarray(left)
