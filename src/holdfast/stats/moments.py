"""The filter's prior from variances alone, where there are too few series for a likelihood or it has no maximum."""

from dataclasses import dataclass

import numpy as np

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, as_series
from holdfast.stats.level import LevelPrior
from holdfast.stats.variances import shrink_variances

USUAL_DRIFT = 0.05
SMALLEST_RATIO = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class MomentPrior:
    """A prior put together from means and variances; usual_drift: the drift could not be told and is .05;
    left_out: how many series had fewer than 3 values, or no two different ones; at_bound: the names that stand at
    their bound."""

    prior: LevelPrior
    usual_drift: bool
    left_out: int
    at_bound: tuple[str, ...]


def moment_prior(y: FloatArray, *, ceiling: float = np.inf) -> MomentPrior:
    """A prior from each series' mean and variance and from the differences between neighbouring values.

    Rule: rise by least squares within series on log2(place). Drift from the mean squares g1, g2 of differences over one
    and two columns, each series in units of its SD: q = 2*(g2 - g1)/(2*g1 - g2), or .05 where that is not between 0 and
    10. n0, S0 by shrink_variances of s^2/(1 + q*(T + 1)/6). m0 and C0 from the means: C0 = mean (mean - m0)^2/shrunken
    - mean [1/T + q*(T - 1)*(2*T - 1)/(6*T)], at least .01.
    Values from the ceiling on count for the means alone.
    Shapes: y (N, T), missing nan; every column one step. Raises MethodError for fewer than two series that vary.
    Source: Smyth 2004 for the variances; the rest are the moments of the local level model.
    """
    series = as_series(y)
    free = np.where(series < ceiling, series, np.nan)
    varies = (~np.isnan(free)).sum(axis=1) >= 3
    varies &= np.where(np.isnan(free), -np.inf, free).max(axis=1) > np.where(np.isnan(free), np.inf, free).min(axis=1)
    chosen, free = series[varies], free[varies]
    T = (~np.isnan(chosen)).sum(axis=1).astype(np.float64)
    own = (~np.isnan(free)).sum(axis=1).astype(np.float64)
    if len(chosen) < 2:
        raise MethodError("Fewer than two series vary. A prior needs two or more with three values that differ.")
    rise = _rise(chosen)
    risen = rise * np.log2(1.0 + np.arange(chosen.shape[1]))
    s2 = np.nanvar(free - risen, axis=1, ddof=1)
    drift = _drift((free - risen) / np.sqrt(s2)[:, np.newaxis])
    q = USUAL_DRIFT if drift is None else drift
    found = shrink_variances(s2 / (1.0 + q * (own + 1.0) / 6.0), own - 1.0)
    means, weights = np.nanmean(chosen - risen, axis=1), 1.0 / found.shrunken
    level = float((weights * means).sum() / weights.sum())
    error = 1.0 / T + q * (T - 1.0) * (2.0 * T - 1.0) / (6.0 * T)
    ratio = float((weights * (means - level) ** 2).mean() * len(T) / (len(T) - 1.0) - error.mean())
    bounds = {"degrees_of_freedom": found.at_bound, "level_ratio": ratio <= SMALLEST_RATIO}
    return MomentPrior(
        prior=LevelPrior(
            level=level,
            level_ratio=max(ratio, SMALLEST_RATIO),
            degrees_of_freedom=found.degrees_of_freedom,
            variance=found.variance,
            drift=q,
            rise=rise,
        ),
        usual_drift=drift is None,
        left_out=len(series) - len(chosen),
        at_bound=tuple(name for name, stands in bounds.items() if stands),
    )


def _rise(y: FloatArray) -> float:
    """The pooled slope within series on log2(place)."""
    x = np.where(np.isnan(y), np.nan, np.log2(1.0 + np.arange(y.shape[1])))
    x = x - np.nanmean(x, axis=1, keepdims=True)
    centred = y - np.nanmean(y, axis=1, keepdims=True)
    return float(np.nansum(x * centred) / np.nansum(x * x))


def _drift(y: FloatArray) -> float | None:
    """q from differences over one and two columns; None where they do not tell."""
    one, two = (np.diff(y, axis=1), y[:, 2:] - y[:, :-2])
    if np.isnan(one).all() or np.isnan(two).all():
        return None
    g1, g2 = float(np.nanmean(one**2)), float(np.nanmean(two**2))
    if not 0.0 < g2 - g1 < 5.0 * (2.0 * g1 - g2):
        return None
    return 2.0 * (g2 - g1) / (2.0 * g1 - g2)
