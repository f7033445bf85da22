"""What the methods of change need, and what they refuse."""

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.outcome import Clinical, change_by, reliable_change

PLAIN = Clinical(sd=5, reliability=0.8)


def test_harmed_is_from_the_functional_side_to_the_clinical_one():
    found = reliable_change([8, 8, 25, 10], [20, 9, 36, 22], sd=2, reliability=0.8, cutoff=10)
    assert found.category.tolist() == ["harmed", "unchanged", "deteriorated", "deteriorated"]


def test_a_mean_that_a_method_needs_is_asked_for():
    with pytest.raises(MethodError, match="edwards-nunnally needs the mean before"):
        change_by([1], [2], method="edwards-nunnally", clinical=PLAIN)
    known = Clinical(sd=5, reliability=0.8, mean=20)
    with pytest.raises(MethodError, match="population's mean after"):
        change_by([1], [2], method="hsu-linn-lord", clinical=known)
    warned = change_by(
        [1], [2], method="hsu-linn-lord", clinical=Clinical(sd=5, reliability=0.8, mean=20, mean_after=12)
    )
    assert "ordinary improvement is not credited" in warned.doubts[0]
    same = [change_by([20], [9], method="nunnally-kotsch",
                      clinical=Clinical(sd=5, reliability=0.8, mean=20, reliability_after=after)).index[0]
            for after in (None, 0.8)]  # fmt: skip
    assert same[0] == same[1]


def test_hageman_arrindell_learns_from_the_clients():
    with pytest.raises(MethodError, match="2 have both scores"):
        change_by([1, 2, np.nan], [2, 3, 4], method="hageman-arrindell", clinical=PLAIN)
    with pytest.raises(MethodError, match="no more than measurement error"):
        change_by([20, 25, 30], [19, 24, 29], method="hageman-arrindell", clinical=PLAIN)
    before, after = np.array([20, 25, 30, 22.0]), np.array([5, 24, 12, 21.0])
    found = change_by(before, after, method="hageman-arrindell", clinical=Clinical(sd=5, reliability=0.9))
    assert "learned from these 4 clients" in found.doubts[0]
    assert found.counts["recovered"] == 0  # no cut-off was given
    assert found.reliable_points == pytest.approx(1.65 * found.difference_error)


def test_what_cannot_be_is_refused():
    with pytest.raises(MethodError, match="No method called best"):
        change_by([1], [2], method="best", clinical=PLAIN)
    with pytest.raises(MethodError, match=r"reliability is 1\.2"):
        Clinical(sd=5, reliability=0.8, reliability_after=1.2)
    with pytest.raises(MethodError, match="has to be above 0"):
        Clinical(sd=0, reliability=0.8)
    with pytest.raises(MethodError, match="one of each"):
        change_by([1, 2], [2], method="jacobson-truax", clinical=PLAIN)
