"""Ruptures in tables and frames: one result per row, nothing silently dropped."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from tests.unit.interop.tables import RATINGS, long_table, sessions

from holdfast.alliance import Rule, detect, follow, hindsight, prior_for_range
from holdfast.errors import MethodError, TableError
from holdfast.interop import Columns, Reading, RuptureSearch, Table, find_ruptures, looking, ruptures
from holdfast.interop.looking import joined
from holdfast.interop.ruptures import RuptureOptions

RANGE = (0.0, 100.0)
ALONE = ["client", "session", "score", "expected", "low", "high", "p", "signal", "episode", "status", "note"]
SEARCH = RuptureSearch(range=RANGE)


def test_each_row_says_what_the_detector_says() -> None:
    found = find_ruptures(Table(frame=sessions()), SEARCH)
    wanted = detect(RATINGS, prior=prior_for_range(*RANGE), rule=Rule())
    assert found.rows.columns == ALONE
    for name in ("expected", "low", "high", "p"):
        values = found.rows[name].fill_null(np.nan).to_numpy().reshape(3, 8)
        np.testing.assert_array_equal(values, getattr(wanted, name))
    signals = found.rows.filter(pl.col("signal").is_not_null())
    assert signals.select("client", "session", "score", "signal").rows() == [("01", 6, 50.0, "acute")]
    episodes = follow(wanted)
    (only,) = episodes.all
    own = found.rows.filter(pl.col("episode") == 1)
    assert own["status"].to_list()[-1] == only.status
    assert own["session"].to_list()[0] == only.signalled + 1
    assert found.findings["score"].episodes == (only,)
    assert found.findings["score"].monitored == 17
    assert found.findings["score"].expected_by_chance == pytest.approx(17 * 0.03)
    assert found.left_out == ()
    assert not found.simulated
    assert "Only 3 clients have 4 ratings or more; an archive needs 10." in found.doubts


def test_the_rows_come_back_in_their_order_with_ids_as_given() -> None:
    shuffled = sessions().sample(fraction=1.0, shuffle=True, seed=4)
    found = ruptures(shuffled, range=RANGE)
    assert found["client"].to_list() == shuffled["client"].to_list()
    assert found["score"].to_list() == shuffled["alliance"].to_list()
    straight = ruptures(sessions(), range=RANGE)
    assert found.sort("client", "session").equals(straight)


def test_rows_left_out_have_empty_results_and_a_note() -> None:
    table = long_table("client session alliance\na 1 50\na Post 60\na 2 soso\na 2 55\na 2 56")
    search = RuptureSearch(range=RANGE, reading=Reading(duplicates="first", unreadable="leave-out"))
    rows = find_ruptures(table, search).rows
    assert rows["note"].to_list() == [
        None,
        "`Post` is not a number",
        "`soso` is not a number",
        None,
        "session 2 of client a: this row repeats it; used is row 5",
    ]
    assert rows["expected"].is_null().to_list() == [False, True, True, False, True]
    assert rows["score"].to_list() == [50, 60, None, 55, 56]


def test_two_faults_of_one_row_are_both_noted() -> None:
    table = long_table("client session alliance therapist\na 1 50 50\na 2 soso much")
    search = RuptureSearch(
        range=RANGE, columns=Columns(therapist_score="therapist"), reading=Reading(unreadable="leave-out")
    )
    assert find_ruptures(table, search).rows["note"][1] == "`soso` is not a number; `much` is not a number"


def test_a_mean_is_shown_in_the_row_that_stands_for_it() -> None:
    table = long_table("client session alliance\na 1 50\na 1 60")
    rows = find_ruptures(table, RuptureSearch(range=RANGE, reading=Reading(duplicates="mean"))).rows
    assert rows["score"].to_list() == [55, 60]
    assert rows["p"].is_null().to_list() == [False, True]


def test_two_raters_share_the_false_alarm_rate() -> None:
    frame = sessions().with_columns(pl.col("alliance").alias("seen") - 2)
    found = find_ruptures(Table(frame=frame), RuptureSearch(range=RANGE, columns=Columns(therapist_score="seen")))
    assert found.rows.columns[7:] == [
        "signal",
        "episode",
        "status",
        "signals",
        "together",
        "way",
        "direction",
        "therapist_score",
        "therapist_expected",
        "therapist_low",
        "therapist_high",
        "therapist_p",
        "note",
    ]
    assert found.heard.rates.total == pytest.approx(0.03)
    assert {finding.rule.run_length for finding in found.findings.values()} == {1 / found.heard.rates.erosion}
    assert {finding.rule.alpha for finding in found.findings.values()} == {found.heard.rates.acute / 2}
    assert found.rows.filter(pl.col("signal") == "acute")["session"].to_list() == [6]
    together, alone = (found.rows.filter(pl.col("session") == 6)[0][name].item() for name in ("together", "p"))
    assert together < alone


def test_everything_that_was_said_is_heard_together() -> None:
    frame = sessions().with_columns(
        pl.when(pl.col("session") == 4).then(3).otherwise(0).alias("tension"),
        pl.when(pl.col("session") == 4).then(2).otherwise(0).alias("kind"),
        pl.lit(0).alias("theirs"),
        (pl.col("alliance") + pl.when(pl.col("session") == 7).then(-35).otherwise(1)).alias("guess"),
    )
    words: Any = {"client_tension": "tension", "client_way": "kind", "therapist_tension": "theirs"}
    found = ruptures(frame, range=RANGE, predicted="guess", reports="said", talk_at=45, **words)
    fourth, seventh = (found.filter(pl.col("session") == session) for session in (4, 7))
    assert set(fourth["signal"]) == {"tension"}
    assert set(fourth["way"]) == {"confrontation"}
    assert set(seventh["direction"]) == {"predicted too low"}
    assert all("disagreement" in kinds for kinds in seventh["signals"])
    assert found["talk_about_it"].drop_nulls().to_list() == ["yes"] * (found["score"] <= 45).sum()
    assert found["episode"].drop_nulls().len() > 0


def test_the_facets_that_fell_are_named_where_there_is_a_signal() -> None:
    low = (pl.col("session") == 6) & (pl.col("client") == pl.col("client").first())
    frame = sessions().with_columns(
        pl.col("alliance").alias("bond"),
        pl.when(low).then(5).otherwise(pl.col("alliance")).alias("empathy"),
        pl.lit(70).alias("task"),
    )
    found = ruptures(frame, range=RANGE, facets=("bond", "empathy", "task"))
    assert found.columns[7:11] == ["signal", "episode", "status", "fell"]
    named = found.filter(pl.col("fell").is_not_null())
    assert set(named["session"].to_list()) == {6}
    assert all(fell.startswith("empathy") and "task" not in fell for fell in named["fell"])
    assert set(named["signal"]) == {"acute"}


def test_another_therapist_begins_the_course_anew() -> None:
    frame = sessions().with_columns(pl.when(pl.col("session") >= 6).then(pl.lit("Ben")).otherwise(None).alias("who"))
    frame = frame.with_columns(
        pl.when(pl.col("session") == 1).then(pl.lit("Ada")).otherwise(pl.col("who")).alias("who")
    )
    alone, told = ruptures(frame, range=RANGE), ruptures(frame, range=RANGE, therapist="who")
    before, after = pl.col("session") < 6, pl.col("session") == 6
    assert told.filter(before)["expected"].to_list() == alone.filter(before)["expected"].to_list()
    assert alone.filter(after)["signal"].drop_nulls().to_list() == ["acute"]
    assert told.filter(after)["signal"].drop_nulls().to_list() == []
    assert set(told.filter(after)["expected"]) == {told["expected"][0]}
    with pytest.raises(TableError):
        ruptures(frame, range=RANGE, therapist="nobody")


def test_habits_are_learned_where_there_is_enough_and_counted_over_the_whole_table() -> None:
    rng = np.random.default_rng(5)
    ratings = 60 + 5 * rng.standard_normal((60, 8, 2)) @ np.array([[1, 0.6], [0, 0.8]])
    frame = pl.DataFrame(
        {
            "client": np.repeat(np.arange(60), 8),
            "session": np.tile(np.arange(1, 9), 60),
            "alliance": ratings[:, :, 0].ravel(),
            "guess": ratings[:, :, 1].ravel(),
            "tension": (rng.random(480) < 0.1) * 2.0,
        }
    )
    columns = Columns(predicted="guess", client_tension="tension")
    found = find_ruptures(Table(frame=frame), RuptureSearch(range=RANGE, columns=columns))
    rule = found.heard.tension_rules["client_tension"]
    assert rule.any_rate is not None
    assert rule.any_rate.estimate == pytest.approx(0.1, abs=0.05)
    assert rule.at_least == np.inf
    assert not found.heard.kinds["tension"].any()
    assert found.heard.calibration.observed.of == found.heard.monitored == 360


def test_simulated_data_say_so_to_the_end() -> None:
    frame = sessions().with_columns(pl.lit("yes").alias("simulated"))
    found = find_ruptures(Table(frame=frame), SEARCH)
    assert found.simulated
    assert found.rows.columns[-1] == "simulated"
    assert ruptures(frame, range=RANGE)["simulated"].unique().to_list() == ["yes"]


@pytest.mark.parametrize("rows", [0, 1])
def test_the_smallest_tables(rows: int) -> None:
    found = find_ruptures(Table(frame=sessions().head(rows)), SEARCH)
    assert found.rows.height == rows
    assert found.findings["score"].monitored == 0
    assert found.findings["score"].episode_counts == {}


def test_a_pandas_frame_comes_back_as_one_with_its_index() -> None:
    frame = sessions().to_pandas().set_index(pd.Index(range(100, 124)))
    found = ruptures(frame, range=RANGE)
    assert isinstance(found, pd.DataFrame)
    assert list(found.columns) == ALONE
    assert list(found.index) == list(range(100, 124))
    wanted = ruptures(sessions(), range=RANGE)
    np.testing.assert_array_equal(found["p"].to_numpy(), wanted["p"].fill_null(np.nan).to_numpy())
    assert found["signal"].dropna().to_dict() == {105: "acute"}
    np.testing.assert_array_equal(found["episode"].fillna(0).to_numpy(), wanted["episode"].fill_null(0).to_numpy())


ODD: dict[str, tuple[Any, Any, Any]] = {
    "ids and ratings with gaps": ([1, 1, None], [1, 2, 3], [50, None, 60]),
    "nullable integers": (pd.array([1, 1, None], dtype="Int64"), [1, 2, 3], pd.array([50, None, 60], dtype="Int64")),
    "objects of several kinds": (["a", "a", None], [1, 2, 3], [50, None, "60"]),
    "categories": (pd.Categorical(["a", "a", None]), [1, 2, 3], [50, None, 60]),
    "moments": (["a", "a", None], pd.to_datetime(["2024-01-01", "2024-01-08", None]), [50, None, 60]),
    "dates": (["a", "a", None], [date(2024, 1, 1), date(2024, 1, 8), None], [50, None, 60]),
}


@pytest.mark.parametrize(("client", "session", "alliance"), ODD.values(), ids=ODD)
def test_pandas_columns_of_every_kind(client: Any, session: Any, alliance: Any) -> None:
    frame = pd.DataFrame({"client": client, "session": session, "alliance": alliance})
    found = ruptures(frame, range=RANGE, unreadable="leave-out")
    np.testing.assert_array_equal(found["score"].to_numpy(), [50, np.nan, 60])
    assert found["note"].isna().to_list() == [True, True, False]
    assert found["note"][2] == "no client is named"


def test_a_lazy_frame_is_collected_and_no_frame_is_refused() -> None:
    assert ruptures(sessions().lazy(), range=RANGE).equals(ruptures(sessions(), range=RANGE))
    with pytest.raises(TableError, match=r"A list is no table\. Give a pandas or polars frame\."):
        ruptures([1, 2], range=RANGE)
    with pytest.raises(TableError, match=r"^The table has no column `alliance`\. Its columns are: client\.$"):
        ruptures(sessions().select("client"), range=RANGE, session="client")


def test_priors() -> None:
    table = Table(frame=sessions())
    given = prior_for_range(0, 50)
    for prior, level, calibrated in ((given, 37.5, False), ("range", 75.0, False), ((60, 2, 6, 9, 0.1), 60.0, False)):
        found = find_ruptures(table, RuptureSearch(range=RANGE, prior=prior)).findings["score"].prior  # type: ignore[arg-type]
        assert (found.level, found.calibrated) == (level, calibrated)
    for wrong in ("guess", (1.0, 2.0)):
        with pytest.raises(MethodError, match="It is auto, range, or five numbers"):
            find_ruptures(table, RuptureSearch(range=RANGE, prior=wrong))  # type: ignore[arg-type]


def many(clients: int) -> pl.DataFrame:
    """Clients with 3 to 12 sessions each, from fixed dice."""
    rng = np.random.default_rng(5)
    lengths = rng.integers(3, 13, clients)
    return pl.DataFrame(
        {
            "client": np.repeat(np.arange(clients), lengths),
            "session": np.concatenate([np.arange(1, n + 1) for n in lengths]),
            "alliance": np.round(rng.normal(70, 6, int(lengths.sum()))),
        }
    )


def test_a_prior_is_learned_from_thirty_clients_on() -> None:
    found = find_ruptures(Table(frame=many(60)), SEARCH).findings["score"].prior
    assert found.calibrated
    assert found.source.startswith("Learned from ")


def test_blocks_of_clients_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = many(80)
    whole = find_ruptures(Table(frame=frame), RuptureSearch(range=RANGE, prior="range"))
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(looking, "BLOCK", 50)
    parts = find_ruptures(
        Table(frame=frame), RuptureSearch(range=RANGE, prior="range"), told=lambda done, of: told.append((done, of))
    )
    assert parts.rows.equals(whole.rows)
    assert len(told) > 5
    assert told[-1] == (frame.height, frame.height)
    assert parts.findings["score"].episodes == whole.findings["score"].episodes
    assert sorted(parts.doubts) == sorted(whole.doubts)
    assert any("of 80 clients" in doubt for doubt in parts.doubts)


def test_a_large_archive_lends_evenly_spaced_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looking, "ENOUGH", 40)
    found = find_ruptures(Table(frame=many(80)), SEARCH).findings["score"].prior
    assert found.source.startswith("Learned from 40 clients")


def test_a_file_is_read_and_comes_back_as_polars(tmp_path: Path) -> None:
    sessions().write_csv(tmp_path / "sessions.csv")
    found = ruptures(tmp_path / "sessions.csv", range=RANGE)
    assert found["p"].equals(ruptures(sessions(), range=RANGE)["p"])
    assert ruptures(str(tmp_path / "sessions.csv"), range=RANGE).equals(found)


def test_the_options_are_those_of_the_search() -> None:
    sorted_in = {*Columns.__slots__, *Reading.__slots__, *RuptureSearch.__slots__, "false_alarms_per_20", "reports"}
    sorted_in -= {"columns", "reading", "range", "budget"}
    assert set(RuptureOptions.__annotations__) == sorted_in
    with pytest.raises(TypeError, match="guess"):
        ruptures(sessions(), range=RANGE, guess=1)  # type: ignore[call-arg]
    twice = pl.concat([sessions(), sessions().with_columns(pl.col("alliance") - 10)])
    renamed = twice.rename({"client": "id", "session": "n", "alliance": "srs"})
    found = ruptures(
        renamed, range=RANGE, client="id", session="n", score="srs", false_alarms_per_20=1, duplicates="last"
    )
    assert found["score"][24] == 70
    assert found["note"].null_count() == 24


def test_hindsight_is_added_when_asked_for() -> None:
    found = find_ruptures(Table(frame=sessions()), RuptureSearch(range=RANGE, hindsight=True))
    wanted = hindsight(detect(RATINGS, prior=prior_for_range(*RANGE), rule=Rule()))
    assert found.rows.columns == [*ALONE[:-1], "hindsight_p", "hindsight_probability", "note"]
    for name, values in (("hindsight_p", wanted.p), ("hindsight_probability", wanted.probability)):
        given = found.rows[name].fill_null(np.nan).to_numpy().reshape(3, 8)
        np.testing.assert_allclose(given, values, rtol=1e-9)
    assert found.doubts[-1].startswith("How often lowered stretches begin and end is assumed")


def test_hindsight_of_an_empty_table() -> None:
    empty = Table(frame=sessions().clear())
    assert find_ruptures(empty, RuptureSearch(range=RANGE, hindsight=True)).rows.height == 0


def test_clients_counted_by_two_raters_of_one_block_are_counted_once() -> None:
    blocks = [["3 of 5 clients have few.", "Uncalibrated.", "4 of 5 clients have few."], ["1 of 2 clients have few."]]
    assert joined(blocks, clients=7) == ("5 of 7 clients have few.", "Uncalibrated.")
