"""Sudden gains: the small table of the tests of the R package suddengains (MIT), and the same turned over.

Cut 7, 25 %, adjusted critical value; lower is better, so a gain goes down. 1 gain, 0 none, None not decidable, for
the steps from session 2 to 3, 3 to 4 and 4 to 5. The third critical values are Student's: 2.776, 3.182, 4.303.
"""

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.stats import student_quantile, sudden_shifts

NONE = np.nan
TABLE = [
    ((28, 19, 23, 12, 13, NONE), (0, 0, None)),
    ((28, 19, 23, 11, 12, NONE), (0, 1, None)),
    ((28, 19, NONE, 12, 13, NONE), (None, None, None)),
    ((28, 19, 23, 12, 14, NONE), (0, 0, None)),
    ((28, 25, 28, 11, 12, NONE), (0, 1, None)),
    ((NONE, 26, 28, NONE, 12, 11), (None, None, None)),
    ((35, 37, 23, 23, 24, 21), (1, 0, 0)),
    ((35, 37, 34, 24, 24, 21), (0, 1, 0)),
    ((35, 37, 34, 34, 24, 21), (0, 0, 1)),
    ((35, 37, 34, 37, 37, 37), (0, 0, 0)),
]


def told(found):
    rows = zip(found.shift[:, 2:5].tolist(), found.decidable[:, 2:5].tolist(), strict=True)
    return [tuple(int(a) if b else None for a, b in zip(*row, strict=True)) for row in rows]


def test_the_small_table():
    assert told(sudden_shifts([row for row, _ in TABLE], direction="down", cut=7, share=0.25)) == [
        wanted for _, wanted in TABLE
    ]


def test_turned_over_a_gain_goes_up():
    scores = -np.array([row for row, _ in TABLE], dtype=float)
    found = sudden_shifts(scores, direction="up", cut=7)
    assert told(found) == [wanted for _, wanted in TABLE]
    assert not sudden_shifts(scores, direction="down", cut=7).shift.any()


def test_the_fixed_critical_value_finds_more_and_the_criteria_stand_alone():
    rows = [row for row, _ in TABLE]
    fixed = sudden_shifts(rows, direction="down", cut=7, share=0.25, adjusted=False)
    assert fixed.shift[0].tolist() == [False, False, False, True, False, False]
    found = sudden_shifts(rows, direction="down", cut=7, share=0.25)
    assert found.size[0, 3] == 11
    assert (found.large[0, 3], found.relative[0, 3], found.lasting[0, 3]) == (True, True, False)
    assert not found.decidable[:, [0, 1, 5]].any()


def test_the_critical_values():
    assert student_quantile(0.975, np.array([4.0, 3.0, 2.0])) == pytest.approx([2.776, 3.182, 4.303], abs=5.1e-4)


def test_there_are_two_directions():
    with pytest.raises(MethodError, match="sideways"):
        sudden_shifts([1, 2, 3], direction="sideways")
