"""Attunement: how near the therapist's predictions come to the client's ratings, and whether they come nearer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.pair.ratings import doublings, dyads_of, own_values, same_sessions
from holdfast.alliance.pair.skill import Skill, skill_of
from holdfast.errors import MethodError
from holdfast.stats import Estimate, MixedFit, MixedSettings, fit_mixed
from holdfast.stats.arrays import FloatArray, as_series, freeze

FEW_SESSIONS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Attunement:
    """Predictions against ratings, in points; arrays are (N,), read only, nan for a dyad without a prediction.

    bias: mean of prediction less rating for the average dyad, own_bias and error: each dyad's, shrunken; first_miss:
    the usual distance at the first session; narrowing: its change per doubling of the session number (below 0: it
    shrinks); own_narrowing and error: shrunken; miss: each dyad's mean distance as it was; sessions: predicted and
    rated; skill: against predicting the client's usual; bias_model, miss_model: the fits; method, doubts.
    """

    bias: Estimate
    own_bias: FloatArray
    own_bias_error: FloatArray
    first_miss: Estimate
    narrowing: Estimate
    own_narrowing: FloatArray
    own_narrowing_error: FloatArray
    miss: FloatArray
    sessions: np.ndarray
    skill: Skill
    bias_model: MixedFit
    miss_model: MixedFit
    confidence: float
    method: str
    doubts: tuple[str, ...]


def attunement(client: ArrayLike, *, predicted: ArrayLike, confidence: float = 0.95) -> Attunement:
    """Compare the therapist's predictions with what the client then rated.

    Rule: gap = prediction - rating. Bias: gap = b + u_i + e. Distance: |gap| = c + d*log2(session) + own intercept and
    slope + e; both REML. Skill: see skill_of.
    Meaning: facts about predictions, for the therapist who made them; no grade. A dyad's own values are pulled towards
    the other dyads as far as it has few sessions.
    Shapes: both (N, T), missing nan; columns are sessions from the first. Raises MethodError for other shapes, or
    predictions too few or too even to fit.
    Source: ours; distances in a mixed model as in empathic accuracy (Atzil-Slonim et al. 2015 use signed ratings).
    """
    rating, guess = same_sessions(client, predicted)
    gap = guess - rating
    used = ~np.isnan(gap)
    group, ones = dyads_of(gap)[used], np.ones((int(used.sum()), 1))
    if not used.any():
        raise MethodError("No session has both a prediction and a rating. Give sessions that have both.")
    if np.ptp(np.flatnonzero(used.any(axis=0))) == 0:
        raise MethodError("All predictions are of the same session number. Whether they come nearer takes two or more.")
    settings = MixedSettings(confidence=confidence)
    bias = fit_mixed(gap[used], fixed=ones, group=group, settings=settings)
    columns = np.column_stack([ones, doublings(gap)[used]])
    miss = fit_mixed(np.abs(gap[used]), fixed=columns, random=columns, group=group, settings=settings)
    sessions = np.sum(used, axis=1)
    with np.errstate(invalid="ignore"):
        own_miss = np.nansum(np.abs(gap), axis=1) / sessions
    skill = skill_of(as_series(client), guess, confidence=confidence)
    own_bias, own_slope = own_values(bias, len(gap), 0), own_values(miss, len(gap), 1)
    few = int(np.sum(sessions < FEW_SESSIONS))
    doubts = [*bias.doubts, *miss.doubts, *skill.doubts]
    if few:
        doubts.append(
            f"{few} of {len(gap)} dyads have fewer than {FEW_SESSIONS} predictions; "
            "their own values rest on the other dyads more than on themselves."
        )
    doubts.append("Distances are skewed and the model takes them as normal: intervals of single dyads are approximate.")
    return Attunement(
        bias=bias.fixed[0],
        own_bias=own_bias[0],
        own_bias_error=own_bias[1],
        first_miss=miss.fixed[0],
        narrowing=miss.fixed[1],
        own_narrowing=own_slope[0],
        own_narrowing_error=own_slope[1],
        miss=freeze(np.asarray(own_miss, dtype=np.float64)),
        sessions=freeze(sessions),
        skill=skill,
        bias_model=bias,
        miss_model=miss,
        confidence=confidence,
        method="mixed models of gap and distance, REML; skill by log ratio of mean squares",
        doubts=tuple(dict.fromkeys(doubts)),
    )
