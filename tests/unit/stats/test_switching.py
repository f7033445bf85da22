"""Chances of a low regime: what is refused, and what is learned from many series."""

import numpy as np
import pytest
from tests.twins.switching import drawn

from holdfast.errors import MethodError
from holdfast.stats import LevelPrior, SwitchPrior, fit_switching

PRIOR = LevelPrior(level=50, level_ratio=1.44, degrees_of_freedom=6, variance=9, drift=0.02)
START = SwitchPrior(begin=0.04, end=0.4, depths=(2.0, 4.0), weights=(0.5, 0.5))


@pytest.mark.parametrize(
    "wrong",
    [
        {"begin": 0.0},
        {"end": 1.0},
        {"depths": ()},
        {"depths": (), "weights": ()},
        {"depths": (2.0, -1.0)},
        {"weights": (0.5, 0.6)},
        {"weights": (1.5, -0.5)},
    ],
)
def test_what_is_no_chain_is_refused(wrong):
    given = {"begin": 0.1, "end": 0.4, "depths": (2.0, 4.0), "weights": (0.5, 0.5)}
    with pytest.raises(MethodError):
        SwitchPrior(**{**given, **wrong})


def test_the_chances_are_learned_back():
    y = drawn(np.random.default_rng(8), begin=0.1, end=0.25, count=80, columns=15)
    found = fit_switching(y, prior=PRIOR, start=START)
    assert found.begin == pytest.approx(0.1, abs=0.03)
    assert found.end == pytest.approx(0.25, abs=0.06)
    assert found.depths == START.depths
    assert found.weights[1] > 0.85
    assert sum(found.weights) == pytest.approx(1.0)
    few = y[:4]
    once = fit_switching(few, prior=PRIOR, start=START, steps=np.ones(few.shape))
    assert once.begin == pytest.approx(fit_switching(few, prior=PRIOR, start=START).begin)


def test_of_very_many_series_some_are_used(monkeypatch):
    monkeypatch.setattr("holdfast.stats.switching.MOST_SERIES", 5)
    monkeypatch.setattr("holdfast.stats.switching.ROUNDS", 2)
    y = drawn(np.random.default_rng(8), begin=0.1, end=0.25, count=9, columns=6)
    assert fit_switching(y, prior=PRIOR, start=START) == fit_switching(y[::2], prior=PRIOR, start=START)
