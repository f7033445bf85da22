"""Starting points and settings."""

from dataclasses import replace

import numpy as np
import pytest

from holdfast.alliance import Rule, detect, learn_prior, prior_for_range
from holdfast.errors import MethodError
from holdfast.simulate import draw_from_prior
from holdfast.stats import fit_level_prior


def test_the_starting_point_of_a_range():
    prior = prior_for_range(0, 100)
    assert (prior.level, prior.variance, prior.level_ratio) == (75.0, 25.0, 9.0)
    assert (prior.degrees_of_freedom, prior.drift, prior.calibrated) == (4.0, 0.05, False)
    assert prior.doubts[0].startswith("Uncalibrated")


@pytest.mark.parametrize(("low", "high"), [(5, 5), (5, 1), (0, np.inf), (np.nan, 1)])
def test_a_range_that_cannot_be_is_refused(low, high):
    with pytest.raises(MethodError, match="cannot run"):
        prior_for_range(low, high)


def archive(clients=60, sessions=8, **numbers):
    return draw_from_prior(replace(prior_for_range(0, 100), **numbers), clients=clients, sessions=sessions, seed=1)


def test_an_archive_teaches_a_prior():
    scores = archive()
    scores[0, 1:] = np.nan
    prior = learn_prior(scores, low=0, high=200)
    assert (prior.calibrated, prior.method, prior.clients, prior.ratings) == (True, "marginal-likelihood", 59, 472)
    assert prior.source == "Learned from 59 clients with 472 ratings."
    assert prior.sentence == (
        "Expectation starts from a prior fitted to an archive by marginal likelihood. Learned from 59 clients with "
        "472 ratings."
    )
    assert prior == learn_prior(scores, low=0, high=200, steps=np.ones_like(scores))
    assert prior.level == pytest.approx(75, abs=8)
    assert set(prior.intervals) == {"level", "level_ratio", "degrees_of_freedom", "variance", "drift", "rise"}
    assert prior.intervals["level"][0] < prior.level < prior.intervals["level"][1]
    assert (prior.scale.low, prior.scale.high, prior.scale.step, prior.doubts) == (0, 200, None, ())


def test_a_detection_names_its_priors_in_a_sentence():
    alone = prior_for_range(0, 100)
    assert detect([75, 76, 74], prior=alone).starting_point == (
        "Expectation starts from the range of the scale alone, 0 to 100; it is uncalibrated."
    )
    fitted = replace(alone, method="marginal-likelihood", source="Learned from 80 clients.", simulated=True)
    assert detect([75, 76, 74], prior=fitted).starting_point == (
        "Expectation starts from a prior fitted to an archive by marginal likelihood. Learned from 80 clients. The "
        "archive is simulated."
    )


def test_few_clients_teach_a_prior_that_says_so():
    prior = learn_prior(archive(clients=12), low=0, high=100)
    assert prior.calibrated
    assert prior.doubts[-1].startswith("The prior rests on 12 clients; with fewer than 30 the rate")


def test_a_small_archive_teaches_nothing_and_says_so():
    prior = learn_prior(archive(clients=9), low=0, high=100)
    assert (prior.calibrated, prior.method) == (False, "range-alone")
    assert prior.doubts[0] == "Only 9 clients have 4 ratings or more; an archive needs 10."


@pytest.mark.parametrize("same", [80.0, 100.0])
def test_an_archive_without_differences_teaches_nothing_and_says_so(same):
    prior = learn_prior(np.full((40, 6), same), low=0, high=100)
    assert not prior.calibrated
    assert prior.doubts[0] == "Only 0 clients have ratings that differ; an archive needs 10."


def test_a_prior_from_variances_alone_on_request():
    scores = archive(clients=300, sessions=12, drift=0.2)
    scores[0] = 75.0
    prior = learn_prior(scores, low=-1000, high=1000, method="variances-alone", steps=np.full(scores.shape, 2.0))
    assert (prior.method, prior.intervals, prior.clients) == ("variances-alone", {}, 300)
    assert prior.doubts == (
        "The prior rests on the variances of 300 clients and has no intervals.",
        "Gaps in time are not part of it; every session counts as one step.",
        "1 clients whose ratings never differ are not part of it.",
    )
    assert prior.drift == pytest.approx(0.2, rel=0.3)


def test_a_drift_that_cannot_be_told_is_the_usual_one_and_a_bound_is_named():
    rng = np.random.default_rng(4)
    same = np.tile([-3.0, 3.0, -3.0, 3.0, -2.0, 2.0], (40, 1))  # neighbours lie apart, all clients equally restless
    scores = 70 + 5 * rng.standard_normal((40, 1)) + same
    prior = learn_prior(scores, low=-1000, high=1000, method="variances-alone")
    assert prior.drift == 0.05
    assert "The ratings do not tell how fast a level drifts; the usual .05 stands for it." in prior.doubts
    assert "The degrees of freedom stands at the bound of its search; it has no interval." in prior.doubts


def test_the_range_alone_on_request_and_no_other_method():
    assert learn_prior(archive(), low=0, high=100, method="range-alone") == prior_for_range(0, 100)
    with pytest.raises(MethodError, match="by `guessing`"):
        learn_prior(archive(), low=0, high=100, method="guessing")


def test_a_likelihood_without_a_maximum_gives_way_to_the_variances(monkeypatch):
    flat = lambda y, **how: replace(fit_level_prior(y, **how), intervals={})  # noqa: E731
    monkeypatch.setattr("holdfast.alliance.learn.fit_level_prior", flat)
    assert learn_prior(archive(), low=0, high=100).method == "variances-alone"
    asked = learn_prior(archive(), low=0, high=100, method="marginal-likelihood")
    assert asked.doubts[0].startswith(
        "The ratings hardly tell the level and the level ratio and the degrees of freedom"
    )
    assert "tails" not in asked.doubts[0]


def test_the_rule_as_it_ships():
    rule = Rule()
    assert rule.limit == pytest.approx(2.0369, abs=5e-5)
    assert rule.false_signals_per_20 == pytest.approx(0.4)


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
