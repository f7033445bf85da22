"""One new session of one client in plain numbers: the state of the detector in, the next state and a verdict out."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache

from scipy.special import log_ndtr, ndtri, stdtr, stdtrit

from holdfast.alliance.prior import Prior
from holdfast.alliance.rule import Rule
from holdfast.alliance.scale import RatingScale
from holdfast.errors import MethodError
from holdfast.stats.recursion import FARTHEST
from holdfast.stats.student import SMALLEST_TAIL
from holdfast.stats.weights import variance_factors

PAGE = 64  # consistency factors are made for so many ratings at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveState:
    """All that the detector remembers of one client after a session. level m (without the rise), ratio C, variance S;
    counted: ratings behind S; rated: ratings since the latest break; place: 1 + time since the relationship began (0
    before the first session); cusum: W after a reset."""

    prior: Prior
    rule: Rule
    level: float
    ratio: float
    variance: float
    counted: int = 0
    rated: int = 0
    place: float = 0.0
    cusum: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the detector says of one session: expected and its range, p (None if unrated), acute, erosion, cusum W
    before a reset; as in Detection."""

    expected: float
    low: float
    high: float
    p: float | None
    acute: bool
    erosion: bool
    cusum: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The forecast of one session: location, spread, degrees of freedom; risen: the rise in it."""

    location: float
    spread: float
    freedom: float
    risen: float

    def tail(self, y: float) -> float:
        """The chance of a score at or below y."""
        return float(stdtr(self.freedom, (y - self.location) / self.spread))

    def mid_tail(self, y: float, scale: RatingScale, half: float) -> float:
        """The chance of a score below y, and half of that of y itself."""
        below = 0.0 if y < scale.low + half else self.tail(y - half)
        above = 1.0 if y > scale.high - half else self.tail(y + half)
        return (below + above) / 2.0


def begin(prior: Prior, *, rule: Rule | None = None) -> LiveState:
    """The state before a client's first session."""
    return LiveState(
        prior=prior, rule=rule or Rule(), level=prior.level, ratio=prior.level_ratio, variance=prior.variance
    )


def advance(
    state: LiveState,
    rating: float | None,
    *,
    step: float = 1.0,
    relationship: bool = False,
    prior: Prior | None = None,
) -> tuple[LiveState, Verdict]:
    """Take in one session; the same numbers as `detect` on the whole course, to 1e-12, in some microseconds.

    Rule, meaning and source: `detect`. rating None or nan: unrated; step: time since the session before; relationship:
    another therapist begins here; prior: another instrument begins here, judged by this prior.
    Raises MethodError for an infinite rating or a step that is negative or not finite.
    """
    seen = rating is not None and not math.isnan(rating)
    y = rating if rating is not None and seen else 0.0
    if math.isinf(y) or not 0.0 <= step < math.inf:
        raise MethodError(
            "A rating is infinite, or a step negative or unknown. Give plain numbers, 0 or more for steps."
        )
    before, R = _here(state, step, relationship=relationship, other=prior)
    n = before.prior.degrees_of_freedom + before.counted
    tails = before.prior.tails
    risen = before.prior.rise * math.log2(before.place) if before.prior.rise else 0.0
    outlook = Outlook(
        location=before.level + risen,
        spread=math.sqrt(before.variance * (R + 1.0)),
        freedom=n if tails == math.inf else 1.0 / (1.0 / n + 1.0 / tails),
        risen=risen,
    )
    if not seen:
        after, p = replace(before, ratio=R), None
    else:
        p = _p(outlook, y, before.prior)
        after = _updated(before, outlook, y - risen, R)
    return _judged(after, outlook, p)


def _here(state: LiveState, step: float, *, relationship: bool, other: Prior | None) -> tuple[LiveState, float]:
    """The state at this session, after whatever break there is, and R."""
    first = state.place == 0.0
    if first:
        prior = other or state.prior
        return replace(begin(prior, rule=state.rule), place=1.0), prior.level_ratio
    place = 1.0 if relationship else state.place + step
    if not relationship and (other is None or other == state.prior):
        return replace(state, place=place), state.ratio + state.prior.drift * step
    old, new = state.prior, other or state.prior
    n0 = old.degrees_of_freedom
    own = max((n0 + state.counted) * state.variance / old.variance - n0, 0.0)
    variance = new.variance * (new.degrees_of_freedom + own) / (new.degrees_of_freedom + state.counted)
    begun = replace(state, prior=new, level=new.level, variance=variance, rated=0, cusum=0.0, place=place)
    return begun, new.level_ratio


