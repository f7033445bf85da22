"""The chapters over all clients: no count without what chance alone gives, no number without its interval or doubt."""

import re
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.unit.report.made import EVERYTHING, NAN, chapters_over_all, said_in_sessions, simulated_report, whole_report
from tests.unit.report.parsed import FETCHES, Balance, tree

from holdfast import Columns, RuptureSearch, caseload_report, find_ruptures, report_from_table
from holdfast.alliance import Detection, Episodes, RepairStatus, Strengthening, calibrate, strengthening
from holdfast.alliance.signals import Budget, TensionRule
from holdfast.interop.listening import SOURCES
from holdfast.report import CaseloadReport, archive
from holdfast.report.mending import mending_chapter, stronger_words
from holdfast.report.published import published_chapter
from holdfast.report.sides import attunement_words, congruence_words, sides_chapter
from holdfast.report.small import RateBar, rate_bars
from holdfast.report.studies import Mending, Spread, Trust
from holdfast.report.tails import tail_columns, tail_figure, tails_summary
from holdfast.report.tally import tally
from holdfast.report.trust import trust_chapter
from holdfast.report.words import number
from holdfast.stats.estimate import Estimate
from holdfast.stats.proportion import wilson_interval


@pytest.fixture(scope="module")
def whole() -> str:
    return caseload_report(whole_report(), with_fonts=False)


def text(markup: str) -> str:
    return Balance(markup).text


def trust_of(**changes: object) -> Trust:
    trust = whole_report().trust
    assert trust is not None
    return replace(trust, **changes)


def chapter_of(trust: Trust) -> str:
    return text(trust_chapter(simulated_report(clients=1, trust=trust)))


def estimate(value: float, reach: float) -> Estimate:
    return Estimate(value=value, error=reach / 2, low=value - reach, high=value + reach)


def test_the_page_holds_together_with_every_chapter(whole: str) -> None:
    read = Balance(whole)
    assert (read.wrong, read.open) == ([], [])
    assert len(read.ids) == len(set(read.ids))
    assert read.anchors <= set(read.ids)
    assert {"mending", "sides", "trust", "rules"} <= read.anchors
    assert not FETCHES.search(whole.replace("http://www.w3.org/2000/svg", ""))
    assert "style" not in read.attributes


def test_it_neither_promises_nor_grades(whole: str) -> None:
    said = text(whole).lower()
    for word in ("predict", "risk", "diagnos", "recommend", "should", "successfully", "please", "!"):
        assert word not in said


def test_every_kind_stands_beside_what_chance_alone_gives(whole: str) -> None:
    trust = trust_of()
    said = text(whole)
    for kind, label in (("acute", "A session lower than expected"), ("disagreement", "Two views far apart")):
        by_chance = getattr(trust.rates, kind) * trust.monitored
        assert f"{label} {trust.kinds[kind]} · chance alone at most about {number(by_chance, places=1)}" in said
    assert f"Chance alone would give at most about {trust.budget.total * trust.monitored:.0f}." in said


def test_the_first_page_counts_every_kind_once() -> None:
    report = whole_report()
    counts = tally(report)
    leading = [signal for client in report.clients for signal in client.signals if signal]
    assert counts.signals == len(leading)
    assert counts.pooled
    assert counts.monitored == trust_of().monitored
    assert sum(len(client.noticed) for client in report.clients) == len(leading)


def test_reports_that_count_as_said_are_not_among_the_signals() -> None:
    asked = replace(EVERYTHING, budget=Budget(reports="said"))
    report = report_from_table(said_in_sessions(clients=12), asked).report
    counts = tally(report)
    leading = [signal for client in report.clients for signal in client.signals]
    assert counts.said == leading.count("tension") > 0
    assert counts.signals == sum(map(bool, leading)) - counts.said
    said = text(caseload_report(report, with_fonts=False))
    assert f"In {counts.said} more sessions somebody reported tension." in said
    assert "Tension was reported by the" in said


