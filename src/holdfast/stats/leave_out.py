"""How low each value is, given all the others of its series, those before and those after it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.stats.arrays import FloatArray, as_series, as_steps, freeze
from holdfast.stats.level import LevelPrior, risen
from holdfast.stats.student import forecast_freedom, student_tail

BLOCK = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """Each value against the expectation from all others; arrays are (N, T), read only, nan where nothing was seen.

    expected and scale: where the others lead one to expect it; z, p: the value against that; degrees_of_freedom of p,
    one for each series, (N,).
    """

    expected: FloatArray
    scale: FloatArray
    z: FloatArray
    p: FloatArray
    degrees_of_freedom: FloatArray


def leave_one_out(y: ArrayLike, *, prior: LevelPrior, steps: ArrayLike | None = None) -> LeftOut:
    """The lower tail of each value under the local level model, given all other values of its series.

    Formula: all values of a series are multivariate Student with n0 degrees of freedom, location m0, scale matrix
    S0*M. With K the inverse of M, k its diagonal and r = y - m0: e = (K r)/k is the value less its expectation,
    S = (n0*S0 + r'K r - k*e^2)/(n0 + N - 1) the variance without it, z = e*sqrt(k/S), p = T_cdf(z; n0 + N - 1).
    K r and k come from one pass forwards (errors v, their variances F, gains R/F) and one back:
    a = v/F + (1 - R/F)*a', b = 1/F + (1 - R/F)^2*b'; K r = v/F - R/F*a', k = 1/F + (R/F)^2*b'.
    y stands for y less the prior's rise; the prior's tails have their part in the degrees of freedom (filter_level).
    Meaning: with the model true each p is uniform; those of one series depend on each other. Known in hindsight only.
    Shapes: y and steps as in filter_level. Raises MethodError as it does. Source: de Jong 1989; de Jong & Penzer 1998.
    """
    series = as_series(y)
    time = as_steps(steps, series)
    rise = risen(prior, series, time)
    series = series - rise
    expected, scale, z = (np.full(series.shape, np.nan) for _ in range(3))
    seen = ~np.isnan(series)
    freedom = np.asarray(prior.degrees_of_freedom + seen.sum(axis=1) - 1.0)
    own = forecast_freedom(freedom, prior.tails)
    for first in range(0, len(series), BLOCK):
        rows = slice(first, first + BLOCK)
        drift = prior.drift if time is None else prior.drift * time[rows].T
        r = series[rows].T - prior.level
        error, precision, square = _passes(r, np.broadcast_to(drift, r.shape), prior)
        with np.errstate(invalid="ignore"):
            left = np.maximum(square - precision * error * error, 0.0)
            variance = (prior.degrees_of_freedom * prior.variance + left) / freedom[rows]
            scale[rows] = np.sqrt(variance / precision).T
        expected[rows], z[rows] = series[rows] - error.T, error.T / scale[rows]
    return LeftOut(
        expected=freeze(expected + rise),
        scale=freeze(scale),
        z=freeze(z),
        p=freeze(student_tail(z, own[:, np.newaxis])),
        degrees_of_freedom=freeze(own),
    )


def _passes(r: FloatArray, drift: FloatArray, prior: LevelPrior) -> tuple[FloatArray, FloatArray, FloatArray]:
    """e and k of each value, (T, B), nan where nothing was seen, and r'K r of each series, (B,)."""
    columns, series = r.shape
    seen = ~np.isnan(r)
    v, kept, inverse = (np.zeros(r.shape) for _ in range(3))  # v/F, 1 - R/F, 1/F
    m, C, square = (np.zeros(series) for _ in range(3))
    for t in range(columns):
        R = prior.level_ratio + C if t == 0 else C + drift[t]
        inverse[t] = np.where(seen[t], 1.0 / (R + 1.0), 0.0)
        e = np.where(seen[t], r[t] - m, 0.0)
        v[t], kept[t] = e * inverse[t], 1.0 - R * inverse[t]
        square += e * v[t]
        m, C = m + R * v[t], R * kept[t]
    error, precision = np.full(r.shape, np.nan), np.full(r.shape, np.nan)
    a, b = np.zeros(series), np.zeros(series)
    for t in reversed(range(columns)):
        gain = 1.0 - kept[t]
        k = inverse[t] + gain * gain * b
        precision[t] = np.where(seen[t], k, np.nan)
        error[t] = (v[t] - gain * a) / precision[t]
        a, b = v[t] + kept[t] * a, inverse[t] + kept[t] * kept[t] * b
    return error, precision, square
