"""The rates and the power of several sources together, against closed forms and by simulation (fixed seeds).

Closed forms: two raters whose errors correlate .3, total rate .02; the OR rule at .0105 each, Stouffer's score with
weights 1 and .6. Dips of (2, 0), (2, 2) and (0, 2) within-person SDs. The OR values come from the bivariate normal:
1 - P(u > a, v > a) with a = qnorm(.0105); in R: mvtnorm::pmvnorm(lower = c(a + d1, a + d2), sigma = ...).
"""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri

from holdfast.alliance import Prior
from holdfast.alliance.signals import (
    Archive,
    Budget,
    Pattern,
    Sources,
    Ties,
    find_signals,
    habits_of,
    pooled_tail,
    rater_gap,
)

RHO = 0.3
DIPS = {(2.0, 0.0): (0.48, 0.38, 0.30), (2.0, 2.0): (0.48, 0.57, 0.65), (0.0, 2.0): (0.02, 0.38, 0.13)}


def bivariate(clients, rng):
    u = rng.standard_normal(clients)
    return u, RHO * u + np.sqrt(1 - RHO**2) * rng.standard_normal(clients)


@pytest.mark.parametrize("dip", DIPS)
def test_one_rater_either_rater_and_stouffers_score(dip):
    alone, either, stouffer = DIPS[dip]
    u, v = (error - fall for error, fall in zip(bivariate(400_000, np.random.default_rng(1)), dip, strict=True))
    assert ndtr(ndtri(0.02) + dip[0]) == pytest.approx(alone, abs=0.005)
    assert ((ndtr(u) < 0.0105) | (ndtr(v) < 0.0105)).mean() == pytest.approx(either, abs=0.006)
    # depths d with R^-1 d in the proportion 1 : .6 make the pool Stouffer's weighted score
    pattern = Pattern(depths={"client": 1 + 0.6 * RHO, "therapist": RHO + 0.6}, reported={}, base_rates={})
    R = np.array([[1, RHO], [RHO, 1]])
    p = pooled_tail({"client": u[None], "therapist": v[None]}, {}, correlation=R, pattern=pattern)
    np.testing.assert_allclose(p[0], ndtr((u + 0.6 * v) / np.sqrt(1 + 0.36 + 1.2 * RHO)), rtol=1e-9)
    assert (p < 0.02).mean() == pytest.approx(stouffer, abs=0.006)


def test_the_gap_of_two_raters_is_a_normal_score():
    u, v = bivariate(200_000, np.random.default_rng(2))
    gap = rater_gap(u, v, correlation=RHO)
    assert (gap.mean(), gap.std()) == pytest.approx((0, 1), abs=0.01)
    assert (np.abs(gap) > 1.96).mean() == pytest.approx(0.05, abs=0.002)


@pytest.mark.parametrize("assumed", [0.5, 2.0, 4.0])
def test_the_pooled_tail_is_exact_whatever_the_pattern(assumed):
    rng = np.random.default_rng(3)
    u, v = bivariate(300_000, rng)
    said = {name: (rng.random((1, u.size)) < 0.05).astype(float) for name in ("client_tension", "therapist_tension")}
    pattern = Pattern(
        depths={"client": assumed, "therapist": 1.4},
        reported=dict.fromkeys(said, 0.5),
        base_rates=dict.fromkeys(said, 0.05),
    )
    R = np.array([[1, RHO], [RHO, 1]])
    p = pooled_tail({"client": u[None], "therapist": v[None]}, said, correlation=R, pattern=pattern)
    for alpha in (0.005, 0.02, 0.3):
        assert (p < alpha).mean() == pytest.approx(alpha, abs=4.5 * np.sqrt(alpha / p.size))


PRIOR = Prior(
    level=50, level_ratio=1.44, degrees_of_freedom=6, variance=25, drift=0.05, calibrated=True, source="the world"
)
MISS = Prior(
    level=0, level_ratio=1.44, degrees_of_freedom=6, variance=25, drift=0.05, calibrated=True, source="the world"
)
NAMES = ("client", "therapist", "predicted", "client_tension", "therapist_tension")


