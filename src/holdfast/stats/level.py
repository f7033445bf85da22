"""A level that moves slowly, seen through noise of unknown size: filter, forecast and forecast tail.

The constant-drift dynamic linear model of West and Harrison with unknown observation variance, with values far from
their forecast weighted down. Many series at once: the loop runs over columns, blocks of series stay in the cache.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, as_series, as_steps, freeze
from holdfast.stats.student import normal_score, student_tail

BLOCK = 2048  # series per block: a dozen vectors of this length fit in a core's second-level cache


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelPrior:
    """What is believed of a series before its first value: the starting point of the filter.

    level m0 in points; level_ratio C0, the variance of the level in units of the observation variance;
    degrees_of_freedom n0 behind the observation variance S0 (points squared); drift q, the variance that the level
    gains per step, in units of the observation variance. Raises MethodError for values out of range.
    """

    level: float
    level_ratio: float
    degrees_of_freedom: float
    variance: float
    drift: float

    def __post_init__(self) -> None:
        """Refuse a prior with which the filter would divide by nothing."""
        for name in ("level_ratio", "degrees_of_freedom", "variance"):
            if not 0.0 < getattr(self, name) < np.inf:
                raise MethodError(
                    "The prior's {name} is {number}. It has to be above 0.", name=name, number=getattr(self, name)
                )
        if not (0.0 <= self.drift < np.inf and np.isfinite(self.level)):
            raise MethodError(
                "The prior's drift is negative, or its level or drift is not a number. Give finite values."
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelFilter:
    """What the filter makes of the series; every array is (N, T), read only.

    forecast f, scale sc: the expected value and its spread, from earlier values alone (given at missing values too);
    z, p, weight, normal_score: the value against that forecast (nan where nothing was seen);
    level m, ratio C, variance S, degrees_of_freedom n: the state after the value.
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


@dataclass(slots=True, kw_only=True)
class Recursion:
    """The filter's arrays while they are being filled, one row per column of the series, (T, N)."""

    forecast: FloatArray
    scale: FloatArray
    z: FloatArray
    weight: FloatArray
    level: FloatArray
    ratio: FloatArray
    variance: FloatArray
    degrees_of_freedom: FloatArray

    @classmethod
    def empty(cls, columns: int, series: int) -> "Recursion":
        """Room for every array."""
        return cls(**{field.name: np.empty((columns, series)) for field in fields(cls)})

    def part(self, where: slice) -> "Recursion":
        """A window on some of the series."""
        return Recursion(**{field.name: getattr(self, field.name)[:, where] for field in fields(self)})


def filter_level(
    y: ArrayLike, *, prior: LevelPrior, robust: float | None = 2.5, steps: ArrayLike | None = None
) -> LevelFilter:
    """Follow the level of each series, and say how low each value is against its forecast.

    Per value: R = C + q*dt (the first column: R = C0); Q = R + 1; e = y - m; sc = sqrt(S*Q); z = e/sc;
    p = T_cdf(z; n); w = 1 if |z| <= robust else (robust/z)^2; m += R*w/(R*w + 1)*e; C = R/(R*w + 1);
    S = (n*S + w*e^2/Q)/(n + 1); n += 1. A missing value leaves m, S, n and lets C grow. robust=None: w = 1 always.
    Meaning: p is the chance of a value this low if the series goes on as before; with w = 1 and the model true it is
    uniform and independent from value to value.
    Shapes: y (N, T) in points, missing nan; steps (N, T), the time since the column before (None: 1 each).
    Raises MethodError for arrays of other shapes, infinite values or a robust bound that is not above 0.
    Source: West & Harrison, Bayesian Forecasting and Dynamic Models, chapters 2 and 4; the weight is ours.
    """
    if robust is not None and not robust > 0.0:
        raise MethodError("The robust bound is {robust}. It has to be above 0, or None for no bound.", robust=robust)
    series = as_series(y)
    run = run_filter(series, prior=prior, robust=robust, steps=as_steps(steps, series))
    before = run.degrees_of_freedom - ~np.isnan(series.T)
    p = student_tail(run.z, before)
    u = normal_score(p)
    arrays = {field.name: freeze(getattr(run, field.name).T) for field in fields(run)}
    return LevelFilter(p=freeze(p.T), normal_score=freeze(u.T), **arrays)


def run_filter(y: FloatArray, *, prior: LevelPrior, robust: float | None, steps: FloatArray | None) -> Recursion:
    """The recursion alone, without tails; y and steps as checked by as_series and as_steps. Arrays are (T, N)."""
    run = Recursion.empty(y.shape[1], y.shape[0])
    for first in range(0, y.shape[0], BLOCK):
        block = slice(first, first + BLOCK)
        drift = prior.drift if steps is None else prior.drift * np.ascontiguousarray(steps[block].T)
        _run_block(np.ascontiguousarray(y[block].T), drift, prior, robust, run.part(block))
    return run


def _run_block(
    y: FloatArray, drift: FloatArray | float, prior: LevelPrior, robust: float | None, run: Recursion
) -> None:
    """Fill the arrays of one block, (T, B). A missing value has seen = 0 and error 0, which leaves m, S and n alone."""
    missing = np.isnan(y)
    some_missing = bool(missing.any())
    values = np.where(missing, 0.0, y) if some_missing else y
    seen_all = (~missing).astype(np.float64) if some_missing else None
    bound = np.inf if robust is None else robust * robust
    m = np.full(y.shape[1], prior.level)
    S = np.full(y.shape[1], prior.variance)
    R: FloatArray | float = prior.level_ratio
    n: FloatArray | float = prior.degrees_of_freedom
    for t in range(y.shape[0]):
        seen: FloatArray | float = 1.0 if seen_all is None else seen_all[t]
        if t > 0:
            R = run.ratio[t - 1] + (drift[t] if isinstance(drift, np.ndarray) else drift)
        run.forecast[t] = m
        e = values[t] - m
        e *= seen
        scale = np.sqrt(S * (R + 1.0), out=run.scale[t])
        z = np.divide(e, scale, out=run.z[t])
        square = z * z
        kept = np.minimum(square, bound)  # w * z^2
        gain = _weights(square, bound, out=run.weight[t]) * seen * R
        np.divide(R, gain + 1.0, out=run.ratio[t])
        e *= gain / (gain + 1.0)
        m = np.add(m, e, out=run.level[t])
        S = np.multiply(S, (kept + n) / (n + seen), out=run.variance[t])
        n = n + seen
        run.degrees_of_freedom[t] = n
    if some_missing:
        run.z[missing] = np.nan
        run.weight[missing] = np.nan


def _weights(square: FloatArray, bound: float, *, out: FloatArray) -> FloatArray:
    """The weight of each value: 1 within the bound, bound/z^2 beyond."""
    if bound == np.inf:
        out.fill(1.0)
        return out
    np.maximum(square, bound, out=out)
    return np.divide(bound, out, out=out)