def test_the_report_counts_what_the_command_counts() -> None:
    trust, report = trust_of(), whole_report()
    named = {name: getattr(EVERYTHING, name) for name in SOURCES if name != "score"}
    columns = Columns(score="alliance", **named)
    found = find_ruptures(said_in_sessions(), RuptureSearch(range=(0.0, 100.0), columns=columns, talk_at=60.0))
    assert trust.kinds == {kind: int(each.sum()) for kind, each in found.heard.kinds.items()}
    assert (trust.monitored, trust.talk) == (found.heard.monitored, int(found.heard.talk.sum()))
    assert report.mending is not None
    counts = {status.value: share.found for status, share in report.mending.statuses.items()}
    assert counts == dict(found.findings["score"].episode_counts)
    signals = [signal or None for client in report.clients for signal in client.signals]
    assert signals == found.rows["signal"].to_list()


def test_only_the_ratings_are_said_to_be_pooled_where_more_was_given() -> None:
    alone = replace(EVERYTHING, **dict.fromkeys(name for name in EVERYTHING.__slots__ if "therapist_" in name))
    alone = replace(alone, predicted=None, client_tension=None, client_way=None, talk_at=None)
    report = report_from_table(said_in_sessions(clients=12), alone).report
    assert report.sides is None
    assert report.trust is not None
    assert not report.trust.pooled
    said = text(caseload_report(report, with_fonts=False))
    assert "everything said" not in said.lower()
    assert "A rating lower than expected" in said
    assert "Stated: a rating this low comes up by chance in 2" in said


def test_too_few_sessions_have_no_chapter_at_all_and_their_doubts_stay() -> None:
    quiet = replace(EVERYTHING, client_tension=None, therapist_tension=None)
    made = report_from_table(said_in_sessions(clients=2, sessions=2), quiet)
    report = made.report
    assert (report.trust, report.mending, report.rules) == (None, None, None)
    said = text(caseload_report(report, with_fonts=False))
    for heading in ("How far to trust", "Published rules", "What became of the ruptures"):
        assert heading not in said
    assert all(doubt in said for doubt in made.doubts)
    assert any("Uncalibrated" in doubt for doubt in made.doubts)


def test_what_cannot_be_computed_says_why() -> None:
    table = said_in_sessions(clients=12)
    same = replace(table, frame=table.frame.with_columns(therapist_alliance=70.0, predicted=None))
    report = report_from_table(same, EVERYTHING).report
    assert report.sides is not None
    assert (report.sides.congruence, report.sides.attunement) == (None, None)
    said = text(caseload_report(report, with_fonts=False))
    assert "Congruence: not computed. Within dyads the ratings of one rater never change." in said
    assert "Predictions: not computed. No session has both a prediction and a rating." in said


def test_with_another_therapist_a_course_begins_anew_for_every_chapter(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Detection] = []

    def watched(detection: Detection, episodes: Episodes) -> Strengthening:
        seen.append(detection)
        assert [each.status for each in episodes.all] == [
            each.status for client in made.clients for each in client.episodes
        ]
        return strengthening(detection, episodes)

    table = said_in_sessions(clients=8, sessions=12)
    who = pl.when(pl.col("session").cast(pl.Int64) > 6).then(pl.lit("b")).otherwise(pl.lit("a"))
    moved = replace(table, frame=table.frame.with_columns(therapist=who))
    asked = replace(EVERYTHING, therapist="therapist")
    made = report_from_table(moved, asked).report
    monkeypatch.setattr(archive, "strengthening", watched)
    note = "Where `therapist` names another therapist, the course of a client begins anew."
    assert note in report_from_table(moved, asked).report.intake.notes
    assert seen[0].segment is not None
    assert seen[0].segment.max() == 1


