"""Attachment over months, and the exploratory template: by hand, against the twin, and honest about chance."""

import numpy as np
import pytest
from tests.twins.template import gain_of, pull_of, squares_of, working_model_of

from holdfast.alliance.attachment import attachment_change, fit_template, working_model
from holdfast.alliance.attachment.interval import Pulls, Units, interval_of, pulls_of, units_of
from holdfast.alliance.attachment.levels import measured_of
from holdfast.alliance.attachment.template import GRID
from holdfast.errors import MethodError


def test_changes_by_hand():
    # first scores 2, 4, 6: SD 2; error 2*sqrt(2*.36) = 1.697056; 1.959964 of it is 3.326169 points
    scores = [[2, np.nan, 6], [4, 4, 4], [6, 5, np.nan], [np.nan, np.nan, np.nan]]
    found = attachment_change(scores, times=[0, 1, 2], reliability=0.64)
    assert found.reliable_points == pytest.approx(3.326169, abs=1e-6)
    assert found.change.tolist()[:3] == [4, 0, -1]
    assert np.isnan(found.change[3])
    assert found.direction.tolist() == [1, 0, 0, 0]
    assert (found.low[0], found.high[0]) == pytest.approx((4 - 3.326169, 4 + 3.326169))
    assert found.scores.tolist() == [2, 3, 2, 0]
    assert found.slope[1] == 0.0
    assert np.isnan(found.slope[[0, 2, 3]]).all()
    # mean 1, SD sqrt(7) = 2.645751, error 1.527525, qt(.975, 2) = 4.302653
    assert (found.mean_change.value, found.mean_change.error) == pytest.approx((1.0, 1.527525), abs=1e-6)
    assert found.mean_change.high == pytest.approx(1 + 4.302653 * 1.527525, abs=1e-5)
    assert any("1.66 SD" in doubt for doubt in found.doubts)


def test_a_fall_can_be_reliable_and_a_good_scale_needs_no_doubt():
    found = attachment_change([[7, 1], [3, 3], [5, 5]], times=[0, 6], reliability=0.95)
    assert found.direction.tolist() == [-1, 0, 0]
    assert len(found.doubts) == 1


def test_slopes_are_least_squares_with_the_scatter_of_all():
    rng = np.random.default_rng(1)
    times = np.array([0.0, 2, 3, 7])
    scores = 3 + 0.2 * times + rng.standard_normal((5, 4))
    found = attachment_change(scores, times=times, reliability=0.8)
    rest = 0.0
    for row, slope in zip(scores, found.slope, strict=True):
        line = np.polyfit(times, row, 1)
        assert slope == pytest.approx(line[0])
        rest += ((row - np.polyval(line, times)) ** 2).sum()
    spread = ((times - times.mean()) ** 2).sum()
    assert found.slope_error[0] == pytest.approx(np.sqrt(rest / 10 / spread))


def test_too_little_to_compare():
    one = attachment_change([[2, 3], [4, np.nan]], times=[0, 1], reliability=0.8)
    assert one.mean_change.value == 1.0
    assert np.isnan(one.mean_change.low)
    assert "1 clients have two scores" in one.doubts[1]
    none = attachment_change([[2, np.nan], [4, np.nan]], times=[0, 1], reliability=0.8)
    assert np.isnan(none.mean_change.value)
    with pytest.raises(MethodError, match="do not differ"):
        attachment_change([[2, 3], [2, 3]], times=[0, 1], reliability=0.8)


@pytest.mark.parametrize("seed", range(3))
def test_the_working_model_is_its_slow_twin(seed):
    rng = np.random.default_rng(seed)
    felt = np.where(rng.random((4, 9)) < 0.3, np.nan, rng.standard_normal((4, 9)))
    repaired = (rng.random((4, 9)) < 0.2).astype(float)
    found = working_model(felt, carry_over=0.6, approach=0.7, repaired=repaired)
    for i, row in enumerate(felt):
        h, g = working_model_of([None if np.isnan(r) else r for r in row], 0.6, repaired[i].tolist(), 0.7)
        np.testing.assert_allclose(found.here[i], h)
        np.testing.assert_allclose(found.elsewhere[i], g)
    with pytest.raises(MethodError, match="between 0 and 1"):
        working_model(felt, carry_over=1.5)


def world(clients, seed, *, carry_over, noise=0.4):
    rng = np.random.default_rng(seed)
    felt = 0.7 * rng.standard_normal((clients, 1)) + 0.7 * rng.standard_normal((clients, 24))
    g = working_model(felt, carry_over=carry_over).elsewhere
    avoidance = rng.standard_normal((clients, 1)) - g + noise * rng.standard_normal((clients, 24))
    return felt, np.where(np.arange(24) % 4 == 0, avoidance, np.nan)


