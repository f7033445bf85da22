"""The figure of a course: well formed, complete, escaped, and readable without its drawing."""

import math

import pytest
from tests.unit.report.made import figure
from tests.unit.report.parsed import FETCHES, texts, tree

from holdfast.errors import MethodError
from holdfast.report import (
    CourseFigure,
    Mark,
    Span,
    course_block,
    course_svg,
    course_table,
    prediction_block,
    prediction_svg,
)

NAN = math.nan
HOSTILE = '"><script>alert(1)</script><p style="x" onload=\'y\'>&\x00'


def long_course(sessions: int) -> CourseFigure:
    return figure(
        sessions=[str(at + 1) for at in range(sessions)],
        values=[50.0 + at % 7 for at in range(sessions)],
        low=[45.0] * sessions,
        high=[60.0] * sessions,
        predicted=[],
        spans=[],
        marks=[Mark(index=at, words="lower than expected") for at in (3, 4)],
    )


def paths(markup: str, name: str) -> list[str]:
    return [node.get("d", "") for node in tree(markup).iter("path") if name in (node.get("class") or "").split()]


def test_the_drawing_says_its_title_and_what_it_shows():
    svg = tree(course_svg(figure())).find("svg")
    assert svg is not None
    assert svg.get("role") == "img"
    ids = {node.get("id"): node.text for node in svg}
    said = [ids[name] for name in (svg.get("aria-labelledby") or "").split()]
    assert said == ["Alliance over four sessions", "Lower than expected in session 3."]


def test_every_session_has_its_row_and_every_number_its_cell():
    rows = tree(course_table(figure())).findall(".//tbody/tr")
    cells = [["".join(cell.itertext()) for cell in row] for row in rows]
    assert cells == [
        ["1", "50", "40 to 60", "51", ""],
        ["2", "not rated", "44 to 56", "", ""],
        ["3", "41.5", "44 to 55", "50", "lower than expected; rupture, open"],
        ["4", "49", "43 to 54", "48", "rupture, open"],
    ]
    heads = texts(tree(course_table(figure())), "th")[:5]
    assert heads == ["Session", "Rated", "Expected", "Predicted", "Noticed"]
    assert texts(tree(course_table(figure())), "caption") == [
        "Alliance over four sessions. From 0 to 100. Higher is better"
    ]


def test_columns_that_would_be_empty_are_left_out():
    bare = figure(low=(), high=(), predicted=(), marks=(), spans=(), unit="", higher_is="")
    assert texts(tree(course_table(bare)).find(".//thead"), "th") == ["Session", "Rated"]
    assert texts(tree(course_table(bare)), "caption") == ["Alliance over four sessions"]
    assert paths(course_svg(bare), "range") == []
    assert 'class="episodes"' not in course_block(bare)


def test_the_line_breaks_where_a_session_was_not_rated():
    (line,) = paths(course_svg(figure()), "line")
    assert line.startswith("M666.7 ")
    assert line.count("M") == 1
    (dots,) = paths(course_svg(figure()), "dots")
    assert dots.count("M") == 3


def test_the_range_is_a_band_that_breaks_where_it_is_not_known():
    (band,) = paths(course_svg(figure(low=[40.0, NAN, 44.0, 43.0])), "range")
    assert band.count("Z") == 2
    assert len(paths(course_svg(figure()), "edge")) == 1


def test_the_number_of_signs_is_the_number_of_things_said():
    drawing = tree(course_svg(figure()))
    kinds = [node.get("class") for node in drawing.iter()]
    assert kinds.count("predicted") == 3
    assert kinds.count("mark") == 1
    assert "lower than expected" in texts(drawing, "text")
    assert "rupture, open" in texts(drawing, "text")
    assert {"Rated 49", "Expected 43 to 54", "Predicted 48"} <= set(texts(drawing, "text"))


def test_a_mark_on_a_session_without_a_rating_stays_in_the_table():
    marked = figure(marks=[Mark(index=1, words="tension")])
    assert 'class="mark"' not in course_svg(marked)
    assert "tension" in course_table(marked)


def test_episodes_are_also_a_line_of_words():
    one = figure(spans=[Span(first=2, last=2, words="rupture, repaired"), Span(first=3, last=3, words="sliding, open")])
    assert "Session 3: rupture, repaired. Session 4: sliding, open." in course_block(one)
    assert "Session 3 to 4: rupture, open." in course_block(figure())


