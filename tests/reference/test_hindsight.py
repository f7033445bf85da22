"""Hindsight under its own model: uniform tails, what it finds beside an ideal observer, calibrated probabilities.

Ideal observer: knows each client's level and noise, signals 2 % of ratings: Phi(Phi^-1(.02) + d) = .479, .828, .974 of
the dips by d = 2, 3, 4 own SDs. Both rules are held to 2 % of the undisturbed ratings. Fixed seeds; bounds are four
standard errors.
"""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from holdfast.alliance import Prior, detect, hindsight
from holdfast.simulate import draw_from_prior
from holdfast.stats import SwitchPrior, fit_level_prior, leave_one_out, switch_regimes

CLIENTS, SESSIONS = 20_000, 20
STEADY = Prior(
    level=0, level_ratio=1.44, degrees_of_freedom=6, variance=1, drift=0.0, calibrated=True, source="the world itself"
)
MOVING = Prior(
    level=0, level_ratio=1.44, degrees_of_freedom=6, variance=1, drift=0.05, calibrated=True, source="the world itself"
)


@pytest.mark.parametrize("prior", [STEADY, MOVING])
def test_tails_are_uniform_at_each_session(prior):
    scores = draw_from_prior(prior, clients=CLIENTS, sessions=SESSIONS, seed=20260103)
    p = leave_one_out(scores, prior=prior).p
    for point in (0.005, 0.02, 0.5):
        error = np.sqrt(point * (1 - point) / CLIENTS)
        assert np.abs((p < point).mean(axis=0) - point).max() < 4 * error
    counts = np.histogram(p[:, 7], bins=20, range=(0, 1))[0] / CLIENTS
    assert np.abs(counts - 0.05).max() < 4 * np.sqrt(0.05 * 0.95 / CLIENTS)


def found_of_dips(scores, own_sd, prior, depth, rng):
    """The share of one-session dips below the p that 2 % of the undisturbed ratings fall below."""
    each = np.arange(len(scores))
    at = rng.integers(0, SESSIONS, len(scores))
    dipped = scores.copy()
    dipped[each, at] -= depth * own_sd
    threshold = np.quantile(leave_one_out(scores, prior=prior).p, 0.02)
    return (leave_one_out(dipped, prior=prior).p[each, at] < threshold).mean()


@pytest.mark.parametrize(("unequal", "at_least"), [(False, (0.87, 0.91, 0.96)), (True, (0.85, 0.90, 0.95))])
def test_it_finds_nearly_what_an_ideal_observer_finds(unequal, at_least):
    rng = np.random.default_rng(4)
    if unequal:
        own_sd = np.exp(0.35 * rng.standard_normal(CLIENTS))
        level = 1.2 * rng.standard_normal(CLIENTS)
    else:
        own_sd = np.sqrt(6 / rng.chisquare(6, CLIENTS))
        level = 1.2 * own_sd * rng.standard_normal(CLIENTS)
    scores = level[:, np.newaxis] + own_sd[:, np.newaxis] * rng.standard_normal((CLIENTS, SESSIONS))
    prior = fit_level_prior(scores[:600]).prior if unequal else STEADY
    for depth, share in zip((2, 3, 4), at_least, strict=True):
        ideal = ndtr(ndtri(0.02) + depth)
        assert found_of_dips(scores, own_sd, prior, depth, rng) > share * ideal


def test_probabilities_mean_what_they_say():
    switch = SwitchPrior(begin=0.06, end=0.3, depths=(2.0, 3.5), weights=(0.5, 0.5))
    scores, low = drawn(np.random.default_rng(5), switch, clients=700)
    probability = switch_regimes(scores, prior=MOVING, switch=switch).probability
    for least, most in ((0.0, 0.1), (0.1, 0.3), (0.3, 0.7), (0.7, 0.9), (0.9, 1.01)):
        here = (probability >= least) & (probability < most)
        said = probability[here].mean()
        # sessions of one client hang together, so the bound allows for twice the variance
        error = np.sqrt(2 * said * (1 - said) / here.sum())
        assert low[here].mean() == pytest.approx(said, abs=4 * error)


def drawn(rng, switch, *, clients):
    """Ratings from MOVING with lowered stretches, and where these were."""
    scores = draw_from_prior(MOVING, clients=clients, sessions=SESSIONS, seed=6)
    again = np.random.default_rng(6)  # the same clients' SDs, as draw_from_prior draws them
    own_sd = np.sqrt(6 / again.chisquare(6, size=(clients, 1)))[:, 0]
    state, low = np.zeros(clients, dtype=int), np.zeros(scores.shape, dtype=bool)
    shift = np.array([0.0, *switch.depths])
    for t in range(SESSIONS):
        new = 1 + rng.choice(len(switch.depths), clients, p=switch.weights)
        begun, over = rng.random(clients) < switch.begin, rng.random(clients) < switch.end
        state = np.where(state == 0, np.where(begun, new, 0), np.where(over, 0, state))
        scores[:, t] -= shift[state] * own_sd
        low[:, t] = state > 0
    return scores, low


def test_where_nothing_happens_few_stretches_are_seen():
    scores = draw_from_prior(MOVING, clients=300, sessions=SESSIONS, seed=7)
    found = hindsight(detect(scores, prior=MOVING))
    assert (found.probability > 0.5).mean() < 0.025
    assert found.unusual.mean() == pytest.approx(0.02, abs=0.008)
