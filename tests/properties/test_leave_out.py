"""Leave-one-out tails against dense matrices, and what must hold for any series."""

from dataclasses import replace

import numpy as np
import pytest
from tests.twins.leave_out import leave_out_one

from holdfast.stats import LevelPrior, leave_one_out

PRIORS = (
    {"m0": 50, "C0": 2, "n0": 6, "S0": 9, "q": 0.05},
    {"m0": 40, "C0": 0.3, "n0": 1.5, "S0": 2, "q": 0.0},
    {"m0": 60, "C0": 20, "n0": 30, "S0": 40, "q": 1.5},
)


def prior_of(numbers):
    return LevelPrior(
        level=numbers["m0"],
        level_ratio=numbers["C0"],
        degrees_of_freedom=numbers["n0"],
        variance=numbers["S0"],
        drift=numbers["q"],
    )


@pytest.mark.parametrize("numbers", PRIORS)
@pytest.mark.parametrize("with_steps", [False, True])
def test_fast_and_slow_agree(numbers, with_steps):
    rng = np.random.default_rng(3)
    y = rng.normal(50, 4, (40, 11))
    y[rng.random(y.shape) < 0.3] = np.nan
    y[0], y[1, 1:] = np.nan, np.nan
    steps = rng.integers(0, 4, y.shape).astype(float) if with_steps else None
    fast = leave_one_out(y, prior=prior_of(numbers), steps=steps)
    for i, row in enumerate(y):
        plain = [None if np.isnan(r) else float(r) for r in row]
        slow = leave_out_one(plain, **numbers, steps=None if steps is None else steps[i])
        for t, one in enumerate(slow):
            if one is None:
                assert np.isnan([fast.p[i, t], fast.expected[i, t], fast.scale[i, t], fast.z[i, t]]).all()
                continue
            assert fast.expected[i, t] == pytest.approx(one["expected"], rel=1e-10)
            assert fast.scale[i, t] == pytest.approx(one["scale"], rel=1e-9)
            assert fast.p[i, t] == pytest.approx(one["p"], rel=1e-8, abs=1e-13)
            assert fast.degrees_of_freedom[i] == one["n"]


def test_played_backwards_a_steady_level_gives_the_same():
    rng = np.random.default_rng(4)
    y = rng.normal(50, 4, (30, 9))
    prior = prior_of(PRIORS[1])
    np.testing.assert_allclose(
        leave_one_out(y[:, ::-1], prior=prior).p[:, ::-1], leave_one_out(y, prior=prior).p, rtol=1e-9
    )


def test_many_series_come_in_blocks():
    y = np.random.default_rng(5).normal(50, 4, (2100, 3))
    whole = leave_one_out(y, prior=prior_of(PRIORS[0]))
    np.testing.assert_array_equal(whole.p[2090:], leave_one_out(y[2090:], prior=prior_of(PRIORS[0])).p)


def test_no_series_and_no_sessions():
    assert leave_one_out(np.zeros((0, 3)), prior=prior_of(PRIORS[0])).p.shape == (0, 3)
    assert leave_one_out(np.zeros((2, 0)), prior=prior_of(PRIORS[0])).p.shape == (2, 0)


def test_a_rise_is_taken_off_and_put_back():
    rng = np.random.default_rng(6)
    y, steps = rng.normal(50, 4, (5, 9)), rng.integers(0, 4, (5, 9)).astype(float)
    prior = prior_of(PRIORS[0])
    time = np.log2(1 + np.cumsum(np.hstack([np.zeros((5, 1)), steps[:, 1:]]), axis=1))
    rising = replace(prior, rise=3.0)
    whole, plain = leave_one_out(y + 3 * time, prior=rising, steps=steps), leave_one_out(y, prior=prior, steps=steps)
    np.testing.assert_allclose(whole.p, plain.p, rtol=1e-9)
    np.testing.assert_allclose(whole.expected, plain.expected + 3 * time, rtol=1e-12)
    assert leave_one_out(y, prior=replace(prior, tails=8.0)).degrees_of_freedom[0] == pytest.approx(14 * 8 / 22)
