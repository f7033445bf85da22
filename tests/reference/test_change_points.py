"""Bayesian online change points of six values, by hand and by all partitions (tests/twins/change_points.py).

Normal-inverse-gamma prior mean 0, weight 1, shape 2, scale 2; hazard .1; run length 0 is a change right after a value.
"""

import numpy as np
import pytest
from tests.twins.change_points import partitions

from holdfast.errors import MethodError
from holdfast.stats import SegmentPrior, change_points

VALUES = [0.3, -0.5, 0.1, -3.2, -2.8, 0.2]


def test_every_printed_digit():
    found = change_points(VALUES, prior=SegmentPrior(), hazard=0.1)
    evidence = [-1.355371, -2.635579, -3.638150, -8.211840, -10.404574, -12.341007]
    np.testing.assert_allclose(found.log_evidence[0], evidence, atol=5.1e-7)
    fourth = [0.1, 0.294612, 0.093319, 0.069026, 0.443043]
    np.testing.assert_allclose(found.run_length[0, 3, :5], fourth, atol=5.1e-7)
    sixth = [0.1, 0.163428, 0.033172, 0.219604, 0.078417, 0.058176, 0.347203]
    np.testing.assert_allclose(found.run_length[0, 5], sixth, atol=5.1e-7)
    assert found.most_likely[0].tolist() == [1, 2, 3, 4, 2, 6]


def test_all_partitions_give_the_same_evidence():
    evidence, _ = partitions(VALUES, 0.1, {"mu0": 0.0, "k0": 1.0, "a0": 2.0, "b0": 2.0})
    assert evidence == pytest.approx(-12.341007, abs=5.1e-7)


def test_nothing_seen_says_nothing():
    found = change_points([[np.nan, 1.0]], prior=SegmentPrior(), hazard=0.1)
    assert (found.most_likely[0].tolist(), found.log_evidence[0, 0]) == ([0, 1], 0.0)
    assert change_points(np.zeros((2, 0)), prior=SegmentPrior(), hazard=0.1).most_likely.shape == (2, 0)


def test_what_makes_no_prior_and_no_hazard():
    with pytest.raises(MethodError, match="shape is 0"):
        SegmentPrior(shape=0)
    with pytest.raises(MethodError, match="hazard is 1"):
        change_points(VALUES, prior=SegmentPrior(), hazard=1.0)
