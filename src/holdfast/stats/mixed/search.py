"""The most likely mixed model, and the curvature of its likelihood."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from holdfast.stats.arrays import FloatArray
from holdfast.stats.mixed.design import Design
from holdfast.stats.mixed.factors import Factors, Profile, factors_of, freedom_of, profile

STEP = 1e-4
RESTART = 0.2
STILL = 1e-5  # a slope per row this small is rest
STEPS = 10
REST = 1e-10  # slope per row at which Newton's steps end
MANY = 40  # blocks from which the search begins on a part of them
PART = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where the search ended, if it rests there, and the deviance's second derivatives by the numbers of the factors
    and then s, with s free: (v, v)."""

    factors: Factors
    at: Profile
    hessian: FloatArray
    converged: bool


def search(design: Design, *, restricted: bool) -> Found:
    """Maximise the likelihood: L-BFGS-B from the identity with the analytic gradient, then Newton's steps.

    With many groups the climb is on an eighth of them and Newton's steps on all go on from there, with the eighth's
    curvature; where they do not come to rest, all are climbed.
    """
    on_diagonal = diagonal_of(design)

    def slopes(numbers: FloatArray) -> FloatArray:
        return profile(design, factors_of(numbers, design), restricted=restricted).gradient

    x, near = on_diagonal.astype(np.float64), False
    if len(design.blocks) >= MANY:
        part = _part_of(design)
        x = _climb(part, x, restricted=restricted, easy=True)
        x = np.where(on_diagonal, np.maximum(x, 2.0 * STEP), x)
        x, near = _newton(x, slopes, _curvature(x, part, restricted=restricted) * design.rows / part.rows, design.rows)
    if not near:
        x = _climb(design, x, restricted=restricted, easy=False)
    hessian = _differences(x, slopes)
    if not near and x[on_diagonal].min() > STEP:
        x, _ = _newton(x, slopes, hessian, design.rows)
        hessian = _differences(x, slopes) if len(design.blocks) < MANY else hessian
    at = profile(design, factors_of(x, design), restricted=restricted)
    slope = at.gradient / design.rows
    still = np.abs(np.where(on_diagonal & (x <= STEP), np.minimum(slope, 0.0), slope)).max() < STILL
    hessian = _joined(x, hessian, at, design, restricted=restricted)
    return Found(factors=factors_of(x, design), at=at, hessian=hessian, converged=bool(still))


def diagonal_of(design: Design) -> np.ndarray:
    """Which of the numbers stand on a diagonal."""
    pairs = [np.tril_indices(len(each)) for each in (design.inner, design.outer)]
    return np.concatenate([rows == columns for rows, columns in pairs])


def _climb(design: Design, start: FloatArray, *, restricted: bool, easy: bool) -> FloatArray:
    """Where L-BFGS-B ends; from inside once more if that is at the edge."""
    from scipy.optimize import minimize

    diagonal = diagonal_of(design)
    bounds = [(0.0, None) if each else (None, None) for each in diagonal]
    flat, slope = (1e-10, 1e-6) if easy else (1e-14, 1e-9)

    def cost(x: FloatArray) -> tuple[float, FloatArray]:
        at = profile(design, factors_of(x, design), restricted=restricted)
        return at.deviance / design.rows, at.gradient / design.rows

    def descend(begin: FloatArray) -> tuple[float, FloatArray]:
        end = minimize(cost, begin, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": flat, "gtol": slope})
        return float(end.fun), np.asarray(end.x, dtype=np.float64)

    best, x = descend(start)
    if x[diagonal].min() <= STEP:  # at 0 the slope is 0 by symmetry, so a long first step may have been caught there
        again, other = descend(np.where(diagonal, np.maximum(x, RESTART), 0.0))
        x = other if again < best else x
    return x


def _part_of(design: Design) -> Design:
    """Every eighth block, as if it were all."""
    chosen = design.blocks[::PART]
    groups = [block.products.shape[-1] for block in design.blocks]
    share = sum(groups[::PART]) / sum(groups)
    return replace(design, blocks=chosen, rows=int(design.rows * share))


def _curvature(x: FloatArray, design: Design, *, restricted: bool) -> FloatArray:
    """Second derivatives of the profiled deviance."""
    return _differences(x, lambda at: profile(design, factors_of(at, design), restricted=restricted).gradient)


def _newton(
    x: FloatArray, slopes: Callable[[FloatArray], FloatArray], hessian: FloatArray, rows: int
) -> tuple[FloatArray, bool]:
    """Newton's steps with one curvature while the slope shrinks; whether it ended at rest."""
    gradient = slopes(x)
    for _ in range(STEPS):
        if np.abs(gradient).max() < REST * rows:
            return x, True
        moved = x - np.linalg.lstsq(hessian, gradient, rcond=None)[0]
        after = slopes(moved)
        if not np.abs(after).max() < np.abs(gradient).max():
            break
        x, gradient = moved, after
    return x, bool(np.abs(gradient).max() < REST * rows)


def _differences(x: FloatArray, slopes: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """Second derivatives by differences of the slope."""
    found = np.array([slopes(x + step) - slopes(x - step) for step in np.eye(len(x)) * STEP]) / (2.0 * STEP)
    return np.asarray((found + found.T) / 2.0)


def _joined(x: FloatArray, profiled: FloatArray, at: Profile, design: Design, *, restricted: bool) -> FloatArray:
    """Second derivatives with s free, from those with s profiled out: H + b b'/c, b beside it and c below."""
    freedom = freedom_of(design, restricted=restricted)
    sigma = float(np.sqrt(at.variance))
    beside = -2.0 * at.square_slopes / sigma**3
    below = 4.0 * freedom / sigma**2
    whole = np.empty((len(x) + 1, len(x) + 1))
    whole[:-1, :-1] = profiled + np.outer(beside, beside) / below
    whole[-1, :-1] = whole[:-1, -1] = beside
    whole[-1, -1] = below
    return whole