def test_a_fit_that_breaks_down_is_a_sentence_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "congruence", lambda *_, **__: np.log(np.array([-1.0])))
    monkeypatch.setattr(archive, "attunement", lambda *_, **__: 1.0 / int(0.0))
    report = report_from_table(said_in_sessions(clients=4, sessions=5), EVERYTHING).report
    assert report.sides is not None
    why = "not computed. The ratings vary too little, or follow each other exactly."
    assert report.sides.not_computed == (f"Congruence: {why}", f"Predictions: {why}")


def test_slow_models_are_given_clients_evenly_spaced_and_the_report_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "ENOUGH", 10)
    made = report_from_table(said_in_sessions(clients=14), EVERYTHING)
    report = made.report
    assert report.rules is not None
    assert report.sides is not None
    assert (report.rules.clients, report.rules.of, report.sides.clients) == (10, 14, 10)
    assert len(report.clients) == 14
    assert made.doubts.count("Looked at 10 of 14 clients, evenly spaced over the file.") == 1


def test_calibration_is_shown_with_its_interval_and_a_threshold_where_exceeded() -> None:
    dice = np.random.default_rng(4)
    kept = chapter_of(trust_of(calibration=calibrate(dice.random((40, 20)), nominal=0.02)))
    assert "The interval holds the stated rate." in kept
    assert "A threshold of" not in kept
    over = chapter_of(trust_of(calibration=calibrate(dice.random((40, 20)) ** 2, nominal=0.02)))
    assert "That is more than stated: real ruptures are among them" in over
    assert "would keep the stated rate on this file (split conformal)" in over
    assert "Tried out, each half of the clients with the threshold of the other" in over
    assert "come up in less than 1 of 1,000 files" in over
    under = chapter_of(trust_of(calibration=calibrate(np.full((40, 50), 0.5), nominal=0.02)))
    assert "That is less than stated." in under
    alone = chapter_of(trust_of(calibration=calibrate(np.full((1, 50), 0.001), nominal=0.02)))
    assert "A threshold of" in alone
    assert "Tried out" not in alone
    assert "Stated and observed" not in chapter_of(trust_of(calibration=calibrate(np.full((1, 5), NAN))))


def test_the_tails_are_drawn_and_told() -> None:
    counts = [40, *[10] * 19]
    root = tree(tail_columns(counts, name="t"))
    columns = list(root.iter("rect"))
    assert len(columns) == 20
    assert [each.get("class") for each in columns[:2]] == ["column lowest", "column"]
    assert (columns[0].get("height"), columns[1].get("height")) == ("100", "25")
    assert tails_summary(counts) == (
        "Of 230 tail probabilities, 40 lie in the lowest twentieth, where about 12 would if nothing had happened; each "
        "other twentieth holds 10 to 10."
    )
    assert 'class="column lowest"' not in tail_columns([10] * 20, name="t")
    assert len(list(tree(tail_figure(counts, name="t")).iter("tr"))) == 21
    assert "nan" not in tail_figure([0] * 20, name="t")


def test_reported_tension_has_its_own_rates() -> None:
    share = wilson_interval(6, 300)
    known = TensionRule(at_least=2.0, base_rate=share, any_rate=share)
    assert "From 2 on it is a signal by itself: rare enough for that, in 2 % of such sessions." in chapter_of(
        trust_of(tension={"client_tension": known})
    ).replace("\N{NO-BREAK SPACE}", " ")
    unknown = TensionRule(at_least=1.0, base_rate=None, any_rate=None)
    assert "Tension reported by therapists is a signal from 1 on." in chapter_of(
        trust_of(tension={"therapist_tension": unknown})
    )
    rates = replace(trust_of().rates, tension=0.0)
    assert "as it was said" in chapter_of(trust_of(tension={"client_tension": known}, rates=rates))
    assert "What was said" not in chapter_of(trust_of(tension={}, talk_at=None))


def test_every_prior_is_named(whole: str) -> None:
    said = text(whole)
    for who, sentence in trust_of().priors.items():
        assert f"{who}: {sentence.removeprefix('Expectation starts ')}" in said


