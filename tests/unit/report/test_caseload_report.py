"""The caseload report: complete, honest, self-contained, and harmless whatever the table holds."""

import math
import re

import pytest
from tests.unit.report.made import INTAKE, alliance_study, outcome_study, simulated_report
from tests.unit.report.parsed import FETCHES, Balance

from holdfast.alliance import Confirmation, RepairStatus, Rule, RuptureEpisode, SignalKind
from holdfast.errors import MethodError
from holdfast.report import ClientCourse, Intake, Omission, caseload_report
from holdfast.report.phrases import episode_words, episodes_gist
from holdfast.report.tally import tally

NAN = math.nan
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>&\x00{0}%s'


def made(**changes):
    return caseload_report(simulated_report(**changes), with_fonts=False)


def client(**changes):
    parts = {"id": "014", "sessions": ["1", "2", "3"], "outcome": [18.0, NAN, 11.0], "category": "improved"}
    return ClientCourse(**{**parts, **changes})


def rupture_episode(**changes):
    parts = {
        "row": 0,
        "number": 1,
        "kind": SignalKind.ACUTE,
        "onset": 1,
        "signalled": 1,
        "nadir": 1,
        "end": None,
        "baseline": 50.0,
        "depth": 6.0,
        "depth_in_sd": 2.5,
        "length": 2,
        "status": RepairStatus.OPEN,
        "repaired_at": None,
        "confirmation": Confirmation.NOT_ASKED,
        "settled_at": None,
        "compatible_repair_at": None,
        "rebound_next": 1.5,
        "rebound": 1.5,
        "rebound_range": (-3.0, 6.0),
        "returned_next": None,
        "returned": None,
        "doubts": (),
    }
    return RuptureEpisode(**{**parts, **changes})


@pytest.fixture(scope="module")
def eight():
    return caseload_report(simulated_report(clients=8), with_fonts=False)


def test_every_element_closes_every_id_is_its_own_and_every_link_leads_somewhere(eight):
    read = Balance(eight)
    assert (read.wrong, read.open) == ([], [])
    assert len(read.ids) == len(set(read.ids))
    assert read.anchors <= set(read.ids)


def test_nothing_is_fetched_and_nothing_is_styled_inline(eight):
    assert not FETCHES.search(eight.replace("http://www.w3.org/2000/svg", ""))
    read = Balance(eight)
    assert "style" not in read.attributes
    assert not {name for name in read.attributes if name.startswith("on")}


def test_the_first_sentence_says_the_main_thing(eight):
    report = simulated_report(clients=8)
    counts = tally(report)
    first = re.search(r'<p class="lead">(.*?)</p>', eight)
    assert first is not None
    assert first[1] == (
        f"Of 8 clients with two distress scores, {counts.improved} improved reliably, "
        f"{counts.changes.get('unchanged', 0)} stayed within measurement error and "
        f"{counts.changes.get('deteriorated', 0)} deteriorated reliably."
    )


def test_each_count_of_signals_stands_beside_what_chance_alone_would_give():
    report = simulated_report(clients=8)
    counts = tally(report)
    rated = [sum(not math.isnan(value) for value in each.alliance) for each in report.clients]
    assert counts.monitored == sum(number - 2 for number in rated)
    assert counts.by_chance == pytest.approx(counts.monitored * 0.03)
    text = Balance(caseload_report(report, with_fonts=False)).text
    assert f"{counts.signals} of {counts.monitored} monitored sessions raised a signal" in text
    assert f"Chance alone would give about {counts.by_chance:.0f}." in text


def test_what_was_left_out_is_named_with_its_row_and_reason(eight):
    text = Balance(eight).text
    assert "Row 7, outcome: no number: “moved away”" in text
    assert "117 of 120 rows of sessions.csv gave at least one number." in text
    assert "Session numbers were read from the column session." in text


def test_very_many_rows_left_out_are_counted():
    many = Intake(
        source="s", rows=500, used=0, left_out=[Omission(row=at, column="", reason="empty") for at in range(300)]
    )
    text = Balance(made(clients=2, intake=many)).text
    assert "300 entries were left out" in text
    assert "And 100 more entries." in text
    nothing = Balance(made(clients=2, intake=Intake(source="s", rows=2, used=2))).text
    assert "Nothing was left out." in nothing