def test_a_carry_over_is_found_with_the_squares_of_the_twin():
    felt, avoidance = world(150, 2, carry_over=0.1)
    found = fit_template(felt, avoidance=avoidance, shuffles=39)
    assert found.low < found.carry_over < found.high
    assert found.chance <= 0.05
    assert found.gain.low > 0.0
    assert (found.clients, found.measurements) == (150, 900)
    assert found.doubts[0].startswith("Exploratory")
    assert "exploratory" in found.method
    few_r, few_y = felt[:12], avoidance[:12]
    few = fit_template(few_r, avoidance=few_y, shuffles=1)
    z_r, z_y = (few_r - few_r.mean()) / few_r.std(), few_y / few_y[:, 0].std(ddof=1)
    plain = [[None if np.isnan(v) else v for v in row] for row in z_y]
    slow = [squares_of(z_r.tolist(), plain, c) for c in GRID]
    assert few.carry_over == GRID[int(np.argmin(slow))]
    assert few.carry_over > 0.0
    assert few.gain.value == pytest.approx(gain_of(z_r.tolist(), plain, GRID.tolist()), rel=1e-9)
    assert "Only 12 clients" in few.doubts[3]


def quiet(seed, *, trend):
    """Nothing carries over; avoidance may fall for everybody alike."""
    rng = np.random.default_rng(seed)
    felt = 0.7 * rng.standard_normal((30, 1)) + 0.7 * rng.standard_normal((30, 24))
    falling = rng.standard_normal((30, 1)) - trend * np.arange(24) + 0.4 * rng.standard_normal((30, 24))
    return felt, np.where(np.arange(24) % 4 == 0, falling, np.nan)


@pytest.mark.parametrize("trend", [0.0, 0.05])
def test_without_carry_over_it_is_told_no_oftener_than_chance(trend):
    told = 0
    for seed in range(20):
        felt, avoidance = quiet(200 + seed, trend=trend)
        told += fit_template(felt, avoidance=avoidance, shuffles=19, seed=seed).chance <= 0.05
    assert told <= 4  # at .05, more than 4 of 20 comes up in about 1 of 400 such tests


def test_the_common_course_is_said():
    felt, avoidance = quiet(5, trend=0.05)
    common = fit_template(felt, avoidance=avoidance, shuffles=1).common
    assert np.isnan(common[1:4]).all()
    assert np.nanmean(common) == pytest.approx(0.0)
    falls = np.diff(common[::4]) / 4
    assert -0.08 < falls.mean() < -0.02


@pytest.mark.parametrize("reliability", [0.65, 0.9])
def test_a_planted_carry_over_comes_back_whatever_the_reliability(reliability):
    found = []
    for seed in range(20):
        rng = np.random.default_rng(seed)
        felt = 0.7 * rng.standard_normal((300, 1)) + 0.7 * rng.standard_normal((300, 24))
        true = rng.standard_normal((300, 1)) - working_model(felt, carry_over=0.1).elsewhere
        error = np.sqrt((1 - reliability) / reliability) * rng.standard_normal(true.shape)
        measured = np.where(np.arange(24) % 4 == 0, true + error, np.nan)
        found.append(fit_template(felt, avoidance=measured, reliability=reliability, shuffles=0))
    assert np.mean([each.carry_over for each in found]) == pytest.approx(0.1, abs=0.012)  # three errors of the mean
    assert found[0].reliability == reliability


@pytest.mark.parametrize("carry_over", [0.0, 0.05, 0.2])
def test_the_interval_holds_a_planted_carry_over_with_its_units_estimated(carry_over):
    held = 0
    for seed in range(100):
        felt, avoidance = world(40, 500 + seed, carry_over=carry_over, noise=1 / 3)
        found = fit_template(felt, avoidance=avoidance, reliability=0.9, shuffles=0)
        held += found.low <= carry_over <= found.high
    assert held >= 90  # at 95 %, fewer come up in about 1 of 80 such tests


@pytest.mark.parametrize("carry_over", [0.02, 0.2])
def test_the_pull_is_that_of_the_twin_and_its_scatter_what_each_client_changes(carry_over):
    felt, avoidance = world(12, 3, carry_over=0.1)
    avoidance[2, 8:] = np.nan
    plain = [[None if np.isnan(v) else v for v in row] for row in avoidance]

    def pull(weights):
        return pull_of(felt.tolist(), plain, carry_over, 0.8, weights)

    ones, step = np.ones(12), 1e-4
    moved = [pull(ones + step * row) - pull(ones - step * row) for row in np.eye(12)]
    error = np.std(np.array(moved) / (2 * step), ddof=1) * np.sqrt(12)

    r, y = (felt - felt.mean()) / felt.std(), avoidance / (avoidance[:, 0].std(ddof=1) * np.sqrt(0.8))
    grid = carry_over + np.array([-1e-4, 0.0, 1e-4])
    courses = np.stack([working_model(r, carry_over=c).elsewhere for c in grid])[:, :, ::4]
    fast = pulls_of(courses, y[:, ::4], grid=grid, measured=measured_of(y), units=units_of(r, y))
    assert fast.together[1] == pytest.approx(pull(ones) / error, rel=1e-4)
    assert 2 < fast.freedom[1] < 12