def test_doubts_are_printed_once_in_the_chapter_they_belong_to(whole: str) -> None:
    made = report_from_table(said_in_sessions(), EVERYTHING)
    said = text(whole)
    for doubt in made.doubts:
        assert doubt in said
    assert len(made.doubts) == len(set(made.doubts))
    (sentence,) = [doubt for doubt in made.doubts if doubt.startswith("Extreme ratings")]
    assert said.count(sentence) == 1


def mending(**changes: object) -> Mending:
    parts = {
        "episodes": 12,
        "clients": 9,
        "statuses": {RepairStatus.REPAIRED: wilson_interval(3, 12), RepairStatus.NOT: wilson_interval(9, 12)},
        "size": Spread(median=14.0, low=6.0, high=31.0, count=12),
        "size_in_sd": Spread(median=2.8, low=1.0, high=5.0, count=12),
        "latency": Spread(median=2.0, low=1.0, high=4.0, count=3),
        "returned": 9.0,
        "rebound": 6.5,
        "compared": 11,
        "beyond": estimate(2.5, 1.0),
        "strengthening": None,
    }
    return Mending(**{**parts, **changes})


def mended(**changes: object) -> str:
    return text(mending_chapter(simulated_report(clients=1, mending=mending(**changes)))).replace(
        "\N{NO-BREAK SPACE}", " "
    )


def test_repair_is_told_with_medians_ranges_and_the_rebound_subtracted() -> None:
    said = mended()
    assert "12 rupture episodes in 9 clients." in said
    assert "lies 14 points (median; 6 to 31) below the level before" in said
    assert "it took 2 sessions (median; 1 to 4), in the 3 repaired." in said
    assert "9 points came back on average (over 11 episodes)" in said
    assert "chance alone gives back 6.5. What is left: +2.5 points (95 % interval +1.5 to +3.5)." in said
    assert "The interval holds 0" in mended(beyond=estimate(0.5, 1.0))
    assert "With one client there is no interval." in mended(beyond=Estimate(value=1.0, error=NAN, low=NAN, high=NAN))
    bare = mended(beyond=None, size=None, latency=None)
    assert "What came back" not in bare
    assert "median" not in bare
    assert "took 1 session, in" in mended(latency=Spread(median=1.0, low=1.0, high=1.0, count=2))


def stronger(estimate: float | None, reach: float | None, *, clients: int = 30) -> str:
    nothing = np.zeros(clients)
    numbers = ("episode", "row", "first", "last")
    arrays = dict.fromkeys((*numbers, "difference", "difference_low", "difference_high", "difference_in_sd"), nothing)
    known = estimate is not None and reach is not None
    return stronger_words(
        Strengthening(
            estimate=estimate,
            low=estimate - reach if known else None,
            high=estimate + reach if known else None,
            clients=clients,
            of=clients,
            rise=0.0,
            method="",
            doubts=(),
            **arrays,
        )
    )


def test_stronger_afterwards_says_no_more_than_its_interval() -> None:
    assert "afterwards the alliance stood higher than before" in stronger(0.5, 0.2)
    assert "afterwards the alliance stood lower than before" in stronger(-0.5, 0.2)
    assert "these data do not tell" in stronger(0.1, 0.2)
    assert "Too few episodes to tell." in stronger(0.5, 0.2, clients=3)
    assert stronger(None, None, clients=0).startswith("Too few episodes to say: 0 episodes of 0 clients")
    assert stronger(0.5, None, clients=1).startswith("Too few episodes to say: 1 episode of 1 client")


def test_each_rule_stands_beside_its_rate_on_noise_and_says_whose_reading_it_is(whole: str) -> None:
    found = whole_report().rules
    assert found is not None
    said = text(whole).replace("\N{NO-BREAK SPACE}", " ")
    for each in found.agreement.rules:
        assert re.search(rf"{each.rule.name} {each.sessions.found} · [\d.]+ % · pure noise [\d.]+ %", said)
    assert "Our reading of Stiles et al. 2004" in said
    assert "A published method, our use of it: Tukey 1977" in said
    assert "The same arithmetic: mclaughlin-2014, larsson-2018." in said
    assert not {"vshape", "drop-own-2sd"} & {each.rule.name for each in found.agreement.rules}