def test_one_session_stands_in_the_middle_with_a_piece_of_its_range():
    one = CourseFigure(name="x", title="t", summary="s", sessions=["1"], values=[50.0], low=[40.0], high=[60.0])
    assert paths(course_svg(one), "dots")[0].startswith("M500 ")
    assert "M380 " in paths(course_svg(one), "range")[0]
    spanned = figure(
        sessions=["1"], values=[50.0], low=[], high=[], predicted=[], marks=[], spans=[Span(first=0, last=0, words="w")]
    )
    assert paths(course_svg(spanned), "brace")


def test_an_empty_course_says_what_will_be_there():
    for none in (
        CourseFigure(name="x", title="t", summary="s", sessions=[], values=[]),
        CourseFigure(name="x", title="t", summary="s", sessions=["1", "2"], values=[NAN, NAN]),
    ):
        assert "Nothing rated yet" in texts(tree(course_svg(none)), "text")
        assert "Nothing rated yet" in texts(tree(prediction_svg(none)), "text")
        assert 'class="key"' not in course_block(none)


def test_a_range_before_the_first_rating_is_drawn():
    ahead = figure(values=[NAN] * 4, marks=(), spans=(), predicted=())
    assert paths(course_svg(ahead), "range")
    assert "Expected 43 to 54" in texts(tree(course_svg(ahead)), "text")


def test_a_long_course_keeps_every_rating_and_thins_its_labels():
    sixty = long_course(60)
    assert paths(course_svg(sixty), "dots")[0].count("M") == 60
    labels = texts(tree(course_svg(sixty)).find(".//g[@class='axis']"), "text")
    assert labels[:3] == ["1", "5", "10"]
    assert "lower than expected" not in texts(tree(course_svg(sixty)), "text")
    assert "chart crowded" in course_block(sixty)
    assert len(tree(course_table(sixty)).findall(".//tbody/tr")) == 60


def test_words_near_an_end_are_written_away_from_it():
    marks = [Mark(index=0, words="lower than expected"), Mark(index=3, words="lower than expected")]
    kinds = [node.get("class") for node in tree(course_svg(figure(values=[50.0] * 4, marks=marks))).iter("text")]
    assert "s" in kinds
    assert "e w" in kinds


def test_predictions_stand_against_ratings_with_the_gap_between_them():
    drawing = prediction_svg(figure())
    assert paths(drawing, "gap")[0].count("V") == 3
    assert paths(drawing, "range") == []
    assert "As a table" in prediction_block(figure())
    assert 'class="band"' not in prediction_block(figure())
    assert '<li class="band">Expected</li>' in course_block(figure())
    assert paths(prediction_svg(figure(predicted=())), "gap") == []


def test_nothing_supplied_can_become_markup_and_nothing_needs_an_inline_style():
    hostile = figure(
        name=HOSTILE,
        title=HOSTILE,
        summary=HOSTILE,
        sessions=[HOSTILE] * 4,
        marks=[Mark(index=2, words=HOSTILE)],
        spans=[Span(first=0, last=1, words=HOSTILE)],
        unit=HOSTILE,
        value_name=HOSTILE,
        range_name=HOSTILE,
        predicted_name=HOSTILE,
    )
    for markup in (course_block(hostile), prediction_block(hostile)):
        nodes = list(tree(markup).iter())
        assert not [node for node in nodes if node.tag in ("script", "p") and node.get("style")]
        assert "script" not in {node.tag for node in nodes}
        assert not {name for node in nodes for name in node.attrib if name == "style" or name.startswith("on")}
        assert not FETCHES.search(markup)


@pytest.mark.parametrize(
    "changes",
    [
        {"values": [1.0]},
        {"low": [1.0], "high": [1.0]},
        {"low": ()},
        {"predicted": [1.0]},
        {"marks": [Mark(index=4, words="x")]},
        {"spans": [Span(first=2, last=1, words="x")]},
    ],
)
def test_series_that_do_not_belong_together_are_refused(changes):
    with pytest.raises(MethodError) as refused:
        figure(**changes)
    assert str(refused.value).endswith((".", "figure."))