def therapies(clients, seed, *, dips=None, missing=0.0):
    """The detector's model for three series of one variance, errors correlated .3 and .5; tension alone in 5 of 100."""
    rng = np.random.default_rng(seed)
    shape = (clients, 20, 3)
    errors = rng.standard_normal(shape) @ np.linalg.cholesky([[1, 0.3, 0.5], [0.3, 1, 0.5], [0.5, 0.5, 1]]).T
    moves = rng.standard_normal(shape) * np.sqrt(0.05)
    moves[:, 0] = rng.standard_normal((clients, 3)) * 1.2
    fall = np.zeros((clients, 20)) if dips is None else dips
    sd = 5 * np.sqrt(6 / rng.chisquare(6, (clients, 1, 1)))
    values = 50 + sd * (np.cumsum(moves, axis=1) + errors - fall[:, :, None] * np.array([1, 0.7, 0.7]))
    values[rng.random(shape) < missing] = np.nan
    said = (rng.random((clients, 20, 2)) < np.where(fall > 0, 0.5, 0.05)[:, :, None]) * 2.0
    return Sources(**dict(zip(NAMES, (*np.moveaxis(values, 2, 0), *np.moveaxis(said, 2, 0)), strict=True)))


@pytest.fixture(scope="module")
def archive():
    priors = {"client": PRIOR, "therapist": PRIOR, "predicted": PRIOR, "misses": MISS}
    return habits_of(therapies(1500, 4), priors=priors, budget=Budget(per_20=0.4))


@pytest.mark.parametrize("missing", [0.0, 0.3])
def test_all_sources_together_keep_the_total(archive, missing):
    found = find_signals(therapies(8000, 5, missing=missing), archive=archive, budget=Budget(per_20=0.4))
    assert found.false_alarm_rate == pytest.approx(0.02)
    assert 0.008 < (found.kind[:, 2:] > 0).mean() <= 0.02
    assert (found.p[:, 2:] < 0.02).mean() <= 0.0215


def test_all_sources_find_twenty_points_more_of_the_dips(archive):
    where = np.random.default_rng(6).integers(3, 20, 8000)
    dips = np.zeros((8000, 20))
    each = np.arange(8000)
    dips[each, where] = 2.0
    calm, dipped = therapies(8000, 7), therapies(8000, 7, dips=dips)
    alone = Archive(priors={"client": PRIOR})
    found = []
    for names, known in ((("client",), alone), (NAMES, archive)):
        before, after = (
            find_signals(Sources(**{name: getattr(one, name) for name in names}), archive=known).p
            for one in (calm, dipped)
        )
        found.append((after[each, where] < np.nanquantile(before[:, 3:], 0.02)).mean())
    assert found[1] - found[0] > 0.20


@pytest.mark.parametrize("rho", [-0.2, 0.0, 0.5])
def test_raters_who_go_together_nobody_knows_how_keep_the_total(rho):
    rng = np.random.default_rng(8)
    errors = rng.standard_normal((8000, 20, 2)) @ np.linalg.cholesky([[1, rho], [rho, 1]]).T
    sd = 5 * np.sqrt(6 / rng.chisquare(6, (8000, 1, 2)))
    values = 50 + sd * (1.2 * rng.standard_normal((8000, 1, 2)) + errors)
    unknown = Ties(
        names=("client", "therapist"), high=np.array([[1, 0.6], [0.6, 1]]), low=np.array([[1, -0.2], [-0.2, 1]])
    )
    archive = Archive(priors={"client": PRIOR, "therapist": PRIOR}, ties=unknown)
    found = find_signals(
        Sources(client=values[:, :, 0], therapist=values[:, :, 1]), archive=archive, budget=Budget(per_20=0.4)
    )
    assert (found.kind[:, 2:] > 0).mean() <= 0.02
