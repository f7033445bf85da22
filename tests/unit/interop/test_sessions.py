"""From rows to series: order, gaps, repeated sessions, and what cannot be read."""

import numpy as np
import pytest
from tests.unit.interop.tables import long_table

from holdfast.errors import MethodError, TableError
from holdfast.interop import LeftOut, Reading, SessionShape, SessionTable, read_sessions
from holdfast.interop.problems import Duplicates

NAN = np.nan
SHAPE = SessionShape(scores={"score": "alliance"})
LENIENT = Reading(unreadable="leave-out")


def read(text: str, **reading: object) -> SessionTable:
    return read_sessions(long_table(text), SHAPE, reading=Reading(**reading))  # type: ignore[arg-type]


def test_rows_of_any_order_become_series_with_ids_as_given() -> None:
    found = read("""
        client session alliance
        007    2       60
        1e3    1       70
        007    1       50
        007    5       _
    """)
    assert found.clients == ("007", "1e3")
    np.testing.assert_array_equal(found.scores["score"], [[50, 60, NAN], [70, NAN, NAN]])
    np.testing.assert_array_equal(found.steps, [[0, 1, 3], [0, 0, 0]])
    np.testing.assert_array_equal(found.cell_of, [1, 3, 0, 2])
    assert found.labels(0) == ["1", "2", "5"]
    assert (found.used, found.left_out, found.notes) == (3, (), ())


def test_dates_are_the_clock() -> None:
    found = read("""
        client session    alliance
        a      2024-01-01 50
        a      2024-01-08 60
        a      2024-01-15 60
        a      2024-02-05 70
    """)
    np.testing.assert_array_equal(found.steps, [[0, 1, 1, 3]])
    assert found.notes == ("`session` is taken as time: the typical gap is 7 days, and counts as one step.",)


@pytest.mark.parametrize(
    ("numbers", "steps", "noted"),
    [
        ("1 2 4", [0, 1, 2], False),
        ("2 4 6", [0, 2, 2], False),
        ("0 30 60", [0, 1, 1], True),
        ("0 0.5 1", [0, 1, 1], True),
        ("3", [0], False),
    ],
)
def test_numbers_count_sessions_unless_they_cannot(numbers: str, steps: list[float], noted: bool) -> None:
    rows = "\n".join(f"a {number} 50" for number in numbers.split())
    found = read(f"client session alliance\n{rows}")
    np.testing.assert_array_equal(found.steps, [steps])
    assert bool(found.notes) is noted


REPEATED = """
    client session alliance
    a      1       50
    a      2       _
    b      2       10
    a      2       60
    a      2       70
"""


def test_a_repeated_session_is_refused_by_name() -> None:
    with pytest.raises(TableError) as caught:
        read(REPEATED)
    assert str(caught.value) == (
        "Client a has three rows for session 2 in sessions.csv (rows 3, 5 and 6). "
        "Keep one for each session, or pass `--duplicates first`, `last` or `mean`."
    )
    assert "rows=[3, 5, 6]" in caught.value.for_log()
    assert "client" not in caught.value.for_log()


def test_further_repeated_sessions_are_counted() -> None:
    rows = "\n".join(f"c{n} 1 50\nc{n} 1 50" for n in range(3))
    with pytest.raises(TableError, match=r"rows 2 and 3\). 2 more sessions are repeated\. Keep"):
        read(f"client session alliance\n{rows}")
    with pytest.raises(TableError, match=r"has 5 rows .* 1 more session is repeated\. Keep"):
        read("client session alliance\n" + "a 1 50\n" * 5 + "a 2 50\n" * 2)


