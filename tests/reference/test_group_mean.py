"""A mean over groups, against the cluster-robust error of an intercept written out in R.

Recipe (R 4.2): y <- c(1, 2, 4, 7, 3, 5.5); g <- c(1, 1, 2, 2, 3, 3); m <- mean(y); G <- 3
e <- sqrt(G/(G-1)*sum(tapply(y - m, g, sum)^2))/6
cat(m, e, m - qt(.975, G-1)*e, m + qt(.975, G-1)*e)   # 3.75 1.1814539066 -1.3333858761 8.8333858761
"""

import math

import numpy as np
import pytest

from holdfast.stats import mean_over_groups

VALUES, GROUP = [1.0, 2.0, 4.0, 7.0, 3.0, 5.5], [1, 1, 2, 2, 3, 3]


def test_a_mean_its_error_and_its_interval_over_groups():
    found = mean_over_groups(VALUES, group=GROUP)
    assert (found.value, found.error) == pytest.approx((3.75, 1.1814539066), abs=5.1e-11)
    assert (found.low, found.high) == pytest.approx((-1.3333858761, 8.8333858761), abs=5.1e-11)


def test_what_is_missing_is_left_out_and_names_of_groups_do_not_matter():
    found = mean_over_groups([*VALUES, math.nan], group=[*(70 - each for each in GROUP), 5])
    assert found == mean_over_groups(VALUES, group=GROUP)


def test_each_value_alone_gives_the_interval_of_a_plain_mean():
    values = np.random.default_rng(2).normal(size=30)
    found = mean_over_groups(values, group=np.arange(30))
    assert found.error == pytest.approx(values.std(ddof=1) / math.sqrt(30), abs=1e-14)


def test_one_group_has_a_mean_and_no_interval_and_nothing_has_neither():
    alone = mean_over_groups([1.0, 3.0], group=[4, 4])
    assert alone.value == 2.0
    assert all(math.isnan(each) for each in (alone.error, alone.low, alone.high))
    assert math.isnan(mean_over_groups([], group=[]).value)
