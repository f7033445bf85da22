"""One slope for many groups."""

import numpy as np
import pytest

from holdfast.stats.common_slope import common_slope

X = np.array([0.0, 1.0, 2.0, 0.0, 1.0, 2.0])
GROUP = np.array([0, 0, 0, 1, 1, 1])


def test_by_hand():
    y = np.array([5.0, 6.0, 10.0, 0.0, 1.0, 1.0])  # within groups: (-2, -1, 3) and (-2/3, 1/3, 1/3) on (-1, 0, 1)
    found = common_slope(y, X, X, group=GROUP, series=GROUP, count=3)
    assert found.slope == pytest.approx((5 + 1) / 4)
    # residuals: (-.5, -1, 1.5) and (5/6, 1/3, -7/6); influence = sum(x'*residual)/4
    assert found.influence == pytest.approx([2 / 4, -2 / 4, 0])


def test_the_instrument_decides_which_part_counts():
    y = np.array([1.0, 0.0, 1.0, 5.0, 4.0, 5.0])  # the same backwards
    z = np.array([-1.0, 0.0, 1.0, -1.0, 0.0, 1.0])
    x = np.array([0.0, 1.0, 1.5, 0.0, 1.0, 1.5])
    assert common_slope(y, x, z, group=GROUP, series=GROUP, count=2).slope == 0.0
    assert common_slope(y, x, x, group=GROUP, series=GROUP, count=2).slope != 0.0


def test_nothing_to_learn_from():
    same = np.zeros(6)
    found = common_slope(X, same, same, group=GROUP, series=GROUP, count=2)
    assert (found.slope, found.influence.tolist()) == (0.0, [0.0, 0.0])
    nothing = np.zeros(0)
    none = np.zeros(0, dtype=np.int64)
    assert common_slope(nothing, nothing, nothing, group=none, series=none, count=1).slope == 0.0
