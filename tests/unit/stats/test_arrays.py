"""What the numerics accept and refuse."""

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.stats import LevelPrior, filter_level, fit_level_prior, normal_score, one_sided_cusum, wilson_interval
from holdfast.stats.cusum import cusum_limit, cusum_run_length
from holdfast.stats.difference import measurement_error, smallest_reliable_difference

PRIOR = LevelPrior(level=50, level_ratio=2, degrees_of_freedom=5, variance=9, drift=0.1)


@pytest.mark.parametrize(
    ("y", "why"), [(np.zeros((2, 2, 2)), "3 dimensions"), ([1.0, np.inf], "infinite"), ([[1.0, -np.inf]], "infinite")]
)
def test_series_of_another_shape_or_kind_are_refused(y, why):
    with pytest.raises(MethodError, match=why):
        filter_level(y, prior=PRIOR)


@pytest.mark.parametrize("steps", [[1, -1, 1], [1, np.nan, 1], [1, np.inf, 1]])
def test_steps_that_cannot_be_are_refused(steps):
    with pytest.raises(MethodError, match="negative or unknown"):
        filter_level([50, 51, 52], prior=PRIOR, steps=steps)


def test_steps_of_another_shape_are_refused():
    with pytest.raises(MethodError, match=r"\(1, 2\)"):
        filter_level([50, 51, 52], prior=PRIOR, steps=[1, 1])


def test_an_unknown_step_at_an_unseen_value_is_no_time_and_the_first_step_is_not_used():
    gap = filter_level([50, np.nan, 52], prior=PRIOR, steps=[np.nan, np.nan, 2])
    whole = filter_level([50, 52], prior=PRIOR, steps=[9, 2])
    assert gap.level[0, 2] == whole.level[0, 1]


def test_one_unseen_value_counts_its_own_step_once():
    gap = filter_level([50, np.nan, 52], prior=PRIOR)
    timed = filter_level([50, 52], prior=PRIOR, steps=[0, 2])
    assert gap.ratio[0, 2] == pytest.approx(timed.ratio[0, 1])


@pytest.mark.parametrize(
    "wrong",
    [{"variance": 0.0}, {"level_ratio": np.inf}, {"degrees_of_freedom": -1.0}, {"drift": -0.1}, {"level": np.nan}],
)
def test_a_prior_that_cannot_be_is_refused(wrong):
    settings = {"level": 50.0, "level_ratio": 2.0, "degrees_of_freedom": 5.0, "variance": 9.0, "drift": 0.1}
    with pytest.raises(MethodError, match="prior's"):
        LevelPrior(**(settings | wrong))


@pytest.mark.parametrize("robust", [0.0, -1.0, float("nan")])
def test_a_bound_that_is_not_above_zero_is_refused(robust):
    with pytest.raises(MethodError, match="above 0"):
        filter_level([50], prior=PRIOR, robust=robust)


def test_results_are_read_only():
    states = filter_level([50, 51], prior=PRIOR)
    with pytest.raises(ValueError, match="read-only"):
        states.level[0, 0] = 1.0


def test_nothing_different_teaches_no_prior():
    with pytest.raises(MethodError, match="no two different"):
        fit_level_prior([[5.0, 5.0], [5.0, np.nan]])


def test_normal_scores_are_clipped_and_symmetric():
    scores = normal_score(np.array([0.0, 1e-9, 0.5, 1.0]))
    assert scores.tolist() == pytest.approx([-4.753424, -4.753424, 0.0, 4.753424], abs=1e-6)


def test_the_cusum_by_hand():
    path = one_sided_cusum([-1.75, np.nan, -2.0, 0.5, -1.0, -4.0, 3.0], slack=0.75, limit=2.0)
    assert path.value[0].tolist() == [1.0, 1.0, 2.25, 0.0, 0.25, 3.5, 0.0]
    assert path.alarm[0].tolist() == [False, False, True, False, False, True, False]
    assert path.onset[0].tolist() == [0, 0, 0, -1, 4, 4, -1]


def test_an_alarm_that_may_not_sound_yet_sounds_as_soon_as_it_may():
    path = one_sided_cusum([-4.0, -1.0, 0.0], slack=0.5, limit=2.0, first_alarm=2)
    assert path.value[0].tolist() == [3.5, 4.0, 0.0]
    assert path.alarm[0].tolist() == [False, True, False]


@pytest.mark.parametrize("limit", [0.0, -1.0, float("inf"), float("nan")])
def test_a_limit_that_cannot_be_is_refused(limit):
    with pytest.raises(MethodError, match="limit"):
        cusum_run_length(0.5, limit)


@pytest.mark.parametrize("run_length", [1.0, 2e6])
def test_a_run_length_that_no_limit_gives_is_refused(run_length):
    with pytest.raises(MethodError, match="run length"):
        cusum_limit(0.5, run_length)


@pytest.mark.parametrize(("found", "of"), [(-1, 3), (4, 3)])
def test_a_count_beyond_the_whole_is_refused(found, of):
    with pytest.raises(MethodError, match="not a share"):
        wilson_interval(found, of)


def test_a_share_of_nothing_is_unknown():
    share = wilson_interval(0, 0)
    assert np.isnan(share.estimate)
    assert (share.low, share.high) == (0.0, 1.0)


def test_confidence_and_measures_of_error_keep_to_their_ranges():
    with pytest.raises(MethodError, match="confidence"):
        wilson_interval(1, 2, confidence=1.0)
    with pytest.raises(MethodError, match="confidence"):
        smallest_reliable_difference(5, 0.8, confidence=0.0)
    with pytest.raises(MethodError, match="standard deviation"):
        measurement_error(0.0, 0.8)
    with pytest.raises(MethodError, match="reliability"):
        measurement_error(5.0, 1.0)
