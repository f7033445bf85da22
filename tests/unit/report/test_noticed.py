"""What is said of a session with a signal: what was rated, compared with what, how often by chance; who reported it."""

import math

import pytest
from tests.unit.report.made import NAN, alliance_study, whole_report

from holdfast.alliance.signals import Direction, Way
from holdfast.report import ClientCourse
from holdfast.report.model import Noticed
from holdfast.report.noticed import beside, noticed_list, noticed_words
from holdfast.report.phrases import alliance_summary, mark_words
from holdfast.report.words import once_in

STUDY = alliance_study()


def course(*noticed: Noticed, **changes: object) -> ClientCourse:
    parts = {
        "id": "Cleo",
        "sessions": ["1", "2", "3"],
        "alliance": [50.0, 44.0, NAN],
        "low": [40.0, 46.0, 46.0],
        "high": [60.0, 54.0, 54.0],
        "signals": ["", *(("acute",) if noticed else ("",)), ""],
        "noticed": noticed,
    }
    return ClientCourse(**{**parts, **changes})


def words(trust: object = None, **changes: object) -> str:
    found = Noticed(**{"index": 1, "kinds": ["acute"], "p": 1 / 193, **changes})
    return noticed_words(found, course(found), STUDY, trust)


def test_a_low_rating_in_the_voice_of_the_house() -> None:
    assert words() == (
        "Rated 44. The sessions before lead one to expect 46 to 54; a rating this low comes up by chance about once in "
        "190 sessions."
    )


def test_everything_said_in_it_stands_beside_the_rating() -> None:
    assert words(together=1 / 2040).endswith(
        "by chance about once in 190 sessions, everything said in it together about once in 2,000."
    )
    assert words(p=0.4, together=0.01).endswith(
        "46 to 54; everything said in it, taken together, comes up by chance about once in 100 sessions."
    )
    assert words(index=2, p=NAN, together=0.005) == (
        "Not rated by the client. Everything said in it, taken together, comes up by chance about once in 200 sessions."
    )


def test_a_slide_with_its_rate() -> None:
    slide = "A slide: low ratings in a row add up to what chance gives about once in {} sessions."
    assert words(kinds=["erosion"]) == slide.format(100)
    trust = whole_report().trust
    assert trust is not None
    assert words(trust, kinds=["erosion"]) == slide.format(round(1 / trust.rates.erosion, -1).__int__())


@pytest.mark.parametrize(
    ("reported", "said"),
    [
        ({"client": Way.WITHDRAWAL}, "Tension was reported by the client (pulling away)."),
        ({"therapist": Way.CONFRONTATION}, "Tension was reported by the therapist (pushing against)."),
        (
            {"therapist": Way.NONE, "client": Way.BOTH},
            "Tension was reported by the client (pulling away and pushing against) and the therapist.",
        ),
        ({"client": Way.NOT_SURE}, "Tension was reported by the client (not sure which way)."),
    ],
)
def test_tension_says_who_and_which_way(reported: dict[str, Way], said: str) -> None:
    assert words(kinds=["tension"], reported=reported) == said


@pytest.mark.parametrize(
    ("direction", "said"),
    [
        (Direction.CLIENT_LOWER, "against its own history the client's is the lower one."),
        (Direction.THERAPIST_LOWER, "against its own history the therapist's is the lower one."),
        (Direction.PREDICTED_TOO_HIGH, "guess lay further above the rating than chance brings about once in"),
        (Direction.PREDICTED_TOO_LOW, "guess lay further below the rating than chance brings about once in"),
        (Direction.NONE, "Two views lie far apart."),
    ],
)
def test_a_disagreement_says_its_direction(direction: Direction, said: str) -> None:
    assert said in words(whole_report().trust, kinds=["disagreement"], direction=direction)


def test_what_is_no_signal_stands_apart() -> None:
    quiet = course(tension=[0], talk=[0, 1])
    trust = whole_report().trust
    assert beside(quiet, trust, at="session") == [
        "Tension was also reported in session 1, without a signal.",
        "Worth talking about, by the fixed cut-off and not as a signal: rated 60 or less in sessions 1 and 2.",
    ]
    assert beside(course(talk=[0]), None, at="session") == []
    many = course(sessions=[str(at) for at in range(20)], tension=range(9), alliance=(), low=(), high=(), signals=())
    assert beside(many, None, at="day") == ["Tension was also reported in 9 days, without a signal."]
    assert noticed_list(course(), STUDY, None) == ""


def test_each_session_is_an_item_and_nothing_becomes_markup() -> None:
    hostile = course(Noticed(index=1, kinds=["acute"], p=0.01), sessions=["1", "<b>2", "3"])
    html = noticed_list(hostile, STUDY, None, at="session")
    assert html.startswith('<div><ul class="small noticed"><li><b>Session &lt;b&gt;2.</b> Rated 44.')


def test_a_rating_inside_its_range_is_marked_as_low_only_as_a_whole() -> None:
    found = Noticed(index=0, kinds=["acute"], p=0.3, together=0.001)
    inside = course(found, signals=["acute", "", "erosion"])
    assert mark_words(inside) == {0: "low as a whole", 2: "sliding"}
    assert alliance_summary(inside) == (
        "Between 44 and 50 in 2 rated sessions; sliding in session 3; low as a whole in session 1."
    )
    below = course(Noticed(index=1, kinds=["acute"], p=0.01, together=0.001))
    assert mark_words(below) == {1: "lower than expected"}


@pytest.mark.parametrize(
    ("chance", "said"),
    [
        (0.5, "about once in 2"),
        (1 / 48.2, "about once in 48"),
        (1 / 193, "about once in 190"),
        (1 / 74_321, "about once in 74,000"),
        (1e-9, "less than once in 1,000,000"),
        (math.nan, "less than once in 1,000,000"),
    ],
)
def test_how_often_in_two_digits(chance: float, said: str) -> None:
    assert once_in(chance) == said
