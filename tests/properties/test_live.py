"""One session at a time says what the whole course says, to 1e-12, with gaps, missing ratings, breaks and scales."""

import math
from dataclasses import replace

import numpy as np
import pytest

from holdfast.alliance import Breaks, Prior, RatingScale, Rule, advance, begin, detect, prior_for_range
from holdfast.errors import MethodError

FIRST = Prior(
    level=50,
    level_ratio=3,
    degrees_of_freedom=6,
    variance=16,
    drift=0.1,
    rise=0.5,
    tails=12,
    calibrated=True,
    source="drawn",
    scale=RatingScale(low=0, high=56),
)
SECOND = replace(FIRST, level=7, variance=0.8, degrees_of_freedom=4, scale=RatingScale(low=0, high=10, step=1))
PLAIN = replace(FIRST, rise=0.0, tails=math.inf, scale=None)


def lived(scores, steps, anew, tool, priors, rule):
    state, said, before = begin(priors[tool[0]], rule=rule), [], tool[0]
    for rating, step, new, now in zip(scores, steps, anew, tool, strict=True):
        given = None if math.isnan(rating) else rating
        state, verdict = advance(
            state, given, step=step, relationship=new, prior=priors[now] if now != before else None
        )
        said.append(verdict)
        before = now
    return state, said


@pytest.mark.parametrize("rule", [Rule(), Rule(robust=None), Rule(robust=1.5, consistent=False, first_alarm=2)])
@pytest.mark.parametrize("priors", [(FIRST, SECOND), (PLAIN, SECOND), (SECOND, PLAIN)])
def test_session_by_session_is_the_same_as_all_at_once(priors, rule):
    rng = np.random.default_rng(17)
    for _ in range(25):
        sessions = 30
        tool = np.cumsum(rng.random(sessions) < 0.1) % 2
        anew = rng.random(sessions) < 0.1
        steps = rng.choice([0.0, 1.0, 1.0, 2.5], sessions)
        wide = np.array([50.0 if priors[now].level == 50 else 7.0 for now in tool])
        scores = np.rint(wide * (1 + 0.15 * rng.standard_normal(sessions)))
        scores[rng.random(sessions) < 0.2] = np.nan
        found = detect(
            scores, prior=priors, rule=rule, steps=steps, breaks=Breaks(relationship=[anew], instrument=[tool])
        )
        state, said = lived(scores.tolist(), steps.tolist(), anew.tolist(), tool.tolist(), priors, rule)
        for name in ("expected", "low", "high", "p", "cusum"):
            one = np.array([math.nan if getattr(v, name) is None else getattr(v, name) for v in said])
            np.testing.assert_allclose(one, getattr(found, name)[0], rtol=1e-12, atol=1e-12, err_msg=name)
        assert [v.acute for v in said] == found.acute[0].tolist()
        assert [v.erosion for v in said] == found.erosion[0].tolist()
        assert state.variance == pytest.approx(found.states.variance[0, -1], rel=1e-12)
        assert state.ratio == pytest.approx(found.states.ratio[0, -1], rel=1e-12)


def test_a_long_course_and_an_unrated_one():
    prior = prior_for_range(0, 100)
    scores = 70 + 5 * np.random.default_rng(3).standard_normal(150)
    found = detect(scores, prior=prior)
    state, said = lived(scores.tolist(), [1.0] * 150, [False] * 150, [0] * 150, (prior,), Rule())
    assert said[-1].p == pytest.approx(found.p[0, -1], rel=1e-12)
    assert (state.counted, state.rated, state.place) == (150, 150, 150.0)
    _, verdict = advance(begin(prior), math.nan)
    assert (verdict.p, verdict.acute, verdict.expected) == (None, False, 75.0)


@pytest.mark.parametrize(("rating", "step"), [(math.inf, 1.0), (50.0, -1.0), (50.0, math.nan), (None, math.inf)])
def test_what_is_no_number_is_refused(rating, step):
    with pytest.raises(MethodError, match="plain numbers"):
        advance(begin(PLAIN), rating, step=step)
