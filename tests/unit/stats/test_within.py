"""The slope within rows: by hand, against dummies for rows and columns, with gaps, and what is refused."""

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.stats import within_slope


def test_a_slope_by_hand():
    # two rows, two columns; two-way departures: x -/+.5 (row 1: -.5 .5, row 2: .5 -.5), y likewise -1.5, so b = 3
    found = within_slope([[0, 5], [7, 6]], [[1, 3], [2, 2]])
    assert found.value == pytest.approx(3.0)
    assert found.error == pytest.approx(0.0, abs=1e-12)


def dummies(y, x):
    """Least squares with a column for each row and each column of the table, and the clustered error by its formula."""
    rows, columns = np.nonzero(~(np.isnan(y) | np.isnan(x)))
    design = np.zeros((len(rows), 1 + y.shape[0] + y.shape[1]))
    design[:, 0] = x[rows, columns]
    design[np.arange(len(rows)), 1 + rows] = 1
    design[np.arange(len(rows)), 1 + y.shape[0] + columns] = 1
    other = design[:, 1:]
    left = design[:, 0] - other @ np.linalg.lstsq(other, design[:, 0], rcond=None)[0]
    values = y[rows, columns]
    slope = left @ values / (left @ left)
    rest = values - design @ np.linalg.lstsq(design, values, rcond=None)[0]
    score = np.array([(left * rest)[rows == row].sum() for row in range(len(y))])
    share = np.array([(left[rows == row] ** 2).sum() for row in range(len(y))]) / (left @ left)
    n = len({row for row, part in zip(rows.tolist(), left, strict=True) if abs(part) > 1e-9})
    return slope, np.sqrt(n / (n - 1) * (score**2 / (1 - share)).sum()) / (left @ left)


@pytest.mark.parametrize("seed", range(3))
def test_it_is_least_squares_with_a_level_for_every_row_and_column(seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((12, 6)) + rng.standard_normal((12, 1))
    y = 0.7 * x + rng.standard_normal((12, 6)) + rng.standard_normal((12, 1)) + np.arange(6)
    x[rng.random(x.shape) < 0.2], y[rng.random(y.shape) < 0.1] = np.nan, np.nan
    slope, error = dummies(y, x)
    found = within_slope(y, x)
    assert found.value == pytest.approx(slope, rel=1e-6)
    assert found.error == pytest.approx(error, rel=1e-6)
    assert found.low < found.value < found.high


def test_the_interval_covers_as_often_as_it_says():
    rng = np.random.default_rng(9)
    held = 0
    for _ in range(400):
        x = rng.standard_normal((25, 8))
        y = 0.5 * x + rng.standard_normal((25, 8)) * np.exp(0.5 * rng.standard_normal((25, 1)))
        held += within_slope(y, x).covers(0.5)
    assert held / 400 == pytest.approx(0.95, abs=0.04)


def test_the_interval_covers_with_few_rows_of_which_some_move_much_more():
    rng = np.random.default_rng(11)
    held = 0
    for _ in range(1000):
        x = rng.standard_normal((10, 8)) * np.exp(0.7 * rng.standard_normal((10, 1)))
        held += within_slope(rng.standard_normal((10, 8)), x).covers(0.0)
    assert held >= 930  # 972; with N - 1 degrees of freedom and no leverage 885


def test_one_row_that_moves_a_million_times_as_much_leaves_one_degree_of_freedom():
    found = within_slope([[0, 3, 1], [1, 0, 2], [2, 2, 0]], [[0, 1e6, 2e6], [1, 2, 0], [0, 3, 1]])
    assert np.isfinite(found.error)
    assert found.high - found.value == pytest.approx(12.7062 * found.error, rel=1e-4)


def test_nothing_that_moves_is_refused():
    with pytest.raises(MethodError, match="the other"):
        within_slope([[1, 2]], [[1, 2, 3]])
    with pytest.raises(MethodError, match="0 rows have"):
        within_slope([[1, 2], [3, np.nan]], [[1, 2], [3, 4]])
