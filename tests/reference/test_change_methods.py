"""Six methods of change on the HAM-D table of Claus et al. 2020, 40 completers, against change.R beside it.

GLN's counts and first indices are also those in the tests of the R package clinicalsignificance. The mean of a
population after treatment (12) and reliability after (.70) are made up here, for the two methods that ask for them.
"""

import numpy as np
import pytest
from tests.reference.test_reliable_change import DEPRESSION, pairs

from holdfast.outcome import ChangeMethod, Clinical, change_by, cutoffs, functional_cutoff

BEFORE, AFTER = pairs(DEPRESSION)
MEAN, SD = BEFORE.mean(), BEFORE.std(ddof=1)
CUT = functional_cutoff(mean=MEAN, sd=SD, functional_mean=8, functional_sd=8)
KNOWN = Clinical(sd=SD, reliability=0.80, mean=MEAN, mean_after=12, reliability_after=0.70)


@pytest.mark.parametrize(
    ("method", "first"),
    [
        ("jacobson-truax", [-5.6805, -1.8935, -11.3611]),
        ("gulliksen-lord-novick", [-5.9728370, -2.9789337, -11.6612532]),
        ("hsu-linn-lord", [0.4391058, 3.4330091, -5.2493104]),
        ("edwards-nunnally", [-8.0134017, -3.9966590, -15.6452129]),
        ("nunnally-kotsch", [-5.4778486, -2.7320598, -10.6948473]),
        ("hageman-arrindell", [-5.8210292, -2.1723534, -11.2940430]),
    ],
)
def test_the_first_indices(method, first):
    found = change_by(BEFORE, AFTER, method=method, clinical=KNOWN, cutoff=CUT)
    np.testing.assert_allclose(found.index[:3], first, atol=5e-5 if method == "jacobson-truax" else 5e-8)
    assert found.method == method


@pytest.mark.parametrize(
    ("method", "counts"),
    [
        ("jacobson-truax", (26, 3, 10, 1, 0, 0)),
        ("gulliksen-lord-novick", (26, 3, 10, 1, 0, 0)),
        ("hageman-arrindell", (23, 9, 7, 1, 0, 0)),
    ],
)
def test_the_counts(method, counts):
    """recovered, improved, unchanged, deteriorated, harmed, unknown"""
    found = change_by(BEFORE, AFTER, method=method, clinical=KNOWN, cutoff=CUT)
    assert tuple(found.counts.values()) == counts


@pytest.mark.parametrize("method", ChangeMethod)
def test_turned_over_everything_is_the_same(method):
    turned = Clinical(sd=SD, reliability=0.80, mean=60 - MEAN, mean_after=48, reliability_after=0.70)
    found = change_by(BEFORE, AFTER, method=method, clinical=KNOWN, cutoff=CUT)
    other = change_by(60 - BEFORE, 60 - AFTER, method=method, clinical=turned, higher_is="better", cutoff=60 - CUT)
    np.testing.assert_allclose(other.index, -found.index, atol=1e-12)
    assert other.category.tolist() == found.category.tolist()


def test_the_cutoffs():
    """Printed in the tests of clinicalsignificance: M 40, M0 60, S = S0 = 7.5 give a 55, b 45, c 50."""
    found = cutoffs(mean=40, sd=7.5, functional_mean=60, functional_sd=7.5, higher_is="better")
    assert found == {"a": 55, "b": 45, "b_clinical_sd": 45, "c": 50}
    wide = cutoffs(mean=60, sd=5, functional_mean=40, functional_sd=10, higher_is="worse")
    assert wide == pytest.approx({"a": 50, "b": 60, "b_clinical_sd": 50, "c": (5 * 40 + 10 * 60) / 15})
