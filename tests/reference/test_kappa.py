"""Cohen's kappa with its error, against the formula of Fleiss, Cohen & Everitt 1969 written out in R.

Recipe (R 4.2): p <- matrix(c(20, 10, 5, 15), 2)/50; r <- rowSums(p); c <- colSums(p); po <- sum(diag(p));
pe <- sum(r*c); k <- (po - pe)/(1 - pe); A <- sum(diag(p)*(1 - (r + c)*(1 - k))^2);
B <- (1 - k)^2*(p[1,2]*(c[1] + r[2])^2 + p[2,1]*(c[2] + r[1])^2); C <- (k - pe*(1 - k))^2;
cat(k, sqrt((A + B - C)/(50*(1 - pe)^2)))   # 0.4 0.1269961
"""

import math

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.stats import cohen_kappa

FIRST, SECOND = [1] * 25 + [0] * 25, [1] * 20 + [0] * 5 + [1] * 10 + [0] * 15


def test_kappa_and_its_error():
    found = cohen_kappa(FIRST, SECOND)
    assert (found.both, found.only_first, found.only_second, found.neither) == (20, 5, 10, 15)
    assert (found.agreement, found.kappa) == pytest.approx((0.7, 0.4))
    assert found.error == pytest.approx(0.1269961, abs=5.1e-8)
    assert (found.low, found.high) == pytest.approx((0.4 - 1.959964 * 0.1269961, 0.4 + 1.959964 * 0.1269961), abs=1e-6)


def test_things_of_one_group_count_as_one():
    alone = cohen_kappa(FIRST, SECOND, group=np.arange(50))
    doubled = cohen_kappa(FIRST * 2, SECOND * 2, group=[*range(50), *range(50)])
    assert alone.error == pytest.approx(0.1269961, abs=5.1e-8)
    assert doubled.error == pytest.approx(alone.error)
    assert cohen_kappa(FIRST * 2, SECOND * 2).error == pytest.approx(alone.error / math.sqrt(2))


def test_without_a_difference_there_is_no_kappa():
    found = cohen_kappa([0, 0], [0, 0])
    assert math.isnan(found.kappa)
    assert (found.low, found.high, found.agreement) == (-1.0, 1.0, 1.0)
    assert math.isnan(cohen_kappa([], []).agreement)


def test_judgements_pair_up():
    with pytest.raises(MethodError, match="2 and 1 judgements"):
        cohen_kappa([0, 1], [1])
