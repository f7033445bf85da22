"""Control charts of single values: individuals chart, Tukey's fences, and how long they stay silent by chance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, as_series, freeze
from holdfast.stats.rows import difference_rows, mean_rows, quantile_rows

D2 = 1.1283791670955126  # mean range of two standard normal values, 2/sqrt(pi); older texts round it to 1.128
NODES = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class IndividualsChart:
    """One chart per series, all (N,): centre, mean moving range, sigma, and the limits below and above the centre."""

    centre: FloatArray
    moving_range: FloatArray
    sigma: FloatArray
    low: FloatArray
    high: FloatArray


def individuals_chart(y: ArrayLike, *, width: float = 3.0, d2: float = D2) -> IndividualsChart:
    """Centre and limits of single values, their spread taken from the steps between neighbours.

    Formula: sigma = mean|y_t - y_t-1|/d2; limits = mean -/+ width*sigma. A missing value is skipped: neighbours are
    seen values. Shapes: y (N, T), missing nan; nan where fewer than two values were seen. Units: points.
    Raises MethodError for a width that is not above 0. Source: Shewhart; Wetherill & Brown 1991.
    """
    if not width > 0.0:
        raise MethodError("The width is {width}. It has to be above 0.", width=width)
    series = as_series(y)
    centre = mean_rows(series)
    moving = mean_rows(np.abs(difference_rows(series)))
    sigma = moving / d2
    return IndividualsChart(
        centre=freeze(centre),
        moving_range=freeze(moving),
        sigma=freeze(sigma),
        low=freeze(centre - width * sigma),
        high=freeze(centre + width * sigma),
    )


def tukey_fences(y: ArrayLike, *, reach: float = 1.5) -> tuple[FloatArray, FloatArray]:
    """Below and above which values lie outside: Q1 - reach*IQR and Q3 + reach*IQR of each series.

    Quartiles of type 7 (linear between order statistics, as in R). Shapes: y (N, T), missing nan; (N,) each.
    Source: Tukey 1977.
    """
    series = as_series(y)
    lower, upper = quantile_rows(series, 0.25), quantile_rows(series, 0.75)
    reached = reach * (upper - lower)
    return freeze(lower - reached), freeze(upper + reached)


def shewhart_run_length(width: float, *, autocorrelation: float = 0.0) -> float:
    """How many values pass on average until one lies beyond the limits, when each depends on the one before.

    Rule: values follow a stationary AR(1) with variance 1 and limits -/+ width; L(x) = 1 + integral over the limits of
    L(y)*density(y given x), solved at Gauss-Legendre nodes; the first value is a stationary one.
    Raises MethodError for a width not above 0 or a correlation not within (-1, 1).
    Source: Kramer & Schmid 1997 (width 3.09023, correlation .4: 515.44).
    """
    if not (width > 0.0 and -1.0 < autocorrelation < 1.0):
        raise MethodError(
            "A width of {width} with a correlation of {correlation} makes no chart. The width is above 0, the "
            "correlation within -1 and 1.",
            width=width,
            correlation=autocorrelation,
        )
    if autocorrelation == 0.0:
        return float(1.0 / (2.0 * ndtr(-width)))
    points, weights = np.polynomial.legendre.leggauss(NODES)
    x, mass = points * width, weights * width
    spread = np.sqrt(1.0 - autocorrelation**2)
    kernel = _density((x - autocorrelation * x[:, np.newaxis]) / spread) / spread * mass
    length = np.linalg.solve(np.eye(NODES) - kernel, np.ones(NODES))
    return float(1.0 + np.sum(_density(x) * mass * length))


def _density(z: FloatArray) -> FloatArray:
    """The standard normal density."""
    return np.asarray(np.exp(-z * z / 2.0) / np.sqrt(2.0 * np.pi), dtype=np.float64)
