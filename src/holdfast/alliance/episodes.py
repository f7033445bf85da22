"""From signals to rupture episodes: opened, followed rating by rating, repaired or not."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.detect import Detection
from holdfast.alliance.ledger import EpisodeTable, Ledger
from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, IntArray, freeze

METHOD = "return-to-frozen-baseline"


class RepairStatus(StrEnum):
    """How far the alliance has come back in the ratings; its code is its place here, counted from 1."""

    OPEN = "open"
    REPAIRED = "repaired"
    PARTLY = "partly"
    NOT = "not"
    ENDED = "ended"

    @property
    def code(self) -> int:
        """The number that stands for it in arrays; 0 stands for no episode."""
        return list(RepairStatus).index(self) + 1

    @classmethod
    def from_code(cls, code: int) -> "RepairStatus | None":
        """The status behind a number in an array; None for 0."""
        return None if code == 0 else list(cls)[code - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class RuptureEpisode:
    """One rupture from its onset to its end; sessions are column indices of the detection.

    row: whose it is; number: the how-manieth of this client, from 1; kind: "acute" or "erosion"; baseline: the level
    before the onset, frozen; nadir: the lowest rating; end: None while open; depth: baseline minus nadir, in points
    and in within-person SDs; length: rated sessions from onset to end (or to the last one); repaired_at: by our rule;
    compatible_repair_at: by the reading of Stiles (back to the rating before the onset less a quarter of the own SD);
    rebound: the points that chance alone would give back after the nadir; returned: the points that did come back by
    the last rating of the episode (None if nothing was rated after the nadir).
    """

    row: int
    number: int
    kind: str
    onset: int
    signalled: int
    nadir: int
    end: int | None
    baseline: float
    depth: float
    depth_in_sd: float
    length: int
    status: RepairStatus
    repaired_at: int | None
    compatible_repair_at: int | None
    rebound: float
    returned: float | None
    doubts: tuple[str, ...]


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


def follow(detection: Detection, *, ended: ArrayLike | None = None) -> Episodes:
    """Open an episode at a signal, follow it, and say after each rating how far the alliance has come back.

    Rule: at a signal without an open episode one opens. Acute: onset = the signal's session. Erosion: onset = the
    session after the last one with W = 0. The level B and the SD s of single ratings before the onset are frozen.
    Repaired at the first of the next `window` rated sessions where Pr(level >= B - tolerance*s | ratings) >=
    repair_probability. Partly: at least half of the drop, from B to the lowest rating up to the signal, regained in
    the latest rating. At the end of the window the episode closes as partly or not; where `ended` is true, one that
    is still open closes as ended. A signal while one is open belongs to it.
    Rebound: nothing but chance at work, the rating after the nadir is expected at the level m that the filter holds
    after it, so chance gives back m - y(nadir) points (never below 0).
    Shapes: ended (N,), None for nobody. Raises MethodError for another shape.
    Source: ours; the compatible rule reads Stiles et al. 2004, whose wording we have not checked.
    """
    clients = len(detection.scores)
    over = np.zeros(clients, dtype=np.bool_) if ended is None else np.asarray(ended, dtype=np.bool_)
    if over.shape != (clients,):
        raise MethodError(
            "`ended` has the shape {got} for {clients} clients. Give one yes or no for each.",
            got=over.shape,
            clients=clients,
        )
    ledger = Ledger(detection, codes={status.value: status.code for status in RepairStatus})
    for column in range(detection.scores.shape[1]):
        ledger.read(column)
    ledger.end(over)
    return Episodes(
        number=freeze(ledger.number.T),
        status=freeze(ledger.status.T),
        repair_probability=freeze(ledger.probability.T),
        table=ledger.table(),
        method=METHOD,
        doubts=detection.doubts,
    )


def _episodes(table: EpisodeTable) -> Iterator[RuptureEpisode]:
    """The rows of the table, one object each."""
    for i in range(len(table.row)):
        status = RepairStatus.from_code(int(table.status[i])) or RepairStatus.OPEN
        end = _column(table.end[i])
        yield RuptureEpisode(
            row=int(table.row[i]),
            number=int(table.number[i]),
            kind="acute" if table.acute[i] else "erosion",
            onset=int(table.onset[i]),
            signalled=int(table.signalled[i]),
            nadir=int(table.nadir[i]),
            end=end,
            baseline=float(table.baseline[i]),
            depth=float(table.depth[i]),
            depth_in_sd=float(table.depth_in_sd[i]),
            length=int(table.length[i]),
            status=status,
            repaired_at=end if status is RepairStatus.REPAIRED else None,
            compatible_repair_at=_column(table.compatible_repair_at[i]),
            rebound=float(table.rebound[i]),
            returned=None if np.isnan(table.returned[i]) else float(table.returned[i]),
            doubts=_doubts(acute=bool(table.acute[i]), earlier=int(table.earlier[i]), status=status),
        )


def _column(number: int) -> int | None:
    """A column index out of an array, where -1 stands for none."""
    return None if number < 0 else int(number)


def _doubts(*, acute: bool, earlier: int, status: RepairStatus) -> tuple[str, ...]:
    """What limits this episode."""
    doubts = []
    if earlier < 4:
        doubts.append(
            f"The level before it rests on {earlier} rated session{'' if earlier == 1 else 's'} and the prior."
        )
    if not acute:
        doubts.append("Where a slide began is estimated from the ratings.")
    if status is RepairStatus.REPAIRED:
        doubts.append("Repaired in the ratings; what client and therapist say about it is not part of this.")
    return tuple(doubts)
