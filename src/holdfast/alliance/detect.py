"""Which ratings are lower than a pair's own history leads one to expect, and which slide slowly."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.breaks import Breaks, break_codes, count_since
from holdfast.alliance.doubts import doubts_of
from holdfast.alliance.prior import Prior
from holdfast.alliance.rule import Rule
from holdfast.alliance.scale import Forecast, shown_range
from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray, as_series, as_steps, freeze
from holdfast.stats.cusum import one_sided_cusum
from holdfast.stats.level import LevelFilter, filter_level, prior_of
from holdfast.stats.student import forecast_freedom, normal_score, student_quantile

METHOD = "local-level-forecast-tail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """What the detector says about each rating; arrays are (N, T), read only, one row per client.

    scores as given; expected and [low, high]: what earlier ratings lead one to expect, and the central 1 - 2*alpha
    range (given for unrated sessions too); p: how often a rating this low comes up when nothing has happened (nan
    if unrated); acute: p < alpha; cusum, erosion, onset: the slide detector, its signals, the column where a slide
    began (-1: none); states: the filter behind it. false_alarm_rate: acute signals per session if nothing has happened.
    prior and priors: where expectation starts, the first and all; steps as given; starts: the codes of the breaks, and
    segment: how many of them lie before each session (None: there are none).
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
    priors: tuple[Prior, ...]
    steps: FloatArray | None
    starts: IntArray | None
    segment: IntArray | None
    rule: Rule
    method: str
    false_alarm_rate: float
    doubts: tuple[str, ...]

    @property
    def starting_point(self) -> str:
        """One sentence for each prior that was used: what kind it is, and from whom it was learned."""
        return " ".join(prior.sentence for prior in self.priors)


def detect(
    scores: ArrayLike,
    *,
    prior: Prior | Sequence[Prior],
    rule: Rule | None = None,
    steps: ArrayLike | None = None,
    breaks: Breaks | ArrayLike | None = None,
) -> Detection:
    """Compare every rating with the range that the earlier ratings of the same client lead one to expect.

    Rule: acute signal when the forecast tail p of stats.filter_level (the mid-p where the scale has steps) falls below
    alpha; erosion signal when the CUSUM W = max(0, W - u - slack) of its normal scores u, from the second rating on,
    passes its limit (then W = 0). Neither before the first_alarm-th rating. At a break (another therapist or
    instrument) level, CUSUM and count of ratings begin anew, and what is known of the client's variance stays.
    Meaning: a signal is an unusual drop in a rating, not an observed rupture; no signal is no green light. If nothing
    happens and robust is None, a share alpha of sessions is signalled all the same.
    Shapes: scores (N, T) or (T,), higher is better, missing nan; steps (N, T), time since the column before (None: 1);
    breaks: a Breaks, or (N, T) yes where another therapist begins; prior: one, or one for each instrument.
    Raises MethodError for arrays of other shapes, infinite values or an instrument without a prior.
    Source: West & Harrison (filter), Page 1954 (CUSUM); the combination is ours (docs/explanation/the-detector.md).
    """
    rule = rule or Rule()
    series = as_series(scores)
    priors = (prior,) if isinstance(prior, Prior) else tuple(prior)
    if not priors:
        raise MethodError("No prior was given. Give one, or one for each instrument.")
    codes = break_codes(breaks, series, priors=len(priors))
    states = filter_level(
        series, prior=priors, robust=rule.robust, consistent=rule.consistent, steps=steps, starts=codes
    )
    rated = ~np.isnan(series)
    which = None if codes is None else prior_of(codes)
    states = _in_steps(states, series, priors, which)
    count = count_since(rated, codes)
    path = one_sided_cusum(
        np.where(count >= 2, states.normal_score, np.nan),
        slack=rule.slack,
        limit=rule.limit,
        first_alarm=rule.first_alarm - 1,
        starts=None if codes is None else codes != 0,
    )
    expected, low, high = _expected_range(states, rated, priors, which, alpha=rule.alpha)
    return Detection(
        scores=freeze(series.copy()),
        expected=freeze(expected),
        low=freeze(low),
        high=freeze(high),
        p=states.p,
        acute=freeze((states.p < rule.alpha) & (count >= rule.first_alarm)),
        cusum=path.value,
        erosion=path.alarm,
        onset=path.onset,
        states=states,
        prior=priors[0],
        priors=priors,
        steps=as_steps(steps, series),
        starts=codes,
        segment=None if codes is None else freeze(np.cumsum(codes != 0, axis=1, dtype=np.int64)),
        rule=rule,
        method=METHOD,
        false_alarm_rate=rule.alpha,
        doubts=doubts_of(rated.sum(axis=1), priors, rule),
    )


def _in_steps(states: LevelFilter, scores: FloatArray, priors: Sequence[Prior], which: IntArray | None) -> LevelFilter:
    """The same states with the mid-p in place of the tail where the steps of a scale are known."""
    p = states.p
    before = Forecast(location=states.forecast, spread=states.scale, degrees_of_freedom=states.forecast_freedom)
    for number, prior in enumerate(priors):
        if prior.scale is not None and prior.scale.step is not None:
            middle = before.mid_tail(scores, prior.scale)
            p = middle if which is None else np.where(which == number, middle, p)
    if p is states.p:
        return states
    return replace(states, p=freeze(p), normal_score=freeze(normal_score(p)))


def _expected_range(
    states: LevelFilter, rated: BoolArray, priors: Sequence[Prior], which: IntArray | None, *, alpha: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Expected, low and high of each session; the quantile depends on the prior and on how many ratings came before."""
    earlier: IntArray = np.cumsum(rated, axis=1, dtype=np.int64) - rated
    found = None
    for number, prior in enumerate(priors):
        freedom = forecast_freedom(prior.degrees_of_freedom + np.arange(earlier.shape[1] + 1.0), prior.tails)
        before = Forecast(location=states.forecast, spread=states.scale, degrees_of_freedom=states.forecast_freedom)
        half = -student_quantile(alpha, freedom)[earlier] * states.scale
        own = shown_range(before, half, scale=prior.scale, alpha=alpha)
        found = own if found is None else _where(which == number, own, found)
    return found if found is not None else (states.forecast, states.forecast, states.forecast)


def _where(
    here: BoolArray | bool, own: tuple[FloatArray, FloatArray, FloatArray], other: tuple[FloatArray, ...]
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """The three arrays of one prior where it is in force, else those found before."""
    low, middle, high = (np.where(here, one, two) for one, two in zip(own, other, strict=True))
    return low, middle, high
