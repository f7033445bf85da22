"""The stated false-alarm rates, on ratings drawn from the model itself (40,000 therapies, fixed seed).

Theory with every weight 1: p is uniform and independent, .0200 per session, P(any of 14) = 1 - .98^14 = .2464.
Down-weighting at 2.5: .0222 and .2538, from 400,000 simulated therapies by another program. The bounds are four
standard errors of a share among 40,000 therapies of 19 sessions.
"""

import numpy as np
import pytest

from holdfast.alliance import Prior, Rule, calibrate, detect
from holdfast.simulate import draw_from_prior

PRIOR = Prior(
    level=0, level_ratio=1.44, degrees_of_freedom=6, variance=1, drift=0.05, calibrated=True, source="the world itself"
)
THERAPIES = 40_000


def signals(*, robust):
    scores = draw_from_prior(PRIOR, clients=THERAPIES, sessions=20, seed=20260101)
    return detect(scores, prior=PRIOR, rule=Rule(robust=robust, first_alarm=2))


@pytest.fixture(scope="module")
def plain():
    return signals(robust=None)


@pytest.fixture(scope="module")
def robust():
    return signals(robust=2.5)


def test_p_is_uniform_and_the_rate_is_alpha(plain):
    p = plain.p[:, 1:]
    assert (p < 0.02).mean() == pytest.approx(0.0200, abs=0.0007)
    assert (p < 0.005).mean() == pytest.approx(0.0050, abs=0.0004)
    assert np.abs((p < 0.02).mean(axis=0) - 0.02).max() < 0.0030
    counts = np.histogram(p, bins=20, range=(0, 1))[0] / p.size
    assert np.abs(counts - 0.05).max() < 0.0011


def test_the_chance_of_any_false_alarm(plain):
    assert plain.acute[:, 1:15].any(axis=1).mean() == pytest.approx(0.2464, abs=0.0087)
    assert plain.acute[:, 1:].any(axis=1).mean() == pytest.approx(0.3188, abs=0.0094)


def test_normal_scores_are_independent_from_session_to_session(plain):
    u = plain.states.normal_score
    assert np.corrcoef(u[:, 1:-1].ravel(), u[:, 2:].ravel())[0, 1] == pytest.approx(0.0, abs=0.005)


def test_down_weighting_costs_a_tenth_more_false_alarms(robust):
    assert robust.acute[:, 1:].mean() == pytest.approx(0.0222, abs=0.0008)
    assert (robust.p[:, 1:] < 0.005).mean() == pytest.approx(0.0059, abs=0.0004)
    assert robust.acute[:, 1:15].any(axis=1).mean() == pytest.approx(0.2538, abs=0.0088)
    assert robust.acute[:, 1:].any(axis=1).mean() == pytest.approx(0.3280, abs=0.0094)


def test_false_alarms_of_the_cusum(plain, robust):
    assert plain.erosion[:, 1:].mean() == pytest.approx(0.0093, abs=0.0006)
    assert robust.erosion[:, 1:].mean() == pytest.approx(0.0110, abs=0.0006)
    assert (robust.acute | robust.erosion)[:, 1:].mean() == pytest.approx(0.0270, abs=0.0009)


def test_the_shipped_check_sees_what_down_weighting_costs(robust):
    found = calibrate(robust)
    assert found.per_100 == pytest.approx(2.22, abs=0.08)
    assert found.observed.low > found.nominal
    assert (robust.p[:, 1:] <= found.threshold).mean() == pytest.approx(0.02, abs=1e-5)