def test_every_client_has_a_line_a_chapter_and_both_tables(eight):
    read = Balance(eight)
    assert read.tags.count("tr") == 1 + 8 + 2 * 8 * 17
    assert eight.count('<details class="client" open>') == 8
    assert [f"c{at}" in read.ids for at in range(8)] == [True] * 8


def test_simulated_data_says_so_and_real_data_does_not(eight):
    assert "Simulated data: no person is behind these numbers." in eight
    assert "imulated" not in Balance(made(clients=2, simulated=False)).text.replace("In simulation", "")


def test_words_that_promise_or_grade_are_not_in_it(eight):
    text = Balance(eight).text.lower()
    for word in ("predict", "risk", "diagnos", "recommend", "should", "successfully", "please", "!"):
        assert word not in text
    assert "no signal is no green light" in text


def test_unverified_figures_are_not_shown(eight):
    numbers = ("r = .29", "interval .10 to .47", "r = .11", "r = .278")
    assert all(number in eight for number in numbers)
    assert "d = .62" not in eight


def test_nothing_in_the_table_can_become_markup():
    hostile = ClientCourse(
        id=HOSTILE,
        sessions=[HOSTILE, "2", "3"],
        alliance=[50.0, 40.0, 50.0],
        low=[40.0] * 3,
        high=[60.0] * 3,
        signals=["", "acute", ""],
        episodes=[rupture_episode(doubts=(HOSTILE,))],
        outcome=[5.0, 6.0, 7.0],
        category="unchanged",
    )
    html = made(
        clients=1,
        title=HOSTILE,
        made_on=HOSTILE,
        doubts=[HOSTILE],
        intake=Intake(
            source=HOSTILE, rows=1, used=1, left_out=[Omission(row=1, column=HOSTILE, reason=HOSTILE)], notes=[HOSTILE]
        ),
        alliance=alliance_study(name=HOSTILE, column=HOSTILE, prior_source=HOSTILE, doubts=[HOSTILE]),
        outcome=outcome_study(name=HOSTILE, column=HOSTILE, doubts=[HOSTILE]),
    )
    for page in (html, caseload_report(_with(hostile), with_fonts=False)):
        read = Balance(page)
        assert (read.wrong, read.open, read.tags.count("script"), read.tags.count("img")) == ([], [], 1, 0)


def _with(*clients, **changes):
    report = simulated_report(clients=1, **changes)
    fields = {name: getattr(report, name) for name in report.__slots__}
    return type(report)(**{**fields, "clients": clients})


def test_without_clients_it_says_so_and_still_tells_what_came_in():
    report = _with()
    text = Balance(caseload_report(report, with_fonts=False)).text
    assert "No client of this file has a score that can be shown." in text
    assert "Row 7, outcome" in text
    assert "Each client" not in text


def test_one_client_is_one_client():
    report = _with(client(), alliance=None, outcome=outcome_study())
    text = Balance(caseload_report(report, with_fonts=False)).text
    assert "The one client with two distress scores: improved reliably." in text
    assert "18 → 11, improved reliably (reliable beyond 4.5 points)." in text


def test_outcome_alone_and_alliance_alone_make_a_report():
    outcome = Balance(caseload_report(_with(client(), client(id="015"), alliance=None), with_fonts=False)).text
    assert "Of 2 clients" in outcome
    assert "signal" not in outcome.replace("session with a signal", "")
    alone = Balance(made(clients=3, outcome=None)).text
    assert "monitored session" in alone
    assert "Reliable change" not in alone


def test_without_a_reliability_nothing_is_called_reliable():
    study = outcome_study(reliable_points=None, reliability=None)
    people = [
        client(category=""),
        client(id="b", category="", outcome=[5.0, 6.0, 7.0]),
        client(id="c", category="", outcome=[5.0, NAN, 5.0]),
    ]
    text = Balance(caseload_report(_with(*people, outcome=study, alliance=None), with_fonts=False)).text
    assert "From first to last, distress fell in 1 of 3 clients, rose in 1 and stayed the same in 1." in text
    assert "Not shown: it needs the reliability of the score, and none was given." in text
    assert "From session 1 to session 3: 18 → 11." in text


