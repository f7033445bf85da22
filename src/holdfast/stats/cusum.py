"""One-sided CUSUM of normal scores: the path itself, and its design by the integral equation of its run length."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray, as_series, freeze

NODES = 48  # Gauss-Legendre nodes; more do not change the twelfth digit of any design in our table
LONGEST = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class CusumPath:
    """The sums (before a reset), the alarms, the column where the run behind each sum began (-1: no run); (N, T)."""

    value: FloatArray
    alarm: BoolArray
    onset: IntArray


def one_sided_cusum(
    u: ArrayLike, *, slack: float, limit: float, first_alarm: int = 1, starts: BoolArray | None = None
) -> CusumPath:
    """Add up how far values lie below zero, beyond a slack, and alarm when the sum passes the limit.

    Rule: W = max(0, W - u - slack) from W = 0; alarm when W > limit, then W = 0 again. A missing value leaves W.
    No alarm before the first_alarm-th value; until then W only adds up. At a start W = 0 and values count anew.
    Meaning: W rises while values stay low, however little each of them says alone; its onset is the first value after
    the last one with W = 0. Shapes: u (N, T), missing nan; starts (N, T) or None.
    Source: Page 1954; design by cusum_limit.
    """
    scores = as_series(u)
    columns = np.ascontiguousarray(scores.T)
    value = np.empty_like(columns)
    alarm = np.zeros(columns.shape, dtype=np.bool_)
    onset = np.full(columns.shape, -1, dtype=np.int64)
    W = np.zeros(columns.shape[1])
    start = np.full(columns.shape[1], -1, dtype=np.int64)
    count = np.zeros(columns.shape[1], dtype=np.int64)
    for t, now in enumerate(columns):
        if starts is not None and starts[:, t].any():
            W, start = np.where(starts[:, t], 0.0, W), np.where(starts[:, t], -1, start)
            count[starts[:, t]] = 0
        seen = ~np.isnan(now)
        W = np.where(seen, np.maximum(W - now - slack, 0.0), W)
        count += seen
        start = np.where(W > 0.0, np.where(start < 0, t, start), -1)
        value[t], onset[t] = W, start
        alarm[t] = seen & (limit < W) & (count >= first_alarm)
        if alarm[t].any():
            W, start = np.where(alarm[t], 0.0, W), np.where(alarm[t], -1, start)
    return CusumPath(value=freeze(value.T), alarm=freeze(alarm.T), onset=freeze(onset.T))


def cusum_run_length(slack: float, limit: float, *, shift: float = 0.0) -> float:
    """How many values pass on average until the sum first passes the limit, from W = 0.

    Formula: L(s) = 1 + L(0)*Phi(k - s - mu) + integral_0^h L(x)*phi(x + k - s - mu) dx, solved at Gauss-Legendre nodes
    (Nystroem); mu is the shift of the values toward the alarm, in standard deviations, 0 for nothing happening.
    Meaning: with shift 0, the average number of sessions between false alarms. Units: values.
    Raises MethodError unless limit is above 0. Source: Page 1954; Brook & Evans 1972; values in Lucas & Crosier 1982.
    """
    if not 0.0 < limit < np.inf:
        raise MethodError("The limit is {limit}. It has to be above 0.", limit=limit)
    points, weights = np.polynomial.legendre.leggauss(NODES)
    x = (points + 1.0) * limit / 2.0
    start = np.append(x, 0.0)  # the last row is L(0)
    gap = slack - shift - start
    kernel = np.zeros((NODES + 1, NODES + 1))
    kernel[:, :NODES] = np.exp(-((x + gap[:, np.newaxis]) ** 2) / 2.0) / np.sqrt(2.0 * np.pi) * (weights * limit / 2.0)
    kernel[:, NODES] = ndtr(gap)
    return float(np.linalg.solve(np.eye(NODES + 1) - kernel, np.ones(NODES + 1))[NODES])


@lru_cache(maxsize=64)
def cusum_limit(slack: float, run_length: float) -> float:
    """The limit with which false alarms come run_length values apart on average.

    Rule: the root of cusum_run_length(slack, limit) = run_length by bisection; .75 and 100 give 2.0369.
    Raises MethodError when run_length is not above what a limit of zero gives, or above a million.
    Source: the integral equation of cusum_run_length.
    """
    low, high = 1e-9, 1.0
    if not cusum_run_length(slack, low) < run_length <= LONGEST:
        raise MethodError(
            "No limit gives a run length of {run_length} with a slack of {slack}. Ask for a longer one, up to 1000000.",
            run_length=run_length,
            slack=slack,
        )
    while cusum_run_length(slack, high) < run_length:
        high *= 2.0
    while high - low > 1e-12 * high:
        middle = (low + high) / 2.0
        if cusum_run_length(slack, middle) < run_length:
            low = middle
        else:
            high = middle
    return (low + high) / 2.0
