"""Episodes of every kind of signal, and the client's own word on repair."""

from dataclasses import replace

import numpy as np
import pytest

from holdfast.alliance import Confirmation, Prior, RepairStatus, SignalKind, detect, follow, prior_for_range
from holdfast.errors import MethodError

PRIOR = prior_for_range(0, 100)
STEADY = [75, 76, 74, 75, 76, 75]
NAN = np.nan


def only(scores, **given):
    return follow(detect(scores, prior=PRIOR), **given).all[0]


def codes(sessions, at, kind):
    found = np.zeros((1, sessions), dtype=np.int64)
    found[0, at] = kind.code
    return found


def asked(sessions, **words):
    found = np.full((1, sessions), NAN)
    for session, word in words.items():
        found[0, int(session[1:])] = word
    return found


def test_tension_in_an_unrated_session_is_measured_from_the_forecast_there():
    scores = [*STEADY, NAN, 60, 79, 80, 81]
    found = detect(scores, prior=PRIOR)
    one = only(scores, signals=codes(11, 6, SignalKind.TENSION))
    assert (one.kind, one.onset, one.signalled, one.nadir) == (SignalKind.TENSION, 6, 6, 7)
    assert one.baseline == found.expected[0, 6]
    assert one.depth == pytest.approx(one.baseline - 60)
    assert (one.rebound, one.returned, one.beyond_chance) == (None, None, None)  # no low to come back from
    assert one.length == 3  # the unrated session of the signal does not count
    assert (one.status, one.latency) == (RepairStatus.REPAIRED, 3)


def test_tension_after_which_nothing_is_rated_has_no_nadir():
    one = only([*STEADY, NAN, NAN], signals=codes(8, 6, SignalKind.TENSION), ended=[True])
    assert (one.nadir, one.depth, one.depth_in_sd, one.rebound, one.returned) == (None,) * 5
    assert (one.rebound_range, one.beyond_chance) == (None, None)
    assert (one.status, one.end, one.length) == (RepairStatus.ENDED, 6, 0)
    assert one.doubts == ("Nothing was rated in it; the ratings do not say how deep it went.",)


def test_tension_without_a_fall_is_not_half_repaired():
    one = only([*STEADY, 80, 60, 61, 60, 59], signals=codes(11, 6, SignalKind.TENSION))
    assert one.status is RepairStatus.NOT
    risen = only([*STEADY, 80, 81], signals=codes(8, 6, SignalKind.TENSION))
    assert risen.depth < 0
    assert risen.status is RepairStatus.REPAIRED
    assert "No rating fell" in risen.doubts[0]


def test_a_signal_in_the_first_session_is_measured_from_the_prior():
    one = only([60, 74], signals=codes(2, 0, SignalKind.DISAGREEMENT))
    assert (one.baseline, one.depth_in_sd, one.length) == (75.0, 3.0, 2)
    assert one.doubts[0] == "The level before it rests on the prior alone."


def test_an_erosion_whose_beginning_nobody_knows_begins_where_it_was_signalled():
    one = only([*STEADY, 74], signals=codes(7, 6, SignalKind.EROSION))
    assert one.onset == one.signalled == 6


REPAIRED = [*STEADY, 58, 78, 79, 76, 75]  # signalled in column 6, repaired in the ratings in column 8


@pytest.mark.parametrize(
    ("words", "confirmation", "settled"),
    [
        ({}, Confirmation.NOT_ASKED, 8),
        ({"s5": 0}, Confirmation.NOT_ASKED, 8),
        ({"s6": 0}, Confirmation.CONTRADICTED, None),
        ({"s7": 1}, Confirmation.CONFIRMED, 8),
        ({"s8": 0, "s10": 1}, Confirmation.CONFIRMED, 10),
        ({"s7": 1, "s8": 0}, Confirmation.CONTRADICTED, None),
        ({"s8": 1, "s10": 0}, Confirmation.CONFIRMED, 8),
    ],
)
def test_repaired_as_a_whole_needs_both_when_asked(words, confirmation, settled):
    one = only(REPAIRED, eased=asked(11, **words))
    assert (one.status, one.repaired_at, one.latency) == (RepairStatus.REPAIRED, 8, 2)
    assert (one.confirmation, one.settled_at) == (confirmation, settled)
    said = " ".join(one.doubts)
    assert ("is not part of this" in said) == (confirmation is Confirmation.NOT_ASKED)
    assert ("did not say" in said) == (confirmation is Confirmation.CONTRADICTED)


def test_the_clients_word_repairs_nothing_that_the_ratings_do_not():
    one = only([*STEADY, 45, 46, 44, 45, 46], eased=asked(11, s10=1))
    assert (one.status, one.confirmation, one.settled_at) == (RepairStatus.NOT, Confirmation.CONFIRMED, None)


def test_without_episodes_no_word_counts():
    assert follow(detect(STEADY, prior=PRIOR), eased=asked(6, s2=1)).all == ()


def test_every_word_comes_back_from_its_code():
    assert [Confirmation.from_code(word.code) for word in Confirmation] == list(Confirmation)
    assert [word.code for word in Confirmation] == [0, 1, 2]


@pytest.mark.parametrize(
    "given",
    [
        {"signals": [1, 0]},
        {"signals": np.full((1, 6), 5)},
        {"signals": np.full((1, 6), 0.5)},
        {"eased": [1.0]},
        {"eased": np.full((1, 6), 0.5)},
    ],
)
def test_signals_and_words_of_other_shapes_or_values_are_refused(given):
    with pytest.raises(MethodError, match="Give "):
        follow(detect(STEADY, prior=PRIOR), **given)


def test_what_came_back_beyond_chance_is_measured_over_the_whole_window():
    one = only(REPAIRED)
    assert (one.returned_next, one.returned) == (20.0, 17.0)  # repaired in column 8; the window ends in column 10
    assert one.beyond_chance == one.returned - one.rebound
    assert one.rebound_range[0] < one.rebound < one.rebound_range[1]
    assert one.rebound == pytest.approx(sum(one.rebound_range) / 2)


def test_a_level_that_never_moves_has_a_rebound_too():
    still = Prior(level=75, level_ratio=9, degrees_of_freedom=4, variance=25, drift=0, calibrated=True, source="given")
    one = follow(detect(REPAIRED, prior=still)).all[0]
    weight = 1 / (1 / 9 + 7)  # level given seven ratings: prior weight 1/9 to one each
    assert one.rebound == pytest.approx(75 + weight * sum(r - 75 for r in REPAIRED[:7]) - 58)


def test_chance_and_a_known_rise_give_back_together():
    still = Prior(level=75, level_ratio=9, degrees_of_freedom=4, variance=25, drift=0, calibrated=True, source="given")
    rising = replace(still, rise=2.0)
    rise = 2.0 * np.log2(np.arange(1, 12))
    plain, risen = (follow(detect(y, prior=p)).all[0] for y, p in ((REPAIRED, still), (REPAIRED + rise, rising)))
    assert risen.rebound == pytest.approx(plain.rebound + rise[10] - rise[6])
    assert risen.rebound_next == pytest.approx(plain.rebound_next + rise[7] - rise[6])
    assert risen.beyond_chance == pytest.approx(plain.beyond_chance)
