"""Everything that was said in a session of a table, heard together: signals of every kind over all clients."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from holdfast.alliance import Calibration, Episodes, Prior, Rule, calibrate, follow
from holdfast.alliance.calibration import monitored_tails
from holdfast.alliance.learn import learn_prior
from holdfast.alliance.signals import (
    Archive,
    Budget,
    Rates,
    Signals,
    Sources,
    TensionRule,
    facets_that_fell,
    find_signals,
    habits_of,
    prior_for_misses,
    talk_about_it,
)
from holdfast.alliance.signals.find import METHOD, rule_for
from holdfast.interop.checking import Range
from holdfast.interop.looking import ENOUGH, Finding, GivenPrior, Told, blocks, choose_prior, joined
from holdfast.interop.sessions import SessionTable
from holdfast.interop.table import as_text
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray

SOURCES = {
    "score": "client",
    "therapist_score": "therapist",
    "predicted": "predicted",
    "client_tension": "client_tension",
    "therapist_tension": "therapist_tension",
    "client_way": "client_way",
    "therapist_way": "therapist_way",
}
"""What a column is called here, and what it is as a source of signals."""
FACET = "facet: "  # what the columns of facets are called here, before their own name
KINDS = ("acute", "erosion", "tension", "disagreement")
RANGED = ("expected", "low", "high", "p")
_Known = tuple[Archive, tuple[tuple[IntArray, Episodes], ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """What is asked of a table: the dial, the starting point, the range of the ratings, the fixed rule (None: none),
    and the column that says who the therapist is (None: nobody changes)."""

    budget: Budget = field(default_factory=Budget)
    prior: GivenPrior = "auto"
    range: Range
    talk_at: float | None = None
    therapist: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was found in each session; arrays are (cells,) as in SessionTable.flat.

    findings: by rater, the client's first; kinds: by kind, whether the session holds one; together: the pooled tail of
    all sources; way, direction: codes of Way and Direction; talk: whether the fixed rule applies; talk_expected: how
    many sessions it would apply to by each person's own history. calibration: of the pooled tails. fell: the facets
    that fell most in each session with a signal, the deepest first, None where none stands out.
    """

    findings: Mapping[str, Finding]
    kinds: Mapping[str, BoolArray]
    together: FloatArray
    way: IntArray
    direction: IntArray
    talk: BoolArray
    talk_expected: float
    rates: Rates
    budget: Budget
    tension_rules: Mapping[str, TensionRule]
    calibration: Calibration
    fell: list[str | None]
    doubts: tuple[str, ...]

    @property
    def monitored(self) -> int:
        """Rated sessions in which the client's rating could have raised a signal."""
        return self.findings["score"].monitored


@dataclass(slots=True)
class _Gathered:
    """The arrays of a Heard while the blocks are being read."""

    ranged: dict[str, dict[str, FloatArray]]
    codes: dict[str, IntArray]
    flags: dict[str, BoolArray]
    together: FloatArray
    monitored: FloatArray
    fell: list[str | None]
    talk_expected: float = 0.0
    doubts: list[tuple[str, ...]] = field(default_factory=list)

    @classmethod
    def of(cls, cells: int, raters: list[str], *, facets: bool) -> "_Gathered":
        """Room for every cell; for words on facets only where there are any."""
        return cls(
            ranged={rater: {key: np.full(cells, np.nan) for key in RANGED} for rater in raters},
            codes={key: np.zeros(cells, np.int64) for key in ("kind", "episode", "status", "way", "direction")},
            flags={key: np.zeros(cells, np.bool_) for key in (*KINDS, "talk")},
            together=np.full(cells, np.nan),
            monitored=np.full(cells, np.nan),
            fell=[None] * cells if facets else [],
        )