def test_the_agreement_is_a_square_with_noise_below_its_diagonal() -> None:
    report = simulated_report(clients=1, **chapters_over_all())
    found = report.rules
    assert found is not None
    markup = published_chapter(report)
    table = tree(markup[markup.index("<table") : markup.index("</table>") + 8])
    rows = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
    size = len(found.agreement.rules)
    assert [len(row) for row in rows] == [size + 1] * (size + 1)
    assert rows[1][2] == f"{found.agreement.kappa[0, 1]:.2f}"
    assert rows[2][1] == f"{found.agreement.chance_kappa[1, 0]:.2f}"
    assert [rows[at][at] for at in range(1, size + 1)] == ["·"] * size


def test_rules_that_flag_nothing_have_a_dash() -> None:
    found = whole_report().rules
    assert found is not None
    kappa = np.full_like(found.agreement.kappa, NAN)
    quiet = replace(found, agreement=replace(found.agreement, kappa=kappa))
    assert "<td>\N{EN DASH}</td>" in published_chapter(simulated_report(clients=1, rules=quiet))


def test_rate_bars_share_one_scale() -> None:
    bars = [
        RateBar(label="a", words="1 \N{MIDDLE DOT} b", found=0.2, chance=0.1, more=True),
        RateBar(label="c", words="2", found=0.0, chance=0.0, note="d"),
    ]
    root = tree(rate_bars(bars))
    fills = [each for each in root.iter("rect") if "fill" in each.get("class", "")]
    assert [each.get("class") for each in fills] == ["fill", "fill calm"]
    assert [each.get("width") for each in fills] == ["90.9%", "0%"]
    assert "nan" not in rate_bars([bars[1]])
    assert rate_bars([]) == ""


def test_both_sides_are_told_with_intervals(whole: str) -> None:
    found = whole_report().sides
    assert found is not None
    assert found.congruence is not None
    assert found.attunement is not None
    said = text(whole)
    assert "none of it is a grade" in said
    for level, words in ((-3.0, "rate the session lower"), (3.0, "rate the session higher"), (0.0, "Neither side")):
        told = congruence_words(replace(found.congruence, directional_discrepancy=estimate(level, 1.0), rise=None))
        assert words in told[0]
        assert "Over the sessions" not in told[1]
    moved = congruence_words(replace(found.congruence, rise=estimate(0.2, 0.1)))[1]
    assert "Over the sessions it changes: +0.2 (+0.1 to +0.3) per doubling." in moved
    for near, words in ((-1.0, "they come nearer"), (1.0, "move further away"), (0.0, "these data do not tell")):
        assert words in attunement_words(replace(found.attunement, narrowing=estimate(near, 0.5)))[0]
    unknown = Estimate(value=NAN, error=NAN, low=NAN, high=NAN)
    without = replace(found.attunement, skill=replace(found.attunement.skill, overall=unknown))
    assert "client's usual" not in attunement_words(without)[0]
    alone = replace(found, congruence=None, attunement=None, consistency=None, not_computed=("Congruence: too few.",))
    assert "Congruence: too few." in sides_chapter(simulated_report(clients=1, sides=alone))
    ended = replace(found.congruence, discrepancy_sd=Estimate(value=2.0, error=NAN, low=NAN, high=NAN))
    assert "pairs differ in it by 2, as an SD." in congruence_words(ended)[0]


def test_a_report_without_these_chapters_links_to_none_of_them() -> None:
    report: CaseloadReport = simulated_report(clients=1)
    assert Balance(caseload_report(report, with_fonts=False)).anchors.isdisjoint({"mending", "sides", "trust", "rules"})
