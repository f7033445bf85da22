"""Any course at all gives markup that is well formed, keeps every session, and never leaves its frame."""

import math
import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.report.parsed import FETCHES, tree

from holdfast.report import CourseFigure, Mark, Span, course_block, course_svg, course_table, prediction_svg, spark
from holdfast.report.scale import apart, around, ticks

NUMBER = st.one_of(st.just(math.nan), st.floats(-1e6, 1e6, width=32))
WORDS = st.text(max_size=30)


@st.composite
def figures(draw: st.DrawFn) -> CourseFigure:
    length = draw(st.integers(0, 70))
    series = st.lists(NUMBER, min_size=length, max_size=length)
    places = st.integers(0, length - 1) if length else st.nothing()
    low = draw(series)
    spans = draw(st.lists(st.tuples(places, places), max_size=4)) if length else []
    marks = draw(st.lists(places, max_size=4)) if length else []
    return CourseFigure(
        name=draw(WORDS),
        title=draw(WORDS),
        summary=draw(WORDS),
        sessions=draw(st.lists(WORDS, min_size=length, max_size=length)),
        values=draw(series),
        low=low,
        high=[end + abs(draw(st.floats(0, 100))) for end in low],
        predicted=draw(st.one_of(st.just([]), series)),
        marks=[Mark(index=index, words=draw(WORDS)) for index in marks],
        spans=[Span(first=min(span), last=max(span), words=draw(WORDS)) for span in spans],
        extent=draw(st.one_of(st.none(), st.just((0.0, 100.0)))),
    )


@given(figures())
@settings(max_examples=80, deadline=None)
def test_any_course_gives_well_formed_markup_that_fetches_nothing(figure):
    for markup in (course_block(figure), prediction_svg(figure)):
        nodes = list(tree(markup).iter())
        assert not {name for node in nodes for name in node.attrib if name == "style" or name.startswith("on")}
        assert not FETCHES.search(re.sub(r">[^<]*<", "><", markup))


@given(figures())
@settings(max_examples=60, deadline=None)
def test_no_session_is_lost_and_every_rating_has_its_dot_inside_the_frame(figure):
    assert len(tree(course_table(figure)).findall(".//tbody/tr")) == len(figure.sessions)
    found = re.search(r'class="dots[^"]*" d="([^"]*)"', course_svg(figure))
    places = re.findall(r"M([\d.]+) ([\d.]+)h0", found[1]) if found else []
    assert len(places) == len(figure.rated)
    assert all(0 <= float(x) <= 1000 and 0 <= float(y) <= figure.height for x, y in places)


@given(st.lists(st.floats(-1e6, 1e6, width=32), max_size=20))
def test_a_scale_holds_its_numbers_and_a_few_round_ticks(numbers):
    low, high = around(numbers)
    assert all(low <= number <= high for number in numbers)
    assert len(ticks(low, high)) <= 5
    assert all(low - 1e-6 <= tick <= high + 1e-6 for tick in ticks(low, high))


@given(st.lists(st.floats(0, 100), max_size=4))
def test_labels_moved_apart_keep_their_distance_and_their_order(places):
    moved = apart(places, gap=10, low=0, high=100)
    after = sorted(moved)
    assert all(later - earlier >= 9.8 for earlier, later in pairwise(after))
    assert sorted(range(len(places)), key=places.__getitem__) == sorted(range(len(places)), key=moved.__getitem__)


@given(st.lists(NUMBER, max_size=30))
def test_any_spark_is_well_formed(values):
    assert len(list(tree(spark(values, marked=range(len(values)))).iter("path"))) in (0, 2)
