"""Exponentially weighted moving averages: the path, its limits, and their design by the integral equation."""

from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, as_series, freeze

NODES = 64
BARRIER = 6.0  # a one-sided average is held this many of its own standard deviations from the centre on the far side
LONGEST = 1e6

Sides = Literal["one", "two"]


def ewma(y: ArrayLike, *, weight: float, start: ArrayLike | float) -> FloatArray:
    """The moving average: each value counts with the given weight, all before it with the rest.

    Formula: e_t = (1 - weight)*e_t-1 + weight*y_t from e_0 = start (one number, or one per series). A missing value
    leaves the average. Shapes: y (N, T), missing nan; (N, T) out. Raises MethodError unless 0 < weight <= 1.
    Source: Roberts 1959.
    """
    _check_weight(weight)
    columns = np.ascontiguousarray(as_series(y).T)
    path = np.empty_like(columns)
    now = np.broadcast_to(np.asarray(start, dtype=np.float64), (columns.shape[1],))
    for t, value in enumerate(columns):
        now = np.where(np.isnan(value), now, (1.0 - weight) * now + weight * value)
        path[t] = now
    return freeze(path.T)


def ewma_spread(weight: float) -> float:
    """The standard deviation of the average after many values of variance 1: sqrt(weight/(2 - weight))."""
    _check_weight(weight)
    return float(np.sqrt(weight / (2.0 - weight)))


def ewma_run_length(weight: float, width: float, *, shift: float = 0.0, sides: Sides = "two") -> float:
    """How many values pass on average until the average, begun at the centre, first passes its limit.

    Rule: values are independent normal with mean `shift` and SD 1; limit = width*ewma_spread. Two sides: beyond either
    limit. One side: beyond the limit on the side of a positive shift; on the other side the average is held at
    -6*ewma_spread. Formula: L(u) = 1 + integral of L(x)*phi((x - (1 - weight)u)/weight - shift)/weight dx
    (one side: + L(barrier)*Phi(...)), at Gauss-Legendre nodes. Units: values.
    Raises MethodError unless 0 < weight <= 1 and width > 0. Source: Crowder 1987; Lucas & Saccucci 1990.
    """
    if not 0.0 < width < np.inf:
        raise MethodError("The width is {width}. It has to be above 0.", width=width)
    spread = ewma_spread(weight)
    high, low = width * spread, -(width if sides == "two" else BARRIER) * spread
    points, weights = np.polynomial.legendre.leggauss(NODES)
    x = low + (points + 1.0) * (high - low) / 2.0
    mass = weights * (high - low) / 2.0
    start = np.concatenate([x, [low, 0.0]])  # the last two rows are L(barrier) and L(centre)
    kernel = np.zeros((NODES + 2, NODES + 2))
    away = (x - (1.0 - weight) * start[:, np.newaxis]) / weight - shift
    kernel[:, :NODES] = np.exp(-away * away / 2.0) / np.sqrt(2.0 * np.pi) / weight * mass
    if sides == "one":
        kernel[:, NODES] = ndtr((low - (1.0 - weight) * start) / weight - shift)
    return float(np.linalg.solve(np.eye(NODES + 2) - kernel, np.ones(NODES + 2))[NODES + 1])


@lru_cache(maxsize=64)
def ewma_width(weight: float, run_length: float, *, sides: Sides = "two") -> float:
    """The width of the limits, in SDs of the average, with which false signals come run_length values apart.

    Rule: the root of ewma_run_length = run_length by bisection; weight .2, one side, 100 values give 2.0208.
    Raises MethodError when no width from .001 to 8 gives that run length. Source: as ewma_run_length.
    """
    low, high = 1e-3, 8.0
    if not ewma_run_length(weight, low, sides=sides) < run_length <= LONGEST:
        raise MethodError(
            "No width gives a run length of {run_length} with a weight of {weight}. Ask for a longer one, up to "
            "1000000.",
            run_length=run_length,
            weight=weight,
        )
    while high - low > 1e-10:
        middle = (low + high) / 2.0
        if ewma_run_length(weight, middle, sides=sides) < run_length:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0


def _check_weight(weight: float) -> None:
    """Refuse a weight that makes no average."""
    if not 0.0 < weight <= 1.0:
        raise MethodError("The weight is {weight}. It is above 0 and at most 1.", weight=weight)
