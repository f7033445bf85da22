"""Lowered stretches read off the regimes: where each began and ended, and how sure that is."""

from dataclasses import dataclass

import numpy as np

from holdfast.stats.arrays import FloatArray, IntArray, freeze

LEAST = 0.5
TAIL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """One entry per stretch, by client and session. first, last: the sessions with a probability of .5 or more; peak:
    the surest of them, with its probability and depth (own SDs); onset_low, onset_high and end_low, end_high: the first
    and the last lowered session lie in these ranges with a probability of about .9.
    """

    row: IntArray
    first: IntArray
    last: IntArray
    peak: IntArray
    probability: FloatArray
    depth: FloatArray
    onset_low: IntArray
    onset_high: IntArray
    end_low: IntArray
    end_high: IntArray


def stretches_of(*, probability: FloatArray, begins: FloatArray, ends: FloatArray, depth: FloatArray) -> Stretches:
    """Every run of sessions that were more probably low than not.

    Rule: with b, e and c the chances of a beginning, of an end and of low, a stretch that is low at its peak had begun
    by session u with probability prod(1 - b/c) over u + 1 to the peak, and was low for the last time by u with
    1 - prod(1 - e'/c) over the peak to u, e' that of the session after. The ranges are the 5 % and 95 % points; what
    is low at the last rating ends there.
    """
    chance = np.nan_to_num(probability)
    series, columns = chance.shape
    inside = np.zeros((series, columns + 2), dtype=np.int64)
    inside[:, 1:-1] = chance >= LEAST
    change = np.diff(inside, axis=1)
    row, first = np.nonzero(change == 1)
    last = np.nonzero(change == -1)[1] - 1
    at = np.arange(columns)
    within = (at >= first[:, np.newaxis]) & (at <= last[:, np.newaxis])
    peak = np.argmax(np.where(within, chance[row], -1.0), axis=1) if len(row) else first
    onset_low, onset_high = _points(
        np.where(at >= peak[:, np.newaxis], 1.0, _began_by(begins, probability, row=row, peak=peak))
    )
    over = np.where(at < peak[:, np.newaxis], 0.0, _over_by(ends, probability, row=row, peak=peak))
    end_low, end_high = _points(over)
    final = np.where(np.isnan(probability), -1, at).max(axis=1, initial=-1)[row]
    return Stretches(
        row=freeze(row),
        first=freeze(first),
        last=freeze(last),
        peak=freeze(peak),
        probability=freeze(chance[row, peak]),
        depth=freeze(np.nan_to_num(depth)[row, peak] / chance[row, peak]),
        onset_low=freeze(onset_low),
        onset_high=freeze(onset_high),
        end_low=freeze(np.minimum(end_low, final)),
        end_high=freeze(np.minimum(end_high, final)),
    )


def _began_by(begins: FloatArray, chance: FloatArray, *, row: IntArray, peak: IntArray) -> FloatArray:
    """The probability that what is low at the peak had begun by each session."""
    kept = _log_kept(begins, chance)[row]
    return np.exp(np.take_along_axis(kept, peak[:, np.newaxis], axis=1) - kept)


def _over_by(ends: FloatArray, chance: FloatArray, *, row: IntArray, peak: IntArray) -> FloatArray:
    """The probability that what is low at the peak was low for the last time by each session."""
    after = np.concatenate([ends[:, 1:], np.full((len(ends), 1), np.nan)], axis=1)
    kept = _log_kept(after, chance)[row]
    before = np.where(peak > 0, kept[np.arange(len(row)), np.maximum(peak - 1, 0)], 0.0)
    return 1.0 - np.exp(kept - before[:, np.newaxis])


def _log_kept(change: FloatArray, chance: FloatArray) -> FloatArray:
    """The running sum of ln(1 - change/chance), 0 where it is not known."""
    hazard = np.nan_to_num(change / np.maximum(chance, 1e-300))
    return np.cumsum(np.log1p(-np.clip(hazard, 0.0, 1.0 - 1e-12)), axis=1)


def _points(share: FloatArray) -> tuple[IntArray, IntArray]:
    """The columns at which a growing share passes 5 % and 95 %; one beyond the last if it never does."""
    never = np.ones((len(share), 1), dtype=np.bool_)
    low, high = (np.argmax(np.hstack([share >= point, never]), axis=1) for point in (TAIL, 1.0 - TAIL))
    return low, high