@pytest.mark.parametrize(
    ("how", "score", "left_out"),
    [
        ("first", 60.0, {3: "repeats it; used is row 5", 6: "repeats it; used is row 5"}),
        ("last", 70.0, {3: "repeats it; used is row 6", 5: "repeats it; used is row 6"}),
        ("mean", 65.0, {3: "counts in its mean with row 5", 6: "counts in its mean with row 5"}),
    ],
)
def test_repeated_sessions_settled_as_asked(how: Duplicates, score: float, left_out: dict[int, str]) -> None:
    found = read(REPEATED, duplicates=how)
    np.testing.assert_array_equal(found.scores["score"], [[50, score], [10, NAN]])
    assert {each.row: each.reason.split("this row ")[1] for each in found.left_out} == left_out
    assert found.left_out[0].reason.startswith("session 2 of client a: ")
    used = [row for row in (2, 3, 4, 5, 6) if row not in left_out]
    assert [index + 2 for index in np.flatnonzero(found.cell_of >= 0)] == used


def test_each_score_of_a_repeated_session_comes_from_the_row_that_has_it() -> None:
    table = long_table("""
        client session alliance outcome
        a      1       50       _
        a      1       _        8
        a      2       _        _
        a      2       _        _
    """)
    shape = SessionShape(scores={"score": "alliance", "outcome": "outcome"})
    found = read_sessions(table, shape, reading=Reading(duplicates="first"))
    np.testing.assert_array_equal(found.scores["score"], [[50, NAN]])
    np.testing.assert_array_equal(found.scores["outcome"], [[8, NAN]])
    np.testing.assert_array_equal(found.cell_of, [0, 0, 1, -1])


WORDS = {
    "a word for a rating": (
        "a 1 50\na 2 soso\na 3 much\na 4 50",
        "Row 3 of sessions.csv (and row 4) holds `soso` in column `alliance`, where a number should be. "
        "Write a number or leave the cell empty, or pass `--unreadable leave-out`.",
        [LeftOut(row=3, column="alliance", kind="score is not a number", reason="`soso` is not a number")],
    ),
    "infinity": (
        "a 1 50\na 2 inf",
        "Row 3 of sessions.csv holds `inf` in column `alliance`, where a number should be. "
        "Write a number or leave the cell empty, or pass `--unreadable leave-out`.",
        [LeftOut(row=3, column="alliance", kind="score is not a number", reason="`inf` is not a number")],
    ),
    "a word among session numbers": (
        "a 1 50\na Post-Rx 60\nb Post-Rx 60\nb 1 _\nb post 50\nb pre 50\nb pre 50\nb pre 50\nb pre 50\nb pre 50",
        "Row 3 of sessions.csv (and rows 4, 6 to 9 and 2 more) holds `Post-Rx` in column `session`, where the "
        "session's number should be. Write a number, or pass `--unreadable leave-out`.",
        [LeftOut(row=3, column="session", kind="session is not a number", reason="`Post-Rx` is not a number")],
    ),
    "a word among dates": (
        "a 2024-01-01 50\na soon 60",
        "Row 3 of sessions.csv holds `soon` in column `session`, where the session's date should be. "
        "Write a date, or pass `--unreadable leave-out`.",
        [LeftOut(row=3, column="session", kind="session is not a date", reason="`soon` is not a date")],
    ),
    "no client": (
        "a 1 50\n_ 2 60",
        "Row 3 of sessions.csv names no client in column `client`. Name the client, or pass `--unreadable leave-out`.",
        [LeftOut(row=3, column="client", kind="no client", reason="no client is named")],
    ),
    "no session": (
        "a 1 50\na _ 60",
        "Row 3 of sessions.csv names no session in column `session`. "
        "Give the session's number, or pass `--unreadable leave-out`.",
        [LeftOut(row=3, column="session", kind="no session", reason="no session is named")],
    ),
    "a very long word": (
        f"a 1 50\na 2 {'x' * 60}",
        f"Row 3 of sessions.csv holds `{'x' * 39}\N{HORIZONTAL ELLIPSIS}` in column `alliance`, where a number should "
        "be. Write a number or leave the cell empty, or pass `--unreadable leave-out`.",
        [
            LeftOut(
                row=3,
                column="alliance",
                kind="score is not a number",
                reason=f"`{'x' * 39}\N{HORIZONTAL ELLIPSIS}` is not a number",
            )
        ],
    ),
}


