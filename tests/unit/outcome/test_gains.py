"""Sudden gains and losses, by hand."""

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.outcome import GainCriteria, sudden_gains

DROP = [30, 31, 30, 18, 17, 18, 17]
"""12 points from session 3 to 4, of 13 from first to last."""


def test_size_share_of_the_whole_and_what_became_of_it():
    back = [30, 31, 30, 18, 17, 18, 25]
    found = sudden_gains([DROP, back])
    assert found.client.tolist() == [0, 1]
    assert (found.before.tolist(), found.magnitude.tolist()) == ([2, 2], [12, 12])
    assert found.proportion.tolist() == pytest.approx([12 / 13, 12 / 5])
    assert found.reversed.tolist() == [False, True]  # half of the way back is 24: 25 lies beyond it
    assert not sudden_gains([[30, 31, 30, 18, 17, 18, 24]]).reversed.any()
    assert found.decided.tolist() == [4, 4]


def test_a_reversal_counts_from_the_next_session_or_from_the_second():
    loose = [60, 61, 60, 10, 36, 10, 10, 10]
    assert sudden_gains([loose], choice="first").reversed.tolist() == [True]
    second = GainCriteria(reversal_from="second")
    assert sudden_gains([loose], criteria=second, choice="first").reversed.tolist() == [False]


def test_losses_and_scales_on_which_higher_is_better_are_the_same_turned_over():
    y = np.array([DROP], dtype=float)
    loss = sudden_gains(y[:, ::-1], kind="loss")
    assert (loss.before.tolist(), loss.magnitude.tolist()) == ([3], [12])
    assert loss.proportion.tolist() == pytest.approx([12 / 13])
    no_share = GainCriteria(share=None)
    assert sudden_gains(60 - y, higher_is="better", criteria=no_share).magnitude.tolist() == [12]
    assert sudden_gains(y, higher_is="better", kind="loss", criteria=no_share).magnitude.tolist() == [12]
    assert not sudden_gains(y, kind="loss").client.size
    # a loss of 10 from 50 is less than a quarter of 50, whichever sign the package would give it
    assert not sudden_gains([[50, 50, 50, 60, 60, 60, 60]], kind="loss").client.size


def test_one_of_each_client_may_be_chosen():
    twice = [60, 61, 60, 45, 44, 45, 20, 21, 20, 20]
    found = {choice: sudden_gains([twice, DROP + [17] * 3], choice=choice).before.tolist()
             for choice in ("all", "first", "last", "largest", "smallest")}  # fmt: skip
    assert found == {"all": [2, 5, 2], "first": [2, 2], "last": [5, 2], "largest": [5, 2], "smallest": [2, 2]}


def test_what_was_ruled_out_may_count_as_decided():
    y = [[20, 20, 19, np.nan, np.nan, 19, 18]]
    assert sudden_gains(y).decided.tolist() == [0]
    assert "no step could be told" in sudden_gains(y).doubts[1]
    assert sudden_gains(y, criteria=GainCriteria(rules_out=True)).decided.tolist() == [1]


def test_no_change_from_first_to_last_has_no_proportion():
    assert np.isnan(sudden_gains([[30, 31, 30, 18, 17, 18, 30]]).proportion).all()


def test_a_share_on_a_scale_where_higher_is_better_is_doubted():
    assert "where the scale begins" in sudden_gains([DROP], higher_is="better").doubts[-1]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"higher_is": "good"}, "higher is good"),
        ({"kind": "leap"}, "a leap"),
        ({"choice": "best"}, "The choice is best"),
    ],
)
def test_words_that_mean_nothing_are_refused(given, said):
    with pytest.raises(MethodError, match=said):
        sudden_gains([DROP], **given)


@pytest.mark.parametrize(("given", "said"), [({"cut": 0}, "The cut is 0"), ({"share": np.inf}, "The share is inf"),
                                             ({"reversal_from": "then"}, "Reversals count from then")])  # fmt: skip
def test_criteria_have_bounds(given, said):
    with pytest.raises(MethodError, match=said):
        GainCriteria(**given)


def test_nothing_seen_is_said():
    with pytest.raises(MethodError, match="No score was seen"):
        sudden_gains([[np.nan, np.nan]])
    assert sudden_gains([[1.0, 2.0]], choice="last").decided.tolist() == [0]
