"""What scoring says of answers that fit, that lack, and that do not fit."""

from pathlib import Path

import numpy as np
import pytest
from tests.unit.instruments.files import broken, write

from holdfast.errors import AnswerError
from holdfast.instruments import load
from holdfast.scoring import UNVERIFIED_KEY, score, score_columns

WAI = {f"q{number}": 3.0 for number in range(1, 13)}


def test_out_of_range_names_instrument_item_value_and_row() -> None:
    with pytest.raises(AnswerError) as refused:
        score(load("wai-sr"), {**WAI, "q7": 6}, row=212, source="answers.csv")
    assert str(refused.value) == (
        "`wai-sr` item q7 has the answer 6, but answers run from 1 to 5. Check row 212 of answers.csv."
    )
    assert "6" not in refused.value.for_log().replace("212", "")


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (2.5, "`wai-sr` item q7 has the answer 2.5, but only whole points from 1 to 5 exist. Check row 3."),
        (0, "`wai-sr` item q7 has the answer 0, but answers run from 1 to 5. Check row 3."),
        (float("inf"), "`wai-sr` item q7 has the answer inf, but answers run from 1 to 5. Check row 3."),
        ("often", "`wai-sr` item q7 has the answer often, but answers run from 1 to 5. Check row 3."),
        (True, "`wai-sr` item q7 has the answer True, but answers run from 1 to 5. Check row 3."),
    ],
)
def test_answers_that_do_not_fit(answer: object, sentence: str) -> None:
    with pytest.raises(AnswerError) as refused:
        score(load("wai-sr"), {**WAI, "q7": answer}, row=3)  # type: ignore[dict-item]
    assert str(refused.value) == sentence


def test_without_a_row_the_cure_is_named() -> None:
    with pytest.raises(AnswerError, match=r"Give one of these, or leave the item empty\.$"):
        score(load("wai-sr"), {**WAI, "q7": 9})


def test_unknown_items() -> None:
    with pytest.raises(AnswerError, match=r"`demo5` has no item q9\. Known items: q1, q2, q3, q4, q5\."):
        score(load("demo5"), {"q9": 1})
    with pytest.raises(AnswerError, match="has no item q9"):
        score_columns(load("demo5"), {"q9": np.array([1.0])})


def test_numpy_numbers_and_nan() -> None:
    result = score(load("demo5"), {"q1": np.int64(4), "q2": np.float64(3), "q3": 4, "q4": 0, "q5": float("nan")})
    total = result.scores["total"]
    assert (total.raw, total.percent, total.band) == (3.75, 93.75, "strong")
    assert (total.answered, total.of, total.missing, total.prorated) == (4, 5, ("q5",), True)
    assert result.doubts == ("Project items, not validated.", "`total` is prorated from 4 of 5 answers.")


def test_too_many_gaps_give_no_score_and_the_reason() -> None:
    result = score(load("holdfast-session"), {"bond": 3, "goal": 3})
    alliance = result.scores["alliance"]
    assert (alliance.raw, alliance.percent, alliance.band, alliance.prorated) == (None, None, None, False)
    assert alliance.reason == "Only 2 of 8 items are answered, and 7 are needed."
    assert result.scores["facet_bond"].raw == 75


def test_by_the_project_default_a_prorated_score_has_no_band() -> None:
    full = {f"q{number}": 2 for number in range(1, 10)}
    assert score(load("phq-9"), full).scores["total"].band == "moderately severe"
    gap = score(load("phq-9"), {**full, "q9": None})
    assert (gap.scores["total"].raw, gap.scores["total"].band, gap.scores["total"].prorated) == (18, None, True)
    assert gap.safety == {"q9": None}
    assert gap.doubts == ("`total` is prorated from 8 of 9 answers.",)


def test_the_safety_item_stands_alone() -> None:
    low = {f"q{number}": 0 for number in range(1, 10)}
    assert score(load("phq-9"), {**low, "q9": 1}).safety == {"q9": True}
    assert score(load("phq-9"), low).safety == {"q9": False}


def test_count_and_table(tmp_path: Path) -> None:
    write(
        tmp_path,
        broken('method = "sum"', 'method = "count"\nthreshold = 3')
        .replace("value = 4", "value = 2")
        .replace("at_least = 6", "at_least = 2")
        .replace("at_least = 2", "at_least = 1", 1),
    )
    count = load("tiny", folders=[tmp_path])
    assert (count.scale("total").lowest, count.scale("total").highest) == (0, 2)
    assert score(count, {"q1": 3, "q2": 1}).scores["total"].raw == 2
    assert (
        score(count, {"q1": 3, "q2": None}).scores["total"].reason
        == "Only 1 of 2 items are answered, and 2 are needed."
    )
    both = {"q1": np.array([3.0, 2.0]), "q2": np.array([1.0, 4.0])}
    assert score_columns(count, both)["total"].raw.tolist() == [2, 0]
    write(
        tmp_path, broken('method = "sum"', 'method = "table"\nmax_missing = 0\ntable = [0, 1, 2.5, 3, 4, 5, 6, 7, 8]')
    )
    table = load("tiny", folders=[tmp_path])
    assert score(table, {"q1": 1, "q2": 3}).scores["total"].raw == 2.5
    found = score_columns(table, {"q1": np.array([1.0, 4.0]), "q2": np.array([3.0, 0.0])})["total"]
    assert found.raw.tolist() == [2.5, 8]


def test_a_key_nobody_checked_gives_no_score(tmp_path: Path) -> None:
    write(tmp_path, broken('key_status = "verified"', 'key_status = "unverified"'))
    result = score(load("tiny", folders=[tmp_path]), {"q1": 1, "q2": 1})
    assert (result.scores["total"].raw, result.scores["total"].reason) == (None, UNVERIFIED_KEY)


def test_a_band_nobody_checked_is_shown_to_nobody(tmp_path: Path) -> None:
    write(tmp_path, broken('"much"\nstatus = "verified"', '"much"\nstatus = "unverified"'))
    tiny = load("tiny", folders=[tmp_path])
    assert score(tiny, {"q1": 4, "q2": 0}).scores["total"].band is None
    assert score(tiny, {"q1": 1, "q2": 3}).scores["total"].band == "some"
    assert score_columns(tiny, {"q1": np.array([4.0, 1.0]), "q2": np.array([0.0, 3.0])})["total"].band.tolist() == [
        "",
        "some",
    ]


def test_columns_name_the_row_of_a_wrong_answer() -> None:
    columns = {item: np.array([3.0, value]) for item, value in {**WAI, "q7": 6.0}.items()}
    with pytest.raises(AnswerError, match=r"has the answer 6, but answers run from 1 to 5\. Check row 2 of a\.csv\."):
        score_columns(load("wai-sr"), columns, source="a.csv")
    with pytest.raises(AnswerError, match=r"Check row 212\."):
        score_columns(load("wai-sr"), columns, rows=[211, 212])
    with pytest.raises(AnswerError, match=r"only whole points from 1 to 5 exist"):
        score_columns(load("wai-sr"), {"q1": np.array([1.5])})


def test_columns_of_nothing() -> None:
    found = score_columns(load("demo5"), {})["total"]
    assert found.raw.shape == (0,)
    assert found.of == 5
