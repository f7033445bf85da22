"""All episodes as columns, read off a ledger once every rating is in."""

from dataclasses import dataclass

import numpy as np

from holdfast.alliance.repair.ledger import REPAIRED, Ledger
from holdfast.alliance.repair.rebound import returns
from holdfast.alliance.repair.standing import Confirmation
from holdfast.stats.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeTable:
    """All episodes as columns of one length, by client and number; -1 stands for no session, nan for no number.

    kind, status, confirmation: codes of SignalKind, RepairStatus and Confirmation; own_sd: the frozen within-person SD;
    earlier: rated sessions before the onset; the other columns are those of RuptureEpisode.
    """

    row: IntArray
    number: IntArray
    kind: IntArray
    onset: IntArray
    signalled: IntArray
    nadir: IntArray
    end: IntArray
    status: IntArray
    confirmation: IntArray
    settled_at: IntArray
    compatible_repair_at: IntArray
    length: IntArray
    earlier: IntArray
    baseline: FloatArray
    own_sd: FloatArray
    depth: FloatArray
    depth_in_sd: FloatArray
    rebound_next: FloatArray
    rebound: FloatArray
    rebound_low: FloatArray
    rebound_high: FloatArray
    returned_next: FloatArray
    returned: FloatArray


def table_of(ledger: Ledger, eased: FloatArray | None) -> EpisodeTable:
    """Everything that is known of the episodes at the end; eased (N, T) is the client's word, 1, 0 or nan."""
    order = np.lexsort((ledger.of_client[: ledger.used], ledger.row[: ledger.used]))
    row, onset, signalled, end = (a[order] for a in (ledger.row, ledger.onset, ledger.signalled, ledger.finished))
    scores, baseline, own_sd = ledger.scores, ledger.baseline[order], np.sqrt(ledger.variance[order])
    status = ledger.state[order]
    last = np.where(end < 0, scores.shape[1] - 1, end)
    nadir, lowest = ledger.lowest_between(row, onset, last)
    rated = ~np.isnan(scores[row])
    rank = np.cumsum(rated, axis=1)
    each = np.arange(len(row))
    earlier = (rank - rated)[each, onset]
    back = returns(ledger.detection, row=row, onset=onset, signalled=signalled)
    word, settled_at = _confirmed(row, signalled, np.where(status == REPAIRED, end, -1), eased)
    return EpisodeTable(
        row=row,
        number=ledger.of_client[order],
        kind=ledger.kind[order],
        onset=onset,
        signalled=signalled,
        nadir=nadir,
        end=end,
        status=status,
        confirmation=word,
        settled_at=settled_at,
        compatible_repair_at=_compatible(ledger, row, onset, rank - rank[each, signalled][:, np.newaxis]),
        length=rank[each, last] - earlier,
        earlier=earlier,
        baseline=baseline,
        own_sd=own_sd,
        depth=baseline - lowest,
        depth_in_sd=(baseline - lowest) / own_sd,
        rebound_next=back.chance_next,
        rebound=back.chance,
        rebound_low=back.low,
        rebound_high=back.high,
        returned_next=back.at_next,
        returned=back.at_last,
    )


def _confirmed(
    row: IntArray, signalled: IntArray, repaired_at: IntArray, eased: FloatArray | None
) -> tuple[IntArray, IntArray]:
    """What the client said between this signal and the next episode's, and where ratings and word first agree.

    An answer holds until the next one. Repaired and never asked: settled where the ratings are back.
    """
    silent = Confirmation.NOT_ASKED.code
    if eased is None or not len(row):
        return np.full(len(row), silent, dtype=np.int64), repaired_at
    columns = np.arange(eased.shape[1])
    last = row[1:] == row[:-1]
    until = np.append(np.where(last, signalled[1:], len(columns)), len(columns))
    inside = (columns >= signalled[:, np.newaxis]) & (columns < until[:, np.newaxis])
    answered = np.where(inside & ~np.isnan(eased[row]), columns, -1)
    latest = np.maximum.accumulate(answered, axis=1)
    yes = (latest >= 0) & (np.take_along_axis(eased[row], np.maximum(latest, 0), axis=1) == 1.0)
    both = inside & yes & (repaired_at >= 0)[:, np.newaxis] & (columns >= repaired_at[:, np.newaxis])
    agreed = both.any(axis=1)
    final = np.where(yes[:, -1], Confirmation.CONFIRMED.code, Confirmation.CONTRADICTED.code)
    word = np.where(agreed, Confirmation.CONFIRMED.code, np.where(latest[:, -1] < 0, silent, final))
    return word, np.where(agreed, np.argmax(both, axis=1), np.where(word == silent, repaired_at, -1))


def _compatible(ledger: Ledger, row: IntArray, onset: IntArray, since: IntArray) -> IntArray:
    """The first session in the window back at the rating before the onset less a quarter of the SD until then."""
    scores = ledger.scores[row]
    before = (np.arange(scores.shape[1]) < onset[:, np.newaxis]) & ~np.isnan(scores)
    count = before.sum(axis=1)
    filled = np.where(before, scores, 0.0)
    mean = filled.sum(axis=1) / np.maximum(count, 1)
    squares = np.where(before, (scores - mean[:, np.newaxis]) ** 2, 0.0).sum(axis=1)
    own_sd = np.where(count >= 2, np.sqrt(squares / np.maximum(count - 1, 1)), np.nan)
    target = _latest(scores, np.full(len(row), -1), onset - 1) - 0.25 * own_sd
    back = (since >= 1) & (since <= ledger.detection.rule.window) & (scores >= target[:, np.newaxis])
    return np.where(back.any(axis=1), np.argmax(back, axis=1), -1).astype(np.int64)


def _latest(scores: FloatArray, after: IntArray, until: IntArray) -> FloatArray:
    """The latest rating strictly after one column and up to another, for each row; nan if there is none."""
    columns = np.arange(scores.shape[1])
    inside = (columns > after[:, np.newaxis]) & (columns <= until[:, np.newaxis]) & ~np.isnan(scores)
    last = scores.shape[1] - 1 - np.argmax(inside[:, ::-1], axis=1)
    return np.where(inside.any(axis=1), scores[np.arange(len(scores)), last], np.nan)