def test_the_interval_by_hand():
    # qt(.975, 9) = 2.262157
    grid = np.array([0.0, 0.1, 0.2, 0.3, 0.4, 0.5])
    for pulls, best, low, high in (
        ([-4, -2.3, -2.2, 1, 2.3, 1], 3, 0.1, 0.4),
        ([-4, -2, -4, 0, 2, 5], 3, 0.0, 0.5),
        ([-2, -1, 0, 1, 2, 2], 2, 0.0, 0.5),
        ([3, 4, 5, 6, 7, 8], 0, 0.0, 0.1),
        ([-8, -7, -6, -5, -4, -3], 5, 0.4, 0.5),
    ):
        seen = Pulls(together=np.array(pulls, dtype=float), freedom=np.full(6, 9.0))
        assert interval_of(seen, grid=grid, best=best) == (low, high)


def test_few_clients_that_carry_the_slope_count_as_few():
    slopes = np.array([[-1.0, 1], [1, -1], [-2, 2], [2, -2]])
    grid = np.array([0.0, 0.1, 0.2])
    y = np.array([[0.0, 1], [1, 1], [3, 2], [2, 5]])
    seen = pulls_of(
        grid[:, np.newaxis, np.newaxis] * slopes,
        y,
        grid=grid,
        measured=measured_of(y),
        units=Units(felt=np.zeros(4), avoidance=np.zeros(4)),
    )
    # squares 2, 2, 8, 8: 20^2/(4 + 4 + 64 + 64)
    assert seen.freedom == pytest.approx(np.full(3, 400 / 136))
    # by hand at 0: y less own levels (-.5, .5), (0, 0), (.5, -.5), (-1.5, 1.5), less their mean (-.375, .375)
    # (-.125, .125), (.375, -.375), (.875, -.875), (-1.125, 1.125); times slopes .25, .75, -3.5, -4.5: sum -7,
    # SD sqrt((2^2 + 2.5^2 + 1.75^2 + 2.75^2)/3) = 2.637865, error 5.275731
    assert seen.together[0] == pytest.approx(-7 / 5.275731, abs=1e-5)


def test_a_curved_course_of_all_with_early_endings_is_no_carry_over():
    """Who feels much leaves early, and everybody's avoidance falls fast at first: a line in time would tell it."""
    told = 0
    for seed in range(20):
        rng = np.random.default_rng(300 + seed)
        level = rng.standard_normal((60, 1))
        felt = 0.7 * level + 0.7 * rng.standard_normal((60, 24))
        here = np.arange(24) < np.where(level > 0, 9, 24)
        fallen = (
            rng.standard_normal((60, 1)) - 1.5 * (1 - np.exp(-np.arange(24) / 4)) + 0.4 * rng.standard_normal((60, 24))
        )
        measured = np.where((np.arange(24) % 4 == 0) & here, fallen, np.nan)
        found = fit_template(np.where(here, felt, np.nan), avoidance=measured, shuffles=19, seed=seed)
        told += found.chance <= 0.05
    assert told <= 4


def test_avoidance_that_colours_what_is_felt_is_found_at_the_end_of_the_grid_and_said():
    """Nothing carries over, and the chance is small all the same: no fit can tell, but the estimate runs to the end."""
    rng = np.random.default_rng(9)
    wandering = np.zeros((150, 24))
    wandering[:, 0] = rng.standard_normal(150)
    for t in range(1, 24):
        wandering[:, t] = 0.9 * wandering[:, t - 1] + 0.4 * rng.standard_normal(150)
    felt = rng.standard_normal((150, 24)) - 0.5 * wandering
    found = fit_template(felt, avoidance=np.where(np.arange(24) % 4 == 0, wandering, np.nan), shuffles=39)
    assert found.chance <= 0.05
    assert found.carry_over == GRID[-1]
    assert found.doubts[-1].startswith("The best carry-over is 0.5, the end of what is tried")
    assert any("colours what is felt" in doubt for doubt in found.doubts[:3])


def test_what_cannot_be_fitted():
    felt, avoidance = world(12, 7, carry_over=0.0)
    with pytest.raises(MethodError, match="same sessions"):
        fit_template(felt[:, :5], avoidance=avoidance)
    with pytest.raises(MethodError, match="lies above 0"):
        fit_template(felt, avoidance=avoidance, reliability=0.0)
    with pytest.raises(MethodError, match="needs ten"):
        fit_template(felt, avoidance=np.where(np.arange(24) == 0, avoidance, np.nan))
    two = np.where(np.isin(np.arange(24), (0, 4)), avoidance, np.nan)
    flat = fit_template(np.ones((12, 24)), avoidance=two, shuffles=1)
    assert (flat.carry_over, flat.chance) == (0.0, 1.0)
    assert (flat.low, flat.high) == (0.0, 0.5)
    same = fit_template(felt, avoidance=np.where(np.isnan(avoidance), np.nan, 3.0), shuffles=1)
    assert (same.carry_over, same.low, same.high) == (0.0, 0.0, 0.5)
    nobody = np.full((12, 24), np.nan)
    with pytest.raises(MethodError, match="needs ten"):
        fit_template(felt, avoidance=nobody)
    assert fit_template(nobody, avoidance=two, shuffles=1).high == 0.5
