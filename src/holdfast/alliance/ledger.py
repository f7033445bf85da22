"""The book-keeping behind `follow`: many clients at once, one column of ratings after the other."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from holdfast.alliance.detect import Detection
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray
from holdfast.stats.student import student_tail


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeTable:
    """All episodes as columns of one length, by client and number; -1 stands for no session, nan for no number."""

    row: IntArray
    number: IntArray
    acute: BoolArray
    onset: IntArray
    signalled: IntArray
    nadir: IntArray
    end: IntArray
    status: IntArray
    compatible_repair_at: IntArray
    length: IntArray
    earlier: IntArray
    baseline: FloatArray
    depth: FloatArray
    depth_in_sd: FloatArray
    rebound: FloatArray
    returned: FloatArray


class Ledger:
    """Who has an open episode, since when, against which baseline; at most one per client at a time."""

    def __init__(self, detection: Detection, *, codes: Mapping[str, int]) -> None:
        """Room for as many episodes as there are signals."""
        clients, columns = detection.scores.shape
        most = int((detection.acute | detection.erosion).sum())
        self.detection, self.codes = detection, codes
        self._scores = detection.scores if columns else np.full((clients, 1), np.nan)
        self.number = np.zeros((columns, clients), dtype=np.int64)
        self.status = np.zeros((columns, clients), dtype=np.int64)
        self.probability = np.full((columns, clients), np.nan)
        self._open = np.full(clients, -1, dtype=np.int64)
        self._so_far = np.zeros(clients, dtype=np.int64)
        self._used = 0
        self._row, self._of_client, self._onset, self._signalled, self._state, self._rated = (
            np.zeros(most, dtype=np.int64) for _ in range(6)
        )
        self._end = np.full(most, -1, dtype=np.int64)
        self._acute = np.zeros(most, dtype=np.bool_)
        self._baseline, self._variance, self._lowest = (np.zeros(most) for _ in range(3))

    def read(self, column: int) -> None:
        """Take in one column: move the open episodes on, open new ones where a signal finds none open."""
        found = self.detection
        signal = found.acute[:, column] | found.erosion[:, column]
        fresh = np.flatnonzero(signal & (self._open < 0))
        held = np.flatnonzero(self._open >= 0)
        self._assess(held[~np.isnan(found.scores[held, column])], column)
        self._begin(fresh, column)
        rows = np.concatenate((held, fresh))
        here = self._open[rows]
        self.number[column, rows] = self._of_client[here]
        self.status[column, rows] = self._state[here]
        self._open[rows[self._end[here] >= 0]] = -1

    def end(self, over: BoolArray) -> None:
        """Close what is open where the therapy is over, at the last rated session."""
        rows = np.flatnonzero(over & (self._open >= 0))
        here = self._open[rows]
        rated = ~np.isnan(self._scores[rows])
        last = rated.shape[1] - 1 - np.argmax(rated[:, ::-1], axis=1)
        self._end[here] = last
        self._state[here] = self.codes["ended"]
        tail = np.arange(len(self.status))[:, np.newaxis] >= last
        self.status[:, rows] = np.where(tail, self.codes["ended"], self.status[:, rows])
        self._open[rows] = -1

    def _begin(self, rows: IntArray, column: int) -> None:
        """Open one episode for each row and freeze its baseline."""
        found = self.detection
        new = np.arange(self._used, self._used + len(rows))
        self._used += len(rows)
        acute = found.acute[rows, column]
        onset = np.where(acute, column, found.onset[rows, column])
        self._so_far[rows] += 1
        self._open[rows] = new
        self._row[new], self._of_client[new] = rows, self._so_far[rows]
        self._acute[new], self._onset[new], self._signalled[new] = acute, onset, column
        self._state[new] = self.codes["open"]
        self._baseline[new] = found.expected[rows, onset]
        self._variance[new] = found.states.variance[rows, onset - 1]
        self._lowest[new] = self._lowest_between(rows, onset, np.full(len(rows), column))[1]

    def _assess(self, rows: IntArray, column: int) -> None:
        """After a rating: repaired, partly or still open; close what is repaired or out of its window."""
        found, rule = self.detection, self.detection.rule
        here = self._open[rows]
        self._rated[here] += 1
        states = found.states
        target = self._baseline[here] - rule.tolerance * np.sqrt(self._variance[here])
        spread = np.sqrt(states.ratio[rows, column] * states.variance[rows, column])
        chance = student_tail((states.level[rows, column] - target) / spread, states.degrees_of_freedom[rows, column])
        self.probability[column, rows] = chance
        repaired = chance >= rule.repair_probability
        half = found.scores[rows, column] >= (self._baseline[here] + self._lowest[here]) / 2.0
        closing = repaired | (self._rated[here] >= rule.window)
        code = self.codes
        neither = np.where(closing, code["not"], code["open"])
        self._state[here] = np.where(repaired, code["repaired"], np.where(half, code["partly"], neither))
        self._end[here[closing]] = column

    def _lowest_between(self, rows: IntArray, first: IntArray, last: IntArray) -> tuple[IntArray, FloatArray]:
        """The column and the rating of the lowest rating from first to last, for each row."""
        columns = np.arange(self._scores.shape[1])
        scores = self._scores[rows]
        inside = (columns >= first[:, np.newaxis]) & (columns <= last[:, np.newaxis]) & ~np.isnan(scores)
        scores = np.where(inside, scores, np.inf)
        where = np.argmin(scores, axis=1)
        return where, scores[np.arange(len(rows)), where]

    def table(self) -> EpisodeTable:
        """Everything that is known of the episodes at the end, by client and number."""
        order = np.lexsort((self._of_client[: self._used], self._row[: self._used]))
        row, onset, signalled, end = (a[order] for a in (self._row, self._onset, self._signalled, self._end))
        scores, level = self._scores, self.detection.states.level
        last = np.where(end < 0, scores.shape[1] - 1, end)
        nadir, lowest = self._lowest_between(row, onset, last)
        depth = self._baseline[order] - lowest
        rank = np.cumsum(~np.isnan(scores[row]), axis=1)
        each = np.arange(len(row))
        return EpisodeTable(
            row=row,
            number=self._of_client[order],
            acute=self._acute[order],
            onset=onset,
            signalled=signalled,
            nadir=nadir,
            end=end,
            status=self._state[order],
            compatible_repair_at=self._compatible(row, onset, rank, rank[each, signalled]),
            length=rank[each, last] - rank[each, onset] + 1,
            earlier=rank[each, onset] - 1,
            baseline=self._baseline[order],
            depth=depth,
            depth_in_sd=depth / np.sqrt(self._variance[order]),
            rebound=np.maximum(level[row, nadir] - lowest, 0.0),
            returned=_latest(scores[row], nadir, last) - lowest,
        )

    def _compatible(self, row: IntArray, onset: IntArray, rank: IntArray, signal_rank: IntArray) -> IntArray:
        """The first session in the window back at the rating before the onset less a quarter of the SD until then."""
        scores = self._scores[row]
        before = (np.arange(scores.shape[1]) < onset[:, np.newaxis]) & ~np.isnan(scores)
        count = before.sum(axis=1)
        filled = np.where(before, scores, 0.0)
        mean = filled.sum(axis=1) / np.maximum(count, 1)
        squares = np.where(before, (scores - mean[:, np.newaxis]) ** 2, 0.0).sum(axis=1)
        own_sd = np.where(count >= 2, np.sqrt(squares / np.maximum(count - 1, 1)), np.nan)
        target = _latest(scores, np.full(len(row), -1), onset - 1) - 0.25 * own_sd
        ranked = rank - signal_rank[:, np.newaxis]
        back = (ranked >= 1) & (ranked <= self.detection.rule.window) & (scores >= target[:, np.newaxis])
        return np.where(back.any(axis=1), np.argmax(back, axis=1), -1).astype(np.int64)


def _latest(scores: FloatArray, after: IntArray, until: IntArray) -> FloatArray:
    """The latest rating strictly after one column and up to another, for each row; nan if there is none."""
    columns = np.arange(scores.shape[1])
    inside = (columns > after[:, np.newaxis]) & (columns <= until[:, np.newaxis]) & ~np.isnan(scores)
    last = scores.shape[1] - 1 - np.argmax(inside[:, ::-1], axis=1)
    return np.where(inside.any(axis=1), scores[np.arange(len(scores)), last], np.nan)
