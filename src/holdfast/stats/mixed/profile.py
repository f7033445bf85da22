"""Profile intervals of a mixed model: how far each number can move before the likelihood falls too far."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.special import ndtri

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray
from holdfast.stats.mixed.design import Design
from holdfast.stats.mixed.factors import Factors, factors_of, freedom_of, profile
from holdfast.stats.mixed.fit import MixedFit
from holdfast.stats.mixed.search import diagonal_of

FAR = 60  # steps after which an end is taken to be without bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiled:
    """Ends (low, high) of the interval of each coefficient, each SD of both levels, and the residual SD."""

    fixed: tuple[tuple[float, float], ...]
    groups: tuple[tuple[float, float], ...]
    above: tuple[tuple[float, float], ...]
    residual: tuple[float, float]


def profile_intervals(fit: MixedFit) -> Profiled:
    """Every value that the likelihood does not speak against, at the fit's confidence.

    Rule: the ends are where the deviance, least over everything else, is z^2 above its least; an SD whose value 0
    is not spoken against has the low end 0. Raises MethodError for a restricted fit, in which coefficients have no
    profile, and for AR(1).
    Meaning: unlike those from the curvature these need not be even about the estimate, and exist at the edge too.
    Source: Bates et al. 2015, section 5.1; checked against lme4's confint.
    """
    if fit.serial is not None:
        raise MethodError("Profile intervals of a model with AR(1) are not offered. Leave the time out.")
    if fit.restricted:
        raise MethodError("Profile intervals are of maximum likelihood. Fit with restricted=False.")
    design, k = fit.design, len(fit.design.inner)
    limit = float(ndtri((1.0 + fit.confidence) / 2.0)) ** 2 + fit.found.at.deviance
    fixed = []
    for i, each in enumerate(fit.fixed):
        cost = partial(_at_coefficient, fit, i)
        ends = [_end(cost, each.value, sign * each.error, limit) for sign in (-1.0, 1.0)]
        fixed.append((ends[0], ends[1]))
    spreads = []
    for place in range(k + len(design.outer)):
        turned, start = _first(fit, place)
        scale = float(design.scale[(*design.inner, *design.outer)[place]])
        sd = start[0] * float(np.sqrt(fit.found.at.variance))
        spreads.append(tuple(end / scale for end in _ends_of_spread(_at_spread(turned, start), sd, fit, limit)))
    sigma = fit.residual.value
    step = float(np.log(fit.residual.high / sigma)) / 2.0
    ends = [
        _end(lambda log: _at_residual(fit, float(np.exp(log))), np.log(sigma), way * step, limit) for way in (-1, 1)
    ]
    return Profiled(
        fixed=tuple(fixed),
        groups=tuple((low, high) for low, high in spreads[:k]),
        above=tuple((low, high) for low, high in spreads[k:]),
        residual=(float(np.exp(ends[0])), float(np.exp(ends[1]))),
    )


def _end(cost: Callable[[float], float], value: float, step: float, limit: float) -> float:
    """Where the cost crosses the limit on this side."""
    from scipy.optimize import brentq

    inside, outside = value, value + 2.0 * step
    for _ in range(FAR):
        if cost(outside) > limit:
            return float(brentq(lambda at: cost(at) - limit, inside, outside, xtol=1e-10, rtol=1e-10))
        inside, outside = outside, value + 1.6 * (outside - value)
    return float("inf") if step > 0.0 else float("-inf")


def _ends_of_spread(cost: Callable[[float], float], sd: float, fit: MixedFit, limit: float) -> tuple[float, float]:
    """Both ends for an SD; the low one is 0 where that is not spoken against."""
    from scipy.optimize import brentq

    step = max(sd, 0.05 * fit.residual.value) / 4.0
    high = _end(cost, sd, step, limit)
    if cost(0.0) <= limit:
        return 0.0, high
    return float(brentq(lambda at: cost(at) - limit, 0.0, sd, xtol=1e-10, rtol=1e-10)), high


def _least(cost: Callable[[FloatArray], tuple[float, FloatArray]], start: FloatArray, low: list[float | None]) -> float:
    """The least cost over the free numbers."""
    from scipy.optimize import minimize

    if not len(start):
        return cost(start)[0]
    bounds = [(each, None) for each in low]
    found = minimize(
        cost, start, jac=True, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15, "gtol": 1e-7, "maxiter": 500}
    )
    return float(found.fun)


def _lows(design: Design) -> list[float | None]:
    """0 for numbers of a diagonal, nothing for the others."""
    return [0.0 if each else None for each in diagonal_of(design)]


def _at_coefficient(fit: MixedFit, place: int, wanted: float) -> float:
    """The least deviance with one coefficient held."""
    design = fit.design
    held = (design.back[place], wanted - float(design.start[place]))

    def cost(x: FloatArray) -> tuple[float, FloatArray]:
        at = profile(design, factors_of(x, design), restricted=False, held=held)
        return at.deviance, at.gradient

    return _least(cost, fit.found.factors.numbers, _lows(design))


def _free(design: Design, x: FloatArray, sigma: float) -> tuple[float, FloatArray, float]:
    """Deviance with s given, its slopes by the numbers of the factors and by ln s."""
    at = profile(design, factors_of(x, design), restricted=False)
    freedom = freedom_of(design, restricted=False)
    logs = at.deviance - freedom * (1.0 + float(np.log(2.0 * np.pi * at.variance)))
    deviance = logs + freedom * float(np.log(2.0 * np.pi * sigma**2)) + at.squares / sigma**2
    slopes = at.determinant_slopes + at.square_slopes / sigma**2
    return deviance, slopes, 2.0 * freedom - 2.0 * at.squares / sigma**2


def _at_residual(fit: MixedFit, sigma: float) -> float:
    """The least deviance with the residual SD held."""

    def cost(x: FloatArray) -> tuple[float, FloatArray]:
        deviance, slopes, _ = _free(fit.design, x, sigma)
        return deviance, slopes

    return _least(cost, fit.found.factors.numbers, _lows(fit.design))


def _first(fit: MixedFit, place: int) -> tuple[Design, FloatArray]:
    """The same model with one random column first of its level and that level first; its numbers there."""
    design, factors, k = fit.design, fit.found.factors, len(fit.design.inner)
    upper = place >= k
    columns, factor = (design.outer, factors.outer) if upper else (design.inner, factors.inner)
    order = [place - k * upper, *(i for i in range(len(columns)) if i != place - k * upper)]
    spread = (factor @ factor.T)[np.ix_(order, order)]
    root = np.linalg.cholesky(spread + 1e-12 * np.trace(spread) * np.eye(len(order)) + 1e-18 * np.eye(len(order)))
    moved = tuple(columns[i] for i in order)
    turned = replace(design, outer=moved) if upper else replace(design, inner=moved)
    both = Factors(inner=factors.inner, outer=root) if upper else Factors(inner=root, outer=factors.outer)
    first = k * (k + 1) // 2 if upper else 0
    numbers = both.numbers
    return turned, np.concatenate(
        [numbers[first : first + 1], numbers, [float(np.log(np.sqrt(fit.found.at.variance)))]]
    )


def _at_spread(design: Design, start: FloatArray) -> Callable[[float], float]:
    """The least deviance as a function of the SD of the column that stands first; start: as _first gives it."""
    on_diagonal = diagonal_of(design)
    k = len(design.inner)
    numbers = start[1:-1]
    place = 0 if numbers[0] == start[0] else k * (k + 1) // 2
    others = np.arange(len(numbers)) != place
    low: list[float | None] = [0.0 if each else None for each in on_diagonal[others]]

    def held(sd: float) -> float:
        def cost(free: FloatArray) -> tuple[float, FloatArray]:
            sigma = float(np.exp(free[-1]))
            x = np.empty(len(numbers))
            x[others], x[place] = free[:-1], sd / sigma
            deviance, slopes, by_log = _free(design, x, sigma)
            return deviance, np.append(slopes[others], by_log - slopes[place] * x[place])

        return _least(
            cost, np.append(np.where(on_diagonal, np.maximum(numbers, 1e-3), numbers)[others], start[-1]), [*low, None]
        )

    return held
