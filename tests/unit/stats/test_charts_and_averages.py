"""Charts and moving averages: gaps, and what is refused. Their numbers stand in tests/reference."""

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.stats import ewma, ewma_run_length, ewma_width, individuals_chart, shewhart_run_length, tukey_fences
from holdfast.stats.rows import pack, quantile_rows, sd_rows

NONE = np.nan


def test_a_missing_value_is_skipped():
    chart = individuals_chart([[NONE, 1.0, NONE, 4.0, 2.0], [NONE, 3.0, NONE, NONE, NONE]])
    assert chart.centre.tolist() == [pytest.approx(7 / 3), 3.0]
    assert chart.moving_range[0] == 2.5
    assert np.isnan(chart.low[1])
    assert ewma([[2.0, NONE, 4.0]], weight=0.5, start=[0.0])[0].tolist() == [1.0, 1.0, 2.5]
    low, high = tukey_fences([[1.0, NONE, 2.0, 3.0, 4.0]])
    assert (low[0], high[0]) == (1.75 - 2.25, 3.25 + 2.25)


def test_rows_without_values_are_unknown():
    nothing = np.zeros((2, 0))
    assert np.isnan(quantile_rows(nothing, 0.5)).all()
    assert np.isnan(sd_rows(np.array([[1.0, NONE]]))).all()
    packed, order = pack(np.array([[1.0, NONE]]))
    assert (packed.tolist()[0][0], order) == (1.0, None)


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (lambda: individuals_chart([1, 2], width=0), "width is 0"),
        (lambda: shewhart_run_length(0.0), "width of 0.0"),
        (lambda: shewhart_run_length(3.0, autocorrelation=1.0), "correlation of 1.0"),
        (lambda: ewma([1, 2], weight=0, start=0), "weight is 0"),
        (lambda: ewma_run_length(0.2, 0.0), "width is 0.0"),
        (lambda: ewma_width(0.2, 1e7), "run length of 10000000.0"),
        (lambda: ewma_width(0.2, 1.0), "run length of 1.0"),
    ],
)
def test_what_makes_no_chart(work, said):
    with pytest.raises(MethodError, match=said):
        work()