def _p(outlook: Outlook, y: float, prior: Prior) -> float:
    """The tail, the mid-p where the scale has steps, the middle of what is left at the ceiling."""
    if prior.scale is not None and prior.scale.step is not None:
        return outlook.mid_tail(y, prior.scale, prior.scale.step / 2.0)
    return (1.0 + outlook.tail(prior.ceiling)) / 2.0 if y >= prior.ceiling else outlook.tail(y)


def _updated(state: LiveState, outlook: Outlook, y: float, R: float) -> LiveState:
    """The state after a rating, by the recursion of stats.filter_level; y without the rise."""
    prior, rule = state.prior, state.rule
    e, spread = y - state.level, outlook.spread
    square, known = (e / spread) ** 2, 1.0
    if y + outlook.risen >= prior.ceiling:
        a = min(max((prior.ceiling - outlook.risen - state.level) / spread, -FARTHEST), FARTHEST)
        h = math.exp(-a * a / 2.0 - float(log_ndtr(-a))) / math.sqrt(2.0 * math.pi)
        square, e, known = 1.0 + a * h, h * spread, h * (h - a)
    bound = math.inf if rule.robust is None else rule.robust * rule.robust
    w = 1.0 if square <= bound else bound / square
    part = w * R / (w * R + 1.0)
    factor = 1.0
    if rule.consistent and rule.robust is not None:
        page = PAGE * (state.counted // PAGE + 1)
        factor = float(variance_factors(prior.degrees_of_freedom, rule.robust, page)[state.counted])
    n = prior.degrees_of_freedom + state.counted
    return replace(
        state,
        level=state.level + part * e,
        ratio=R * (1.0 - known * part),
        variance=state.variance * (factor * min(square, bound) + n) / (n + 1.0),
        counted=state.counted + 1,
        rated=state.rated + 1,
    )


def _judged(state: LiveState, outlook: Outlook, p: float | None) -> tuple[LiveState, Verdict]:
    """Both signals, and the expected range."""
    rule, W = state.rule, state.cusum
    monitored = p is not None and state.rated >= rule.first_alarm
    if p is not None and state.rated >= 2:
        W = max(W - float(ndtri(min(max(p, SMALLEST_TAIL), 1.0 - SMALLEST_TAIL))) - rule.slack, 0.0)
    erosion = monitored and _limit(rule) < W
    expected, low, high = _range(outlook, state.prior.scale, rule.alpha)
    verdict = Verdict(
        expected=expected,
        low=low,
        high=high,
        p=p,
        acute=monitored and p is not None and p < rule.alpha,
        erosion=erosion,
        cusum=W,
    )
    return replace(state, cusum=0.0 if erosion else W), verdict


def _range(outlook: Outlook, scale: RatingScale | None, alpha: float) -> tuple[float, float, float]:
    """Expected, low and high, by the rule of alliance.scale.shown_range."""
    half = _quantile(alpha, outlook.freedom) * outlook.spread
    low, high = outlook.location - half, outlook.location + half
    if scale is None:
        return outlook.location, low, high
    expected = min(max(outlook.location, scale.low), scale.high)
    if scale.step is None:
        return expected, max(low, scale.low), min(high, scale.high)
    step = scale.step
    first = min(max(scale.low + step * math.ceil((low - scale.low) / step - 0.5), scale.low), scale.high)
    last = min(max(scale.low + step * math.floor((high - scale.low) / step + 0.5), scale.low), scale.high)
    low = first if outlook.mid_tail(first, scale, step / 2.0) >= alpha else first + step
    high = last if 1.0 - outlook.mid_tail(last, scale, step / 2.0) >= alpha else last - step
    return expected, low, high


@lru_cache(maxsize=4096)
def _quantile(alpha: float, freedom: float) -> float:
    """How many spreads the range reaches to either side."""
    return -float(stdtrit(freedom, alpha))


@lru_cache(maxsize=64)
def _limit(rule: Rule) -> float:
    """The CUSUM limit of a rule."""
    return rule.limit