@pytest.mark.parametrize(("rows", "sentence", "left_out"), WORDS.values(), ids=WORDS)
def test_what_cannot_be_read_is_refused_by_name_or_left_out_and_listed(
    rows: str, sentence: str, left_out: list[LeftOut]
) -> None:
    text = f"client session alliance\n{rows}"
    with pytest.raises(TableError) as caught:
        read(text)
    assert str(caught.value) == sentence
    assert "value" not in caught.value.for_log()
    found = read(text, unreadable="leave-out")
    assert found.left_out[0] == left_out[0]
    assert found.clients[0] == "a"
    assert found.cell_of[1] == -1


def test_scores_outside_their_range() -> None:
    table = long_table("client session alliance\na 1 50\na 2 101\na 3 -0.25")
    shape = SessionShape(scores={"score": "alliance"}, ranges={"score": (0.0, 100.0)})
    with pytest.raises(TableError, match=r"Row 3 .*and row 4.* holds `101` in .*but the score runs from 0 to 100\."):
        read_sessions(table, shape)
    found = read_sessions(table, shape, reading=LENIENT)
    assert [each.reason for each in found.left_out] == [
        "`101` lies outside 0 to 100",
        "`-0.25` lies outside 0 to 100",
    ]
    np.testing.assert_array_equal(found.scores["score"], [[50]])


def test_a_row_with_one_score_that_cannot_be_read_keeps_its_other_score() -> None:
    table = long_table("client session alliance outcome\na 1 soso 8\na 2 50 8")
    shape = SessionShape(scores={"score": "alliance", "outcome": "outcome"})
    found = read_sessions(table, shape, reading=LENIENT)
    np.testing.assert_array_equal(found.scores["score"], [[NAN, 50]])
    np.testing.assert_array_equal(found.scores["outcome"], [[8, 8]])
    assert [each.row for each in found.left_out] == [2]
    assert found.used == 2


def test_an_empty_row_is_listed_and_never_refused() -> None:
    found = read("client session alliance\na 1 50\n_ _ _\na 2 60")
    assert found.left_out == (LeftOut(row=3, column="", kind="empty row", reason="the row is empty"),)
    np.testing.assert_array_equal(found.scores["score"], [[50, 60]])


def test_sessions_need_an_order() -> None:
    with pytest.raises(TableError) as caught:
        read("client session alliance\na first 50\na second 60")
    assert str(caught.value) == (
        "Column `session` of sessions.csv holds no session numbers and no dates; row 2 says `first`. "
        "Number the sessions, or write dates as year-month-day."
    )


def test_a_missing_column_lists_those_there_are() -> None:
    with pytest.raises(TableError) as caught:
        read("client number alliance\na 1 50")
    assert str(caught.value) == "sessions.csv has no column `session`. Its columns are: client, number, alliance."


def test_nothing_usable_is_a_table_without_clients() -> None:
    found = read("client session alliance\na 1 soso", unreadable="leave-out")
    assert (found.clients, found.scores["score"].shape, found.steps.shape) == ((), (0, 0), (0, 0))
    np.testing.assert_array_equal(found.cell_of, [-1])


@pytest.mark.parametrize("reading", [{"duplicates": "both"}, {"unreadable": "guess"}])
def test_an_unknown_way_of_reading_is_refused(reading: dict[str, str]) -> None:
    with pytest.raises(MethodError, match="It is one of: refuse"):
        Reading(**reading)  # type: ignore[arg-type]


def test_a_frame_is_as_good_as_a_table() -> None:
    table = long_table("client session alliance\na 1 50\na 2 60")
    found = read_sessions(table.frame.to_pandas(), SHAPE)
    np.testing.assert_array_equal(found.scores["score"], [[50, 60]])
    with pytest.raises(TableError, match=r"^The table has no column `srs`\."):
        read_sessions(table.frame, SessionShape(scores={"score": "srs"}))
