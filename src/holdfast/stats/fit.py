"""The filter's prior learned from many series by maximum likelihood (empirical Bayes), with intervals."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, as_series, as_steps
from holdfast.stats.curvature import second_derivatives, standard_errors
from holdfast.stats.level import LevelPrior, places, run_filter, starting_points
from holdfast.stats.student import forecast_freedom, student_log_density, student_tail

MOST_SERIES = 5_000  # beyond this many the prior is known far better than it is true; evenly spaced series are used
NAMES = ("level", "level_ratio", "degrees_of_freedom", "variance", "drift", "rise", "tails")
LOWEST = np.array([-5.0, *np.log([1e-3, 0.5, 1e-3, 1e-6]), -5.0, np.log(2.0)])  # of values scaled to mean 0 and SD 1
HIGHEST = np.array([5.0, *np.log([1e4, 1e3, 1e3, 1e1]), 5.0, np.log(1e4)])
START = np.array([0.0, *np.log([2.0, 6.0, 0.4, 0.05]), 0.0, np.log(30.0)])
AS_NORMAL = np.log(100.0)  # tails lighter than these are taken as normal, and the rest is fitted again
NORMAL_95 = 1.959963984540054
NEAR = 1e-3
SMALLEST = 1e-300


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFit:
    """A learned prior. intervals: 95 % of each number that lies inside its bounds; at_bound: the names of the others;
    log_likelihood at the prior; series and values: how many it was learned from."""

    prior: LevelPrior
    intervals: Mapping[str, tuple[float, float]]
    at_bound: tuple[str, ...]
    log_likelihood: float
    series: int
    values: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """Checked series and what goes with them; top: the ceiling where a value lies at it; doublings: log2 of places."""

    series: FloatArray
    steps: FloatArray | None
    ceiling: float
    top: FloatArray | None
    doublings: FloatArray

    @classmethod
    def of(cls, y: ArrayLike, steps: ArrayLike | None, prior: LevelPrior | float) -> "Archive":
        """The series, checked; the ceiling from a prior, or as a number."""
        series = as_series(y)
        time = as_steps(steps, series)
        ceiling = prior.ceiling if isinstance(prior, LevelPrior) else prior
        capped = series >= ceiling
        top = np.where(capped, ceiling, np.nan) if capped.any() else None
        place = places(series.shape, steps=time) if series.shape[1] else np.ones(0)
        return cls(
            series=series,
            steps=time,
            ceiling=ceiling,
            top=top,
            doublings=np.broadcast_to(np.log2(place), series.shape),
        )

    def some(self, rows: FloatArray) -> "Archive":
        """The archive of some of its series."""
        return Archive(
            series=self.series[rows],
            steps=None if self.steps is None else self.steps[rows],
            ceiling=self.ceiling,
            top=None if self.top is None else self.top[rows],
            doublings=self.doublings[rows],
        )

    def scaled(self, centre: float, spread: float) -> "Archive":
        """The archive in units of its own SD."""
        return Archive(
            series=(self.series - centre) / spread,
            steps=self.steps,
            ceiling=(self.ceiling - centre) / spread,
            top=None if self.top is None else (self.top - centre) / spread,
            doublings=self.doublings,
        )


def level_log_likelihood(y: ArrayLike, *, prior: LevelPrior, steps: ArrayLike | None = None) -> float:
    """How well a prior forecasts the series: the sum over seen values of ln[t_n(z)/sc], with every weight 1.

    A value at the prior's ceiling counts ln P(a value at or above the ceiling).
    Shapes: y and steps (N, T), missing nan. Raises MethodError as filter_level does.
    Source: West & Harrison; with the variance known it is the Gaussian likelihood of the local level model.
    """
    return log_likelihood(Archive.of(y, steps, prior), prior)


def log_likelihood(archive: Archive, prior: LevelPrior) -> float:
    """The sum, on checked arrays."""
    y, top = archive.series, archive.top
    starts = starting_points([prior], robust=None, bound=None, columns=y.shape[1])
    if prior.rise:
        risen = prior.rise * archive.doublings
        y, top = y - risen, None if top is None else top - risen
    run = run_filter(y, starts, steps=archive.steps, top=top)
    exact = ~np.isnan(y.T) if top is None else ~np.isnan(y.T) & np.isnan(top.T)
    n = forecast_freedom(run.degrees_of_freedom[exact] - 1.0, prior.tails)
    total = float(np.sum(student_log_density(run.z[exact], n) - np.log(run.scale[exact])))
    if top is None:
        return total
    capped = ~np.isnan(top.T)
    below = (run.forecast[capped] - top.T[capped]) / run.scale[capped]
    chance = student_tail(below, forecast_freedom(run.degrees_of_freedom[capped] - 1.0, prior.tails))
    return total + float(np.sum(np.log(np.maximum(chance, SMALLEST))))


def fit_level_prior(y: ArrayLike, *, steps: ArrayLike | None = None, ceiling: float = np.inf) -> LevelFit:
    """The prior under which the series are most likely; the same series always give the same prior.

    Rule: maximise level_log_likelihood over (m0, ln C0, ln n0, ln S0, ln q, rise, ln nu) by L-BFGS-B from one starting
    point, on values scaled to mean 0 and SD 1; C0 in [.001, 10000], n0 in [.5, 1000], q in [1e-6, 10], nu from 2 on and
    infinite where it would pass 100. Intervals: estimate +- 1.96 standard errors from the observed information on that
    scale. Above 5,000 series, 5,000 evenly spaced ones are used.
    Meaning: level and level_ratio say where people start and how much they differ; variance and degrees_of_freedom
    how restless one person's values are and how much people differ in that; drift how fast a level moves; rise what all
    levels gain as a series doubles its length. ceiling: values from here on are the highest that can be.
    Shapes: y and steps (N, T), missing nan. Raises MethodError when no two different values were seen.
    Source: empirical Bayes by marginal likelihood; recovery and coverage of the intervals in tests/reference.
    """
    whole = Archive.of(y, steps, ceiling)
    count = len(whole.series)
    archive = whole.some(np.unique(np.linspace(0, count - 1, min(count, MOST_SERIES)).astype(np.int64)))
    seen = archive.series[~np.isnan(archive.series)]
    if seen.size < 2 or seen.min() == seen.max():
        raise MethodError("The series hold no two different values. A prior is learned from values that differ.")
    centre, spread = float(seen.mean()), float(seen.std())
    scaled = archive.scaled(centre, spread)

    def cost(x: FloatArray) -> float:
        return -log_likelihood(scaled, prior_at(x)) / seen.size

    x = _lowest(cost, START)
    if x[-1] > AS_NORMAL:
        x = _lowest(cost, np.append(x[:-1], np.inf))
    inside = (x - LOWEST > NEAR) & (HIGHEST - x > NEAR)
    inside |= ~np.isfinite(x)
    curvature = second_derivatives(lambda at: cost(at) * seen.size, x)
    errors = standard_errors(curvature, inside & np.isfinite(x))
    prior = prior_at(x, centre=centre, spread=spread)
    return LevelFit(
        prior=prior,
        intervals=_intervals(x, errors, centre=centre, spread=spread),
        at_bound=tuple(name for name, within in zip(NAMES, inside.tolist(), strict=True) if not within),
        log_likelihood=log_likelihood(archive, prior),
        series=len(archive.series),
        values=int(seen.size),
    )


def _lowest(cost: Callable[[FloatArray], float], start: FloatArray) -> FloatArray:
    """Where the cost is lowest, from one start; a number that starts at infinity stays there."""
    from scipy.optimize import minimize

    free = np.isfinite(start)
    bounds = list(zip(LOWEST[free].tolist(), HIGHEST[free].tolist(), strict=True))

    def partly(x: FloatArray) -> float:
        return cost(_with(start, free, x))

    found = minimize(partly, start[free], method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-11, "gtol": 1e-6})
    return _with(start, free, np.asarray(found.x, dtype=np.float64))


def _with(start: FloatArray, free: BoolArray, x: FloatArray) -> FloatArray:
    """The numbers at their start, the free ones at x."""
    whole = start.copy()
    whole[free] = x
    return whole


def prior_at(x: FloatArray, *, centre: float = 0.0, spread: float = 1.0) -> LevelPrior:
    """The prior behind the optimiser's numbers, in the units of the series."""
    ratio, freedom, variance, drift, tails = (float(number) for number in np.exp(x[[1, 2, 3, 4, 6]]))
    return LevelPrior(
        level=centre + spread * float(x[0]),
        level_ratio=ratio,
        degrees_of_freedom=freedom,
        variance=variance * spread * spread,
        drift=drift,
        rise=spread * float(x[5]),
        tails=tails,
    )


def _intervals(x: FloatArray, errors: FloatArray, *, centre: float, spread: float) -> dict[str, tuple[float, float]]:
    """Each number's interval within its bounds, in the units of the series; none where there is no standard error."""
    ends = (np.clip(x + side * NORMAL_95 * errors, LOWEST, HIGHEST) for side in (-1.0, 1.0))
    low, high = (prior_at(end, centre=centre, spread=spread) for end in ends)
    return {
        name: (float(getattr(low, name)), float(getattr(high, name)))
        for name, error in zip(NAMES, errors.tolist(), strict=True)
        if error > 0.0
    }