def listen(sessions: SessionTable, asked: Listening, *, told: Told | None = None) -> Heard:
    """Find the signals of every kind in a table of sessions and follow the client's episodes.

    Rule, meaning and source: holdfast.alliance.signals.find_signals and holdfast.alliance.follow. Priors, correlations
    and base rates of reported tension are learned from the table, or as asked. `told` hears how many cells are done.
    """
    archive = archive_of(sessions, asked)
    raters = [name for name in ("score", "therapist_score") if name in sessions.flat]
    change = None if asked.therapist is None else another_therapist(sessions, asked.therapist)
    facets = any(name.startswith(FACET) for name in sessions.flat)
    gathered = _Gathered.of(len(sessions.row_of), raters, facets=facets)
    followed: list[tuple[IntArray, Episodes]] = []
    done = 0
    for members in blocks(sessions.lengths):
        signals = _signals(sessions, members, archive, asked, change)
        episodes = follow(signals.client, signals=signals.kind)
        followed.append((members, episodes))
        places = sessions.places(members)
        inside = places >= 0
        here = places[inside]
        _keep(gathered, signals, here, inside, asked)
        _name_facets(gathered, sessions, members, signals)
        gathered.codes["episode"][here] = episodes.number[inside]
        gathered.codes["status"][here] = episodes.status[inside]
        done += len(here)
        if told:
            told(done, len(sessions.row_of))
    return _heard(sessions, asked, gathered, (archive, tuple(followed)))


def archive_of(sessions: SessionTable, asked: Listening) -> Archive:
    """What the table itself says of its sources: priors, how they go together, how often tension is reported alone."""
    priors = {
        SOURCES[name]: choose_prior(sessions, name, prior=asked.prior, range=asked.range)
        for name in ("score", "therapist_score", "predicted")
        if name in sessions.flat
    }
    chosen = np.arange(len(sessions.clients))
    if len(chosen) > ENOUGH:
        chosen = chosen[np.linspace(0, len(chosen) - 1, ENOUGH).astype(np.int64)]
    sources = sources_of_table(sessions, chosen)
    if sources.misses is not None:
        priors["misses"] = _prior_of_misses(sources.misses, asked)
    if len(priors) == 1 and not sources.reports:
        return Archive(priors=priors)  # nothing goes together with anything
    return habits_of(sources, priors=priors, budget=asked.budget)


def _prior_of_misses(misses: FloatArray, asked: Listening) -> Prior:
    """Learned from the table where there is enough of it, else from the range."""
    low, high = asked.range
    learned = learn_prior(misses, low=low - high, high=high - low)
    return learned if learned.calibrated else prior_for_misses(low, high)


def sources_of_table(sessions: SessionTable, members: IntArray) -> Sources:
    """What some clients, by index, said in their sessions, (clients, sessions)."""
    return Sources(
        **{
            source: sessions.dense(sessions.flat[name], members)
            for name, source in SOURCES.items()
            if name in sessions.flat
        }
    )


def another_therapist(sessions: SessionTable, column: str) -> FloatArray:
    """Which cells begin a course with another therapist than the client's session before, (cells,), 1 or 0.

    A session that names nobody goes on with whoever came before. Raises TableError for a column that is not there.
    """
    named = as_text(sessions.table.column(column)).gather(sessions.row_of)
    frame = pl.DataFrame({"who": named, "client": np.repeat(np.arange(len(sessions.clients)), sessions.lengths)})
    who = frame.select(pl.col("who").forward_fill().over("client"), "client")
    other = (pl.col("who") != pl.col("who").shift()) & (pl.col("client") == pl.col("client").shift())
    return who.select(other.fill_null(value=False).cast(pl.Float64)).to_series().to_numpy()


def _signals(
    sessions: SessionTable, members: IntArray, archive: Archive, asked: Listening, change: FloatArray | None
) -> Signals:
    return find_signals(
        sources_of_table(sessions, members),
        archive=archive,
        budget=asked.budget,
        rule=Rule(),
        steps=np.nan_to_num(sessions.dense(sessions.flat_steps, members)),
        breaks=None if change is None else np.nan_to_num(sessions.dense(change, members)),
    )


