"""Bayesian online change points: how long each series has been as it is now, value by value."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import logsumexp

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, IntArray, as_series, freeze
from holdfast.stats.student import student_log_density


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPrior:
    """What is believed of one stretch between changes: its mean and variance are Normal-inverse-gamma.

    mean mu0 in points; mean_weight k0, how many values it counts as; shape a0 and scale b0 (points squared) of the
    variance. Raises MethodError unless the last three are above 0.
    """

    mean: float = 0.0
    mean_weight: float = 1.0
    shape: float = 2.0
    scale: float = 2.0

    def __post_init__(self) -> None:
        """Refuse a prior that is no distribution."""
        for name in ("mean_weight", "shape", "scale"):
            if not 0.0 < getattr(self, name) < np.inf:
                raise MethodError(
                    "The prior's {name} is {number}. It has to be above 0.", name=name, number=getattr(self, name)
                )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangePoints:
    """What is known after each value. run_length (N, T, T + 1): the probability that the present stretch holds 0, 1, …
    values so far (0: a change right after this value); log_evidence (N, T): of all values so far; most_likely (N, T):
    the likeliest run length above 0, in values (0 before the first)."""

    run_length: FloatArray
    log_evidence: FloatArray
    most_likely: IntArray


def change_points(y: ArrayLike, *, prior: SegmentPrior, hazard: float) -> ChangePoints:
    """The probability of every run length after every value, all series at once.

    Formula: p(r_t = r + 1, y_1:t) = p(r_t-1 = r, y_1:t-1)*pi_r*(1 - H) and p(r_t = 0, y_1:t) = sum over r of
    p(r_t-1 = r, y_1:t-1)*pi_r*H, with pi_r = Student's density of y_t with 2a degrees of freedom around mu, scale
    sqrt(b*(k + 1)/(a*k)); then k + 1, mu + (y - mu)/(k + 1), a + 1/2, b + k*(y - mu)^2/(2(k + 1)). A missing value
    changes nothing. Shapes: y (N, T), missing nan. Units: hazard, the chance of a change after each value.
    Raises MethodError unless 0 < hazard < 1. Source: Adams & MacKay 2007.
    """
    if not 0.0 < hazard < 1.0:
        raise MethodError("The hazard is {hazard}. It lies between 0 and 1.", hazard=hazard)
    series = as_series(y)
    number, length = series.shape
    joint = np.full((number, length + 1), -np.inf)
    joint[:, 0] = 0.0
    known = [np.full((number, length + 1), start) for start in (prior.mean, prior.scale)]
    count = np.arange(length + 1.0)
    run_length = np.empty((number, length, length + 1))
    evidence = np.empty((number, length))
    for t in range(length):
        now = series[:, t, np.newaxis]
        seen = ~np.isnan(now)
        grown, learned = _step(now, joint, known, (prior.mean_weight + count, prior.shape + count / 2.0), hazard)
        joint = np.where(seen, grown, joint)
        for each, (old, new, start) in enumerate(zip(known, learned, (prior.mean, prior.scale), strict=True)):
            known[each] = np.where(seen, np.concatenate([np.full((number, 1), start), new[:, :-1]], axis=1), old)
        evidence[:, t] = logsumexp(joint, axis=1)
        run_length[:, t] = np.exp(joint - evidence[:, t, np.newaxis])
    longest = np.argmax(run_length[:, :, 1:], axis=2) + 1 if length else np.zeros((number, 0))
    begun = np.cumsum(~np.isnan(series), axis=1) > 0
    return ChangePoints(
        run_length=freeze(run_length),
        log_evidence=freeze(evidence),
        most_likely=freeze(np.where(begun, longest, 0).astype(np.int64)),
    )


def _step(
    now: FloatArray,
    joint: FloatArray,
    known: list[FloatArray],
    counted: tuple[FloatArray, FloatArray],
    hazard: float,
) -> tuple[FloatArray, tuple[FloatArray, FloatArray]]:
    """One value: the joint of every run length after it, and what each run has learned of mean and scale."""
    (mean, scale), (weight, shape) = known, counted
    spread = np.sqrt(scale * (weight + 1.0) / (shape * weight))
    away = now - mean
    told = joint + student_log_density(away / spread, 2.0 * shape) - np.log(spread)
    grown = np.empty_like(joint)
    grown[:, 1:] = told[:, :-1] + np.log1p(-hazard)
    grown[:, 0] = logsumexp(told, axis=1) + np.log(hazard)
    return grown, (mean + away / (weight + 1.0), scale + weight * away * away / (2.0 * (weight + 1.0)))
