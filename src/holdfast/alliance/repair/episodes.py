"""From signals to rupture episodes: opened, followed rating by rating, repaired or not."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.detect import Detection
from holdfast.alliance.kinds import SignalKind
from holdfast.alliance.repair.ledger import Ledger
from holdfast.alliance.repair.standing import Confirmation, RepairStatus
from holdfast.alliance.repair.table import EpisodeTable, table_of
from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray, freeze

METHOD = "return-to-frozen-baseline"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuptureEpisode:
    """One rupture from its onset to its end; sessions are column indices of the detection.

    row: whose it is; number: the how-manieth of this client, from 1; baseline: the level before the onset, frozen;
    nadir: the lowest rating (None, and so the depth, if nothing was rated); end: None while open; depth: baseline minus
    nadir, in points and in within-person SDs (below 0: no rating fell); length: rated sessions from onset to end (or to
    the last one); status: in the ratings; repaired_at: by our rule; confirmation: what the client said when asked
    whether the strain had eased; settled_at: where ratings and, if asked, client first both call it repaired;
    compatible_repair_at: by the reading of Stiles (back to the rating before the onset less a quarter of the own SD);
    returned_next, returned: the points that came back since the lowest rating up to the signal, by the next rated
    session and by the last one in the window (None: not rated); rebound_next, rebound: what chance alone would give;
    rebound_range: where 95 of 100 such returns by the last one lie; beyond_chance: returned less rebound.
    """

    row: int
    number: int
    kind: SignalKind
    onset: int
    signalled: int
    nadir: int | None
    end: int | None
    baseline: float
    depth: float | None
    depth_in_sd: float | None
    length: int
    status: RepairStatus
    repaired_at: int | None
    confirmation: Confirmation
    settled_at: int | None
    compatible_repair_at: int | None
    rebound_next: float | None
    rebound: float | None
    rebound_range: tuple[float, float] | None
    returned_next: float | None
    returned: float | None
    doubts: tuple[str, ...]

    @property
    def latency(self) -> int | None:
        """Sessions from the onset to the repair in the ratings; None unless repaired."""
        return None if self.repaired_at is None else self.repaired_at - self.onset

    @property
    def beyond_chance(self) -> float | None:
        """What came back by the end of the window, less what chance alone would give; None if nothing was rated."""
        return None if self.returned is None or self.rebound is None else self.returned - self.rebound


@dataclass(frozen=True, slots=True, kw_only=True)
class Episodes:
    """The episodes of every client. number and status are (N, T): which episode a session belongs to (0: none) and
    the status as known after that session (RepairStatus codes, 0: none); repair_probability: the chance that the level
    is back, at the sessions where it was asked (else nan). table: all episodes as columns, for many at once.
    """

    number: IntArray
    status: IntArray
    repair_probability: FloatArray
    table: EpisodeTable
    method: str
    doubts: tuple[str, ...]

    @property
    def all(self) -> tuple[RuptureEpisode, ...]:
        """Every episode as an object, by client and number; made anew at each reading."""
        return tuple(_episodes(self.table))


def follow(
    detection: Detection,
    *,
    signals: ArrayLike | None = None,
    ended: ArrayLike | None = None,
    eased: ArrayLike | None = None,
) -> Episodes:
    """Open an episode at a signal, follow it, and say after each rating how far the alliance has come back.

    Rule: at a signal without an open episode one opens. Onset: the signal's session; of an erosion, the session after
    the last one with W = 0. The level B and the SD s of single ratings before the onset are frozen.
    Repaired at the first of the next `window` rated sessions where Pr(level >= B - tolerance*s | ratings) >=
    repair_probability. Partly: at least half of the drop, from B to the lowest rating up to the signal, regained in
    the latest rating. At the end of the window the episode closes as partly or not; where `ended` is true, one that
    is still open closes as ended. A signal while one is open belongs to it. Settled: repaired, and, if the client was
    asked between this signal and the next episode, the latest answer by then is yes.
    Rebound, and what came back: as repair.rebound.returns, over all `window` sessions after the signal.
    Shapes: signals (N, T), SignalKind codes, None for the detection's own (acute before erosion); ended (N,), None for
    nobody; eased (N, T), 1 yes, 0 no, nan not asked, None for never. Raises MethodError for other shapes or values.
    Source: ours; the compatible rule reads Stiles et al. 2004, whose wording we have not checked.
    """
    ledger = Ledger(detection, _signals(detection, signals))
    over, word = _ended(detection, ended), _eased(detection, eased)
    for column in range(detection.scores.shape[1]):
        ledger.read(column)
    ledger.end(over)
    return Episodes(
        number=freeze(ledger.number.T),
        status=freeze(ledger.status.T),
        repair_probability=freeze(ledger.probability.T),
        table=table_of(ledger, word),
        method=METHOD,
        doubts=detection.doubts,
    )


def _signals(detection: Detection, signals: ArrayLike | None) -> IntArray:
    """SignalKind codes, checked; the detection's own if none are given."""
    if signals is None:
        own = np.where(detection.erosion, SignalKind.EROSION.code, 0)
        return np.where(detection.acute, SignalKind.ACUTE.code, own).astype(np.int64)
    codes = np.asarray(signals)
    if codes.shape != detection.scores.shape or not np.isin(codes, range(len(SignalKind) + 1)).all():
        raise MethodError(
            "`signals` has the shape {got} for ratings of {wanted}, or a number that is no kind. Give 0 to 4 for each.",
            got=codes.shape,
            wanted=detection.scores.shape,
        )
    return codes.astype(np.int64)


