"""Consistency: how much a client's ratings usually swing from session to session, and how that compares."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincc, gammaincinv

from holdfast.alliance.prior import Prior
from holdfast.errors import MethodError
from holdfast.stats import filter_level
from holdfast.stats.arrays import FloatArray, IntArray, as_series, freeze

FEW_SESSIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """Per client (N,): swing, the usual departure of a rating from the client's own moving level (an SD, in points),
    with its interval; higher is less steady. place: the share of the archive that is steadier, with its interval (ends
    of the swing's interval). sessions: rated. All nan only where the prior says nothing; read only."""

    swing: FloatArray
    low: FloatArray
    high: FloatArray
    place: FloatArray
    place_low: FloatArray
    place_high: FloatArray
    sessions: IntArray
    confidence: float
    prior: Prior
    method: str
    doubts: tuple[str, ...]


def consistency(scores: ArrayLike, *, prior: Prior, confidence: float = 0.95) -> Consistency:
    """How steady each client's ratings are, after what their level drifted, pulled towards the archive.

    Rule: the filter without down-weighting leaves S on n degrees of freedom, the prior's n0 and S0 among them (Smyth's
    (n0*S0 + d*s^2)/(n0 + d) with one-step forecast errors as the squares); swing = sqrt(S), its interval from
    n*S/chi2_n. place = P(V < S) over the archive, V = n0*S0/chi2_n0.
    Meaning: the usual swing from session to session; a wide one is a fact about the course, not a fault of anybody.
    Shapes: scores (N, T), missing nan. Raises MethodError as the filter does, or for a confidence outside 0 to 1.
    Source: West & Harrison (the filter); Smyth 2004 (shrinking variances); the exact posterior if the model holds.
    """
    if not 0.0 < confidence < 1.0:
        raise MethodError("The confidence is {confidence}. It lies between 0 and 1.", confidence=confidence)
    series = as_series(scores)
    rated = np.sum(~np.isnan(series), axis=1)
    n = prior.degrees_of_freedom + rated
    state = filter_level(series, prior=prior, robust=None)
    variance = state.variance[:, -1] if series.shape[1] else np.full(len(series), prior.variance)
    tail = (1.0 - confidence) / 2.0
    low, high = (n * variance / (2.0 * gammaincinv(n / 2.0, share)) for share in (1.0 - tail, tail))
    place, place_low, place_high = (_below(ends, prior) for ends in (variance, low, high))
    few = int(np.sum(rated < FEW_SESSIONS))
    doubts = [*prior.doubts]
    if few:
        doubts.append(
            f"{few} of {len(series)} clients have fewer than {FEW_SESSIONS} rated sessions; "
            "their swing rests on the archive more than on them."
        )
    return Consistency(
        swing=freeze(np.sqrt(variance)),
        low=freeze(np.sqrt(low)),
        high=freeze(np.sqrt(high)),
        place=freeze(place),
        place_low=freeze(place_low),
        place_high=freeze(place_high),
        sessions=freeze(rated.astype(np.int64)),
        confidence=confidence,
        prior=prior,
        method="posterior variance of the level filter, exact chi-square interval",
        doubts=tuple(doubts),
    )


def _below(variance: FloatArray, prior: Prior) -> FloatArray:
    """The share of the archive with a smaller variance."""
    return np.asarray(
        gammaincc(prior.degrees_of_freedom / 2.0, prior.degrees_of_freedom * prior.variance / (2.0 * variance)),
        dtype=np.float64,
    )
