"""Whole-number scales and breaks: what is accepted, what is shown, what is refused."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.special import ndtr, stdtr

from holdfast.alliance import Breaks, RatingScale, detect, prior_for_range
from holdfast.errors import MethodError
from holdfast.stats import variance_factors

PRIOR = prior_for_range(0, 100)
STEADY = [75, 76, 74, 75, 76, 75]


@pytest.mark.parametrize(("low", "high", "step"), [(0, 8, 3), (0, 8, 0), (0, 8, -1), (0, 8, 20), (0, 8, np.nan)])
def test_steps_that_lead_nowhere_are_refused(low, high, step):
    with pytest.raises(MethodError, match="do not lead from 0 to 8"):
        RatingScale(low=low, high=high, step=step)


def test_points_of_a_scale():
    assert RatingScale(low=0, high=8, step=1).points == 9
    assert RatingScale(low=1, high=5, step=0.2).points == 21
    assert RatingScale(low=0, high=100).points is None


def test_a_stretched_score_comes_back():
    scale = RatingScale(low=12, high=84, step=1)
    scores = np.array([12.0, 48.0, 84.0, np.nan])
    stretched = scale.stretched(scores)
    # by hand: ln(.5/72.5), ln(36.5/36.5), ln(72.5/.5)
    np.testing.assert_allclose(stretched, [np.log(0.5 / 72.5), 0.0, np.log(72.5 / 0.5), np.nan], atol=1e-12)
    np.testing.assert_allclose(scale.nearer(stretched), scores)
    assert scale.nearer([-99.0, 99.0]).tolist() == [12.0, 84.0]
    assert RatingScale(low=0, high=100).stretched(100.0) == pytest.approx(np.log(100.5 / 0.5))


def test_the_expected_range_stays_within_the_scale():
    found = detect([98, 99, 97, 99, 98, 99], prior=PRIOR)
    assert found.high.max() == 100.0
    assert found.states.scale.max() + found.states.forecast.max() > 100.0
    low = detect([5, 3, 2, 4, 3, 2], prior=PRIOR)
    assert low.low.min() == 0.0


def test_in_whole_steps_the_range_ends_on_ratings_and_p_is_a_mid_p():
    plain = prior_for_range(0, 100)
    stepped = prior_for_range(0, 100, step=5)
    scores = [75, 80, 75, 70, 75, 60]
    found, other = detect(scores, prior=stepped), detect(scores, prior=plain)
    assert (found.low % 5 == 0).all()
    assert (found.high % 5 == 0).all()
    assert found.p[0, 5] > other.p[0, 5]
    assert found.acute[0].tolist() == [False] * 5 + [True]


def test_a_rating_at_the_ceiling_says_at_least_this_much():
    found = detect([100, 95], prior=PRIOR)
    # by hand: sc = sqrt(25*10), a = 25/sc, h = phi(a)/Phi(-a); R = 9
    a = 25 / np.sqrt(250)
    h = np.exp(-a * a / 2) / np.sqrt(2 * np.pi) / ndtr(-a)
    w = min(1.0, 6.25 / (1 + a * h))
    gain = 9 * w / (9 * w + 1)
    assert found.states.level[0, 0] == pytest.approx(75 + gain * h * np.sqrt(250))
    assert found.states.ratio[0, 0] == pytest.approx(9 * (1 - h * (h - a) * gain))
    c = variance_factors(4.0, 2.5, 1)[0]
    assert found.states.variance[0, 0] == pytest.approx(25 * (4 + c * w * (1 + a * h)) / 5)
    assert found.p[0, 0] == pytest.approx((1 + stdtr(4, a)) / 2)
    unbound = detect([100, 95], prior=replace(PRIOR, scale=None))
    assert unbound.states.level[0, 0] < found.states.level[0, 0]
    assert found.expected.max() <= 100


def test_another_therapist_begins_anew_and_the_variance_stays():
    anew = np.array([[False] * 6 + [True] + [False] * 2])
    found = detect([*STEADY, 40, 41, 20], prior=PRIOR, breaks=anew)
    assert found.expected[0, 6] == PRIOR.level
    assert found.states.variance[0, 5] < PRIOR.variance
    assert found.states.scale[0, 6] == pytest.approx(np.sqrt(found.states.variance[0, 5] * 10))
    assert found.acute[0].tolist() == [False] * 8 + [True]
    assert found.segment[0].tolist() == [0] * 6 + [1] * 3
    assert detect(STEADY, prior=PRIOR).segment is None


def test_a_slide_does_not_go_over_a_break():
    rated = [*STEADY, 72, 71, 71, 70, 70]
    anew = np.zeros((1, 11), dtype=bool)
    anew[0, 8] = True
    assert detect(rated, prior=PRIOR).cusum[0, 8] > 0
    assert detect(rated, prior=PRIOR, breaks=anew).cusum[0, 8] == 0


def test_an_instrument_with_points_of_its_own():
    other = prior_for_range(0, 10, step=1)
    found = detect([75, 76, 74, 7, 8, 2], prior=(PRIOR, other), breaks=Breaks(instrument=[[0, 0, 0, 1, 1, 1]]))
    assert found.expected[0, 3] == 7.5
    assert found.high[0, 3:].max() <= 10
    assert (found.low[0, 3:] % 1 == 0).all()
    assert found.acute[0].tolist() == [False] * 5 + [True]
    assert detect(STEADY, prior=(PRIOR, other), breaks=Breaks()).segment is None


@pytest.mark.parametrize(
    ("breaks", "why"),
    [
        (Breaks(instrument=[[0, 0, 0, 0, 0, 2]]), "beyond 1"),
        (Breaks(instrument=[[0, 0, 0, 0, 0, -1]]), "below 0"),
        (Breaks(instrument=[[0, 0, 0, 0, 0, 0.5]]), "no whole number"),
        ([[0, 1]], "codes have the shape"),
        ([[0, 0, 0, 0, 0, np.nan]], "no whole number"),
    ],
)
def test_breaks_that_fit_nothing_are_refused(breaks, why):
    with pytest.raises(MethodError, match=why):
        detect(STEADY, prior=(PRIOR, PRIOR), breaks=breaks)


def test_no_prior_is_refused():
    with pytest.raises(MethodError, match="No prior"):
        detect(STEADY, prior=())
