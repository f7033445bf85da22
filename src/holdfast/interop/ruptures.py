"""Ruptures in a table of sessions: every row comes back with what was expected of it and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, TypedDict, Unpack

import numpy as np
import polars as pl

from holdfast.alliance.signals import Budget, Direction, Way
from holdfast.interop.cells import read_numbers
from holdfast.interop.checking import Range, SessionShape
from holdfast.interop.frames import as_table, eager, extended
from holdfast.interop.listening import FACET, SOURCES, Heard, Listening, listen
from holdfast.interop.looking import SIGNALS, SIMULATED, STATUS, Finding, GivenPrior, Told, is_simulated
from holdfast.interop.looking_back import LookBack, look_back
from holdfast.interop.problems import Duplicates, Reading, Unreadable
from holdfast.interop.reading import read_table
from holdfast.interop.sessions import SessionTable, read_sessions
from holdfast.interop.table import LeftOut, Table
from holdfast.stats.arrays import IntArray

SCORE, THERAPIST, PREDICTED = "score", "therapist_score", "predicted"
REPORTED = (0.0, 100.0)  # amounts and ways of tension: whole numbers on scales of their own
WAYS = ("", *(way.name.lower().replace("_", " ") for way in Way if way))
DIRECTIONS = ("", *(each.name.lower().replace("_", " ") for each in Direction if each))


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which columns of the table say who, when and how it was rated, and what else was said (None: is not there).

    therapist_score: the therapist's rating; predicted: the therapist's guess of the client's rating; client_tension,
    therapist_tension: how much tension was reported, 0 none; client_way, therapist_way: 1 pulling away, 2 pushing
    against, 3 both, 4 not sure, 0 none; therapist: who it was; with another one the course begins anew; facets: sides
    of the relationship rated by the client, to say what fell.
    """

    client: str = "client"
    session: str = "session"
    score: str = "alliance"
    therapist_score: str | None = None
    predicted: str | None = None
    client_tension: str | None = None
    therapist_tension: str | None = None
    client_way: str | None = None
    therapist_way: str | None = None
    therapist: str | None = None
    facets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RuptureSearch:
    """What to look for. range: lowest and highest possible score; budget: false alarms to expect in 20 sessions;
    prior: "auto", "range", a Prior or its five numbers; talk_at: a rating at or below it is worth talking about;
    reading: what is done with doubtful rows; hindsight: whether to look back on the client's whole course as well.
    """

    range: Range
    columns: Columns = field(default_factory=Columns)
    budget: Budget = field(default_factory=Budget)
    prior: GivenPrior = "auto"
    talk_at: float | None = None
    reading: Reading = field(default_factory=Reading)
    hindsight: bool = False

    @property
    def scores(self) -> dict[str, str]:
        """What each column that is there is called here."""
        found = ((name, getattr(self.columns, name)) for name in SOURCES)
        named = {name: column for name, column in found if column is not None}
        return named | {FACET + column: column for column in self.columns.facets}

    @property
    def read(self) -> list[str]:
        """Every column that is read."""
        return [*self.shape.columns, *([self.columns.therapist] if self.columns.therapist else [])]

    @property
    def shape(self) -> SessionShape:
        """The columns to read, and the range that every score of them has to keep."""
        ranged = (SCORE, THERAPIST, PREDICTED)
        return SessionShape(
            client=self.columns.client,
            session=self.columns.session,
            scores=self.scores,
            ranges={name: self.range if name in ranged else REPORTED for name in self.scores if FACET not in name},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuptureTable:
    """What was found. rows: one result per row of the table, in its order (see find_ruptures); sessions: how the table
    was read; heard: what was found in each session; simulated: whether the table says that it is; back: hindsight."""

    rows: pl.DataFrame
    sessions: SessionTable
    heard: Heard
    simulated: bool
    back: LookBack | None = None

    @property
    def findings(self) -> Mapping[str, Finding]:
        """What was expected of each rater, the client's first."""
        return self.heard.findings

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Rows and cells that were not used, and why."""
        return self.sessions.left_out

    @property
    def doubts(self) -> tuple[str, ...]:
        """What limits the result, over all sources."""
        back = () if self.back is None else self.back.regimes.doubts
        return tuple(dict.fromkeys((*self.heard.doubts, *back)))


class RuptureOptions(TypedDict, total=False):
    """What `ruptures` can be told beside the range; the words of the command, and the defaults of RuptureSearch."""

    client: str
    session: str
    score: str
    therapist_score: str | None
    predicted: str | None
    client_tension: str | None
    therapist_tension: str | None
    client_way: str | None
    therapist_way: str | None
    therapist: str | None
    facets: tuple[str, ...]
    false_alarms_per_20: float
    reports: str
    talk_at: float | None
    prior: GivenPrior
    duplicates: Duplicates
    unreadable: Unreadable
    hindsight: bool


def ruptures(frame: Any, *, range: Range, **options: Unpack[RuptureOptions]) -> Any:  # noqa: A002
    """Find ruptures in a pandas or polars frame, or in a file, with one row per session.

    Options, in the words of the command: client, session, score ("client", "session", "alliance"), therapist_score,
    predicted, client_tension, therapist_tension, client_way, therapist_way, therapist (None) and facets (()) name
    columns; false_alarms_per_20 (.6); reports ("rare", "said"); talk_at (None); hindsight (False); prior ("auto",
    "range", a Prior or its five numbers); duplicates ("refuse", "first", "last", "mean"); unreadable ("refuse",
    "leave-out").
    Rule and columns: find_ruptures. A frame of the same kind comes back (of a file: polars) in the same order and with
    the same index; a row that was left out has empty results and says why in `note`. In errors, rows of a frame count
    from 1. Raises TableError and MethodError as find_ruptures does, TypeError for an unknown option.
    """
    search = search_for(range, options)
    if isinstance(frame, str | Path):
        return find_ruptures(read_table(frame), search).rows
    known = eager(frame)
    wanted = list(dict.fromkeys([*search.read, *({SIMULATED} & set(known.columns))]))
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
    names = {"false_alarms_per_20": "per_20", "reports": "reports"}
    budget = Budget(**{own: rest.pop(word) for word, own in names.items() if word in rest})
    return RuptureSearch(range=extent, columns=columns, budget=budget, reading=reading, **rest)


def find_ruptures(table: Table, search: RuptureSearch, *, told: Told | None = None) -> RuptureTable:
    """Compare each rating with what the client's earlier ratings lead one to expect, and follow every rupture.

    Rule: holdfast.alliance.signals.find_signals over everything that was said, and follow; episodes are followed in the
    client's ratings.
    Columns: client, session, score, expected, low, high, p, signal (empty, acute, erosion, tension, disagreement: the
    first of them that is there), episode (its number within the client), status (as known after that session). If
    more than the client's rating is given: signals (all kinds), together (the tail of all sources together), way,
    direction, therapist_score and its expected, low, high and p. With facets: fell, those that fell most in a session
    with a signal. With talk_at: talk_about_it. With hindsight:
    hindsight_p and hindsight_probability. Then note, and `simulated` if the table has it.
    Raises TableError for rows that search.reading refuses, MethodError for a budget, range or prior out of bounds.
    """
    sessions = read_sessions(table, search.shape, reading=search.reading)
    asked = Listening(
        budget=search.budget,
        prior=search.prior,
        range=search.range,
        talk_at=search.talk_at,
        therapist=search.columns.therapist,
    )
    heard = listen(sessions, asked, told=told)
    client = heard.findings[SCORE]
    back = look_back(sessions, SCORE, prior=client.prior, rule=client.rule) if search.hindsight else None
    rows = pl.DataFrame(_rows(table, sessions, heard, search) + _ends(table, sessions, back))
    return RuptureTable(rows=rows, sessions=sessions, heard=heard, simulated=is_simulated(table), back=back)


def _rows(table: Table, sessions: SessionTable, heard: Heard, search: RuptureSearch) -> list[pl.Series]:
    """What was found as the sessions came, a row for each row of the table."""
    cell = sessions.cell_of
    client = heard.findings[SCORE]
    columns = [
        table.column(sessions.shape.client).alias("client"),
        table.column(sessions.shape.session).alias("session"),
        *_of_rater(table, sessions, client, name=SCORE, prefix=""),
        _words("signal", SIGNALS, _at(cell, client.signal)),
        pl.Series("episode", _at(cell, client.episode)).replace(0, None),
        _words("status", STATUS, _at(cell, client.status)),
    ]
    if len(search.scores) > 1 + len(search.columns.facets):
        columns += [
            _kinds(heard, cell),
            pl.Series("together", np.append(heard.together, np.nan)[cell]).fill_nan(None),
            _words("way", WAYS, _at(cell, heard.way)),
            _words("direction", DIRECTIONS, _at(cell, heard.direction)),
        ]
    if THERAPIST in heard.findings:
        columns += _of_rater(table, sessions, heard.findings[THERAPIST], name=THERAPIST, prefix="therapist_")
    if search.columns.facets:
        columns.append(pl.Series("fell", [*heard.fell, None], dtype=pl.String).gather(cell % (len(heard.fell) + 1)))
    if search.talk_at is not None:
        columns.append(_words("talk_about_it", ("", "yes"), _at(cell, heard.talk.astype(np.int64))))
    return columns


def _ends(table: Table, sessions: SessionTable, back: LookBack | None) -> list[pl.Series]:
    """Hindsight, notes and the mark of simulated data."""
    columns = []
    if back is not None:
        pairs = (("hindsight_p", back.p), ("hindsight_probability", back.probability))
        columns += [pl.Series(key, np.append(each, np.nan)[sessions.cell_of]).fill_nan(None) for key, each in pairs]
    columns.append(notes_of(table, sessions.left_out))
    if SIMULATED in table.columns:
        columns.append(table.column(SIMULATED))
    return columns


def _kinds(heard: Heard, cell: IntArray) -> pl.Series:
    """All kinds of signal of a session, with "; " between them; nothing where there is none."""
    names = list(heard.kinds)
    mask = sum(
        (found.astype(np.int64) << bit for bit, found in enumerate(heard.kinds.values())), start=np.zeros(1, int)
    )
    words = ["; ".join(name for bit, name in enumerate(names) if code >> bit & 1) for code in range(1 << len(names))]
    return _words("signals", words, _at(cell, np.asarray(mask, dtype=np.int64)))


def _of_rater(table: Table, sessions: SessionTable, finding: Finding, *, name: str, prefix: str) -> list[pl.Series]:
    """One rater's score, and what was expected of it."""
    cell = sessions.cell_of
    given = read_numbers(table.column(sessions.shape.scores[name])).values
    score = np.where(cell >= 0, sessions.flat[name][cell] if len(sessions.flat[name]) else np.nan, given)
    numbers = {name: score}
    for key in ("expected", "low", "high", "p"):
        values = np.append(getattr(finding, key), np.nan)
        numbers[prefix + key] = values[cell]
    return [pl.Series(key, values).fill_nan(None) for key, values in numbers.items()]


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
