"""Run lengths and designs of the one-sided CUSUM.

Published: Brook & Evans and Waldmann (117.59 for slack .5, limit 3); Lucas & Crosier 1982 (two-sided, from
1/ARL = 1/ARL_up + 1/ARL_down). The design table was computed by another program (Nystroem; Markov chain as a check).
"""

import pytest

from holdfast.stats import cusum_limit, cusum_run_length

RUN_LENGTHS = (20, 30, 50, 100, 200, 370, 500)
LIMITS = {
    0.50: (1.4574, 1.7888, 2.2247, 2.8494, 3.5020, 4.0954, 4.3891),
    0.75: (1.0254, 1.2810, 1.6007, 2.0369, 2.4810, 2.8820, 3.0800),
    1.00: (0.6929, 0.9138, 1.1814, 1.5316, 1.8738, 2.1754, 2.3232),
}
TWO_SIDED = {
    0: 167.68,
    0.25: 74.22,
    0.5: 26.63,
    0.75: 13.29,
    1: 8.38,
    1.5: 4.75,
    2: 3.34,
    2.5: 2.62,
    3: 2.19,
    4: 1.71,
    5: 1.31,
}
SHIFTED = {
    (0.5, 100): (16.12, 6.11, 3.60, 2.58, 1.70),
    (0.75, 100): (18.77, 6.44, 3.44, 2.33, 1.46),
    (1.0, 100): (21.93, 7.25, 3.56, 2.27, 1.36),
    (0.75, 50): (12.74, 5.08, 2.86, 1.98, 1.28),
}


@pytest.mark.parametrize("slack", LIMITS)
def test_the_whole_design_table(slack):
    found = [cusum_limit(slack, float(run_length)) for run_length in RUN_LENGTHS]
    assert found == pytest.approx(LIMITS[slack], abs=5.1e-5)


@pytest.mark.parametrize(
    ("slack", "limit", "expected"),
    [(0.5, 3, 117.60), (0, 10, 124.66), (0.5, 4, 335.37), (0.5, 5, 930.89), (0.25, 8, 736.79)],
)
def test_run_lengths_with_nothing_happening(slack, limit, expected):
    assert cusum_run_length(slack, limit) == pytest.approx(expected, abs=0.0051)


@pytest.mark.parametrize("shift", TWO_SIDED)
def test_two_sided_run_lengths_of_lucas_and_crosier(shift):
    up, down = cusum_run_length(0.5, 4.0, shift=shift), cusum_run_length(0.5, 4.0, shift=-shift)
    assert 1 / (1 / up + 1 / down) == pytest.approx(TWO_SIDED[shift], abs=0.0051)


@pytest.mark.parametrize("design", SHIFTED)
def test_run_lengths_after_a_shift(design):
    limit = cusum_limit(design[0], float(design[1]))
    found = [cusum_run_length(design[0], limit, shift=shift) for shift in (0.5, 1.0, 1.5, 2.0, 3.0)]
    assert found == pytest.approx(SHIFTED[design], abs=0.0051)