def _keep(gathered: _Gathered, signals: Signals, here: IntArray, inside: BoolArray, asked: Listening) -> None:
    """Put one block's results where they belong."""
    raters = {"score": signals.client, "therapist_score": signals.therapist}
    for rater, ranged in gathered.ranged.items():
        detection = raters[rater]
        for key, values in ranged.items():
            values[here] = getattr(detection, key)[inside]
    for key in KINDS:
        gathered.flags[key][here] = getattr(signals, key)[inside]
    gathered.codes["kind"][here] = signals.kind[inside]
    gathered.codes["way"][here] = signals.way[inside]
    if signals.apart is not None:
        gathered.codes["direction"][here] = signals.apart.direction[inside]
    gathered.together[here] = signals.p[inside]
    gathered.monitored[here] = _monitored(signals)[inside]
    if asked.talk_at is not None:
        fixed = talk_about_it(signals.client, cutoff=asked.talk_at)
        gathered.flags["talk"][here] = fixed.applies[inside]
        gathered.talk_expected += float(fixed.chance[inside & ~np.isnan(signals.client.scores)].sum())
    gathered.doubts.append(signals.doubts)


def _name_facets(gathered: _Gathered, sessions: SessionTable, members: IntArray, signals: Signals) -> None:
    """Which facets fell, in the sessions that hold a signal."""
    names = tuple(name for name in sessions.flat if name.startswith(FACET))
    if not names:
        return
    found = facets_that_fell(np.stack([sessions.dense(sessions.flat[name], members) for name in names], axis=2))
    places, words = sessions.places(members), tuple(name.removeprefix(FACET) for name in names)
    for row, column in np.argwhere((signals.kind > 0) & found.fell.any(axis=2)).tolist():
        gathered.fell[int(places[row, column])] = "; ".join(found.named(row, column, words))


def _monitored(signals: Signals) -> FloatArray:
    """The pooled tails of the sessions in which the client's rating could have raised a signal."""
    return np.where(np.isnan(monitored_tails(signals.client)), np.nan, signals.p)


def _heard(sessions: SessionTable, asked: Listening, gathered: _Gathered, known: _Known) -> Heard:
    """Everything together."""
    archive, followed = known
    none = sources_of_table(sessions, np.zeros(0, dtype=np.int64))
    rates = asked.budget.rates(disagreement=none.has_disagreement, tension=bool(none.reports))
    doubts = joined(gathered.doubts, clients=len(sessions.clients)) or archive.priors["client"].doubts
    apart = np.arange(len(sessions.clients))[:: max(1, len(sessions.clients) // ENOUGH)]
    tails = sessions.dense(gathered.monitored, apart)
    findings = {}
    for rater, ranged in gathered.ranged.items():
        leads = rater == "score"
        nothing = np.zeros(len(sessions.row_of), dtype=np.int64)
        findings[rater] = Finding(
            **ranged,
            signal=gathered.codes["kind"] if leads else nothing,
            episode=gathered.codes["episode"] if leads else nothing,
            status=gathered.codes["status"] if leads else nothing,
            monitored=int((~np.isnan(gathered.monitored)).sum()),
            prior=archive.priors[SOURCES[rater]],
            rule=rule_for(rates, none),
            method=METHOD,
            doubts=doubts,
            blocks=followed if leads else (),
        )
    return Heard(
        findings=findings,
        kinds={key: gathered.flags[key] for key in KINDS},
        together=gathered.together,
        way=gathered.codes["way"],
        direction=gathered.codes["direction"],
        talk=gathered.flags["talk"],
        talk_expected=gathered.talk_expected,
        rates=rates,
        budget=asked.budget,
        tension_rules=archive.tension,
        calibration=calibrate(tails, nominal=rates.acute),
        fell=gathered.fell,
        doubts=doubts,
    )
