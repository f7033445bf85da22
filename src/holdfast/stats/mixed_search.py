"""The most likely mixed model, and how well its spreads are known."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from holdfast.stats.arrays import FloatArray
from holdfast.stats.estimate import Estimate
from holdfast.stats.mixed_profile import Sums, profile

STEP = 1e-4
RESTART = 0.2
STILL = 1e-5  # a slope per row this small is rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where the search ended: the relative factor L, for random columns of mean square 1, and if it rests there."""

    factor: FloatArray
    converged: bool


def search(sums: Sums, *, restricted: bool) -> Found:
    """Maximise the likelihood over L: L-BFGS-B from the identity with the analytic gradient, then Newton's steps."""
    from scipy.optimize import minimize

    k = sums.zz.shape[1]
    lower = np.tril_indices(k)

    def cost(x: FloatArray) -> tuple[float, FloatArray]:
        at = profile(sums, _factor(x, k), restricted=restricted)
        return at.deviance / sums.rows, at.gradient[lower] / sums.rows

    diagonal = np.asarray([i == j for i, j in zip(*lower, strict=True)])
    bounds = [(0.0, None) if each else (None, None) for each in diagonal]

    def descend(start: FloatArray) -> tuple[float, FloatArray]:
        end = minimize(cost, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-14, "gtol": 1e-9})
        return float(end.fun), np.asarray(end.x, dtype=np.float64)

    best, x = descend(np.eye(k)[lower])
    if x[diagonal].min() <= STEP:  # at 0 the slope is 0 by symmetry, so a long first step may have been caught there
        again, other = descend(np.where(diagonal, np.maximum(x, RESTART), 0.0))
        x = other if again < best else x
    if x[diagonal].min() > STEP:
        x = _newton(_newton(x, cost), cost)
    at = cost(x)[1]
    still = np.abs(np.where(diagonal & (x <= STEP), np.minimum(at, 0.0), at)).max() < STILL
    return Found(factor=_factor(x, k), converged=bool(still))


def _newton(x: FloatArray, cost: Callable[[FloatArray], tuple[float, FloatArray]]) -> FloatArray:
    """One of Newton's steps, taken only if the gradient becomes smaller."""
    gradient = cost(x)[1]
    steps = np.eye(len(x)) * STEP
    hessian = np.array([cost(x + step)[1] - cost(x - step)[1] for step in steps]) / (2.0 * STEP)
    moved = x - np.linalg.lstsq(hessian, gradient, rcond=None)[0]
    better = np.abs(cost(moved)[1]).max() < np.abs(gradient).max()
    return moved if better else x


def _factor(x: FloatArray, k: int) -> FloatArray:
    """The lower triangular matrix of these numbers."""
    factor = np.zeros((k, k))
    factor[np.tril_indices(k)] = x
    return factor


def component_intervals(
    sums: Sums, found: Found, *, half: float, restricted: bool, singular: bool
) -> tuple[list[Estimate], Estimate]:
    """SDs of the random columns and of the residual; intervals on the logarithm, from the curvature of the likelihood.

    Rule: Cov(L) = 2 H^-1, H the second derivative of the profiled deviance; ln s and ln SD by the delta method, plus
    1/(2 f) for s given L, f the degrees of freedom. At the edge the SDs' intervals are unknown (nan).
    """
    k = len(found.factor)
    lower = np.tril_indices(k)
    x = found.factor[lower]

    def logs(at: FloatArray) -> tuple[FloatArray, FloatArray]:
        here = profile(sums, _factor(at, k), restricted=restricted)
        sigma = float(np.sqrt(here.variance))
        lengths = np.sqrt(np.sum(_factor(at, k) ** 2, axis=1))
        return np.array([*(sigma * lengths), sigma]), here.gradient[lower]

    values = logs(x)[0]
    freedom = sums.rows - (len(sums.xx) if restricted else 0)
    errors = np.full(k + 1, np.nan)
    errors[-1] = 1.0 / np.sqrt(2.0 * freedom)
    if not singular:
        beside = [(logs(x + step), logs(x - step)) for step in np.eye(len(x)) * STEP]
        hessian = np.array([up[1] - down[1] for up, down in beside]) / (2.0 * STEP)
        slopes = np.array([np.log(up[0]) - np.log(down[0]) for up, down in beside]).T / (2.0 * STEP)
        covariance = 2.0 * np.linalg.pinv((hessian + hessian.T) / 2.0)
        errors = np.sqrt(np.maximum(np.einsum("ia,ab,ib->i", slopes, covariance, slopes), 0.0) + 0.5 / freedom)
    with np.errstate(over="ignore"):  # an interval without an upper end is an honest one
        wide = np.exp(half * errors)
    known = [
        Estimate(value=float(sd), error=float(sd * error), low=float(sd / factor), high=float(sd * factor))
        for sd, error, factor in zip(values, errors, wide, strict=True)
    ]
    return known[:k], known[-1]
