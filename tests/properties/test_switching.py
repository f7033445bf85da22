"""The regimes against every path of short series, and what must hold for any series."""

import numpy as np
import pytest
from tests.twins.switching import every_path

from holdfast.stats import LevelPrior, SwitchPrior, switch_regimes

WORST = 2e-5  # over 60 series of 6 to 10 columns the largest difference of a probability was .000007
CASES = (
    ((50, 1.44, 6, 9, 0.05), SwitchPrior(begin=0.05, end=0.4, depths=(2.5,), weights=(1.0,)), 10),
    ((50, 1.44, 6, 9, 0.05), SwitchPrior(begin=0.05, end=0.4, depths=(1.5, 2.5, 3.5), weights=(0.3, 0.4, 0.3)), 5),
    ((50, 2.0, 4, 9, 0.0), SwitchPrior(begin=0.1, end=0.3, depths=(2.0, 4.0), weights=(0.5, 0.5)), 6),
    ((50, 9.0, 20, 25, 0.3), SwitchPrior(begin=0.3, end=0.2, depths=(3.0,), weights=(1.0,)), 8),
)


def prior_of(numbers):
    level, ratio, freedom, variance, drift = numbers
    return LevelPrior(level=level, level_ratio=ratio, degrees_of_freedom=freedom, variance=variance, drift=drift)


def series(seed, columns, *, count=6):
    rng = np.random.default_rng(seed)
    y = 50 + rng.normal(0, 3, (count, 1)) + rng.normal(0, 3, (count, columns))
    for row in range(count):
        at = rng.integers(1, columns)
        y[row, at : at + 2] -= rng.choice([0, 6, 10])
    y[rng.random(y.shape) < 0.15] = np.nan
    y[0, -1] = np.nan
    return y, rng.integers(0, 3, y.shape).astype(float)


@pytest.mark.parametrize(("numbers", "switch", "columns"), CASES)
@pytest.mark.parametrize("with_steps", [False, True])
def test_no_path_is_forgotten(numbers, switch, columns, with_steps):
    y, steps = series(columns, columns)
    fast = switch_regimes(y, prior=prior_of(numbers), switch=switch, steps=steps if with_steps else None)
    chain = {"begin": switch.begin, "end": switch.end, "depths": switch.depths, "weights": switch.weights}
    names = dict(zip(("m0", "C0", "n0", "S0", "q"), numbers, strict=True))
    for i, row in enumerate(y):
        plain = [None if np.isnan(r) else float(r) for r in row]
        slow = every_path(plain, **names, **chain, steps=steps[i] if with_steps else None)
        known = np.arange(columns) <= np.flatnonzero(~np.isnan(row))[-1]
        for name in ("probability", "begins", "ends", "depth"):
            values = getattr(fast, name)[i]
            assert np.isnan(values[~known]).all()
            np.testing.assert_allclose(values[known], slow[name][known], atol=WORST * (3 if name == "depth" else 1))
        assert fast.log_likelihood[i] == pytest.approx(slow["log_likelihood"], abs=2e-4)
        assert fast.begins_by_depth[i].sum() == pytest.approx(np.nansum(fast.begins[i]), abs=1e-9)


def test_what_begins_and_ends_adds_up():
    y, _ = series(3, 30, count=40)
    found = switch_regimes(y, prior=prior_of(CASES[0][0]), switch=CASES[1][1])
    before = np.concatenate([np.zeros((40, 1)), found.probability[:, :-1]], axis=1)
    np.testing.assert_allclose(found.probability, before + found.begins - found.ends, atol=1e-4)
    for each in (found.probability, found.begins, found.ends):
        seen = each[~np.isnan(each)]
        assert ((seen >= 0) & (seen <= 1 + 1e-9)).all()


def test_series_without_values_or_columns():
    prior, switch = prior_of(CASES[0][0]), CASES[0][1]
    found = switch_regimes(np.full((2, 3), np.nan), prior=prior, switch=switch)
    assert np.isnan(found.probability).all()
    assert found.log_likelihood == pytest.approx([0.0, 0.0], abs=1e-4)
    assert switch_regimes(np.zeros((2, 0)), prior=prior, switch=switch).probability.shape == (2, 0)
    assert switch_regimes(np.zeros((0, 4)), prior=prior, switch=switch).probability.shape == (0, 4)


def test_blocks_make_no_difference(monkeypatch):
    y, _ = series(5, 12, count=9)
    prior, switch = prior_of(CASES[0][0]), CASES[1][1]
    whole = switch_regimes(y, prior=prior, switch=switch)
    monkeypatch.setattr("holdfast.stats.switching.CELLS", 1)
    np.testing.assert_allclose(switch_regimes(y, prior=prior, switch=switch).probability, whole.probability, rtol=1e-9)
