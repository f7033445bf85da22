"""A level that moves slowly, seen through noise of unknown size: filter, forecast and forecast tail.

The constant-drift dynamic linear model of West and Harrison with unknown observation variance, with values far from
their forecast weighted down. Many series at once: the loop runs over columns, blocks of series stay in the cache.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, IntArray, as_codes, as_series, as_steps, freeze
from holdfast.stats.recursion import Recursion, Starts, block_of, fill
from holdfast.stats.student import forecast_freedom, normal_score, student_tail
from holdfast.stats.weights import variance_factors

BLOCK = 2048  # series per block: a dozen vectors of this length fit in a core's second-level cache


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPrior:
    """What is believed of a series before its first value: the starting point of the filter.

    level m0 in points; level_ratio C0, the variance of the level in units of the observation variance;
    degrees_of_freedom n0 behind the observation variance S0 (points squared); drift q, the variance that the level
    gains per step, in units of the observation variance; rise, the points by which every level rises each time that its
    place in the series doubles; tails nu, the degrees of freedom of the values' own tails (infinite: normal ones).
    Raises MethodError for values out of range.
    """

    level: float
    level_ratio: float
    degrees_of_freedom: float
    variance: float
    drift: float
    rise: float = 0.0
    tails: float = np.inf

    def __post_init__(self) -> None:
        """Refuse a prior with which the filter would divide by nothing."""
        for name in ("level_ratio", "degrees_of_freedom", "variance"):
            if not 0.0 < getattr(self, name) < np.inf:
                raise MethodError(
                    "The prior's {name} is {number}. It has to be above 0.", name=name, number=getattr(self, name)
                )
        if not self.tails > 0.0:
            raise MethodError("The prior's tails are {number}. They have to be above 0.", number=self.tails)
        if not (0.0 <= self.drift < np.inf and np.isfinite(self.level) and np.isfinite(self.rise)):
            raise MethodError(
                "The prior's drift is negative, or its level, drift or rise is not a number. Give finite values."
            )

    @property
    def ceiling(self) -> float:
        """Values from here on are the highest that can be: they say `at least this much`."""
        return np.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFilter:
    """What the filter makes of the series; every array is (N, T), read only.

    forecast f, scale sc: the expected value and its spread, from earlier values alone (given at missing values too);
    z, p, weight, normal_score: the value against that forecast (nan where nothing was seen);
    level m, ratio C, variance S, degrees_of_freedom n: the state after the value; forecast_freedom: the degrees of
    freedom of the forecast before it, in which the prior's tails have their part.
    """

    forecast: FloatArray
    scale: FloatArray
    z: FloatArray
    p: FloatArray
    weight: FloatArray
    level: FloatArray
    ratio: FloatArray
    variance: FloatArray
    degrees_of_freedom: FloatArray
    normal_score: FloatArray
    forecast_freedom: FloatArray


def filter_level(
    y: ArrayLike,
    *,
    prior: LevelPrior | Sequence[LevelPrior],
    robust: float | None = 2.5,
    consistent: bool = True,
    steps: ArrayLike | None = None,
    starts: ArrayLike | None = None,
) -> LevelFilter:
    """Follow the level of each series, and say how low each value is against its forecast.

    Per value: R = C + q*dt (the first column: R = C0); Q = R + 1; e = y - m; sc = sqrt(S*Q); z = e/sc;
    p = T_cdf(z; n); w = 1 if |z| <= robust else (robust/z)^2; m += R*w/(R*w + 1)*e; C = R/(R*w + 1);
    S = S*(n + c*w*z^2)/(n + 1); n += 1. A missing value leaves m, S, n and lets C grow. robust=None: w = 1 always.
    A value at the prior's ceiling says `at least this much`: e and z^2 are what is expected beyond the ceiling, C
    shrinks by as much as it tells, p is the middle of what is left. Forecasts have n*nu/(n + nu) degrees of freedom.
    c is stats.weights.variance_factors, 1 if not consistent. y stands for y - rise*log2(place), place = 1 + time since
    the first column. starts: k > 0 begins a series anew from prior k (1 is the first) and counts places anew, -k does
    so and lets places go on, 0 goes on: m = m0, R = C0; n = n0 + values counted; S keeps what the values said of the
    variance, in units of the old prior's S0.
    Meaning: p is the chance of a value this low if the series goes on as before; with w = 1 and the model true it is
    uniform and independent from value to value.
    Shapes: y (N, T) in points, missing nan; steps (N, T), the time since the column before (None: 1); starts (N, T).
    Raises MethodError for arrays of other shapes, infinite values, a code without a prior or a robust bound that is
    not above 0.
    Source: West & Harrison, Bayesian Forecasting and Dynamic Models, chapters 2 and 4; w, c and starts are ours.
    """
    if robust is not None and not robust > 0.0:
        raise MethodError("The robust bound is {robust}. It has to be above 0, or None for no bound.", robust=robust)
    series = as_series(y)
    priors = (prior,) if isinstance(prior, LevelPrior) else tuple(prior)
    codes = as_codes(starts, series, most=len(priors))
    time = as_steps(steps, series)
    rise = _risen(priors, series, time, codes)
    begun = starting_points(priors, robust=robust if consistent else None, bound=robust, columns=series.shape[1])
    top = at_ceiling(series, priors, codes)
    if rise is not None:
        series = series - rise
        top = None if top is None else top - rise
    run = run_filter(series, begun, steps=time, codes=codes, top=top)
    freedom = forecast_freedom(run.degrees_of_freedom - ~np.isnan(series.T), _tails(priors, codes))
    p = student_tail(run.z, freedom)
    if top is not None:
        capped = ~np.isnan(top.T)
        a = (top.T[capped] - run.forecast[capped]) / run.scale[capped]
        p[capped] = (1.0 + student_tail(a, freedom[capped])) / 2.0
    u = normal_score(p)
    if rise is not None:
        run.forecast += rise.T
        run.level += rise.T
    arrays = {field.name: freeze(getattr(run, field.name).T) for field in fields(run)}
    return LevelFilter(p=freeze(p.T), normal_score=freeze(u.T), forecast_freedom=freeze(freedom.T), **arrays)


def starting_points(priors: Sequence[LevelPrior], *, robust: float | None, bound: float | None, columns: int) -> Starts:
    """The priors as columns of numbers; robust None leaves the variance's consistency factor out."""
    factors = None
    if robust is not None:
        factors = np.array([variance_factors(each.degrees_of_freedom, robust, columns + 1) for each in priors])
    return Starts(
        level=np.array([each.level for each in priors]),
        ratio=np.array([each.level_ratio for each in priors]),
        degrees_of_freedom=np.array([each.degrees_of_freedom for each in priors]),
        variance=np.array([each.variance for each in priors]),
        drift=np.array([each.drift for each in priors]),
        factors=factors,
        bound=np.inf if bound is None else bound * bound,
    )


