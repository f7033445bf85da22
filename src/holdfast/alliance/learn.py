"""The starting point learned from an archive: by likelihood, from variances alone, or not at all."""

from collections.abc import Mapping
from dataclasses import fields, replace

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.prior import Prior, prior_for_range
from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, as_series, as_steps
from holdfast.stats.fit import LevelFit, fit_level_prior
from holdfast.stats.level import LevelPrior
from holdfast.stats.moments import moment_prior

FEWEST_CLIENTS = 10
FEW_CLIENTS = 30  # with fewer the rate itself is known but roughly
FEWEST_RATINGS = 4
LIKELIHOOD, VARIANCES, RANGE, AUTO = "marginal-likelihood", "variances-alone", "range-alone", "auto"
WITH_FEW = "with fewer than 30 the rate at nominal .02 lay between .007 and .064 in simulation."
WORDS = {
    "level": "level",
    "level_ratio": "level ratio",
    "degrees_of_freedom": "degrees of freedom",
    "variance": "variance",
    "drift": "drift",
    "rise": "early rise",
    "tails": "tails",
}


def learn_prior(
    scores: ArrayLike,
    *,
    low: float,
    high: float,
    step: float | None = None,
    steps: ArrayLike | None = None,
    method: str = AUTO,
) -> Prior:
    """The starting point learned from an archive of finished or running courses of the same score.

    Rule: of the clients with at least 4 ratings. 10 or more: "marginal-likelihood" (stats.fit_level_prior, each number
    with its 95 % interval), or, where the likelihood has no clear maximum, "variances-alone" (stats.moment_prior).
    Fewer clients, or ratings that do not differ: "range-alone" (prior_for_range), uncalibrated. A method can be asked
    for by name. Ratings at the highest possible score say nothing of how restless a client's ratings are.
    Meaning: doubts say why a lesser way was taken, and which number stands at its bound.
    Shapes: scores and steps (N, T), missing nan; low, high and step in points. Raises MethodError as these do.
    Source: science of the detector, empirical Bayes (docs/explanation/the-detector.md).
    """
    if method not in (AUTO, LIKELIHOOD, VARIANCES, RANGE):
        raise MethodError(
            "No prior is learned by `{method}`. Ask for auto, marginal-likelihood, variances-alone or range-alone.",
            method=method,
        )
    series = as_series(scores)
    time = as_steps(steps, series)
    fallback = prior_for_range(low, high, step=step)
    enough = (~np.isnan(series)).sum(axis=1) >= FEWEST_RATINGS
    chosen, time = series[enough], None if time is None else time[enough]
    why = _too_little(chosen, fallback.ceiling)
    if method == RANGE:
        return fallback
    if why:
        return replace(fallback, doubts=(why, *fallback.doubts))
    if method == VARIANCES:
        return _from_variances(chosen, fallback, time)
    fit = fit_level_prior(chosen, steps=time, ceiling=fallback.ceiling)
    if method == AUTO and "level" not in fit.intervals:
        return _from_variances(chosen, fallback, time)
    return _by_likelihood(fit, fallback, clients=len(chosen))


def _too_little(chosen: FloatArray, ceiling: float) -> str:
    """Why nothing can be learned; empty if something can."""
    if len(chosen) < FEWEST_CLIENTS:
        return f"Only {len(chosen)} clients have {FEWEST_RATINGS} ratings or more; an archive needs {FEWEST_CLIENTS}."
    free = chosen < ceiling
    spread = np.where(free, chosen, -np.inf).max(axis=1) - np.where(free, chosen, np.inf).min(axis=1)
    varying = int(((free.sum(axis=1) >= FEWEST_RATINGS - 1) & (spread > 0.0)).sum())
    if varying < FEWEST_CLIENTS:
        return f"Only {varying} clients have ratings that differ; an archive needs {FEWEST_CLIENTS}."
    return ""


def _by_likelihood(fit: LevelFit, fallback: Prior, *, clients: int) -> Prior:
    """All six numbers at once, each with its interval."""
    doubts = _at_bound(fit.at_bound)
    flat = [WORDS[name] for name in WORDS if name not in fit.intervals and name not in fit.at_bound]
    flat = [name for name in flat if name != "tails" or np.isfinite(fit.prior.tails)]
    if flat:
        doubts += (f"The ratings hardly tell the {' and the '.join(flat)}; there is no interval.",)
    if clients < FEW_CLIENTS:
        doubts += (f"The prior rests on {clients} clients; {WITH_FEW}",)
    return _learned(fit.prior, fallback, (fit.series, fit.values), LIKELIHOOD, doubts, fit.intervals)


def _from_variances(chosen: FloatArray, fallback: Prior, steps: FloatArray | None) -> Prior:
    """Level, variances and drift one after the other, without intervals."""
    found = moment_prior(chosen, ceiling=fallback.ceiling)
    doubts: tuple[str, ...] = (f"The prior rests on the variances of {len(chosen)} clients and has no intervals.",)
    if found.usual_drift:
        doubts += ("The ratings do not tell how fast a level drifts; the usual .05 stands for it.",)
    if steps is not None and (steps[:, 1:] != 1.0).any():
        doubts += ("Gaps in time are not part of it; every session counts as one step.",)
    if found.left_out:
        doubts += (f"{found.left_out} clients whose ratings never differ are not part of it.",)
    size = (len(chosen), int((~np.isnan(chosen)).sum()))
    return _learned(found.prior, fallback, size, VARIANCES, (*doubts, *_at_bound(found.at_bound)), {})


def _at_bound(names: tuple[str, ...]) -> tuple[str, ...]:
    """A sentence for each number that stands at its bound."""
    return tuple(f"The {WORDS[name]} stands at the bound of its search; it has no interval." for name in names)


def _learned(
    numbers: LevelPrior,
    fallback: Prior,
    size: tuple[int, int],
    method: str,
    doubts: tuple[str, ...],
    intervals: Mapping[str, tuple[float, float]],
) -> Prior:
    """The numbers with where they come from."""
    return replace(
        fallback,
        **{each.name: getattr(numbers, each.name) for each in fields(LevelPrior)},
        calibrated=True,
        source=f"Learned from {size[0]} clients with {size[1]} ratings.",
        doubts=doubts,
        method=method,
        clients=size[0],
        ratings=size[1],
        intervals=intervals,
    )
