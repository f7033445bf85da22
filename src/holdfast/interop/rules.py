"""Published rules over a table of sessions: every row comes back with what each rule says of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypedDict, Unpack

import numpy as np
import polars as pl

from holdfast.alliance import Noise, RuleAgreement, RuleSpec, compare_rules, find_rule, list_rules
from holdfast.errors import MethodError
from holdfast.interop.checking import Range, SessionShape
from holdfast.interop.frames import as_table, eager
from holdfast.interop.looking import SIMULATED
from holdfast.interop.problems import Duplicates, Reading, Unreadable
from holdfast.interop.reading import read_table
from holdfast.interop.ruptures import notes_of
from holdfast.interop.sessions import SessionTable, read_sessions
from holdfast.interop.table import Table

SCORE = "score"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSearch:
    """What to apply. range: lowest and highest possible score; rules: presets, by name or with settings as in
    rule_from_text (none: every preset that fits the range); reliability: the scale's own, for rules of reliable change;
    noise: what each rule is tried on; client, session, score: columns; reading: what is done with doubtful rows."""

    range: Range
    client: str = "client"
    session: str = "session"
    score: str = "alliance"
    rules: tuple[str, ...] = ()
    reliability: float | None = None
    noise: Noise = field(default_factory=Noise)
    reading: Reading = field(default_factory=Reading)

    @property
    def shape(self) -> SessionShape:
        """The columns to read, and the range that every score has to keep."""
        return SessionShape(
            client=self.client, session=self.session, scores={SCORE: self.score}, ranges={SCORE: self.range}
        )

    @property
    def specs(self) -> tuple[RuleSpec, ...]:
        """The rules with their settings. Raises MethodError for a name that is no preset, or a bad reliability."""
        fitting = [spec.name for spec in list_rules() if spec.scale in (None, self.range)]
        return tuple(
            rule_from_text(text, reliability=self.reliability) for text in dict.fromkeys(self.rules or fitting)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesTable:
    """What the rules say. rows: one per row of the table, in its order (see apply_rules); agreement: each rule's flags
    beside its rate on pure noise, and every two rules side by side; simulated: whether the table says that it is."""

    rows: pl.DataFrame
    sessions: SessionTable
    agreement: RuleAgreement
    simulated: bool

    @property
    def doubts(self) -> tuple[str, ...]:
        """What limits the results, over all rules."""
        return self.agreement.doubts


def rule_from_text(text: str, *, reliability: float | None = None) -> RuleSpec:
    """A preset, or a preset with settings: `vshape`, `vshape:size=2,within=any`, `stiles-2004:unit=own-sd,needed=no`.

    The settings are those of alliance.flag; the text becomes the rule's name, so that variants stand side by side.
    reliability: of the scale, for a rule that asks for one and whose text gives none.
    Raises MethodError for a preset, a setting or a value that there is not.
    """
    name, _, told = text.partition(":")
    settings: dict[str, Any] = {}
    for part in told.split(",") if told else ():
        key, _, value = (piece.strip() for piece in part.partition("="))
        try:
            settings[key] = _READ.get(key, float)(value)
        except (KeyError, ValueError):
            raise MethodError(
                "{text} gives {key} the value {value}. Write a number, a unit, yes or no, or any for within.",
                text=text,
                key=key,
                value=value,
            ) from None
    spec = find_rule(name, **settings)
    if reliability is not None and spec.reliability is not None and "reliability" not in settings:
        spec = spec.with_parameters(reliability=reliability)
    return replace(spec, name=text)


_YES_OR_NO = {"yes": True, "no": False}
_READ: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "unit": str,
        "within": lambda text: None if text == "any" else int(text),
        "rise": _YES_OR_NO.__getitem__,
        "needed": _YES_OR_NO.__getitem__,
    }
)


class RuleOptions(TypedDict, total=False):
    """What `published_rules` can be told beside the range; the words of the command."""

    client: str
    session: str
    score: str
    rules: tuple[str, ...]
    reliability: float | None
    noise: Noise
    duplicates: Duplicates
    unreadable: Unreadable


def published_rules(frame: Any, *, range: Range, **options: Unpack[RuleOptions]) -> RulesTable:  # noqa: A002
    """Apply published rules to a pandas or polars frame, or to a file, with one row per session.

    Options: the fields of RuleSearch, and those of Reading. Rule and columns: apply_rules. The result holds a polars
    frame, row by row as given. Raises TableError and MethodError as apply_rules does, TypeError for another option.
    """
    told: dict[str, Any] = dict(options)
    reading = Reading(**{each.name: told.pop(each.name) for each in fields(Reading) if each.name in told})
    search = RuleSearch(range=range, reading=reading, **told)
    if isinstance(frame, str | Path):
        return apply_rules(read_table(frame), search)
    known = eager(frame)
    wanted = [*search.shape.columns, *({SIMULATED} & set(known.columns))]
    return apply_rules(as_table(known, columns=wanted), search)


def apply_rules(table: Table, search: RuleSearch) -> RulesTable:
    """Apply each rule to every client's rated sessions, beside its rate on pure noise of the same lengths.

    Rule: holdfast.alliance.compare_rules; pooled units are taken over the whole table.
    Columns: client, session, score, one for each rule (1 flagged, 0 not, empty if not rated), note, and `simulated` if
    the table has it. Raises TableError for rows that search.reading refuses, MethodError for an unknown rule.
    """
    specs = search.specs
    sessions = read_sessions(table, search.shape, reading=search.reading)
    agreement = compare_rules(sessions.scores[SCORE], rules=specs, noise=search.noise)
    simulated = SIMULATED in table.columns and table.column(SIMULATED).is_not_null().any()
    flags = {each.rule.name: each.flags for each in agreement.rules}
    return RulesTable(
        rows=_rows(table, sessions, MappingProxyType(flags)),
        sessions=sessions,
        agreement=agreement,
        simulated=bool(simulated),
    )


def _rows(table: Table, sessions: SessionTable, flags: Mapping[str, np.ndarray]) -> pl.DataFrame:
    """The results, a row for each row of the table."""
    inside = sessions.places() >= 0
    cell, score = sessions.cell_of, np.append(sessions.flat[SCORE], np.nan)
    rated = ~np.isnan(score[cell])
    columns = [
        table.column(sessions.shape.client).alias("client"),
        table.column(sessions.shape.session).alias("session"),
        pl.Series(SCORE, score[cell]).fill_nan(None),
    ]
    for name, flagged in flags.items():
        values = np.append(flagged[inside], False)[cell].astype(np.float64)
        columns.append(pl.Series(name, np.where(rated, values, np.nan)).fill_nan(None).cast(pl.Int8))
    columns.append(notes_of(table, sessions.left_out))
    if SIMULATED in table.columns:
        columns.append(table.column(SIMULATED))
    return pl.DataFrame(columns)
