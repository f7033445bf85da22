"""The prior learned back from ratings drawn with a known one, each number within its stated interval.

Recipe: draw_from_prior with (50, 3, 6, 4, .10); another program found (50.07, 2.76, 6.44, 3.81, .124) on its own
300 x 12 draw. The estimates must beat the truth's own likelihood. Coverage: share of archives whose 95 % interval holds
the truth; larger runs by `python -m bench.coverage` (docs/explanation/the-detector.md), here 30 archives of 60 x 10.
"""

from dataclasses import replace

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.simulate import draw_from_prior
from holdfast.stats import LevelPrior, fit_level_prior, level_log_likelihood, moment_prior

TRUTH = LevelPrior(level=50, level_ratio=3, degrees_of_freedom=6, variance=4, drift=0.10)
OTHERS = (
    replace(TRUTH, rise=1.5),
    LevelPrior(level=-3, level_ratio=10, degrees_of_freedom=3, variance=0.5, drift=0.30, rise=0.2),
    LevelPrior(level=68, level_ratio=1.5, degrees_of_freedom=15, variance=16, drift=0.03, rise=-0.5),
)
NAMES = ("level", "level_ratio", "degrees_of_freedom", "variance", "drift", "rise")


def drawn(truth, *, clients, sessions, seed):
    places = np.arange(1, sessions + 1)
    return draw_from_prior(truth, clients=clients, sessions=sessions, seed=seed) + truth.rise * np.log2(places)


def test_the_truth_comes_back():
    scores = draw_from_prior(TRUTH, clients=1500, sessions=12, seed=7)
    found = fit_level_prior(scores).prior
    assert found.level == pytest.approx(50, abs=0.5)
    assert found.level_ratio == pytest.approx(3, rel=0.2)
    assert found.degrees_of_freedom == pytest.approx(6, rel=0.2)
    assert found.variance == pytest.approx(4, rel=0.1)
    assert found.drift == pytest.approx(0.10, rel=0.2)
    assert found.rise == pytest.approx(0.0, abs=0.1)
    best = level_log_likelihood(scores, prior=found)
    assert 0 < best - level_log_likelihood(scores, prior=TRUTH) < 12
    for name in ("level_ratio", "degrees_of_freedom", "variance", "drift"):
        moved = {each: getattr(found, each) for each in TRUTH.__dataclass_fields__}
        for factor in (0.97, 1.03):
            beside = LevelPrior(**(moved | {name: moved[name] * factor}))
            assert level_log_likelihood(scores, prior=beside) < best, name


@pytest.mark.parametrize("truth", OTHERS)
def test_known_truth_lies_within_its_interval(truth):
    fit = fit_level_prior(drawn(truth, clients=600, sessions=15, seed=3))
    assert (set(fit.intervals), fit.at_bound, fit.series, fit.values) == (set(NAMES), (), 600, 9000)
    for name in NAMES:
        low, high = fit.intervals[name]
        assert low < getattr(truth, name) < high, name
        assert low < getattr(fit.prior, name) < high


def test_the_intervals_hold_the_truth_about_as_often_as_they_say():
    held = np.zeros(len(NAMES))
    for seed in range(30):
        fit = fit_level_prior(drawn(OTHERS[0], clients=60, sessions=10, seed=seed))
        ends = [fit.intervals.get(name, (-np.inf, np.inf)) for name in NAMES]
        truth = [getattr(OTHERS[0], name) for name in NAMES]
        held += [low < number < high for (low, high), number in zip(ends, truth, strict=True)]
    assert (held / 30 >= 0.8).all()  # .95 less four standard errors of a share of 30


def test_a_number_at_its_bound_is_named_and_has_no_interval():
    errors = np.random.default_rng(5).standard_normal((60, 9))
    fit = fit_level_prior(errors[:, 1:] - errors[:, :-1])  # neighbours lie apart: the opposite of a drift
    assert "drift" in fit.at_bound
    assert fit.prior.drift < 2e-6
    assert set(fit.intervals) == set(NAMES) - set(fit.at_bound)


def test_a_ceiling_is_allowed_for():
    scores = np.minimum(np.rint(drawn(OTHERS[2], clients=800, sessions=15, seed=3)), 72.0)
    assert (scores == 72).mean() > 0.1
    aware, unaware = fit_level_prior(scores, ceiling=71.5), fit_level_prior(scores)
    assert aware.prior.variance == pytest.approx(16, rel=0.1)
    assert unaware.prior.variance < aware.prior.variance
    assert aware.prior.degrees_of_freedom > 1.5 * unaware.prior.degrees_of_freedom


def test_moments_alone_come_near_the_truth():
    found = moment_prior(drawn(OTHERS[0], clients=2000, sessions=12, seed=2))
    assert (found.usual_drift, found.left_out, found.at_bound) == (False, 0, ())
    for name, near in (("level", 0.01), ("level_ratio", 0.2), ("variance", 0.1), ("rise", 0.05), ("drift", 0.35)):
        assert getattr(found.prior, name) == pytest.approx(getattr(OTHERS[0], name), rel=near), name
    assert found.prior.degrees_of_freedom == pytest.approx(6, rel=0.2)


def test_moments_need_two_series_and_neighbours():
    with pytest.raises(MethodError, match="Fewer than two series"):
        moment_prior(np.array([[1.0, 2.0, 3.0], [4.0, 4.0, 4.0]]))
    apart = drawn(TRUTH, clients=20, sessions=9, seed=2)
    apart[:, 1::2] = np.nan  # no two neighbours, so no differences over one column
    assert moment_prior(apart).usual_drift


def test_the_same_ratings_give_the_same_prior_whatever_the_unit():
    scores = draw_from_prior(TRUTH, clients=100, sessions=8, seed=8)
    scores[np.random.default_rng(9).random(scores.shape) < 0.2] = np.nan
    once, other = fit_level_prior(scores), fit_level_prior(10 * scores - 3)
    assert fit_level_prior(scores) == once
    assert other.prior.level == pytest.approx(10 * once.prior.level - 3, rel=1e-5)
    assert other.prior.variance == pytest.approx(100 * once.prior.variance, rel=1e-4)
    assert other.intervals["rise"][1] == pytest.approx(10 * once.intervals["rise"][1], rel=1e-3)
    assert fit_level_prior(scores, steps=np.ones_like(scores)) == once
