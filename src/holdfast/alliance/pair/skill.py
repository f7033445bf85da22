"""Predictions against the simplest other prediction there is: the client's own usual rating until then."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from holdfast.alliance.pair.ratings import same_sessions
from holdfast.stats import Estimate
from holdfast.stats.arrays import FloatArray, IntArray, freeze

FEW_DYADS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill:
    """1 - mean square of the predictions' misses over that of the usual's; 0: as near as the client's usual, 1: exact.

    overall with its interval (nan with fewer than 2 dyads); own, low, high (N,): each dyad's, shrunken (nan without a
    session to compare); sessions (N,): compared; doubts.
    """

    overall: Estimate
    own: FloatArray
    low: FloatArray
    high: FloatArray
    sessions: IntArray
    doubts: tuple[str, ...]


def skill_of(rating: FloatArray, guess: FloatArray, *, confidence: float) -> Skill:
    """How much nearer predictions come than the client's usual, the mean of all earlier ratings.

    Rule: overall 1 - R, R = sum P / sum U over dyads (squares of misses), its error from the ratio's linear form over
    dyads. Each dyad: l = ln(P/U) with sampling variance 4 (1 - r^2)/m (m sessions, r the correlation of both misses);
    l is shrunken to the weighted mean with the DerSimonian and Laird variance between dyads; own = 1 - exp(l).
    Meaning: above 0, the therapist knew more about these sessions than the client's average tells.
    Shapes: (N, T), nan where not known. Source: skill scores of forecasting (Murphy 1988); the shrinking is ours.
    """
    count = np.cumsum(~np.isnan(rating), axis=1) - ~np.isnan(rating)
    total = np.cumsum(np.nan_to_num(rating), axis=1) - np.nan_to_num(rating)
    with np.errstate(invalid="ignore", divide="ignore"):
        usual = np.where(count > 0, total / count, np.nan)
    missed, plain = same_sessions(guess - rating, usual - rating)
    m = np.sum(~np.isnan(missed), axis=1)
    p, u = np.nansum(missed**2, axis=1), np.nansum(plain**2, axis=1)
    usable = (m > 0) & (p > 0.0) & (u > 0.0)
    n, half = int(usable.sum()), float(ndtri((1.0 + confidence) / 2.0))
    own = np.full((3, len(rating)), np.nan)
    if n < 2:
        unknown = Estimate(value=np.nan, error=np.nan, low=np.nan, high=np.nan)
        doubt = ("Fewer than 2 dyads can be compared with the client's usual: the skill is unknown.",)
        return Skill(overall=unknown, own=own[0], low=own[1], high=own[2], sessions=freeze(m), doubts=doubt)
    ratio = float(p.sum() / u.sum())
    error = float(np.sqrt(n / (n - 1.0) * np.sum((p - ratio * u)[m > 0] ** 2)) / u.sum())
    r = float(np.nansum(missed * plain) / np.sqrt(p.sum() * u.sum()))
    own[:, usable] = _shrunken(np.log(p[usable] / u[usable]), 4.0 * (1.0 - min(r * r, 0.99)) / m[usable], half)
    doubts = (
        () if n >= FEW_DYADS else (f"Only {n} dyads to compare with the client's usual: the interval is too narrow.",)
    )
    return Skill(
        overall=Estimate(
            value=1.0 - ratio, error=error, low=1.0 - ratio - half * error, high=1.0 - ratio + half * error
        ),
        own=freeze(own[0]),
        low=freeze(own[1]),
        high=freeze(own[2]),
        sessions=freeze(m),
        doubts=doubts,
    )


def _shrunken(log_ratio: FloatArray, variance: FloatArray, half: float) -> FloatArray:
    """Skill and its interval (3, n) from log ratios pulled to their weighted mean."""
    w = 1.0 / variance
    mean = float(np.sum(w * log_ratio) / w.sum())
    excess = float(np.sum(w * (log_ratio - mean) ** 2)) - (len(w) - 1)
    between = max(0.0, excess / float(w.sum() - np.sum(w * w) / w.sum()))
    again = 1.0 / (variance + between)
    centre = float(np.sum(again * log_ratio) / again.sum())
    pull = variance / (variance + between)
    value = pull * centre + (1.0 - pull) * log_ratio
    spread = half * np.sqrt((1.0 - pull) * variance + pull**2 / again.sum())
    return np.asarray(1.0 - np.exp([value, value + spread, value - spread]))
