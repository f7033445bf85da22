"""The book-keeping behind `follow`: many clients at once, one column of ratings after the other."""

import numpy as np

from holdfast.alliance.detect import Detection
from holdfast.alliance.kinds import SignalKind
from holdfast.alliance.repair.standing import RepairStatus
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray
from holdfast.stats.student import student_tail

OPEN, REPAIRED, PARTLY, NOT, ENDED = (status.code for status in RepairStatus)


class Ledger:
    """Who has an open episode, since when, against which baseline; at most one per client at a time.

    The arrays over episodes (row, of_client, kind, onset, signalled, end, state, baseline, variance) are filled in the
    order of opening; used says how many there are. number, status and probability are (T, N).
    """

    def __init__(self, detection: Detection, signals: IntArray) -> None:
        """Room for as many episodes as there are signals; signals are SignalKind codes, (N, T)."""
        clients, columns = detection.scores.shape
        most = int((signals > 0).sum())
        self.detection, self._signals = detection, signals
        self.scores = detection.scores if columns else np.full((clients, 1), np.nan)
        self.number = np.zeros((columns, clients), dtype=np.int64)
        self.status = np.zeros((columns, clients), dtype=np.int64)
        self.probability = np.full((columns, clients), np.nan)
        self._open = np.full(clients, -1, dtype=np.int64)
        self._so_far = np.zeros(clients, dtype=np.int64)
        self.used = 0
        self.row, self.of_client, self.kind, self.onset, self.signalled, self.state, self._rated = (
            np.zeros(most, dtype=np.int64) for _ in range(7)
        )
        self.finished = np.full(most, -1, dtype=np.int64)
        self.baseline, self.variance, self._lowest = (np.zeros(most) for _ in range(3))

    def read(self, column: int) -> None:
        """Take in one column: move the open episodes on, open new ones where a signal finds none open."""
        fresh = np.flatnonzero((self._signals[:, column] > 0) & (self._open < 0))
        held = np.flatnonzero(self._open >= 0)
        self._assess(held[~np.isnan(self.scores[held, column])], column)
        self._begin(fresh, column)
        rows = np.concatenate((held, fresh))
        here = self._open[rows]
        self.number[column, rows] = self.of_client[here]
        self.status[column, rows] = self.state[here]
        self._open[rows[self.finished[here] >= 0]] = -1

    def end(self, over: BoolArray) -> None:
        """Close what is open where the therapy is over, at the last rated session or the signal, the later one."""
        rows = np.flatnonzero(over & (self._open >= 0))
        here = self._open[rows]
        rated = ~np.isnan(self.scores[rows])
        last_rated = np.where(rated.any(axis=1), rated.shape[1] - 1 - np.argmax(rated[:, ::-1], axis=1), -1)
        last = np.maximum(last_rated, self.signalled[here])
        self.finished[here] = last
        self.state[here] = ENDED
        tail = np.arange(len(self.status))[:, np.newaxis] >= last
        self.status[:, rows] = np.where(tail, ENDED, self.status[:, rows])
        self._open[rows] = -1

    def _begin(self, rows: IntArray, column: int) -> None:
        """Open one episode for each row and freeze its baseline."""
        found = self.detection
        new = np.arange(self.used, self.used + len(rows))
        self.used += len(rows)
        kind, slide = self._signals[rows, column], found.onset[rows, column]
        onset = np.where((kind == SignalKind.EROSION.code) & (slide >= 0), slide, column)
        self._so_far[rows] += 1
        self._open[rows] = new
        self.row[new], self.of_client[new] = rows, self._so_far[rows]
        self.kind[new], self.onset[new], self.signalled[new] = kind, onset, column
        self.state[new] = OPEN
        self.baseline[new] = found.expected[rows, onset]
        self.variance[new] = np.where(onset > 0, found.states.variance[rows, onset - 1], found.prior.variance)
        self._lowest[new] = self.lowest_between(rows, onset, np.full(len(rows), column))[1]

    def _assess(self, rows: IntArray, column: int) -> None:
        """After a rating: repaired, partly or still open; close what is repaired or out of its window."""
        found, rule = self.detection, self.detection.rule
        here = self._open[rows]
        self._rated[here] += 1
        states, before, lowest = found.states, self.baseline[here], self._lowest[here]
        target = before - rule.tolerance * np.sqrt(self.variance[here])
        spread = np.sqrt(states.ratio[rows, column] * states.variance[rows, column])
        chance = student_tail((states.level[rows, column] - target) / spread, states.degrees_of_freedom[rows, column])
        self.probability[column, rows] = chance
        repaired = chance >= rule.repair_probability
        half = (lowest < before) & (found.scores[rows, column] >= (before + lowest) / 2.0)
        closing = repaired | (self._rated[here] >= rule.window)
        neither = np.where(closing, NOT, OPEN)
        self.state[here] = np.where(repaired, REPAIRED, np.where(half, PARTLY, neither))
        self.finished[here[closing]] = column

    def lowest_between(self, rows: IntArray, first: IntArray, last: IntArray) -> tuple[IntArray, FloatArray]:
        """The column and the rating of the lowest rating from first to last, for each row; -1 and nan if unrated."""
        columns = np.arange(self.scores.shape[1])
        scores = self.scores[rows]
        inside = (columns >= first[:, np.newaxis]) & (columns <= last[:, np.newaxis]) & ~np.isnan(scores)
        where = np.argmin(np.where(inside, scores, np.inf), axis=1)
        some = inside.any(axis=1)
        return np.where(some, where, -1), np.where(some, scores[np.arange(len(rows)), where], np.nan)
