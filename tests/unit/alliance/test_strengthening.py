"""What the comparison of after with before says when there is little or nothing to compare."""

import numpy as np
import pytest

from holdfast.alliance import Breaks, Prior, detect, follow, prior_for_range, strengthening
from holdfast.errors import MethodError

PRIOR = prior_for_range(0, 100)
ONE = [75, 76, 74, 75, 76, 75, 74, 75, 76, 55, 76, 77, 75, 76, 75, 76, 74, 76, 75]


def compared(scores, prior=PRIOR):
    found = detect(scores, prior=prior)
    return strengthening(found, follow(found))


@pytest.mark.parametrize("scores", [[75, 76, 74, 75], [], [[np.nan, np.nan]], np.zeros((0, 4))])
def test_without_episodes_there_is_nothing_to_compare(scores):
    found = compared(scores)
    assert (found.estimate, found.low, found.high, found.clients, found.of) == (None, None, None, 0, 0)
    assert found.row.tolist() == []
    assert found.doubts[-1] == "Only 0 clients; the interval is rough."


def test_one_client_has_an_episode_and_no_archive():
    found = compared(ONE)
    assert (found.clients, found.of, found.row.tolist(), found.episode.tolist()) == (1, 1, [0], [0])
    assert found.first[0] <= 9 <= found.last[0]
    assert found.estimate == found.difference_in_sd[0]
    assert (found.low, found.high) == (None, None)
    assert found.difference_low[0] < found.difference[0] < found.difference_high[0]
    assert abs(found.difference[0]) < 3


def test_an_episode_at_the_edge_cannot_be_compared():
    found = compared([75, 76, 45, 76, 77, 75, 76, 75, 76])
    assert (found.of, len(found.row)) == (1, 0)
    assert found.doubts[0].startswith("0 of 1 closed episodes can be compared")


def test_a_fall_that_stays_stands_out_from_one_side_only():
    found = compared([75, 76, 74, 75, 76, 75, 45, 46, 45, 44, 45, 46, 45])
    assert (found.of, len(found.row)) == (1, 0)


def test_a_level_that_never_moves():
    still = Prior(level=75, level_ratio=9, degrees_of_freedom=4, variance=25, drift=0, calibrated=True, source="given")
    assert compared(ONE, prior=still).clients == 1


def test_what_spans_a_break_is_not_compared():
    scores = [75, 76, 74, 75, 76, 75, *ONE]
    for at, clients in ((2, 1), (20, 0)):
        breaks = np.arange(len(scores))[np.newaxis] == at
        found = detect(scores, prior=PRIOR, breaks=breaks)
        assert strengthening(found, follow(found)).clients == clients


def test_ratings_of_two_instruments_are_refused():
    instrument = np.array([[0] * 9 + [1] * 10])
    found = detect(ONE, prior=(PRIOR, PRIOR), breaks=Breaks(instrument=instrument))
    with pytest.raises(MethodError, match="2 instruments"):
        strengthening(found, follow(found))
