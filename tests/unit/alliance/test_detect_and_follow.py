"""What the detector and the follow-up say around their numbers: doubts, endings, two raters, calibration."""

from dataclasses import replace

import numpy as np
import pytest

from holdfast.alliance import RepairStatus, Rule, calibrate, combine, course, detect, follow, prior_for_range
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
    assert "0.0203 at nominal 0.02" in detect(STEADY, prior=PRIOR).doubts[-1]
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


def test_either_rater_can_signal():
    rule = Rule().halved()
    client = detect([*STEADY, 75], prior=PRIOR, rule=rule)
    therapist = detect([*STEADY, 40], prior=PRIOR, rule=rule)
    both = combine(client, therapist)
    assert both.acute[0].tolist() == [False] * 6 + [True]
    assert (both.correlation, both.false_alarm_rate) == (0.3, 0.02)
    assert both.doubts[-1] == "Both rated 7 sessions; the two raters are taken to correlate .3."
    assert both.disagreement[0, 6] > 2
    assert combine(client, therapist, correlation=0.5).correlation == 0.5


def test_the_two_raters_correlation_and_stouffers_score():
    rule = Rule(robust=None)
    scores = draw_from_prior(PRIOR, clients=400, sessions=20, seed=3)
    others = draw_from_prior(PRIOR, clients=400, sessions=20, seed=4)
    endless = replace(PRIOR, scale=None)
    both = combine(detect(scores, prior=endless, rule=rule), detect(others, prior=endless, rule=rule))
    assert both.correlation == pytest.approx(0, abs=0.05)
    assert (both.stouffer < 0.05).mean() == pytest.approx(0.05, abs=0.01)
    assert both.disagreement.std() == pytest.approx(1, abs=0.03)


def test_the_same_rater_twice_still_gives_an_answer():
    found = detect(draw_from_prior(PRIOR, clients=4, sessions=20, seed=3), prior=PRIOR)
    assert combine(found, found).correlation == 0.99


def test_raters_have_to_rate_the_same_sessions():
    with pytest.raises(MethodError, match="same sessions"):
        combine(detect(STEADY, prior=PRIOR), detect([75], prior=PRIOR))
    with pytest.raises(MethodError, match="between -1 and 1"):
        combine(detect(STEADY, prior=PRIOR), detect(STEADY, prior=PRIOR), correlation=1.0)


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
