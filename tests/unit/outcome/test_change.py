"""Categories and refusals of reliable change."""

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.outcome import functional_cutoff, reliable_change


def test_the_two_directions_mirror_each_other():
    before, after = [20, 20, 20, np.nan], [5, 21, 35, 10]
    lower = reliable_change(before, after, sd=5, reliability=0.8)
    higher = reliable_change(before, after, sd=5, reliability=0.8, higher_is="better")
    assert lower.category.tolist() == ["improved", "unchanged", "deteriorated", "unknown"]
    assert higher.category.tolist() == ["deteriorated", "unchanged", "improved", "unknown"]
    assert lower.doubts[1] == "1 of 4 clients lack a score before or after."
    assert lower.counts["improved"] == 1


def test_exactly_the_criterion_is_unchanged():
    edge = reliable_change(0, 0, sd=5, reliability=0.8).reliable_points
    assert reliable_change(20, 20 - edge * 0.999999, sd=5, reliability=0.8).category[0] == "unchanged"
    assert reliable_change(20, 20 - edge * 1.000001, sd=5, reliability=0.8).category[0] == "improved"


def test_recovered_means_across_the_cutoff():
    found = reliable_change([20, 20, 9], [8, 10, 1], sd=2, reliability=0.8, cutoff=10)
    assert found.category.tolist() == ["recovered", "improved", "improved"]
    assert len(found.doubts) == 1


def test_what_cannot_be_is_refused():
    with pytest.raises(MethodError, match="one of each"):
        reliable_change([1, 2], [1], sd=1, reliability=0.5)
    with pytest.raises(MethodError, match="worse or better"):
        reliable_change(1, 2, sd=1, reliability=0.5, higher_is="nicer")
    with pytest.raises(MethodError, match="above 0"):
        functional_cutoff(mean=1, sd=0, functional_mean=2, functional_sd=1)
