"""Whatever the table: the order of its rows changes nothing, and what is written reads back as it was."""

import tempfile
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from holdfast.interop import (
    Columns,
    Reading,
    RuptureSearch,
    SessionShape,
    Table,
    find_ruptures,
    read_sessions,
    read_table,
    write_table,
)

RATING = st.none() | st.integers(0, 100)
SESSIONS = st.dictionaries(st.tuples(st.integers(1, 5), st.integers(1, 12)), RATING, min_size=1, max_size=40)
CLIENT_ID = st.text(st.characters(codec="utf-8", exclude_characters="\r\n\x00\ufeff"), min_size=1, max_size=8)
SEARCH = RuptureSearch(range=(0.0, 100.0), prior="range")


def table(sessions: dict[tuple[int, int], int | None]) -> Table:
    """Rows in the order of the dictionary."""
    rows = [(f"c{client}", session, rating) for (client, session), rating in sessions.items()]
    schema = {"client": pl.String, "session": pl.Int64, "alliance": pl.Float64}
    return Table(frame=pl.DataFrame(rows, schema=schema, orient="row"))


@settings(max_examples=40, deadline=None)
@given(sessions=SESSIONS, dice=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_no_result(sessions: dict[tuple[int, int], int | None], dice: object) -> None:
    rows = list(sessions.items())
    dice.shuffle(rows)  # type: ignore[attr-defined]
    straight, shuffled = (find_ruptures(table(dict(each)), SEARCH).rows for each in (sessions.items(), rows))
    assert shuffled["client"].to_list() == [f"c{client}" for (client, _), _ in rows]
    assert shuffled.sort("client", "session").equals(straight.sort("client", "session"))


@settings(max_examples=40, deadline=None)
@given(sessions=SESSIONS)
def test_every_rating_stands_where_its_row_says(sessions: dict[tuple[int, int], int | None]) -> None:
    given_table = table(sessions)
    found = read_sessions(given_table, SessionShape(scores={"score": "alliance"}))
    dense = found.scores["score"]
    for index, ((client, session), rating) in enumerate(sessions.items()):
        row = found.clients.index(f"c{client}")
        column = int(found.cell_of[index] - found.start[row])
        np.testing.assert_equal(dense[row, column], np.nan if rating is None else rating)
        assert found.labels(row)[column] == str(session)
    assert int((~np.isnan(dense)).sum()) == sum(rating is not None for rating in sessions.values())


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3), RATING), min_size=1, max_size=25),
    how=st.sampled_from(["first", "last", "mean"]),
)
def test_each_row_is_used_or_listed(rows: list[tuple[int, int, int | None]], how: str) -> None:
    frame = pl.DataFrame(rows, schema={"client": pl.Int64, "session": pl.Int64, "alliance": pl.Int64}, orient="row")
    found = read_sessions(
        Table(frame=frame),
        SessionShape(scores={"score": "alliance"}),
        reading=Reading(duplicates=how),  # type: ignore[arg-type]
    )
    listed = [each.row - 1 for each in found.left_out]
    assert sorted([*np.flatnonzero(found.cell_of >= 0).tolist(), *listed]) == list(range(len(rows)))
    for (client, session), group in frame.with_row_index().group_by("client", "session"):
        values = group["alliance"].drop_nulls().to_list()
        wanted = {"first": values[:1], "last": values[-1:], "mean": [np.mean(values)] if values else []}[how]
        row = found.clients.index(str(client))
        cell = found.scores["score"][row, found.labels(row).index(str(session))]
        np.testing.assert_allclose(cell, wanted[0] if wanted else np.nan)


@settings(max_examples=40, deadline=None)
@given(
    ids=st.lists(CLIENT_ID, min_size=1, max_size=10, unique=True),
    ending=st.sampled_from(["csv", "parquet"]),
)
def test_ids_come_back_as_given(ids: list[str], ending: str) -> None:
    frame = pl.DataFrame({"client": ids, "session": [1] * len(ids), "alliance": [50.5] * len(ids)})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"sessions.{ending}"
        write_table(frame, file)
        found = find_ruptures(
            read_table(file), RuptureSearch(range=(0.0, 100.0), prior="range", columns=Columns(score="alliance"))
        )
        write_table(found.rows, file)
        again = read_table(file).frame
    assert found.sessions.clients == tuple(ids)
    assert again["client"].to_list() == ids
    assert [float(score) for score in again["score"]] == [50.5] * len(ids)
