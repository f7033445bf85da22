"""Reliable change against published examples.

Couples: 30 couples, DAS, Jacobson et al. 1989 (higher is better). Depression: 40 completers, HAM-D, Claus et al. 2020
(osf.io/rc754; lower is better). Both quoted as facts; norms and reliabilities as given in each test. We do not claim to
reproduce the printed table of Jacobson & Truax: the reliability they used is uncertain.
"""

import numpy as np
import pytest

from holdfast.outcome import functional_cutoff, reliable_change
from holdfast.stats import difference_error, measurement_error

COUPLES = (
    "90.5,97 74,124 97,97.5 73.5,88 61,96.5 66.5,62.5 68.5,112.5 86.5,103.5 88.5,90 68.5,82.5 98,105 80.5,99.5 "
    "89.5,112.5 91.5,101 83.5,99.5 60.5,79.5 83,88 88,100.5 98.5,119 78.5,116 99.5,116 79.5,129 84.5,113 92.5,118 "
    "93,92 85,114 64,68 61,52 80,60.5 82.5,104.5"
)
DEPRESSION = (
    "25,13 15,11 28,4 30,25 21,9 26,17 31,15 21,2 27,8 28,7 23,13 24,30 28,9 26,8 27,14 32,27 27,20 25,28 28,14 25,24 "
    "22,10 24,18 24,22 21,8 18,20 27,2 25,13 27,18 22,2 23,16 25,16 25,24 26,8 22,6 24,22 23,20 26,18 28,24 24,9 21,25"
)


def pairs(text):
    return np.array([[float(number) for number in pair.split(",")] for pair in text.split()]).T


@pytest.mark.parametrize(
    ("sd", "reliability", "one", "two", "points"),
    [
        (10.5, 0.931, 2.758124, 3.900577, 7.645131),
        (10.5, 0.961, 2.073584, 2.932490, 5.747681),
        (6.396073, 0.931, 1.680111, 2.376036, 4.657030),
        (7.5, 0.80, 3.354102, 4.743416, 9.297096),
    ],
)
def test_errors_of_one_and_of_two_measurements(sd, reliability, one, two, points):
    assert measurement_error(sd, reliability) == pytest.approx(one, abs=1e-6)
    assert difference_error(sd, reliability) == pytest.approx(two, abs=1e-6)
    assert reliable_change(1, 2, sd=sd, reliability=reliability).reliable_points == pytest.approx(points, abs=1e-6)


def test_the_textbook_example():
    found = reliable_change(32.5, 47.5, sd=7.5, reliability=0.80, higher_is="better")
    assert found.index[0] == pytest.approx(3.162278, abs=5e-7)
    assert functional_cutoff(mean=40, sd=7.5, functional_mean=60, functional_sd=7.5) == pytest.approx(50)


def test_couples():
    before, after = pairs(COUPLES)
    mean, sd = before.mean(), before.std(ddof=1)
    assert (mean, sd) == pytest.approx((81.58333, 11.82566), abs=5e-6)
    cutoff = functional_cutoff(mean=mean, sd=sd, functional_mean=114.8, functional_sd=17.8)
    found = reliable_change(before, after, sd=sd, reliability=0.80, higher_is="better", cutoff=cutoff)
    assert found.difference_error == pytest.approx(7.4792, abs=5e-5)
    assert found.reliable_points == pytest.approx(14.6592, abs=6e-5)
    assert cutoff == pytest.approx(94.842, abs=5e-4)
    assert found.counts == {
        "recovered": 13,
        "improved": 3,
        "unchanged": 13,
        "deteriorated": 1,
        "harmed": 0,
        "unknown": 0,
    }


def test_depression():
    before, after = pairs(DEPRESSION)
    mean, sd = before.mean(), before.std(ddof=1)
    assert (mean, sd) == pytest.approx((24.85, 3.340121), abs=5e-7)
    cutoff = functional_cutoff(mean=mean, sd=sd, functional_mean=8, functional_sd=8)
    found = reliable_change(before, after, sd=sd, reliability=0.80, cutoff=cutoff)
    assert cutoff == pytest.approx(19.887, abs=5e-4)
    assert found.difference_error == pytest.approx(2.112478, abs=5e-7)
    np.testing.assert_allclose(found.index[:3], [-5.6805, -1.8935, -11.3611], atol=5e-5)
    assert found.counts == {
        "recovered": 26,
        "improved": 3,
        "unchanged": 10,
        "deteriorated": 1,
        "harmed": 0,
        "unknown": 0,
    }
