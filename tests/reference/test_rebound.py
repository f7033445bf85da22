"""Where nothing but chance happens, what comes back beyond chance is 0 on average, for either kind of signal.

Theory: with every weight 1 the filter's level after the signal is the expectation of every later rating given all
ratings so far, and the signal is a function of these. 40,000 therapies from the prior, signals as shipped (weighted
down), fixed seed; the bound is four standard errors. The rule before this one (level after the lowest rating of the
whole episode, weighted) missed by +.36 and +.31 within-person SDs.
"""

import numpy as np
import pytest

from holdfast.alliance import Prior, SignalKind, detect, follow
from holdfast.simulate import draw_from_prior

PRIOR = Prior(
    level=0, level_ratio=1.44, degrees_of_freedom=6, variance=1, drift=0.05, calibrated=True, source="the world itself"
)


@pytest.fixture(scope="module")
def table():
    scores = draw_from_prior(PRIOR, clients=40_000, sessions=20, seed=20260102)
    scores[np.random.default_rng(1).random(scores.shape) < 0.1] = np.nan
    return follow(detect(scores, prior=PRIOR)).table


@pytest.mark.parametrize("kind", [SignalKind.ACUTE, SignalKind.EROSION])
@pytest.mark.parametrize("until", ["returned_next", "returned"])
def test_nothing_comes_back_beyond_chance_where_nothing_happens(table, kind, until):
    chance = {"returned_next": table.rebound_next, "returned": table.rebound}[until]
    beyond = (getattr(table, until) - chance) / table.own_sd
    beyond = beyond[(table.kind == kind.code) & ~np.isnan(beyond)]
    assert len(beyond) > 1500
    assert beyond.mean() == pytest.approx(0.0, abs=4 * beyond.std() / np.sqrt(len(beyond)))
    assert table.rebound[table.kind == kind.code].mean() > 1.0  # and chance gives back a lot


def test_the_range_holds_95_of_100_returns(table):
    seen = ~np.isnan(table.rebound_low)
    inside = (table.returned >= table.rebound_low) & (table.returned <= table.rebound_high)
    assert inside[seen].mean() == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / seen.sum()))
