"""Tables of answers into tables of scores."""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pytest
from tests.unit.interop.tables import csv, long_table

from holdfast.errors import AnswerError, InstrumentError, TableError
from holdfast.instruments import load
from holdfast.interop import LeftOut, Reading, read_table, score_frame, score_table

DEMO = load("demo5")
ANSWERS = """
client session q1 q2 q3 q4 q5
007    1       4  4  4  0  4
007    2       4  3  4  0  _
008    1       4  3  _  0  _
"""
SCORED = [
    {"client": "007", "session": "1", "total": 4.0, "total_percent": 100.0, "total_band": "strong", "total_note": None},
    {
        "client": "007",
        "session": "2",
        "total": 3.75,
        "total_percent": 93.75,
        "total_band": "strong",
        "total_note": "prorated from 4 of 5 answers",
    },
    {
        "client": "008",
        "session": "1",
        "total": None,
        "total_percent": None,
        "total_band": None,
        "total_note": "Only 3 of 5 items are answered, and 4 are needed.",
    },
]


def test_scores_stand_beside_who_and_when() -> None:
    found = score_table(long_table(ANSWERS, source="answers.csv"), DEMO)
    assert found.rows.to_dicts() == SCORED
    assert found.left_out == ()
    assert found.doubts == (
        "Project items, not validated.",
        "`total` has no score in 1 of 3 rows; its note says why.",
        "`total` is prorated in 1 of 3 rows.",
    )


def test_frames_of_either_kind() -> None:
    frame = long_table(ANSWERS).frame
    assert score_frame(frame, DEMO).to_dicts() == SCORED
    scored = score_frame(frame.to_pandas().set_index(pd.Index([5, 6, 7])), DEMO)
    assert list(scored.index) == [5, 6, 7]
    np.testing.assert_array_equal(scored["total"].to_numpy(), [4, 3.75, np.nan])


def test_a_file_and_the_id_of_an_instrument(tmp_path: Path) -> None:
    file = csv(tmp_path, "client,session,q1,q2,q3,q4,q5\n007,1,4,4,4,0,4\n", name="answers.csv")
    assert score_frame(file, "demo5").to_dicts() == SCORED[:1]
    with pytest.raises(InstrumentError, match="wai-x"):
        score_frame(str(file), "wai-x")


def test_an_answer_off_the_scale_names_instrument_item_value_and_row(tmp_path: Path) -> None:
    file = csv(tmp_path, "client,q1,q2,q3,q4,q5\na,4,4,4,0,4\nb,4,6,4,0,4\n", name="answers.csv")
    with pytest.raises(AnswerError) as caught:
        score_table(read_table(file), DEMO)
    assert str(caught.value) == (
        "`demo5` item q2 has the answer 6, but answers run from 0 to 4. Check row 3 of answers.csv."
    )


def test_words_for_answers() -> None:
    table = long_table("client q1 q2 q3 q4 q5\na 4 often 4 0 4\nb 4 4 4 0 4", source="answers.csv")
    with pytest.raises(
        TableError, match=r"^Row 2 of answers.csv holds `often` in column `q2`, where an answer in points"
    ):
        score_table(table, DEMO)
    found = score_table(table, DEMO, reading=Reading(unreadable="leave-out"))
    assert found.left_out == (
        LeftOut(row=2, column="q2", kind="answer is not a number", reason="`often` is not a number"),
    )
    assert found.rows["total_note"][0] == "prorated from 4 of 5 answers"


def test_items_without_a_column_count_as_missing_and_that_is_said() -> None:
    found = score_table(long_table("client q1 q2 q3 q4\na 4 4 4 0", source="answers.csv"), DEMO)
    assert "answers.csv has no column for q5; these answers count as missing." in found.doubts


def test_complete_answers_leave_no_doubt_but_the_instruments_own() -> None:
    found = score_table(long_table("client q1 q2 q3 q4 q5\na 4 4 4 0 4"), DEMO)
    assert found.doubts == DEMO.notices


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pl.DataFrame({"client": ["a"]}), "The table has no column of `demo5`. Name its columns: q1, q2, q3, q4, q5."),
        (pl.DataFrame({"q1": [1], "total": [2]}), "The table already has a column `total`, where a score would go."),
    ],
)
def test_tables_that_do_not_fit(frame: pl.DataFrame, words: str) -> None:
    with pytest.raises(TableError) as caught:
        score_frame(frame, DEMO)
    assert str(caught.value).startswith(words)
