"""Where a new client's ratings are expected to lie, before the first one: from an archive, or from the scale alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import as_series
from holdfast.stats.fit import fit_level_prior
from holdfast.stats.level import LevelPrior

FEWEST_CLIENTS = 30
FEWEST_RATINGS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior(LevelPrior):
    """A starting point of the filter that says where it comes from.

    calibrated: learned from an archive of the same score; source: one sentence; doubts: what limits it.
    """

    calibrated: bool
    source: str
    doubts: tuple[str, ...] = ()


def prior_for_range(low: float, high: float) -> Prior:
    """The starting point when there is no archive: from the lowest and highest possible score alone.

    Rule: m0 = low + 75 % of the range; S0 = (10 % of the range)^2/4, that is a within-person SD of 5 % of the range;
    C0 = 9, that is a between-person SD of 15 % of the range; n0 = 4; q = .05 (decision 0011).
    Meaning: uncalibrated; nobody has checked that a signal comes as rarely here as the rule says.
    Units: points of the scale. Raises MethodError unless low < high.
    """
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        raise MethodError("A score cannot run from {low} to {high}. Give the lowest score first.", low=low, high=high)
    extent = high - low
    return Prior(
        level=low + 0.75 * extent,
        level_ratio=9.0,
        degrees_of_freedom=4.0,
        variance=(0.1 * extent) ** 2 / 4.0,
        drift=0.05,
        calibrated=False,
        source=f"The range of the scale alone, {low:g} to {high:g}.",
        doubts=("Uncalibrated: the starting point comes from the range of the scale, not from an archive.",),
    )


def learn_prior(scores: ArrayLike, *, low: float, high: float, steps: ArrayLike | None = None) -> Prior:
    """The starting point learned from an archive of finished or running courses of the same score.

    Rule: stats.fit_level_prior on the clients with at least 4 ratings; with fewer than 30 such clients, or ratings
    that do not differ, prior_for_range instead, with a doubt that says so.
    Shapes: scores and steps (N, T), missing nan; low and high in points. Raises MethodError as the two do.
    Source: science of the detector, empirical Bayes (docs/explanation/the-detector.md).
    """
    series = as_series(scores)
    fallback = prior_for_range(low, high)
    enough = (~np.isnan(series)).sum(axis=1) >= FEWEST_RATINGS
    count = int(enough.sum())
    if count < FEWEST_CLIENTS:
        why = f"Only {count} clients have {FEWEST_RATINGS} ratings or more; an archive needs {FEWEST_CLIENTS}."
        return _with_doubt(fallback, why)
    chosen = series[enough]
    if np.nanmin(chosen) == np.nanmax(chosen):
        return _with_doubt(fallback, "All ratings of the archive are the same; nothing can be learned from them.")
    fitted = fit_level_prior(chosen, steps=None if steps is None else np.atleast_2d(np.asarray(steps))[enough])
    return Prior(
        level=fitted.level,
        level_ratio=fitted.level_ratio,
        degrees_of_freedom=fitted.degrees_of_freedom,
        variance=fitted.variance,
        drift=fitted.drift,
        calibrated=True,
        source=f"Learned from {count} clients with {int((~np.isnan(chosen)).sum())} ratings.",
    )


def _with_doubt(prior: Prior, why: str) -> Prior:
    """The same prior with one more reason for caution, first."""
    return Prior(
        level=prior.level,
        level_ratio=prior.level_ratio,
        degrees_of_freedom=prior.degrees_of_freedom,
        variance=prior.variance,
        drift=prior.drift,
        calibrated=prior.calibrated,
        source=prior.source,
        doubts=(why, *prior.doubts),
    )
