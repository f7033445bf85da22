"""Starting points and settings."""

import numpy as np
import pytest

from holdfast.alliance import Rule, learn_prior, prior_for_range
from holdfast.errors import MethodError
from holdfast.simulate import draw_from_prior


def test_the_starting_point_of_a_range():
    prior = prior_for_range(0, 100)
    assert (prior.level, prior.variance, prior.level_ratio) == (75.0, 25.0, 9.0)
    assert (prior.degrees_of_freedom, prior.drift, prior.calibrated) == (4.0, 0.05, False)
    assert prior.doubts[0].startswith("Uncalibrated")


@pytest.mark.parametrize(("low", "high"), [(5, 5), (5, 1), (0, np.inf), (np.nan, 1)])
def test_a_range_that_cannot_be_is_refused(low, high):
    with pytest.raises(MethodError, match="cannot run"):
        prior_for_range(low, high)


def test_an_archive_teaches_a_prior():
    scores = draw_from_prior(prior_for_range(0, 100), clients=60, sessions=8, seed=1)
    scores[0, 1:] = np.nan
    prior = learn_prior(scores, low=0, high=100)
    assert prior.calibrated
    assert prior.source == "Learned from 59 clients with 472 ratings."
    assert prior == learn_prior(scores, low=0, high=100, steps=np.ones_like(scores))
    assert prior.level == pytest.approx(75, abs=8)


def test_a_small_archive_teaches_nothing_and_says_so():
    scores = draw_from_prior(prior_for_range(0, 100), clients=29, sessions=8, seed=1)
    prior = learn_prior(scores, low=0, high=100)
    assert not prior.calibrated
    assert prior.doubts[0] == "Only 29 clients have 4 ratings or more; an archive needs 30."


def test_an_archive_without_differences_teaches_nothing_and_says_so():
    prior = learn_prior(np.full((40, 6), 80.0), low=0, high=100)
    assert not prior.calibrated
    assert "the same" in prior.doubts[0]


def test_the_rule_as_it_ships():
    rule = Rule()
    assert rule.limit == pytest.approx(2.0369, abs=5e-5)
    assert rule.false_signals_per_20 == pytest.approx(0.4)
    assert (rule.halved().alpha, rule.halved().run_length, rule.halved().window) == (0.01, 200.0, 4)
    assert rule.halved().limit == pytest.approx(2.4810, abs=5e-5)


@pytest.mark.parametrize(
    "wrong",
    [
        {"alpha": 0.0},
        {"alpha": 0.5},
        {"robust": 0.0},
        {"slack": -0.1},
        {"run_length": 1.0},
        {"first_alarm": 1},
        {"window": 0},
        {"repair_probability": 1.0},
        {"tolerance": -1.0},
    ],
)
def test_settings_out_of_range_are_refused(wrong):
    with pytest.raises(MethodError):
        Rule(**wrong)
