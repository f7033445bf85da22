"""Bars, sparks and the scatter of first against last."""

import math

import pytest
from tests.unit.report.parsed import texts, tree

from holdfast.report import CountBar, FacetBar, Pair, ScatterFigure, change_scatter, count_bars, facet_bars, spark
from holdfast.report.scatter import scatter_summary


def widths(markup, kind):
    return [node.get("width") for node in tree(markup).iter("rect") if kind in (node.get("class") or "")]


def scatter(**changes):
    parts = {
        "name": "s",
        "title": "t",
        "summary": "d",
        "measure": "PHQ-9",
        "pairs": [Pair(first=20, last=5, category="improved"), Pair(first=10, last=11, category="unchanged")],
        "reliable_points": 5.0,
    }
    return ScatterFigure(**{**parts, **changes})


def test_a_facet_says_its_value_and_its_change_in_words():
    markup = facet_bars(
        [
            FacetBar(label="Understood", value=78, change=-12, noticed=True),
            FacetBar(label="Accepted", value=86, change=0.2),
            FacetBar(label="Goals", value=84, change=3),
            FacetBar(label="New <facet>", value=120),
        ]
    )
    said = [" ".join("".join(item.itertext()).split()) for item in tree(markup).iter("li")]
    assert said == [
        "Understood78 12 lower than usual",
        "Accepted86 as usual",
        "Goals84 3 higher than usual",
        "New <facet>120",
    ]
    assert widths(markup, "fill") == ["78%", "86%", "84%", "100%"]
    assert markup.count('class="usual"') == 3
    assert facet_bars([]) == ""


def test_a_share_has_its_interval_drawn_and_said():
    markup = count_bars([CountBar(label="Improved", words="18 · 45 % (31 to 60 %)", share=0.45, low=0.31, high=0.6)])
    assert widths(markup, "fill") == ["45%"]
    assert [node.get("x1") for node in tree(markup).iter("line")] == ["31%", "31%", "60%"]
    assert "18 · 45 % (31 to 60 %)" in "".join(tree(markup).itertext())
    assert count_bars([]) == ""


def test_a_spark_breaks_at_gaps_and_dots_what_was_noticed():
    drawn = [node.get("d") for node in tree(spark([1, 2, math.nan, 3], marked=[1, 2])).iter("path")]
    assert drawn[0].count("M") == 2
    assert drawn[1].count("h0") == 1
    assert spark([1.0, math.nan]) == ""
    assert 'class="low"' not in spark([1.0, 2.0])


def test_each_client_is_one_sign_and_several_on_one_place_are_a_larger_one():
    same = [Pair(first=8, last=20, category="deteriorated")] * 4
    drawing = tree(change_scatter(scatter(pairs=[*scatter().pairs, *same])))
    kinds = [node.get("class") for node in drawing.iter()]
    assert [kinds.count(kind) for kind in ("improved", "unchanged", "deteriorated")] == [1, 1, 1]


@pytest.mark.parametrize(("higher_is", "above"), [("worse", "deteriorated reliably"), ("better", "improved reliably")])
def test_what_lies_above_the_band_is_named_by_the_direction_of_the_score(higher_is, above):
    words = texts(tree(change_scatter(scatter(higher_is=higher_is))), "text")
    assert words[-2] == above
    assert "First PHQ-9 score" in words


def test_without_a_reliability_there_is_no_band_and_no_verdict():
    drawing = change_scatter(scatter(reliable_points=None))
    assert 'class="zone"' not in drawing
    assert "reliably" not in drawing
    assert 'class="same"' in drawing


def test_a_cutoff_within_the_scale_is_drawn():
    assert 'class="cut"' in change_scatter(scatter(cutoff=10))
    assert 'class="cut"' not in change_scatter(scatter(cutoff=99))


def test_a_band_wider_than_the_scale_stays_within_it():
    wide = change_scatter(scatter(reliable_points=500))
    (zone,) = [node.get("d") for node in tree(wide).iter("path") if node.get("class") == "zone"]
    assert zone.startswith("M46 330L46 10")


def test_the_summary_counts_every_client():
    assert scatter_summary(scatter().pairs, "PHQ-9") == (
        "2 clients with a first and a last PHQ-9 score: 1 improved, 1 unchanged."
    )
    assert scatter_summary([Pair(first=1, last=2, category="")], "x").endswith("1 without a category.")
    assert scatter_summary([], "PHQ-9") == "No client has two scores."


def test_very_many_signs_are_smaller_and_let_others_through():
    many = [Pair(first=at, last=at + 1, category="unchanged") for at in range(400)]
    drawing = change_scatter(scatter(pairs=many))
    assert 'class="scatter crowd"' in drawing
    radii = {float(node.get("r") or 0) for node in tree(drawing).iter("circle")}
    assert max(radii) < 3
