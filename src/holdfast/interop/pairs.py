"""Both sides of a table of sessions: congruence, attunement, consistency, and their surface on outcome."""

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from holdfast.alliance import learn_prior, prior_for_range
from holdfast.alliance.pair import (
    Attunement,
    Congruence,
    Consistency,
    PairSurface,
    attunement,
    congruence,
    consistency,
    pair_surface,
)
from holdfast.errors import MethodError
from holdfast.interop.checking import Range, SessionShape
from holdfast.interop.looking import SIMULATED, is_simulated
from holdfast.interop.problems import Reading
from holdfast.interop.sessions import SessionTable, read_sessions
from holdfast.interop.table import LeftOut, Table
from holdfast.interop.writing import frame_of
from holdfast.stats.arrays import FloatArray

CLIENT, THERAPIST, PREDICTED, OUTCOME = "client_score", "therapist_score", "predicted", "outcome"
NORMAL = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class PairColumns:
    """Which columns say who, when, and how it was rated by client and therapist; predicted and outcome if there."""

    client: str = "client"
    session: str = "session"
    client_score: str = "alliance"
    therapist_score: str = "therapist_alliance"
    predicted: str | None = None
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSearch:
    """What to look at. range: lowest and highest possible rating; higher_is_better: of the outcome; bias_force: whether
    the therapist's previous rating counts too."""

    range: Range
    columns: PairColumns = field(default_factory=PairColumns)
    higher_is_better: bool = False
    bias_force: bool = False
    reading: Reading = field(default_factory=Reading)

    @property
    def shape(self) -> SessionShape:
        """The columns to read, and the range of every rating."""
        given = {name: getattr(self.columns, name) for name in (CLIENT, THERAPIST, PREDICTED, OUTCOME)}
        scores = {name: column for name, column in given.items() if column}
        ratings = [name for name in scores if name != OUTCOME]
        return SessionShape(
            client=self.columns.client,
            session=self.columns.session,
            scores=scores,
            ranges=dict.fromkeys(ratings, self.range),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTable:
    """What was found; a part is None if its columns were not given or too little was there, and not_computed says why.

    rows: one per dyad, in order of first appearance (see find_congruence); simulated: whether the table says it is.
    """

    rows: pl.DataFrame
    sessions: SessionTable
    congruence: Congruence | None
    attunement: Attunement | None
    consistency: Consistency
    surface: PairSurface | None
    not_computed: tuple[str, ...]
    simulated: bool

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """Rows and cells that were not used, and why."""
        return self.sessions.left_out


def find_congruence(table: Table, search: PairSearch) -> PairTable:
    """Set client's and therapist's ratings of the same sessions side by side.

    Rule: alliance.pair's congruence (with its rise over sessions), attunement, consistency (prior learned from the
    client's ratings, or from the range) and pair_surface, each on its own columns.
    Columns of rows: client, sessions (both rated), discrepancy, congruence, bias and narrowing of predictions, skill,
    swing and its place, each with its interval in _low and _high; simulated if the table has it.
    Raises TableError for rows that search.reading refuses, MethodError for a range out of bounds.
    """
    prior_for_range(*search.range)  # a range that cannot be is refused before anything is read
    sessions = read_sessions(table, search.shape, reading=search.reading)
    scores = sessions.scores
    not_computed: list[str] = []
    together = near = surface = None
    try:
        together = congruence(scores[CLIENT], therapist=scores[THERAPIST], bias_force=search.bias_force, rise=True)
    except MethodError as error:
        not_computed.append(f"Congruence: {error}")
    if PREDICTED in scores:
        try:
            near = attunement(scores[CLIENT], predicted=scores[PREDICTED])
        except MethodError as error:
            not_computed.append(f"Predictions: {error}")
    if OUTCOME in scores:
        try:
            surface = pair_surface(
                scores[CLIENT],
                therapist=scores[THERAPIST],
                outcome=scores[OUTCOME],
                higher_is_better=search.higher_is_better,
            )
        except MethodError as error:
            not_computed.append(f"Outcome: {error}")
    low, high = search.range
    steady = consistency(scores[CLIENT], prior=learn_prior(scores[CLIENT], low=low, high=high))
    simulated = is_simulated(table)
    return PairTable(
        rows=_rows(sessions, together, near, steady, simulated=simulated),
        sessions=sessions,
        congruence=together,
        attunement=near,
        consistency=steady,
        surface=surface,
        not_computed=tuple(not_computed),
        simulated=simulated,
    )


def _rows(
    sessions: SessionTable,
    together: Congruence | None,
    near: Attunement | None,
    steady: Consistency,
    *,
    simulated: bool,
) -> pl.DataFrame:
    """One row per dyad."""
    both = sessions.scores[CLIENT] + sessions.scores[THERAPIST]
    columns: dict[str, object] = {"client": list(sessions.clients), "sessions": np.sum(~np.isnan(both), axis=1)}
    if together is not None:
        columns |= _around("discrepancy", together.own_discrepancy, together.own_discrepancy_error)
        columns |= _around("congruence", together.own_congruence, together.own_congruence_error)
    if near is not None:
        columns |= _around("prediction_bias", near.own_bias, near.own_bias_error)
        columns |= _around("narrowing", near.own_narrowing, near.own_narrowing_error)
        columns |= {"skill": near.skill.own, "skill_low": near.skill.low, "skill_high": near.skill.high}
    columns |= {"swing": steady.swing, "swing_low": steady.low, "swing_high": steady.high}
    columns |= {"place": steady.place, "place_low": steady.place_low, "place_high": steady.place_high}
    if simulated:
        columns[SIMULATED] = ["yes"] * len(sessions.clients)
    return frame_of(columns)


def _around(name: str, values: FloatArray, errors: FloatArray) -> dict[str, FloatArray]:
    """Values with the ends of their 95 % intervals."""
    return {name: values, f"{name}_low": values - NORMAL * errors, f"{name}_high": values + NORMAL * errors}
