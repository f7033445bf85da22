"""The filter's prior learned from many series by maximum likelihood (empirical Bayes)."""

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, as_series, as_steps
from holdfast.stats.level import LevelPrior, run_filter
from holdfast.stats.student import student_log_density

MOST_SERIES = 20_000  # beyond this many the prior is known far better than it is true; evenly spaced series are used
LOWEST = np.log(np.array([1e-3, 0.5, 1e-3, 1e-6]))  # level ratio, degrees of freedom, variance (of z-scaled y), drift
HIGHEST = np.log(np.array([1e4, 1e3, 1e3, 1e1]))


def level_log_likelihood(y: ArrayLike, *, prior: LevelPrior, steps: ArrayLike | None = None) -> float:
    """How well a prior forecasts the series: the sum over seen values of ln[t_n(z)/sc], with every weight 1.

    Shapes: y and steps (N, T), missing nan. Raises MethodError as filter_level does.
    Source: West & Harrison; with the variance known it is the Gaussian likelihood of the local level model.
    """
    series = as_series(y)
    return _log_likelihood(series, prior, as_steps(steps, series))


def _log_likelihood(y: FloatArray, prior: LevelPrior, steps: FloatArray | None) -> float:
    """The sum, on checked arrays."""
    run = run_filter(y, prior=prior, robust=None, steps=steps)
    seen = ~np.isnan(y.T)
    n = (run.degrees_of_freedom - seen)[seen]
    return float(np.sum(student_log_density(run.z[seen], n) - np.log(run.scale[seen])))


def fit_level_prior(y: ArrayLike, *, steps: ArrayLike | None = None) -> LevelPrior:
    """The prior under which the series are most likely; the same series always give the same prior.

    Rule: maximise level_log_likelihood over (m0, ln C0, ln n0, ln S0, ln q) by L-BFGS-B from one starting point, on
    values scaled to mean 0 and SD 1; C0 in [.001, 10000], n0 in [.5, 1000], q in [1e-6, 10]. Above 20,000 series,
    20,000 evenly spaced ones are used.
    Meaning: level and level_ratio say where people start and how much they differ; variance and degrees_of_freedom
    how restless one person's values are and how much people differ in that; drift how fast a level moves.
    Shapes: y and steps (N, T), missing nan. Raises MethodError when no two different values were seen.
    Source: empirical Bayes by marginal likelihood; check of 300 x 12 simulated values in tests/reference.
    """
    from scipy.optimize import minimize

    series = as_series(y)
    checked = as_steps(steps, series)
    chosen = np.unique(np.linspace(0, len(series) - 1, min(len(series), MOST_SERIES)).astype(np.int64))
    series, checked = series[chosen], None if checked is None else checked[chosen]
    seen = series[~np.isnan(series)]
    if seen.size < 2 or seen.min() == seen.max():
        raise MethodError("The series hold no two different values. A prior is learned from values that differ.")
    centre, spread = float(seen.mean()), float(seen.std())
    scaled = (series - centre) / spread

    def cost(x: FloatArray) -> float:
        return -_log_likelihood(scaled, _prior(x), checked) / seen.size

    start = np.array([0.0, *np.log([2.0, 6.0, 0.4, 0.05])])
    bounds = [(-5.0, 5.0), *zip(LOWEST, HIGHEST, strict=True)]
    found = minimize(cost, start, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-11, "gtol": 1e-6})
    return _prior(found.x, centre=centre, spread=spread)


def _prior(x: FloatArray, *, centre: float = 0.0, spread: float = 1.0) -> LevelPrior:
    """The prior behind the optimiser's numbers, in the units of the series."""
    ratio, freedom, variance, drift = (float(number) for number in np.exp(x[1:]))
    return LevelPrior(
        level=centre + spread * float(x[0]),
        level_ratio=ratio,
        degrees_of_freedom=freedom,
        variance=variance * spread * spread,
        drift=drift,
    )
