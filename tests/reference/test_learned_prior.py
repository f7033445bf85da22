"""The prior learned back from ratings drawn with a known one.

Recipe: draw_from_prior with (50, 3, 6, 4, .10); another program found (50.07, 2.76, 6.44, 3.81, .124) on its own
300 x 12 draw. Ours must beat the truth's own likelihood and lie as near to it as 1,500 clients allow.
"""

import numpy as np
import pytest

from holdfast.simulate import draw_from_prior
from holdfast.stats import LevelPrior, fit_level_prior, level_log_likelihood

TRUTH = LevelPrior(level=50, level_ratio=3, degrees_of_freedom=6, variance=4, drift=0.10)


def test_the_truth_comes_back():
    scores = draw_from_prior(TRUTH, clients=1500, sessions=12, seed=7)
    found = fit_level_prior(scores)
    assert found.level == pytest.approx(50, abs=0.5)
    assert found.level_ratio == pytest.approx(3, rel=0.2)
    assert found.degrees_of_freedom == pytest.approx(6, rel=0.2)
    assert found.variance == pytest.approx(4, rel=0.1)
    assert found.drift == pytest.approx(0.10, rel=0.2)
    best = level_log_likelihood(scores, prior=found)
    assert 0 < best - level_log_likelihood(scores, prior=TRUTH) < 12
    for name in ("level_ratio", "degrees_of_freedom", "variance", "drift"):
        moved = {each: getattr(found, each) for each in TRUTH.__dataclass_fields__}
        for factor in (0.97, 1.03):
            beside = LevelPrior(**(moved | {name: moved[name] * factor}))
            assert level_log_likelihood(scores, prior=beside) < best, name


def test_the_same_ratings_give_the_same_prior_whatever_the_unit():
    scores = draw_from_prior(TRUTH, clients=100, sessions=8, seed=8)
    scores[np.random.default_rng(9).random(scores.shape) < 0.2] = np.nan
    once, other = fit_level_prior(scores), fit_level_prior(10 * scores - 3)
    assert fit_level_prior(scores) == once
    assert other.level == pytest.approx(10 * once.level - 3, rel=1e-6)
    assert other.variance == pytest.approx(100 * once.variance, rel=1e-6)
    assert fit_level_prior(scores, steps=np.ones_like(scores)) == once