def test_a_client_with_too_few_scores_is_shown_without_a_change():
    people = [client(outcome=[7.0, NAN, NAN], category="unknown"), client(id="b", outcome=[], category="")]
    text = Balance(caseload_report(_with(*people, alliance=None), with_fonts=False)).text
    assert "No client has two distress scores, so no change can be shown." in text
    assert "One score: 7. A change needs two." in text
    assert "No score. A change needs two." in text
    assert "fewer than two scores" in text


def test_a_client_without_any_alliance_rating_is_shown_as_such():
    html = caseload_report(_with(client(alliance=[NAN] * 3), client(id="b")), with_fonts=False)
    assert Balance(html).text.count("No session was rated.") == 4
    assert "has enough ratings of the alliance to be compared with an own history" in html


def test_a_caseload_too_young_to_compare_has_sentences_and_no_figures():
    html = caseload_report(_with(client(alliance=[50.0, 51.0, NAN]), outcome=None), with_fonts=False)
    assert "No client has enough ratings" in html
    assert 'class="figures' not in html


def test_a_cutoff_and_recovered_clients_are_told():
    html = caseload_report(
        _with(client(category="recovered"), client(id="b"), outcome=outcome_study(cutoff=12.0)), with_fonts=False
    )
    text = Balance(html).text
    assert "1 of the improved came into the functional range." in text
    assert "The cut-off between the clinical and the functional range is 12, as given." in text
    assert "Of 2 clients with two distress scores, 2 improved reliably" in text


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Open in the ratings, 2 rated sessions after its onset."),
        ({"status": RepairStatus.REPAIRED, "repaired_at": 2, "end": 2}, "Repaired in the ratings by session 3."),
        (
            {"status": RepairStatus.NOT, "end": 2, "length": 1},
            "Not repaired in the ratings, 1 rated session after its onset.",
        ),
        ({"returned": 4.0}, "4 points came back after the signal; chance alone would give about 1.5."),
        ({"kind": "erosion", "onset": 0}, "a slide from session 1 on, signalled in session 2"),
        ({"kind": "tension", "nadir": None}, "tension reported, signalled in session 2; nothing rated in it. Open"),
        (
            {"kind": "disagreement", "depth": -6.0},
            "two views far apart, signalled in session 2; lowest in session 2, 6 ",
        ),
        ({"depth": -6.0}, "6 points above the level before"),
    ],
)
def test_an_episode_is_told_as_far_as_the_ratings_go(changes, said):
    assert said in episode_words(rupture_episode(**changes), client())


def test_open_episodes_are_counted_apart():
    assert episodes_gist(
        client(episodes=[rupture_episode(), rupture_episode(number=2, end=2, status=RepairStatus.NOT)])
    ) == ("2 episodes, 1 open")


def test_the_method_is_told_with_its_settings():
    text = Balance(made(clients=2, alliance=alliance_study(rule=Rule(first_alarm=7), calibrated=True))).text
    assert "Both from the 7th rated session on." in text
    assert "Uncalibrated: no archive" not in text
    study = outcome_study(sd=None, reliability=None)
    assert "from the standard error given" in Balance(made(clients=2, outcome=study)).text
    assert "a standard deviation of 4.2 and" in Balance(made(clients=2, outcome=outcome_study(sd_source=""))).text


def test_many_clients_are_closed_chapters_of_a_known_size():
    small, large = made(clients=20), made(clients=100)
    assert '<details class="client" open>' not in large
    assert '<details class="all">' in large
    assert '<details class="all">' not in small
    assert (len(large) - len(small)) / 80 < 12_000


def test_the_report_holds_its_typefaces_and_its_policy():
    html = caseload_report(_with(client(), made_on=""))
    assert html.count("data:font/woff2;base64,") == 2
    assert "default-src 'none'" in html
    assert INTAKE.source in html


def test_series_of_another_length_are_refused():
    with pytest.raises(MethodError) as refused:
        client(outcome=[1.0])
    assert str(refused.value).startswith("A client has 3 sessions and 1 entries in `outcome`.")


def test_sessions_that_are_days_are_called_days_and_bare_numbers_are_clients():
    report = _with(client(sessions=["0", "29", "42"]), alliance=None, outcome=outcome_study(), session_name="day")
    html = caseload_report(report, with_fonts=False)
    assert "From day 0 to day 42: 18 → 11" in html
    assert '<th scope="col">Day</th>' in html
    assert "<h3>Client 014</h3>" in html
