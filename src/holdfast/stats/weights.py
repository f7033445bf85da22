"""The price of weighting extreme values down: how much the kept part has to count for the variance to stay unbiased."""

from functools import lru_cache

import numpy as np
from scipy.special import betaln, digamma, stdtr

from holdfast.stats.arrays import FloatArray, freeze

NODES = 64  # Gauss-Legendre nodes between 0 and the bound; more change no factor by 1e-12
HIGHEST = 10.0  # below half a degree of freedom the factor would grow beyond every bound
LARGEST = 1e5  # degrees of freedom beyond which the factor no longer changes in its sixth digit
STEPS = 60


@lru_cache(maxsize=64)
def variance_factors(degrees_of_freedom: float, robust: float, count: int) -> FloatArray:
    """The factor c(n) for n0, n0 + 1, ..., with which values that are weighted down leave the variance as it was.

    Formula: the c with E ln[(n + c*min(z^2, robust^2))/(n + z^2)] = 0 for z of Student's distribution with n degrees of
    freedom, at most 10: the logarithm of the variance then moves on average as it would with every weight 1.
    Meaning: without it (c = 1) the variance is learned too small, and values look more unusual than they are.
    Shapes: (count,), each at least 1; robust 2.5 and n = 6 give 1.1070. Source: ours (decision 0040).
    """
    n = np.minimum(degrees_of_freedom + np.arange(count, dtype=np.float64), LARGEST)[:, np.newaxis]
    points, widths = np.polynomial.legendre.leggauss(NODES)
    most = np.arctan(robust / np.sqrt(n))
    angle = (points + 1.0) / 2.0 * most  # z = sqrt(n)*tan(angle) makes the density smooth for any n
    density = np.exp((n - 1.0) * np.log(np.cos(angle)) - betaln(n / 2.0, 0.5)) * widths * most  # of |z|
    inside = np.tan(angle) ** 2
    edge = robust * robust / n
    beyond = 2.0 * stdtr(n, -robust)
    wanted = digamma((n + 1.0) / 2.0) - digamma(n / 2.0)
    factor = np.ones_like(n)
    for _ in range(STEPS):  # Newton from the left of the root of a concave function: every step is short of it
        got = (np.log1p(factor * inside) * density).sum(axis=1, keepdims=True) + beyond * np.log1p(factor * edge)
        slope = (inside / (1.0 + factor * inside) * density).sum(axis=1, keepdims=True)
        move = (wanted - got) / (slope + beyond * edge / (1.0 + factor * edge))
        factor += move
        if np.abs(move).max(initial=0.0) < 1e-13:
            break
    return freeze(np.minimum(factor[:, 0], HIGHEST))
