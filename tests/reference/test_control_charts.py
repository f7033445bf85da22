"""Individuals chart, fences, moving averages and their run lengths against published and computed numbers.

Antifreeze: Wetherill & Brown 1991, 34 values as in the documentation of the R package qcc; sigma with d2 = 1.128379.
Two-sided moving average: Lucas & Saccucci 1990 and Crowder 1987 (weight .5, width 2: 26.45), as printed in the
documentation of the R package spc. AR(1): Kramer & Schmid 1997. One-sided widths, lower barrier at 6 SD: computed by
another program (Nystroem). The 16 sessions were made up; their numbers were computed elsewhere, and sigma there with
d2 = 1.128.
"""

import numpy as np
import pytest

from holdfast.alliance import flag
from holdfast.stats import (
    cusum_run_length,
    ewma,
    ewma_run_length,
    ewma_width,
    individuals_chart,
    one_sided_cusum,
    shewhart_run_length,
    tukey_fences,
)
from holdfast.stats.rows import difference_rows, quantile_rows, sd_rows

ANTIFREEZE = [
    *(2.23, 2.53, 2.62, 2.63, 2.58, 2.44, 2.49, 2.34, 2.95, 2.54, 2.60, 2.45, 2.17, 2.58, 2.57, 2.44, 2.38),
    *(2.23, 2.23, 2.54, 2.66, 2.84, 2.81, 2.39, 2.56, 2.70, 3.00, 2.81, 2.77, 2.89, 2.54, 2.98, 2.35, 2.53),
]
SESSIONS = [47, 49, 48, 50, 51, 50, 52, 44, 49, 52, 53, 52, 47, 45, 46, 51]
FLAGGED = {
    "drop-own-sd": [8, 13],
    "drop-own-2sd": [8],
    "below-own-mean": [8, 14, 15],
    "below-own-mean-2sd": [],
    "drop-own-diff-sd": [8],
    "ichart-3": [],
    "ichart-2": [8],
    "tukey": [],
    "vshape": [8],
}


def test_individuals_chart_of_the_antifreeze_data():
    chart = individuals_chart(ANTIFREEZE)
    found = [chart.centre[0], chart.moving_range[0], chart.sigma[0], chart.low[0], chart.high[0]]
    assert found == pytest.approx([2.569706, 0.2024242, 0.1793938, 2.031524, 3.107887], abs=5.1e-7)
    assert not ((chart.low > ANTIFREEZE) | (chart.high < ANTIFREEZE)).any()
    assert sd_rows(np.array([ANTIFREEZE])) == pytest.approx(0.2200067, abs=5.1e-8)


@pytest.mark.parametrize(
    ("weight", "width", "shifts", "expected", "close"),
    [
        (0.5, 3.071, (0, 0.25, 0.5, 1, 2, 3), (500, 255, 88.8, 17.5, 3.63, 1.93), 0.501),
        (0.03, 2.437, (0, 0.25, 0.5, 1, 2, 3), (500, 76.7, 29.3, 12.6, 5.99, 4.03), 0.501),
        (0.1, 2.814, (0, 0.5, 1, 2), (499.58, 31.30, 10.33, 4.36), 0.0051),
        (0.2, 2.962, (0,), (499.74,), 0.0051),
        (0.2, 2.636, (0,), (200.33,), 0.0051),
        (0.5, 2.0, (0,), (26.45,), 0.0051),
        (0.05, 2.0, (0,), (127.53,), 0.0051),
    ],
)
def test_two_sided_run_lengths_of_the_moving_average(weight, width, shifts, expected, close):
    found = [ewma_run_length(weight, width, shift=shift) for shift in shifts]
    digits = [close if value >= 100 else min(close, 0.051 if value > 9.9 else 0.0051) for value in expected]
    assert all(abs(a - b) <= near for a, b, near in zip(found, expected, digits, strict=True))


ONE_SIDED = {
    0.2: (1.0828, 1.6493, 2.0208, 2.3437, 2.5976),
    0.3: (1.2782, 1.8062, 2.1459, 2.4432, 2.6797),
    0.4: (1.4007, 1.8969, 2.2157, 2.4972, 2.7232),
    0.6: (1.5408, 1.9926, 2.2861, 2.5493, 2.7635),
}


