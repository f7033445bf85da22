"""Looking back on whole courses: unusual ratings, lowered stretches, and where these began and ended."""

import numpy as np
import pytest
from tests.twins.switching import drawn

from holdfast.alliance import Breaks, Prior, Regimes, detect, hindsight, learn_regimes, prior_for_range
from holdfast.alliance.hindsight import ASSUMED
from holdfast.alliance.stretches import stretches_of

PRIOR = prior_for_range(0, 100)
LOW = [75, 76, 74, 75, 76, 75, 55, 54, 56, 75, 76, 75, 74, np.nan]


def test_a_lowered_stretch_is_found_with_its_beginning_and_end():
    found = hindsight(detect(LOW, prior=PRIOR))
    stretch = found.stretches
    assert (stretch.row.tolist(), stretch.first.tolist(), stretch.last.tolist()) == ([0], [6], [8])
    assert (stretch.onset_low[0], stretch.onset_high[0], stretch.end_low[0], stretch.end_high[0]) == (6, 6, 8, 8)
    assert stretch.probability[0] > 0.99
    assert 2.0 < stretch.depth[0] < 3.5
    assert np.isnan(found.probability[0, -1])
    assert found.probability[0, :6].max() < 0.1
    assert found.method == "leave-one-out-tail and switching-local-level"


def test_one_low_rating_is_unusual_among_all_others():
    found = hindsight(detect([*LOW[:6], 55, 75, 76, 74, 75], prior=PRIOR))
    assert np.flatnonzero(found.unusual[0]).tolist() == [6]
    rated = ~np.isnan(found.p)
    scores = np.array([[*LOW[:6], 55, 75, 76, 74, 75]])
    assert ((scores < found.low) == (found.p < found.alpha))[rated].all()
    assert (found.low < found.expected).all()
    assert (found.expected < found.high).all()


def test_it_says_what_it_rests_on():
    found = hindsight(detect(LOW, prior=PRIOR))
    assert found.regimes is ASSUMED
    assert found.doubts[0] == "It uses later sessions: for looking back only."
    assert "assumed, not learned" in found.doubts[-1]
    own = Regimes(begin=0.1, end=0.5, depths=(2.0,), weights=(1.0,), learned=True, source="given")
    other = hindsight(detect(LOW, prior=PRIOR), regimes=own)
    assert other.regimes is own
    assert not any("assumed" in doubt for doubt in other.doubts)


def test_a_few_clients_teach_nothing_and_say_so():
    found = learn_regimes([LOW, LOW], prior=PRIOR)
    assert (found.begin, found.end, found.learned) == (ASSUMED.begin, ASSUMED.end, False)
    assert found.doubts[0] == "Only 2 clients; how lowered stretches come and go is learned from 30 or more."


def test_an_archive_teaches_how_stretches_come_and_go():
    prior = Prior(
        level=50, level_ratio=1.44, degrees_of_freedom=6, variance=9, drift=0.02, calibrated=True, source="drawn"
    )
    y = drawn(np.random.default_rng(9), begin=0.1, end=0.25, count=60, columns=15)
    found = learn_regimes(y, prior=prior)
    assert found.learned
    assert found.begin == pytest.approx(0.1, abs=0.05)
    assert found.source == "Learned from 60 clients with 900 ratings."


def test_without_stretches_or_sessions():
    assert hindsight(detect([75, 76, 75, 74], prior=PRIOR)).stretches.row.tolist() == []
    assert hindsight(detect([], prior=PRIOR)).stretches.row.tolist() == []


def test_ranges_by_hand():
    nan = np.nan
    chance = np.array([[0.1, 0.4, 0.9, 0.5, 0.2, nan], [0.9, 0.8, 0.3, 0.1, 0.6, 0.9]])
    begins = np.array([[0.1, 0.3, 0.54, 0.0, 0.0, nan], [0.9, 0.0, 0.0, 0.09, 0.5, 0.4]])
    ends = np.array([[0.0, 0.0, 0.04, 0.4, 0.3, nan], [0.0, 0.1, 0.5, 0.2, 0.0, 0.1]])
    found = stretches_of(probability=chance, begins=begins, ends=ends, depth=2 * chance)
    assert found.row.tolist() == [0, 1, 1]
    assert found.first.tolist() == [2, 0, 4]
    assert found.last.tolist() == [3, 1, 5]
    assert found.peak.tolist() == [2, 0, 5]
    assert found.depth.tolist() == pytest.approx([2.0, 2.0, 2.0])
    # first: had begun by 1 with 1 - .54/.9 = .4, by 0 with .4*(1 - .3/.4) = .1; last low at 2 with .4/.9 = .44,
    # by 3 with 1 - .56*(1 - .3/.5) = .78, and it ends with the last rating, 4
    assert (found.onset_low[0], found.onset_high[0], found.end_low[0], found.end_high[0]) == (0, 2, 2, 4)
    # second: from the start; last low at 0 with .1/.9 = .11
    assert (found.onset_low[1], found.onset_high[1], found.end_low[1]) == (0, 0, 0)
    # third: had begun by 4 with 1 - .4/.9 = .56, by 3 with .56*(1 - .5/.6) = .09, by 2 with a tenth of that
    assert (found.onset_low[2], found.onset_high[2], found.end_low[2], found.end_high[2]) == (3, 5, 5, 5)


def test_at_a_break_a_series_of_its_own_begins():
    other = Prior(level=20, level_ratio=9, degrees_of_freedom=4, variance=4, drift=0.05, calibrated=True, source="own")
    first, second = [75, 76, 50, 75, 76], [20, 21, 8, 20, 19, np.nan]
    steps = np.array([[1, 1, 2, 1, 1, 5, 1, 1, 3, 1, 1], [1.0] * 11])
    scores = [[*first, *second], [*first, 75, 76, 75, 74, 75, 76]]
    instrument = np.array([[0] * 5 + [1] * 6, [0] * 11])
    found = hindsight(detect(scores, prior=(PRIOR, other), steps=steps, breaks=Breaks(instrument=instrument)))
    alone = [
        hindsight(detect([first], prior=PRIOR, steps=steps[:1, :5])),
        hindsight(detect([second], prior=other, steps=steps[:1, 5:])),
        hindsight(detect(scores[1], prior=PRIOR)),
    ]
    for name in ("p", "expected", "low", "probability", "depth"):
        parts = [getattr(each, name)[0] for each in alone]
        np.testing.assert_allclose(getattr(found, name)[0], np.concatenate(parts[:2]), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(getattr(found, name)[1], parts[2], rtol=1e-6, atol=1e-9)
    assert found.stretches.peak.tolist() == [2, 7, 2]
