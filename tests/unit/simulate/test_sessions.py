"""Simulated therapies say that they are, follow their settings, and hold what was planted."""

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.simulate import World, draw_from_prior, simulate_sessions
from holdfast.stats import LevelPrior

CALM = World(
    rupture_rate=0.0, slide_rate=0.0, missing_rate=0.0, within_spread=0.0, trend=0.0, client_sd=0.0, therapist_sd=0.0
)


def test_it_says_so_in_every_row():
    made = simulate_sessions(clients=5, sessions=6, seed=1)
    assert made.simulated is True
    assert set(made.columns["simulated"].tolist()) == {"yes"}
    assert all(len(column) == 30 for column in made.columns.values())
    first, last = (
        ["client", "session", "therapist", "alliance"],
        ["therapist_alliance", "predicted", "outcome", "rupture"],
    )
    assert list(made.columns) == [*first, *last, "simulated"]


def test_the_same_seed_makes_the_same_therapies():
    one, other = simulate_sessions(clients=5, sessions=6, seed=1), simulate_sessions(clients=5, sessions=6, seed=1)
    np.testing.assert_array_equal(one.alliance, other.alliance)
    assert not np.array_equal(one.alliance, simulate_sessions(clients=5, sessions=6, seed=2).alliance, equal_nan=True)


def test_ratings_lie_on_the_scales_and_are_missing_together():
    made = simulate_sessions(clients=80, sessions=20, seed=3)
    rated = ~np.isnan(made.columns["alliance"])
    for name, top, step in (("alliance", 100, 3.125), ("predicted", 100, 3.125), ("outcome", 24, 1)):
        values = made.columns[name]
        assert (np.isnan(values) == ~rated).all()
        assert (values[rated] % step == 0).all()
        assert ((values[rated] >= 0) & (values[rated] <= top)).all()
    assert (~rated).mean() == pytest.approx(0.08, abs=0.03)


def test_planted_ruptures_lower_the_rating():
    made = simulate_sessions(clients=400, sessions=20, seed=4)
    truth = made.columns["rupture"].reshape(400, 20)
    assert set(np.unique(truth)) == {"none", "acute", "slide", "repairing"}
    assert (truth[:, :3] == "none").all()
    usual = np.nanmean(made.alliance[truth == "none"])
    assert np.nanmean(made.alliance[truth == "acute"]) < usual - 15
    assert np.nanmean(made.alliance[truth == "slide"]) < usual - 5


def test_settings_do_what_they_say():
    steady = simulate_sessions(clients=300, sessions=20, seed=5, world=CALM).alliance
    assert steady.mean() == pytest.approx(72, abs=0.3)
    assert steady.std() == pytest.approx(np.hypot(5, 3.125 / np.sqrt(12)), abs=0.2)
    from dataclasses import replace

    bound = simulate_sessions(clients=300, sessions=20, seed=5, world=replace(CALM, autocorrelation=0.6)).alliance
    assert np.corrcoef(bound[:, :-1].ravel(), bound[:, 1:].ravel())[0, 1] == pytest.approx(0.6, abs=0.05)


def test_a_better_alliance_goes_with_a_better_next_outcome():
    made = simulate_sessions(clients=400, sessions=12, seed=6, world=CALM)
    outcome = made.columns["outcome"].reshape(400, 12)
    within = made.alliance[:, :-1] - made.alliance.mean(axis=1, keepdims=True)
    change = outcome[:, 1:] - outcome.mean(axis=1, keepdims=True)
    slope = (within * change).sum() / (within**2).sum()
    assert -0.12 < slope < -0.03


def test_short_therapies_have_no_ruptures():
    made = simulate_sessions(clients=3, sessions=1, seed=1)
    assert (made.columns["rupture"] == "none").all()


@pytest.mark.parametrize(
    "wrong", [{"missing_rate": 1.2}, {"autocorrelation": 1.0}, {"client_sd": -1.0}, {"start": np.nan}]
)
def test_a_world_that_cannot_be_is_refused(wrong):
    with pytest.raises(MethodError, match="world's"):
        World(**wrong)


def test_counts_below_one_are_refused():
    with pytest.raises(MethodError, match="1 or more"):
        simulate_sessions(clients=0, sessions=3, seed=1)
    with pytest.raises(MethodError, match="1 or more"):
        draw_from_prior(
            LevelPrior(level=0, level_ratio=1, degrees_of_freedom=4, variance=1, drift=0), clients=1, sessions=0, seed=1
        )
