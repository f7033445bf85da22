"""What the detector and the follow-up say around their numbers: doubts, endings, two raters, calibration."""

from dataclasses import replace

import numpy as np
import pytest

from holdfast.alliance import RepairStatus, Rule, calibrate, course, detect, follow, prior_for_range
from holdfast.errors import MethodError
from holdfast.simulate import draw_from_prior

PRIOR = prior_for_range(0, 100)
STEADY = [75, 76, 74, 75, 76, 75]


def test_a_short_course_says_so():
    assert detect([75, 76, 74, 75], prior=PRIOR).doubts[0] == (
        "Only 4 sessions; the expected range rests on the prior more than on this pair."
    )
    assert detect([75], prior=PRIOR).doubts[0].startswith("Only 1 session;")
    assert detect([np.nan], prior=PRIOR).doubts[0].startswith("No rated session;")
    assert detect([], prior=PRIOR).doubts[0].startswith("No rated session;")
    assert "so few sessions" in detect([[75, 76], [75, np.nan]], prior=PRIOR).doubts[0]
    assert detect(STEADY, prior=PRIOR).doubts[0].startswith("Uncalibrated")


def test_down_weighting_makes_the_rate_approximate():
    assert "0.0204 at nominal 0.02" in detect(STEADY, prior=PRIOR).doubts[-1]
    assert "0.0222 at nominal 0.02" in detect(STEADY, prior=PRIOR, rule=Rule(consistent=False)).doubts[-1]
    assert "approximate: nominal 0.03." in detect(STEADY, prior=PRIOR, rule=Rule(alpha=0.03)).doubts[-1]
    assert "approximate: nominal 0.02." in detect(STEADY, prior=PRIOR, rule=Rule(robust=3.0)).doubts[-1]
    assert not any("approximate" in doubt for doubt in detect(STEADY, prior=PRIOR, rule=Rule(robust=None)).doubts)


def test_an_unrated_session_still_has_an_expected_range():
    found = detect([*STEADY, np.nan], prior=PRIOR)
    assert np.isnan(found.p[0, -1])
    assert found.low[0, -1] < found.expected[0, -1] < found.high[0, -1]


def test_a_therapy_that_ends_in_a_rupture_ends_it():
    found = course([*STEADY, 40, np.nan], prior=PRIOR, ended=True)
    only = found.episodes.all[0]
    assert (only.status, only.end, only.length, only.returned) == (RepairStatus.ENDED, 6, 1, None)
    assert found.episodes.status[0, 6:].tolist() == [RepairStatus.ENDED.code] * 2
    assert course([*STEADY, 40], prior=PRIOR).episodes.all[0].status is RepairStatus.OPEN


def test_what_does_not_come_back_in_time_is_not_repaired():
    only = course([*STEADY, 45, 46, 44, 45, 46], prior=PRIOR).episodes.all[0]
    assert (only.status, only.end, only.nadir, only.length) == (RepairStatus.NOT, 10, 8, 5)
    assert only.repaired_at is None


def test_half_the_way_back_is_partly():
    only = course([*STEADY, 45, 46, 62, 63, 64], prior=PRIOR).episodes.all[0]
    assert (only.status, only.end) == (RepairStatus.PARTLY, 10)


def test_doubts_of_an_episode():
    early = course([75, 76, 30], prior=PRIOR).episodes.all[0]
    assert early.doubts == ("The level before it rests on 2 rated sessions and the prior.",)
    first = course([75, 30], prior=PRIOR, rule=Rule(first_alarm=2)).episodes.all[0]
    assert first.doubts == ("The level before it rests on 1 rated session and the prior.",)
    assert first.compatible_repair_at is None


def test_a_caseload_without_signals_has_no_episodes():
    episodes = follow(detect([STEADY, STEADY], prior=PRIOR))
    assert episodes.all == ()
    assert episodes.number.sum() == 0


def test_endings_are_one_for_each_client():
    with pytest.raises(MethodError, match="`ended`"):
        follow(detect([STEADY, STEADY], prior=PRIOR), ended=[True])


def test_a_course_is_one_pairs():
    with pytest.raises(MethodError, match="2 rows"):
        course([STEADY, STEADY], prior=PRIOR)


def test_calibration_counts_monitored_sessions_only():
    found = calibrate(detect([*STEADY, 30, np.nan], prior=PRIOR))
    assert (found.observed.found, found.observed.of) == (1, 5)
    assert found.per_100 == pytest.approx(20.0)
    assert found.histogram.sum() == 5
    assert "Only 5 monitored sessions" in found.doubts[1]
    assert found.threshold == 0.0  # five sessions cannot show which p comes up twice in a hundred


def test_a_calibrated_archive_keeps_its_threshold():
    found = calibrate(detect(draw_from_prior(PRIOR, clients=300, sessions=10, seed=5), prior=PRIOR))
    assert found.threshold == found.nominal == 0.02
    assert len(found.doubts) == 1


def test_calibration_of_nothing():
    found = calibrate(detect([75], prior=PRIOR))
    assert np.isnan(found.per_100)
    assert found.threshold == 0.02
    assert np.isnan(found.flatness)
    assert found.held_out is None


def test_an_exceeded_rate_is_offered_a_threshold_that_holds_in_the_other_half():
    # ratings that scatter more than the prior believes, and a prior that is sure of itself
    wrong = replace(PRIOR, degrees_of_freedom=200.0, scale=None)
    scores = PRIOR.level + 1.2 * np.sqrt(PRIOR.variance) * np.random.default_rng(12).standard_normal((3000, 20))
    found = calibrate(detect(scores, prior=wrong, rule=Rule(robust=None)))
    assert found.exceeded
    assert found.threshold < found.nominal
    assert found.held_out.estimate == pytest.approx(0.02, abs=0.003)
    assert found.flatness < 1e-6


def test_tails_alone_can_be_calibrated_and_flat_ones_look_flat():
    tails = np.random.default_rng(13).random((500, 20))
    found = calibrate(tails, nominal=0.05)
    assert (found.nominal, found.exceeded, found.observed.of) == (0.05, False, 10_000)
    assert found.flatness > 0.01
    assert calibrate(tails).nominal == 0.02
    one = calibrate(np.full((1, 50), 0.01))
    assert (one.exceeded, one.held_out, one.threshold) == (True, None, 0.01)
