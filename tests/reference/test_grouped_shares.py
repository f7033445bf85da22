"""Shares over groups, against the cluster-robust error of an intercept written out in R.

Recipe (R 4.2): f <- c(3, 0, 1, 2); n <- c(10, 8, 12, 10); p <- sum(f)/sum(n); r <- f - p*n;
cat(p, sqrt(4/3*sum(r^2))/sum(n))   # 0.15 0.06177918
"""

import math

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.stats import grouped_interval, share_over_groups, wilson_interval

FOUND, OF = [3, 0, 1, 2], [10, 8, 12, 10]


def test_a_share_and_its_error_over_groups():
    share, error = share_over_groups(FOUND, OF)
    assert (share, error) == pytest.approx((0.15, 0.06177918), abs=5.1e-9)
    assert all(math.isnan(each) for each in share_over_groups([], []))
    assert share_over_groups([1], [2]) == (0.5, 0.0)


def test_the_interval_is_wilsons_when_each_thing_is_its_own_group_or_groups_say_nothing():
    alone = grouped_interval([1] * 30 + [0] * 70, [1] * 100)
    wilson = wilson_interval(30, 100)
    assert (alone.low, alone.high) == pytest.approx((wilson.low, wilson.high), abs=1.5e-3)
    assert grouped_interval([3], [10]) == wilson_interval(3, 10)
    assert grouped_interval([0, 0], [5, 5]) == wilson_interval(0, 10)
    assert grouped_interval([1, 1], [5, 5]) == wilson_interval(2, 10)


def test_things_that_hang_together_widen_it():
    together = grouped_interval([10] * 6 + [0] * 14, [10] * 20)
    wilson = wilson_interval(6, 20)
    assert (together.found, together.of, together.estimate) == (60, 200, 0.3)
    assert (together.low, together.high) == pytest.approx((wilson.low, wilson.high), abs=1e-2)
    assert grouped_interval(FOUND, OF).low > 0.0


def test_more_found_than_there_are_is_refused():
    with pytest.raises(MethodError, match="more found than there are"):
        grouped_interval([3, 1], np.array([2, 4]))
