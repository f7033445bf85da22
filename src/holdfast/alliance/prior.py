"""Where a new client's ratings are expected to lie, before the first one: from an archive, or from the scale alone."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from holdfast.alliance.scale import RatingScale
from holdfast.stats.level import LevelPrior

METHODS = {
    "marginal-likelihood": "fitted to an archive by marginal likelihood",
    "variances-alone": "put together from an archive's variances",
    "range-alone": "taken from the range of the scale alone, uncalibrated",
    "given": "given as numbers",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prior(LevelPrior):
    """A starting point of the filter that says where it comes from.

    calibrated: learned from an archive of the same score; source: one sentence; doubts: what limits it; method:
    "marginal-likelihood", "variances-alone", "range-alone" or "given"; clients, ratings: how many it was learned from;
    intervals: the 95 % interval of each number that has one, by its name; scale: the possible scores, if known; score:
    what they are called; simulated: whether the archive was.
    """

    calibrated: bool
    source: str
    doubts: tuple[str, ...] = ()
    method: str = "given"
    clients: int = 0
    ratings: int = 0
    intervals: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    scale: RatingScale | None = None
    score: str = ""
    simulated: bool = False

    @property
    def ceiling(self) -> float:
        """The lowest score that rounds to the highest one; none without a scale."""
        return np.inf if self.scale is None else self.scale.high - (self.scale.step or 0.0) / 2.0

    @property
    def sentence(self) -> str:
        """The prior named in one sentence, for beside a detection."""
        if self.method == "range-alone":
            source = self.source[:1].lower() + self.source[1:].removesuffix(".")
            return f"Expectation starts from {source}; it is uncalibrated."
        simulated = " The archive is simulated." if self.simulated else ""
        return f"Expectation starts from a prior {METHODS.get(self.method, self.method)}. {self.source}{simulated}"


def prior_for_range(low: float, high: float, *, step: float | None = None) -> Prior:
    """The starting point when there is no archive: from the lowest and highest possible score alone.

    Rule: m0 = low + 75 % of the range; S0 = (10 % of the range)^2/4, that is a within-person SD of 5 % of the range;
    C0 = 9, that is a between-person SD of 15 % of the range; n0 = 4; q = .05 (decision 0011).
    Meaning: uncalibrated; nobody has checked that a signal comes as rarely here as the rule says.
    Units: points of the scale. Raises MethodError unless low < high, or for a step that does not lead from low to high.
    """
    scale = RatingScale(low=low, high=high, step=step)
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
        method="range-alone",
        scale=scale,
    )