@pytest.mark.parametrize("weight", ONE_SIDED)
def test_one_sided_widths_for_a_wanted_run_length(weight):
    found = [ewma_width(weight, float(length), sides="one") for length in (20, 50, 100, 200, 370)]
    assert found == pytest.approx(ONE_SIDED[weight], abs=5.1e-5)


def test_the_run_length_of_a_design_is_what_was_asked_for():
    assert ewma_run_length(0.3, ewma_width(0.3, 100.0)) == pytest.approx(100.0, abs=1e-6)


def test_single_values_that_depend_on_each_other():
    # published 515.44; the equation converges to 515.451 with 64 and with 512 nodes
    assert shewhart_run_length(3.09023, autocorrelation=0.4) == pytest.approx(515.44, abs=0.02)
    assert shewhart_run_length(3.0, autocorrelation=1e-9) == pytest.approx(shewhart_run_length(3.0), rel=1e-6)
    assert shewhart_run_length(3.0) == pytest.approx(370.3983, abs=5.1e-5)


@pytest.mark.parametrize(("shift", "expected"), [(0, 465.44), (0.5, 38.0), (1, 10.38), (2, 4.01)])
def test_two_sided_cusum_with_limit_5(shift, expected):
    up, down = cusum_run_length(0.5, 5.0, shift=shift), cusum_run_length(0.5, 5.0, shift=-shift)
    assert 1 / (1 / up + 1 / down) == pytest.approx(expected, abs=0.0051)


def test_the_constructed_series_every_digit():
    y = np.array([SESSIONS], dtype=float)
    three, two = individuals_chart(y, d2=1.128), individuals_chart(y, width=2, d2=1.128)
    found = [three.centre[0], sd_rows(y)[0], three.moving_range[0], three.sigma[0], sd_rows(difference_rows(y))[0]]
    assert found == pytest.approx([49.125, 2.729469, 2.666667, 2.364066, 3.473711], abs=5.1e-7)
    assert three.low[0] == pytest.approx(42.0328, abs=5.1e-5)
    assert two.low[0] == pytest.approx(44.39687, abs=5.1e-6)
    assert (quantile_rows(y, 0.25)[0], quantile_rows(y, 0.75)[0], tukey_fences(y)[0][0]) == (47, 51.25, 40.625)
    path = one_sided_cusum((y - 49.125) / three.sigma[0], slack=0.5, limit=99.0).value[0]
    wanted = [0.3989, 0, 0, 0, 0, 0, 0, 1.6679, 1.2207, 0, 0, 0, 0.3989, 1.6437, 2.4656, 1.1725]
    np.testing.assert_allclose(path, wanted, atol=5.1e-5)
    averages = [48.7, 48.76, 48.608, 48.8864, 49.3091, 49.4473, 49.9578, 48.7663, 48.813, 49.4504, 50.1603, 50.5283]
    averages += [49.8226, 48.8581, 48.2865, 48.8292]
    np.testing.assert_allclose(ewma(y, weight=0.2, start=49.125)[0], averages, atol=5.1e-5)


@pytest.mark.parametrize("rule", FLAGGED)
def test_what_each_rule_flags_in_the_constructed_series(rule):
    assert (np.flatnonzero(flag(SESSIONS, rule=rule).flags) + 1).tolist() == FLAGGED[rule]


def test_the_v_of_session_8_is_back_at_10_and_that_of_13_is_not():
    found = flag(SESSIONS, rule="vshape").episodes
    assert ((found.onset + 1).tolist(), (found.end + 1).tolist(), found.returned.tolist()) == ([8], [10], [True])
    assert found.baseline[0] - 0.25 * sd_rows(np.array([SESSIONS], dtype=float))[0] == pytest.approx(
        51.31763, abs=5.1e-6
    )
    both = flag(SESSIONS, rule="vshape", needed=False).episodes
    assert ((both.onset + 1).tolist(), both.returned.tolist()) == ([8, 13], [True, False])
