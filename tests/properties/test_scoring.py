"""Scoring many rows at once against scoring one, and both against their bounds."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.instruments import Instrument, list_instruments
from holdfast.scoring import score, score_columns

INSTRUMENTS = list_instruments()


def answer_rows(instrument: Instrument) -> st.SearchStrategy[list[dict[str, float | None]]]:
    """Rows of answers that fit, with gaps."""
    columns: dict[str, st.SearchStrategy[float | None]] = {}
    for item in instrument.items:
        one = instrument.answers_to(item.id)
        point: st.SearchStrategy[float] = (
            st.integers(int(one.lowest), int(one.highest)).map(float)
            if one.whole
            else st.floats(one.lowest, one.highest, allow_subnormal=False)
        )
        columns[item.id] = st.one_of(point, point, point, point, st.none())
    return st.lists(st.fixed_dictionaries(columns), min_size=1, max_size=6)


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda one: one.id)
@settings(max_examples=40, derandomize=True, deadline=None)
@given(data=st.data())
def test_columns_agree_with_rows(instrument: Instrument, data: st.DataObject) -> None:
    rows = data.draw(answer_rows(instrument))
    columns = {
        item.id: np.array([np.nan if row[item.id] is None else row[item.id] for row in rows], dtype=np.float64)
        for item in instrument.items
    }
    many = score_columns(instrument, columns)
    for at, row in enumerate(rows):
        for scale, one in score(instrument, row).scores.items():
            column = many[scale]
            assert (one.raw is None) == bool(np.isnan(column.raw[at]))
            assert one.raw is None or column.raw[at] == pytest.approx(one.raw, abs=1e-9)
            assert one.percent is None or column.percent[at] == pytest.approx(one.percent, abs=1e-9)
            assert (one.band or "", one.reason or "") == (column.band[at], column.reason[at])
            assert (one.answered, one.of, one.prorated) == (column.answered[at], column.of, column.prorated[at])


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda one: one.id)
@settings(max_examples=40, derandomize=True, deadline=None)
@given(data=st.data())
def test_scores_stay_on_their_scale(instrument: Instrument, data: st.DataObject) -> None:
    for row in data.draw(answer_rows(instrument)):
        for scale, one in score(instrument, row).scores.items():
            recipe = instrument.scale(scale)
            if one.raw is not None and one.percent is not None:
                assert recipe.lowest - 1e-9 <= one.raw <= recipe.highest + 1e-9
                assert -1e-9 <= one.percent <= 100 + 1e-9
            assert one.answered + len(one.missing) == one.of
