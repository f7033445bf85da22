"""Words, numbers and places, one by one."""

import math

import pytest
from tests.unit.report.made import figure

from holdfast.report.scale import Frame, apart, around, extent, fitting, labelled, short, ticks
from holdfast.report.words import count, grouped, key, listed, number, percent, safe, signed


def test_text_that_could_be_markup_is_escaped_and_what_xml_cannot_hold_is_replaced():
    assert safe('<b onclick="x">\'&\x00\x1b\ud800') == "&lt;b onclick=&quot;x&quot;&gt;&#x27;&amp;���"


def test_an_id_holds_letters_digits_and_hyphens_alone():
    assert key('a"b <c> é/7') == "a-b-c-7"
    assert key("…") == "x"


@pytest.mark.parametrize(
    ("value", "said"), [(47.0, "47"), (46.25, "46.2"), (-0.01, "0"), (-3.5, "−3.5"), (100.0, "100"), (math.nan, "–")]
)
def test_numbers_are_written_as_a_colleague_would(value, said):
    assert number(value) == said


def test_changes_carry_their_sign_and_shares_are_per_cents():
    assert [signed(2.0), signed(-2.0), signed(0.01)] == ["+2", "−2", "0"]
    assert [percent(0.0), percent(0.0456), percent(0.456), percent(1.0)] == [
        "0\u00a0%",
        "4.6\u00a0%",
        "46\u00a0%",
        "100\u00a0%",
    ]


def test_counts_and_lists_read_as_sentences():
    assert [count(1, "entry", "entries"), count(1200, "client")] == ["1 entry", "1,200 clients"]
    assert [listed([]), listed(["a"]), listed(["a", "b", "c"])] == ["", "a", "a, b and c"]
    assert grouped(1234567) == "1,234,567"


def test_coordinates_are_short_and_never_minus_nothing():
    assert [short(12.50), short(-0.01), short(3.14159, places=2)] == ["12.5", "0", "3.14"]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (42.0, 57.0, (45, 50, 55)),
        (0.0, 100.0, (0, 20, 40, 60, 80, 100)),
        (0.0, 1.0, (0, 0.2, 0.4, 0.6, 0.8, 1.0)),
        (6.8, 18.2, (7.5, 10.0, 12.5, 15.0, 17.5)),
    ],
)
def test_ticks_are_round_numbers_within_the_scale(low, high, expected):
    assert ticks(low, high, most=6 if high in (100.0, 1.0) else 5) == pytest.approx(expected)


def test_a_scale_has_air_around_its_numbers_and_a_width_when_they_are_all_the_same():
    assert around([]) == (0.0, 1.0)
    assert around([50.0, 50.0]) == (47.5, 52.5)
    assert around([0.0]) == (-1.0, 1.0)


def test_the_extent_asked_for_is_used_unless_it_is_upside_down():
    assert extent(figure(extent=(0, 100))) == (0, 100)
    assert extent(figure(extent=(5, 5))) == extent(figure())


def test_the_wide_range_of_the_first_sessions_does_not_flatten_the_drawing():
    wide_start = figure(low=[0, 0, 44, 44], high=[100, 100, 54, 54])
    assert extent(wide_start)[0] > 40


def test_labels_are_thinned_by_round_steps_when_there_is_no_room():
    labels = [str(at) for at in range(1, 61)]
    assert labelled(labels[:16], width=560) == frozenset(range(16))
    assert labelled(labels[:16], width=270) == frozenset(range(0, 16, 2))
    assert sorted(labelled(labels, width=560)) == [0, *range(4, 60, 5)]
    assert labelled([], width=560) == frozenset()
    assert labelled(["2026-03-01"] * 400, width=100) == frozenset({0})


def test_words_that_would_touch_are_left_to_the_table():
    assert fitting([(0.0, "rupture"), (0.05, "rupture"), (0.9, "rupture")], width=560) == frozenset({0, 2})


def test_labels_at_the_edge_are_moved_apart_within_the_bounds():
    assert apart([10, 12, 100], gap=15, low=0, high=110) == (10, 25, 100)
    assert apart([100, 105], gap=15, low=0, high=110) == (95, 110)


def test_values_beyond_the_scale_stay_at_its_edge():
    frame = Frame(low=0, high=10, top=0, bottom=100, count=1)
    assert [frame.y(-5), frame.y(5), frame.y(50)] == [100, 50, 0]
    assert frame.x(0) == "500"