def run_filter(
    y: FloatArray,
    starts: Starts,
    *,
    steps: FloatArray | None,
    codes: IntArray | None = None,
    top: FloatArray | None = None,
) -> Recursion:
    """The recursion alone, without tails; arrays as checked by as_series, as_steps, as_codes. Results are (T, N)."""
    run = Recursion.empty(y.shape[1], y.shape[0])
    for first in range(0, y.shape[0] if y.shape[1] else 0, BLOCK):
        here = slice(first, first + BLOCK)
        part = run.part(here)
        block, missing = block_of(
            y[here],
            steps=None if steps is None else steps[here],
            codes=None if codes is None else codes[here],
            top=None if top is None else top[here],
        )
        fill(part, block, starts)
        if missing is not None:
            part.z[missing] = np.nan
            part.weight[missing] = np.nan
    return run


def at_ceiling(series: FloatArray, priors: Sequence[LevelPrior], codes: IntArray | None) -> FloatArray | None:
    """The ceiling where a value lies at it, else nan, (N, T); None when no prior has one or nothing lies there."""
    ceilings = np.array([each.ceiling for each in priors])
    if not np.isfinite(ceilings).any() or not series.shape[1]:
        return None
    ceiling: FloatArray | float = ceilings[0] if codes is None else ceilings[prior_of(codes)]
    capped = series >= ceiling
    return np.where(capped, ceiling, np.nan) if capped.any() else None


def places(shape: tuple[int, ...], *, steps: FloatArray | None, codes: IntArray | None = None) -> FloatArray:
    """1 + the time since the first column or the latest start that counts anew; (N, T) or, for all alike, (T,)."""
    if steps is None and codes is None:
        return np.arange(1.0, shape[1] + 1.0)
    time = np.broadcast_to(np.arange(shape[1], dtype=np.float64), shape) if steps is None else np.cumsum(steps, axis=1)
    if codes is None:
        return np.asarray(1.0 + time)
    return np.asarray(1.0 + time - np.maximum.accumulate(np.where(codes > 0, time, 0.0), axis=1))


def prior_of(codes: IntArray) -> IntArray:
    """Which prior each column's value is judged by, from 0: that of the latest start, the first before any; (N, T)."""
    columns = np.arange(codes.shape[1])
    latest = np.maximum.accumulate(np.where(codes != 0, columns, 0), axis=1)
    which: IntArray = np.maximum(np.abs(np.take_along_axis(codes, latest, axis=1)) - 1, 0)
    return which


def risen(
    prior: LevelPrior | Sequence[LevelPrior],
    series: FloatArray,
    steps: FloatArray | None,
    codes: IntArray | None = None,
) -> FloatArray:
    """How far every level has risen by each column, (N, T); steps and codes as checked by as_steps and as_codes."""
    rise = _risen((prior,) if isinstance(prior, LevelPrior) else tuple(prior), series, steps, codes)
    return np.zeros(series.shape) if rise is None else rise


def _tails(priors: Sequence[LevelPrior], codes: IntArray | None) -> FloatArray | float:
    """The tails that each forecast has, columns first."""
    tails = np.array([each.tails for each in priors])
    return float(tails[0]) if codes is None or not np.isfinite(tails).any() else tails[prior_of(codes)].T


def _risen(
    priors: Sequence[LevelPrior], series: FloatArray, steps: FloatArray | None, codes: IntArray | None
) -> FloatArray | None:
    """How far every level has risen by each column, (N, T); None when no prior has a rise."""
    rises = np.array([each.rise for each in priors])
    if not rises.any() or not series.shape[1]:
        return None
    rise: FloatArray | float = rises[0] if codes is None else rises[prior_of(codes)]
    return np.broadcast_to(rise * np.log2(places(series.shape, steps=steps, codes=codes)), series.shape)
