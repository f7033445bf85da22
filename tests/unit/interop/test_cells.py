"""What a cell says."""

from datetime import date, datetime

import numpy as np
import polars as pl
import pytest

from holdfast.interop.cells import read_numbers, read_order
from holdfast.interop.table import as_text, row_list

NAN = np.nan


@pytest.mark.parametrize(
    ("cells", "values", "unreadable"),
    [
        (["1", "-2.5", " 3 ", "1e2", "+4"], [1, -2.5, 3, 100, 4], []),
        (["2,5", "3", "\N{MINUS SIGN}4,25"], [2.5, 3, -4.25], []),
        (["2.5", "3,5"], [2.5, NAN], [1]),
        (["1", "", None, "NA", "n/a", "NaN", "null", ".", "-"], [1] + 8 * [NAN], []),
        (["1", "words", "1.2.3", "85%", "inf", "-Infinity"], [1] + 5 * [NAN], [1, 2, 3, 4, 5]),
        (["words", ""], [NAN, NAN], [0]),
        ([None, None], [NAN, NAN], []),
        ([], [], []),
    ],
)
def test_text_as_numbers(cells: list[str | None], values: list[float], unreadable: list[int]) -> None:
    found = read_numbers(pl.Series(cells, dtype=pl.String))
    np.testing.assert_array_equal(found.values, values)
    assert np.flatnonzero(found.unreadable).tolist() == unreadable


@pytest.mark.parametrize(
    ("column", "values", "unreadable"),
    [
        (pl.Series([1.0, NAN, np.inf, None]), [1, NAN, NAN, NAN], [2]),
        (pl.Series([1, None]), [1, NAN], []),
        (pl.Series([True, False]), [1, 0], []),
        (pl.Series([None, None]), [NAN, NAN], []),
        (pl.Series([date(2024, 1, 1), None]), [NAN, NAN], [0]),
    ],
)
def test_typed_columns_as_numbers(column: pl.Series, values: list[float], unreadable: list[int]) -> None:
    found = read_numbers(column)
    np.testing.assert_array_equal(found.values, values)
    assert np.flatnonzero(found.unreadable).tolist() == unreadable


@pytest.mark.parametrize(
    ("cells", "kind", "days"),
    [
        (["3", "1", "Post"], "number", [3, 1, NAN]),
        (["2024-01-08", "2024-01-01"], "date", [19730, 19723]),
        (["08.01.2024", "1.1.2024 12:00"], "date", [19730, 19723.5]),
        (["2024-01-01T06:00:00", "2024-01-01 18:00", "soon"], "date", [19723.25, 19723.75, NAN]),
        (["13/01/2024", "1/2/2024"], "date", [19735, 19754]),
        (["01/13/2024", "2/1/2024"], "date", [19735, 19754]),
        (["20240108", "20240101", "Post"], "date", [19730, 19723, NAN]),
        (["20240108", "20249999"], "number", [20240108, 20249999]),
        (["20240108", "7"], "number", [20240108, 7]),
        (["01/02/2024"], "words", [NAN]),
        (["first", "second"], "words", [NAN, NAN]),
        ([None, ""], "date", [NAN, NAN]),
    ],
)
def test_sessions_as_a_line_in_time(cells: list[str | None], kind: str, days: list[float]) -> None:
    order = read_order(pl.Series(cells, dtype=pl.String))
    assert order.kind == kind
    np.testing.assert_allclose(order.values, days)
    said = np.array([bool(cell) for cell in cells])
    np.testing.assert_array_equal(order.unreadable, np.isnan(order.values) & said)


def test_typed_dates_as_a_line_in_time() -> None:
    order = read_order(pl.Series([date(2024, 1, 8), None]))
    np.testing.assert_array_equal(order.values, [19730, NAN])
    assert not order.unreadable.any()


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (pl.Series(["007", "", None]), ["007", None, None]),
        (pl.Series([7.0, NAN, None]), ["7", None, None]),
        (pl.Series([7.5]), ["7.5"]),
        (pl.Series([7]), ["7"]),
        (pl.Series([datetime(2024, 1, 1), datetime(2024, 1, 2)]), ["2024-01-01", "2024-01-02"]),
        (pl.Series([datetime(2024, 1, 1, 6)]), ["2024-01-01 06:00:00.000000"]),
    ],
)
def test_cells_as_text(column: pl.Series, texts: list[str | None]) -> None:
    assert as_text(column).to_list() == texts


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([3], "3"),
        ([3, 4], "3 and 4"),
        ([3, 4, 5, 9], "3 to 5 and 9"),
        ([1, 3, 5, 7], "1, 3 and 2 more"),
        ([], ""),
    ],
)
def test_row_numbers_as_a_person_writes_them(rows: list[int], said: str) -> None:
    assert row_list(rows, most=2 if "more" in said else 100) == said
