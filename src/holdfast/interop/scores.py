"""Tables of answers into tables of scores, by the instrument's stated rule."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from holdfast.errors import TableError
from holdfast.instruments import Instrument, load
from holdfast.interop.cells import read_numbers
from holdfast.interop.frames import as_table, eager, extended
from holdfast.interop.problems import Problem, Reading, Unreadable, settle
from holdfast.interop.reading import read_table
from holdfast.interop.table import LeftOut, Table, opening
from holdfast.scoring import ScaleColumns, score_columns


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreTable:
    """What was scored. rows: the columns that are no items, as given, then for each scale its raw score, percent of
    the range, band and note; left_out: answers that were words; doubts: what limits the scores."""

    rows: pl.DataFrame
    left_out: tuple[LeftOut, ...]
    doubts: tuple[str, ...]


def score_frame(frame: Any, instrument: Instrument | str, *, unreadable: Unreadable = "refuse") -> Any:
    """Score a pandas or polars frame, or a file, with one row per filled-in form; the instrument may be its id.

    Rule, columns and errors: score_table. A frame of the same kind comes back (of a file: polars), in the same order
    and with the same index. In errors, rows of a frame count from 1.
    """
    known_instrument = load(instrument) if isinstance(instrument, str) else instrument
    reading = Reading(unreadable=unreadable)
    if isinstance(frame, str | Path):
        return score_table(read_table(frame), known_instrument, reading=reading).rows
    known = eager(frame)
    table = as_table(known, columns=known.columns)
    found = score_table(table, known_instrument, reading=reading)
    kept = _kept(table, known_instrument)
    return extended(known, kept={name: name for name in kept}, added=found.rows.drop(kept))


def score_table(table: Table, instrument: Instrument, *, reading: Reading | None = None) -> ScoreTable:
    """Score every row by the instrument's rule; item columns are found by item id, an empty cell is a missing answer.

    Rule: holdfast.scoring.score. Columns for a scale `x`: x, x_percent (0 to 100 of its range), x_band, x_note (why
    there is no score, or that it is prorated). Raises AnswerError for an answer that its item does not have; TableError
    when no item has a column, when a scale's column is taken, and for words unless reading leaves them out.
    """
    items = [item.id for item in instrument.items if item.id in table.columns]
    if not items:
        raise TableError(
            "{source} has no column of `{instrument}`. Name its columns: {items}.",
            source=opening(table.source),
            instrument=instrument.id,
            items=", ".join(item.id for item in instrument.items),
        )
    numbers = {item: read_numbers(table.column(item)) for item in items}
    problems = [
        Problem(
            rows=found.unreadable,
            column=item,
            kind="answer is not a number",
            reason="`{cell}` is not a number",
            sentence="holds `{value}` in column `{column}`, where an answer in points should be",
            cure="Write points or leave the cell empty",
        )
        for item, found in numbers.items()
    ]
    left_out = settle(problems, table, reading=reading or Reading())
    scales = score_columns(
        instrument,
        {item: found.values for item, found in numbers.items()},
        source=table.source,
        rows=range(table.first_row, table.first_row + table.rows),
    )
    columns = [series for scale in scales.values() for series in _of_scale(scale)]
    kept = _kept(table, instrument)
    _refuse_taken(table, kept, [series.name for series in columns])
    absent = [item.id for item in instrument.items if item.id not in items]
    return ScoreTable(
        rows=pl.DataFrame([*(table.column(name) for name in kept), *columns]),
        left_out=tuple(left_out),
        doubts=(*instrument.notices, *_doubts(table, absent, list(scales.values()))),
    )


def _kept(table: Table, instrument: Instrument) -> list[str]:
    """The columns that are no items: who, when, and whatever else came along."""
    items = {item.id for item in instrument.items}
    return [name for name in table.columns if name not in items]


def _refuse_taken(table: Table, kept: list[str], names: list[str]) -> None:
    """A result must not share its name with a column that is kept."""
    for name in kept:
        if name in names:
            raise TableError(
                "{source} already has a column `{column}`, where a score would go. Rename it.",
                source=opening(table.source),
                column=name,
            )


def _of_scale(scale: ScaleColumns) -> list[pl.Series]:
    """Raw score, percent, band and note of one scale."""
    prorated = np.array(
        [f"prorated from {answered} of {scale.of} answers" for answered in range(scale.of + 1)], dtype=object
    )
    note = np.where(scale.prorated, prorated[scale.answered], scale.reason)
    return [
        pl.Series(scale.scale, scale.raw).fill_nan(None),
        pl.Series(f"{scale.scale}_percent", scale.percent).fill_nan(None),
        pl.Series(f"{scale.scale}_band", scale.band, dtype=pl.String).replace("", None),
        pl.Series(f"{scale.scale}_note", note, dtype=pl.String).replace("", None),
    ]


def _doubts(table: Table, absent: list[str], scales: list[ScaleColumns]) -> list[str]:
    """Items without a column, and how many rows have no score or a prorated one."""
    doubts = []
    if absent:
        doubts.append(f"{opening(table.source)} has no column for {', '.join(absent)}; these answers count as missing.")
    for scale in scales:
        unscored, prorated = int(np.isnan(scale.raw).sum()), int(scale.prorated.sum())
        if unscored:
            doubts.append(f"`{scale.scale}` has no score in {unscored:,} of {table.rows:,} rows; its note says why.")
        if prorated:
            doubts.append(f"`{scale.scale}` is prorated in {prorated:,} of {table.rows:,} rows.")
    return doubts