def _ended(detection: Detection, ended: ArrayLike | None) -> BoolArray:
    """Whose therapy is over, checked."""
    clients = len(detection.scores)
    over = np.zeros(clients, dtype=np.bool_) if ended is None else np.asarray(ended, dtype=np.bool_)
    if over.shape != (clients,):
        raise MethodError(
            "`ended` has the shape {got} for {clients} clients. Give one yes or no for each.",
            got=over.shape,
            clients=clients,
        )
    return over


def _eased(detection: Detection, eased: ArrayLike | None) -> FloatArray | None:
    """The client's word per session, checked."""
    if eased is None:
        return None
    word = np.asarray(eased, dtype=np.float64)
    if word.shape != detection.scores.shape or not (np.isnan(word) | (word == 0.0) | (word == 1.0)).all():
        raise MethodError(
            "`eased` has the shape {got} for ratings of {wanted}, or other values. Give 1, 0 or nan for each.",
            got=word.shape,
            wanted=detection.scores.shape,
        )
    return word


def _episodes(table: EpisodeTable) -> Iterator[RuptureEpisode]:
    """The rows of the table, one object each."""
    for i in range(len(table.row)):
        status = RepairStatus.from_code(int(table.status[i])) or RepairStatus.OPEN
        kind = SignalKind.from_code(int(table.kind[i])) or SignalKind.ACUTE
        end = _column(table.end[i])
        yield RuptureEpisode(
            row=int(table.row[i]),
            number=int(table.number[i]),
            kind=kind,
            onset=int(table.onset[i]),
            signalled=int(table.signalled[i]),
            nadir=_column(table.nadir[i]),
            end=end,
            baseline=float(table.baseline[i]),
            depth=_number(table.depth[i]),
            depth_in_sd=_number(table.depth_in_sd[i]),
            length=int(table.length[i]),
            status=status,
            repaired_at=end if status is RepairStatus.REPAIRED else None,
            confirmation=Confirmation.from_code(int(table.confirmation[i])),
            settled_at=_column(table.settled_at[i]),
            compatible_repair_at=_column(table.compatible_repair_at[i]),
            rebound_next=_number(table.rebound_next[i]),
            rebound=_number(table.rebound[i]),
            rebound_range=_range(table.rebound_low[i], table.rebound_high[i]),
            returned_next=_number(table.returned_next[i]),
            returned=_number(table.returned[i]),
            doubts=tuple(_doubts(table, i, kind=kind, status=status)),
        )


def _column(number: int) -> int | None:
    """A column index out of an array, where -1 stands for none."""
    return None if number < 0 else int(number)


def _number(value: float) -> float | None:
    """A number out of an array, where nan stands for none."""
    return None if np.isnan(value) else float(value)


def _range(low: float, high: float) -> tuple[float, float] | None:
    """Both ends out of arrays, where nan stands for none."""
    return None if np.isnan(low) else (float(low), float(high))


def _doubts(table: EpisodeTable, i: int, *, kind: SignalKind, status: RepairStatus) -> Iterator[str]:
    """What limits this episode."""
    earlier, depth = int(table.earlier[i]), float(table.depth[i])
    if earlier == 0:
        yield "The level before it rests on the prior alone."
    elif earlier < 4:
        yield f"The level before it rests on {earlier} rated session{'' if earlier == 1 else 's'} and the prior."
    if kind is SignalKind.EROSION:
        yield "Where a slide began is estimated from the ratings."
    if np.isnan(depth):
        yield "Nothing was rated in it; the ratings do not say how deep it went."
    elif depth <= 0.0:
        yield "No rating fell below the level before it, so a return in the ratings says little."
    if status is RepairStatus.REPAIRED and table.confirmation[i] == Confirmation.NOT_ASKED.code:
        yield "Repaired in the ratings; what client and therapist say about it is not part of this."
    if status is RepairStatus.REPAIRED and table.confirmation[i] == Confirmation.CONTRADICTED.code:
        yield "Repaired in the ratings, but the client, when asked, did not say that the strain had eased."
