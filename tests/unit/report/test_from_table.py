"""From a table of sessions to the contents of a report."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from tests.unit.interop.tables import long_table, sessions

from holdfast.interop import Reading, Table
from holdfast.report import ReportRequest, TableReport, caseload_report, report_from_table

ALONE = ReportRequest(outcome="outcome", made_on="1 May 2026")
BOTH = ReportRequest(outcome="outcome", made_on="1 May 2026", alliance="alliance", range=(0.0, 100.0))


def scored(clients: int, *, noise: float = 2.0) -> Table:
    """Outcome scores of clients who differ, three times each, from fixed dice."""
    rng = np.random.default_rng(3)
    own = rng.normal(20, 6, clients)[:, np.newaxis] + np.array([0.0, -1.0, -12.0])
    scores = np.round(own + noise * rng.standard_normal(own.shape), 3)
    return Table(
        frame=pl.DataFrame(
            {
                "client": np.repeat(np.arange(clients), 3),
                "session": np.tile([1, 2, 3], clients),
                "outcome": scores.ravel(),
            }
        )
    )


def test_a_report_with_alliance_and_outcome() -> None:
    frame = sessions().with_columns((40 - pl.col("session")).alias("outcome"), pl.lit("yes").alias("simulated"))
    made = report_from_table(Table(frame=frame, source="sessions.csv"), BOTH)
    report = made.report
    assert (report.title, report.made_on, report.session_name, report.simulated) == (
        "Caseload report",
        "1 May 2026",
        "session",
        True,
    )
    assert (report.intake.source, report.intake.rows, report.intake.used, report.intake.left_out) == (
        "sessions.csv",
        24,
        24,
        [],
    )
    first = report.clients[0]
    assert (first.id, first.sessions[:2], first.outcome[0], first.alliance[5]) == ("01", ["1", "2"], 39, 50)
    assert first.signals == ["", "", "", "", "", "acute", "", ""]
    assert [each.number for each in first.episodes] == [1]
    assert list(report.clients[1].episodes) == []
    assert report.alliance is not None
    assert (report.alliance.low, report.alliance.high) == (0, 100)
    assert report.alliance.prior_source == "the range of the scale alone, 0 to 100"
    assert "simulated" in caseload_report(report)


def test_a_report_without_alliance_names_no_rupture() -> None:
    frame = sessions().rename({"alliance": "outcome"})
    made = report_from_table(Table(frame=frame), ALONE)
    first = made.report.clients[0]
    assert made.report.alliance is None
    assert (list(first.alliance), list(first.signals), list(first.episodes)) == ([], [], [])
    assert len(first.low) == 8
    assert (min(first.low), max(first.high)) >= (50, 0)
    assert max(first.high) <= 82
    assert "The range of `outcome` was not given; the scores seen, 50 to 82, stand for it." in made.doubts
    assert not any("false-alarm" in doubt for doubt in made.doubts)
    page = caseload_report(made.report)
    assert "no ruptures are named" in page
    assert "rupture episode" not in page.lower()


def test_everything_left_out_is_listed() -> None:
    table = long_table("client session outcome\na 1 5\na 1 6\na soon 7\na 2 _\na 3 much\na 4 _")
    intake = report_from_table(table, ALONE).report.intake
    assert [(each.row, each.column) for each in intake.left_out] == [(3, "session"), (4, "session"), (6, "outcome")]
    assert intake.notes == ["2 rows hold no score and count as not rated."]
    assert (intake.rows, intake.used) == (6, 1)
    one = report_from_table(long_table("client session outcome\na 1 5\na 2 _"), ALONE)
    assert one.report.intake.notes == ["1 row holds no score and count as not rated."]


def test_reliable_change_with_a_given_reliability() -> None:
    request = ReportRequest(outcome="outcome", made_on="", reliability=0.9, outcome_range=(-50.0, 100.0))
    study = report_from_table(scored(3), request).report.outcome
    assert study is not None
    assert (study.reliability, study.reliability_source) == (0.9, "as given")
    assert study.sd_source == "first scores of the 3 clients with two or more"


def test_reliable_change_with_the_reliability_of_the_file() -> None:
    made = report_from_table(scored(40), ALONE)
    study = made.report.outcome
    assert study is not None
    assert study.reliability == pytest.approx(0.9, abs=0.08)
    assert study.reliability_source == "first and second scores of this file"
    assert any("It counts real early change as error" in doubt for doubt in study.doubts)
    categories = [client.category for client in made.report.clients]
    assert set(categories) <= {"improved", "unchanged"}
    assert categories.count("improved") > 30


def _why(made: TableReport) -> str:
    """The doubt that says why change is not computed; nobody has a category then."""
    assert {client.category for client in made.report.clients} == {""}
    assert made.report.outcome is not None
    assert made.report.outcome.reliable_points is None
    (doubt,) = made.report.outcome.doubts
    return doubt


def test_reliable_change_is_not_computed_and_why() -> None:
    few = "no reliability was given, and 19 clients with two scores are too few to estimate one (at least 20)."
    assert _why(report_from_table(scored(19), ALONE)) == f"Reliable change is not computed: {few}"
    same = scored(25).frame.with_columns(pl.lit(7.0).alias("outcome"))
    assert _why(report_from_table(Table(frame=same), ALONE)).endswith("and scores do not differ.")
    opposite = pl.DataFrame(
        {
            "client": [client for client in range(25) for _ in "12"],
            "session": [1, 2] * 25,
            "outcome": [float(value) for client in range(25) for value in (client, -client)],
        }
    )
    assert _why(report_from_table(Table(frame=opposite), ALONE)).endswith("first and second scores correlate -1.00.")
    given = ReportRequest(outcome="outcome", made_on="", reliability=0.9)
    assert _why(report_from_table(Table(frame=same), given)).endswith("the first scores of this file do not differ.")


def test_the_smallest_tables() -> None:
    one = report_from_table(long_table("client session outcome\na 1 5"), ALONE)
    assert len(one.report.clients) == 1
    assert caseload_report(one.report).startswith("<!doctype html>")
    none = report_from_table(long_table("client session outcome\na 1 much"), ALONE)
    assert none.report.clients == []
    assert caseload_report(none.report).startswith("<!doctype html>")


def test_strict_reading_is_possible() -> None:
    request = ReportRequest(outcome="outcome", made_on="", reading=Reading())
    made = report_from_table(long_table("client session outcome\na 1 5\na 2 6"), request)
    assert made.sessions.used == 2


def test_a_learned_prior_is_named_in_a_sentence() -> None:
    rng = np.random.default_rng(8)
    frame = pl.DataFrame(
        {
            "client": np.repeat(np.arange(40), 6),
            "session": np.tile(np.arange(6), 40),
            "alliance": np.round(rng.normal(70, 5, 240)),
            "outcome": np.round(rng.normal(10, 2, 240)),
        }
    )
    study = report_from_table(Table(frame=frame), BOTH).report.alliance
    assert study is not None
    assert study.prior_source == "this file, learned from 40 clients with 240 ratings"


def test_a_report_can_do_without_both() -> None:
    made = report_from_table(long_table("client session outcome\na 1 5\na 2 6"), ALONE)
    page = caseload_report(replace(made.report, outcome=None))
    assert "Shaded" not in page
