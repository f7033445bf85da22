"""How much variances differ from series to series: the prior of a variance from the variances alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, polygamma

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, freeze

MOST_FREEDOM = 1000.0  # the upper bound of the likelihood's search too: beyond it all variances are the same


@dataclass(frozen=True, slots=True, kw_only=True)
class VariancePrior:
    """Degrees of freedom n0 and variance S0 behind the variances; shrunken: each of them drawn toward S0, read only;
    at_bound: the variances differ no more than chance would have it, so n0 stands at its bound."""

    degrees_of_freedom: float
    variance: float
    shrunken: FloatArray
    at_bound: bool


def shrink_variances(variances: ArrayLike, degrees_of_freedom: ArrayLike) -> VariancePrior:
    """The scaled inverse chi-square from which several variances come, by the moments of their logarithms.

    Formula: e = ln s^2 - digamma(d/2) + ln(d/2); trigamma(n0/2) = var(e) - mean trigamma(d/2), n0 at most 1000;
    S0 = exp(mean e + digamma(n0/2) - ln(n0/2)); shrunken (n0*S0 + d*s^2)/(n0 + d). var has K - 1 below the line.
    Meaning: the fewer values a variance rests on, the more it leans on what is usual.
    Shapes: both (K,), K at least 2; degrees of freedom may be one number. Raises MethodError for values not above 0.
    Source: Smyth 2004, Statistical Applications in Genetics and Molecular Biology 3, article 3.
    """
    s2 = np.atleast_1d(np.asarray(variances, dtype=np.float64))
    d = np.broadcast_to(np.asarray(degrees_of_freedom, dtype=np.float64), s2.shape)
    if not (s2.size >= 2 and (s2 > 0.0).all() and (d > 0.0).all() and np.isfinite(s2).all() and np.isfinite(d).all()):
        raise MethodError("Fewer than two variances, or one that is not above 0. Give two or more, all above 0.")
    e = np.log(s2) - digamma(d / 2.0) + np.log(d / 2.0)
    beyond_chance = float(e.var(ddof=1) - polygamma(1, d / 2.0).mean())
    n0 = _freedom(beyond_chance)
    S0 = float(np.exp(e.mean() + digamma(n0 / 2.0) - np.log(n0 / 2.0)))
    return VariancePrior(
        degrees_of_freedom=n0,
        variance=S0,
        shrunken=freeze((n0 * S0 + d * s2) / (n0 + d)),
        at_bound=n0 >= MOST_FREEDOM,
    )


def _freedom(beyond_chance: float) -> float:
    """n0 with trigamma(n0/2) = beyond_chance, by bisection of a falling function; at most 1000."""
    low, high = 1e-3, MOST_FREEDOM
    if beyond_chance <= float(polygamma(1, high / 2.0)):
        return high
    while high - low > 1e-13 * high:
        middle = (low + high) / 2.0
        low, high = (middle, high) if float(polygamma(1, middle / 2.0)) > beyond_chance else (low, middle)
    return (low + high) / 2.0
