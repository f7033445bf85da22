"""Student's distribution from special functions alone: tail, quantile, density; and the normal score of a tail."""

import numpy as np
from scipy.special import gammaln, ndtri, stdtr, stdtrit

from holdfast.stats.arrays import FloatArray

SMALLEST_TAIL = 1e-6


def student_tail(z: FloatArray, degrees_of_freedom: FloatArray) -> FloatArray:
    """The lower tail T_cdf(z; n): the chance of a value at or below z; nan stays nan.

    Shapes: z and n broadcast. Source: any table of Student's distribution; checked against R's pt.
    """
    return np.asarray(stdtr(degrees_of_freedom, z), dtype=np.float64)


def student_quantile(tail: FloatArray | float, degrees_of_freedom: FloatArray) -> FloatArray:
    """The value with the given lower tail, the inverse of student_tail.

    Shapes: tail and n broadcast. Source: checked against R's qt.
    """
    return np.asarray(stdtrit(degrees_of_freedom, tail), dtype=np.float64)


def student_log_density(z: FloatArray, degrees_of_freedom: FloatArray) -> FloatArray:
    """The logarithm of Student's density at z.

    Formula: lnG((n+1)/2) - lnG(n/2) - ln(n*pi)/2 - (n+1)/2 * ln(1 + z^2/n). Shapes: z and n broadcast.
    Source: checked against R's dt(log = TRUE).
    """
    n = degrees_of_freedom
    constant = gammaln((n + 1) / 2) - gammaln(n / 2) - np.log(n * np.pi) / 2
    return np.asarray(constant - (n + 1) / 2 * np.log1p(z * z / n), dtype=np.float64)


def forecast_freedom(degrees_of_freedom: FloatArray, tails: FloatArray | float) -> FloatArray:
    """Degrees of freedom of a forecast when values have tails of their own: n*nu/(n + nu), n itself for nu = inf.

    Meaning: n says how well the variance is known, nu how heavy the values' own tails are; the smaller one rules.
    Shapes: n and nu broadcast. Source: ours (decision 0041); a Student error around a Student mean, matched at large n.
    """
    if not np.isfinite(tails).any():
        return degrees_of_freedom
    return np.asarray(1.0 / (1.0 / degrees_of_freedom + 1.0 / np.asarray(tails)), dtype=np.float64)


def normal_score(tail: FloatArray) -> FloatArray:
    """The standard normal value with the same lower tail: u = Phi^-1(p), p clipped to [1e-6, 1 - 1e-6].

    Meaning: 0 is as expected, -2 is as low as two standard deviations. nan stays nan.
    """
    return np.asarray(ndtri(np.clip(tail, SMALLEST_TAIL, 1 - SMALLEST_TAIL)), dtype=np.float64)
