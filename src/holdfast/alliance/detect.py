"""Which ratings are lower than a pair's own history leads one to expect, and which slide slowly."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.prior import Prior
from holdfast.alliance.rule import Rule
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray, as_series, freeze
from holdfast.stats.cusum import one_sided_cusum
from holdfast.stats.level import LevelFilter, filter_level
from holdfast.stats.student import student_quantile

METHOD = "local-level-forecast-tail"
KNOWN_RATE = {0.02: 0.0222, 0.005: 0.0059}  # with robust 2.5, data drawn from the prior itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What the detector says about each rating; arrays are (N, T), read only, one row per client.

    scores as given; expected and [low, high]: what earlier ratings lead one to expect, and the central 1 - 2*alpha
    range (given for unrated sessions too); p: how often a rating this low comes up when nothing has happened (nan
    if unrated); acute: p < alpha; cusum, erosion, onset: the slide detector, its signals, the column where a slide
    began (-1: none); states: the filter behind it. false_alarm_rate: acute signals per session if nothing has happened.
    """

    scores: FloatArray
    expected: FloatArray
    low: FloatArray
    high: FloatArray
    p: FloatArray
    acute: BoolArray
    cusum: FloatArray
    erosion: BoolArray
    onset: IntArray
    states: LevelFilter
    prior: Prior
    rule: Rule
    method: str
    false_alarm_rate: float
    doubts: tuple[str, ...]


def detect(scores: ArrayLike, *, prior: Prior, rule: Rule | None = None, steps: ArrayLike | None = None) -> Detection:
    """Compare every rating with the range that the earlier ratings of the same client lead one to expect.

    Rule: acute signal when the forecast tail p of stats.filter_level falls below alpha; erosion signal when the CUSUM
    W = max(0, W - u - slack) of its normal scores u, from the second rating on, passes its limit (then W = 0). Neither
    before the first_alarm-th rating.
    Meaning: a signal is an unusual drop in a rating, not an observed rupture; no signal is no green light. If nothing
    happens and robust is None, a share alpha of sessions is signalled all the same.
    Shapes: scores (N, T) or (T,), higher is better, missing nan; steps (N, T), time since the column before (None: 1).
    Raises MethodError for arrays of other shapes or infinite values.
    Source: West & Harrison (filter), Page 1954 (CUSUM); the combination is ours (docs/explanation/the-detector.md).
    """
    rule = rule or Rule()
    series = as_series(scores)
    states = filter_level(series, prior=prior, robust=rule.robust, steps=steps)
    rated = ~np.isnan(series)
    count = np.cumsum(rated, axis=1)
    half = _half_width(states, count - rated, prior, rule)
    later = np.where(count >= 2, states.normal_score, np.nan)
    path = one_sided_cusum(later, slack=rule.slack, limit=rule.limit, first_alarm=rule.first_alarm - 1)
    return Detection(
        scores=freeze(series.copy()),
        expected=states.forecast,
        low=freeze(states.forecast - half),
        high=freeze(states.forecast + half),
        p=states.p,
        acute=freeze((states.p < rule.alpha) & (count >= rule.first_alarm)),
        cusum=path.value,
        erosion=path.alarm,
        onset=path.onset,
        states=states,
        prior=prior,
        rule=rule,
        method=METHOD,
        false_alarm_rate=rule.alpha,
        doubts=_doubts(count, prior, rule),
    )


def _half_width(states: LevelFilter, earlier: IntArray, prior: Prior, rule: Rule) -> FloatArray:
    """Half the width of the expected range; the quantile depends on the number of earlier ratings alone."""
    freedom = prior.degrees_of_freedom + np.arange(earlier.shape[1] + 1)
    quantile = -student_quantile(rule.alpha, freedom)
    return np.asarray(quantile[earlier] * states.scale, dtype=np.float64)


def _doubts(count: IntArray, prior: Prior, rule: Rule) -> tuple[str, ...]:
    """Plain sentences that limit the result."""
    ratings = count[:, -1] if count.shape[1] else np.zeros(len(count), dtype=np.int64)
    return (*_doubts_of_length(ratings, prior), *prior.doubts, *_doubts_of_rate(rule))


def _doubts_of_length(ratings: IntArray, prior: Prior) -> tuple[str, ...]:
    """The prior counts as many ratings as its degrees of freedom; a shorter course leans on it more than on itself."""
    short = int((ratings <= prior.degrees_of_freedom).sum())
    if not short:
        return ()
    if len(ratings) == 1:
        number = int(ratings[0])
        sessions = "1 session" if number == 1 else f"{number} sessions"
        rests = "the expected range rests on the prior more than on this pair."
        return (f"Only {sessions}; {rests}" if number else f"No rated session; {rests}",)
    return (f"{short} of {len(ratings)} clients have so few sessions that the expected range rests on the prior more.",)


def _doubts_of_rate(rule: Rule) -> tuple[str, ...]:
    """With down-weighting the stated rate is nominal."""
    if rule.robust is None:
        return ()
    known = KNOWN_RATE.get(rule.alpha) if rule.robust == 2.5 else None
    seen = f"{known:.4f} at nominal {rule.alpha:g} in simulation" if known else f"nominal {rule.alpha:g}"
    return (f"Extreme ratings are weighted down, so the false-alarm rate is approximate: {seen}.",)
