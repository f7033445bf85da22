"""Ruptures in a table of sessions: every row comes back with what was expected of it and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np
import polars as pl

from holdfast.alliance import Rule
from holdfast.interop.cells import read_numbers
from holdfast.interop.checking import Range, SessionShape
from holdfast.interop.frames import as_table, eager, extended
from holdfast.interop.looking import (
    SIGNALS,
    SIMULATED,
    STATUS,
    Finding,
    GivenPrior,
    Told,
    choose_prior,
    is_simulated,
    look,
)
from holdfast.interop.looking_back import LookBack, look_back
from holdfast.interop.problems import Duplicates, Reading, Unreadable
from holdfast.interop.reading import read_table
from holdfast.interop.sessions import SessionTable, read_sessions
from holdfast.interop.table import LeftOut, Table
from holdfast.stats.arrays import IntArray

SCORE, THERAPIST = "score", "therapist_score"


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which columns of the table say who, when and how it was rated, by client and (if given) by therapist."""

    client: str = "client"
    session: str = "session"
    score: str = "alliance"
    therapist_score: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuptureSearch:
    """What to look for. range: lowest and highest possible score; alpha: the acute false-alarm rate per session, of
    both raters together; prior: "auto", "range", a Prior or its five numbers; reading: what is done with doubtful rows;
    hindsight: whether to look back on the client's whole course as well.
    """

    range: Range
    columns: Columns = field(default_factory=Columns)
    alpha: float = 0.02
    prior: GivenPrior = "auto"
    reading: Reading = field(default_factory=Reading)
    hindsight: bool = False

    @property
    def scores(self) -> dict[str, str]:
        """Each rater's score and its column."""
        therapist = self.columns.therapist_score
        return {SCORE: self.columns.score} | ({THERAPIST: therapist} if therapist else {})

    @property
    def shape(self) -> SessionShape:
        """The columns to read, and the range that every score of them has to keep."""
        return SessionShape(
            client=self.columns.client,
            session=self.columns.session,
            scores=self.scores,
            ranges=dict.fromkeys(self.scores, self.range),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuptureTable:
    """What was found. rows: one result per row of the table, in its order (see find_ruptures); sessions: how the table
    was read; findings: by score, the client's first; simulated: whether the table says that it is; back: hindsight."""

    rows: pl.DataFrame
    sessions: SessionTable
    findings: Mapping[str, Finding]
    simulated: bool
    back: LookBack | None = None

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Rows and cells that were not used, and why."""
        return self.sessions.left_out

    @property
    def doubts(self) -> tuple[str, ...]:
        """What limits the result, over both raters."""
        back = () if self.back is None else self.back.regimes.doubts
        return tuple(dict.fromkeys((*(doubt for each in self.findings.values() for doubt in each.doubts), *back)))


class RuptureOptions(TypedDict, total=False):
    """What `ruptures` can be told beside the range; the words of the command, and the defaults of RuptureSearch."""

    client: str
    session: str
    score: str
    therapist_score: str | None
    alpha: float
    prior: GivenPrior
    duplicates: Duplicates
    unreadable: Unreadable
    hindsight: bool


def ruptures(frame: Any, *, range: Range, **options: Unpack[RuptureOptions]) -> Any:  # noqa: A002
    """Find ruptures in a pandas or polars frame, or in a file, with one row per session.

    Options, in the words of the command: client, session, score and therapist_score name columns ("client",
    "session", "alliance", None); alpha (.02); prior ("auto", "range", a Prior or its five numbers); hindsight (False);
    duplicates ("refuse", "first", "last", "mean"); unreadable ("refuse", "leave-out").
    Rule and columns: find_ruptures. A frame of the same kind comes back (of a file: polars) in the same order and with
    the same index; a row that was left out has empty results and says why in `note`. In errors, rows of a frame count
    from 1. Raises TableError and MethodError as find_ruptures does, TypeError for an unknown option.
    """
    search = search_for(range, options)
    if isinstance(frame, str | Path):
        return find_ruptures(read_table(frame), search).rows
    known = eager(frame)
    wanted = [*search.shape.columns, *({SIMULATED} & set(known.columns))]
    found = find_ruptures(as_table(known, columns=wanted), search)
    kept = {"client": search.columns.client, "session": search.columns.session}
    if SIMULATED in known.columns:
        kept[SIMULATED] = SIMULATED
    result = extended(known, kept=kept, added=found.rows.drop("client", "session", SIMULATED, strict=False))
    return result[found.rows.columns]


def search_for(extent: Range, options: RuptureOptions) -> RuptureSearch:
    """The options sorted into their places. Raises TypeError for one that has none."""
    rest: dict[str, Any] = dict(options)
    columns = Columns(**{each.name: rest.pop(each.name) for each in fields(Columns) if each.name in rest})
    reading = Reading(**{each.name: rest.pop(each.name) for each in fields(Reading) if each.name in rest})
    return RuptureSearch(range=extent, columns=columns, reading=reading, **rest)


def find_ruptures(table: Table, search: RuptureSearch, *, told: Told | None = None) -> RuptureTable:
    """Compare each rating with what the client's earlier ratings lead one to expect, and follow every rupture.

    Rule: holdfast.alliance.detect and follow. With a therapist's score both raters are looked at with rule.halved(), so
    that together they signal no oftener; episodes follow the client's ratings.
    Columns: client, session, score, expected, low, high, p, signal (empty, acute, erosion), episode (its number within
    the client), status (as known after that session), then therapist_score and its expected, low, high, p and signal
    if given, hindsight_p and hindsight_probability if asked for, note, and `simulated` if the table has it.
    Raises TableError for rows that search.reading refuses, MethodError for an alpha, range or prior out of bounds.
    """
    whole = Rule(alpha=search.alpha)
    rule = whole if search.columns.therapist_score is None else whole.halved()
    sessions = read_sessions(table, search.shape, reading=search.reading)
    findings = {}
    for name in search.scores:
        prior = choose_prior(sessions, name, prior=search.prior, range=search.range)
        findings[name] = look(sessions, name, prior=prior, rule=rule, told=told)
    client = findings[SCORE]
    back = look_back(sessions, SCORE, prior=client.prior, rule=client.rule) if search.hindsight else None
    return RuptureTable(
        rows=_rows(table, sessions, findings, back),
        sessions=sessions,
        findings=findings,
        simulated=is_simulated(table),
        back=back,
    )


def _rows(table: Table, sessions: SessionTable, findings: Mapping[str, Finding], back: LookBack | None) -> pl.DataFrame:
    """The results, a row for each row of the table."""
    cell = sessions.cell_of
    client = findings[SCORE]
    columns = [
        table.column(sessions.shape.client).alias("client"),
        table.column(sessions.shape.session).alias("session"),
    ]
    columns += _of_rater(table, sessions, client, name=SCORE, prefix="")
    columns += [
        pl.Series("episode", _at(cell, client.episode)).replace(0, None),
        _words("status", STATUS, _at(cell, client.status)),
    ]
    if THERAPIST in findings:
        columns += _of_rater(table, sessions, findings[THERAPIST], name=THERAPIST, prefix="therapist_")
    if back is not None:
        pairs = (("hindsight_p", back.p), ("hindsight_probability", back.probability))
        columns += [pl.Series(key, np.append(values, np.nan)[cell]).fill_nan(None) for key, values in pairs]
    columns.append(notes_of(table, sessions.left_out))
    if SIMULATED in table.columns:
        columns.append(table.column(SIMULATED))
    return pl.DataFrame(columns)


def _of_rater(table: Table, sessions: SessionTable, finding: Finding, *, name: str, prefix: str) -> list[pl.Series]:
    """One rater's score, what was expected of it, and the signal."""
    cell = sessions.cell_of
    given = read_numbers(table.column(sessions.shape.scores[name])).values
    score = np.where(cell >= 0, sessions.flat[name][cell] if len(sessions.flat[name]) else np.nan, given)
    numbers = {name: score}
    for key in ("expected", "low", "high", "p"):
        values = np.append(getattr(finding, key), np.nan)
        numbers[prefix + key] = values[cell]
    return [
        *(pl.Series(key, values).fill_nan(None) for key, values in numbers.items()),
        _words(f"{prefix}signal", SIGNALS, _at(cell, finding.signal)),
    ]


def _at(cell: IntArray, codes: IntArray) -> IntArray:
    """Each row's code; 0 for a row that has no cell."""
    return np.append(codes, 0)[cell]


def _words(name: str, words: Sequence[str], codes: IntArray) -> pl.Series:
    """Each row's word for its code; nothing for 0."""
    return pl.Series(name, [None, *words[1:]], dtype=pl.String).gather(codes)


def notes_of(table: Table, left_out: tuple[LeftOut, ...]) -> pl.Series:
    """Why a row, or one value of it, was left out; empty for the others."""
    notes: dict[int, str] = {}
    for each in left_out:
        index = each.row - table.first_row
        notes[index] = f"{notes[index]}; {each.reason}" if index in notes else each.reason
    series = pl.Series("note", [None], dtype=pl.String).new_from_index(0, table.rows)
    return series.scatter(list(notes), list(notes.values())) if notes else series
