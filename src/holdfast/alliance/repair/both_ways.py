"""An archive looked at twice, forwards and played backwards: which lows stand out from either side."""

from dataclasses import dataclass, replace

import numpy as np

from holdfast.alliance.detect import Detection, detect
from holdfast.alliance.prior import Prior
from holdfast.alliance.repair.episodes import follow
from holdfast.alliance.repair.table import EpisodeTable
from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray

ANYWHERE = 1e4  # the level's variance at either end, in units of the rating variance


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What stays the same in every look: the detection it began with, the time between sessions, marks put by people.

    steps (N, T) or None for one each; last (N,): the column of the last rating, -1 for none; turned (N, T): the column
    that stands in each place when a series is played backwards from there, -1 for none; marks (N, T): codes of
    tension and disagreement, else 0.
    """

    detection: Detection
    steps: FloatArray | None
    last: IntArray
    turned: IntArray
    marks: IntArray
    prior: Prior

    def backwards(self, values: FloatArray, fill: float) -> FloatArray:
        """Values by session, in reverse."""
        return np.where(self.turned >= 0, np.take_along_axis(values, np.maximum(self.turned, 0), axis=1), fill)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """One look from both sides. inside (N, T): in an episode of either; own_sd (N,): both filters' last, pooled.

    row, first, last, nadir (lows,): the lows found from both sides, and the block of sessions that either episode
    covers; closed: how many episodes were found and closed forwards.
    """

    inside: BoolArray
    own_sd: FloatArray
    row: IntArray
    first: IntArray
    last: IntArray
    nadir: IntArray
    closed: int


def archive_of(detection: Detection, table: EpisodeTable) -> Archive:
    """The archive behind a detection and its episodes. Raises MethodError for ratings of several instruments."""
    if len(detection.priors) > 1:
        raise MethodError(
            "The ratings come from {count} instruments. Compare before and after within one.",
            count=len(detection.priors),
        )
    rated = ~np.isnan(detection.scores)
    columns = np.arange(rated.shape[1])
    last = np.where(rated, columns, -1).max(axis=1, initial=-1)
    marks = np.zeros(rated.shape, dtype=np.int64)
    said = table.kind > 2
    marks[table.row[said], table.signalled[said]] = table.kind[said]
    # A rise would turn into a fall, and is taken out by itself. A level that may start anywhere treats both ends alike:
    # played backwards, a wandering level does not start where the prior expects it.
    prior = replace(detection.prior, level_ratio=ANYWHERE, rise=0.0, scale=None)
    turned = np.maximum(last[:, np.newaxis] - columns, -1)
    return Archive(detection=detection, steps=detection.steps, last=last, turned=turned, marks=marks, prior=prior)


def look(archive: Archive, scores: FloatArray) -> Sides:
    """Detect and follow forwards and backwards, and keep the lows that both looks share.

    Rule: a low counts when an episode of the series and one of the series played backwards have the same lowest rating
    and both have closed. Played backwards the rule is the same rule, so where nothing happens, and wherever the
    ratings look alike in both directions, the lows it keeps favour neither the level before nor the level after.
    """
    steps = archive.steps
    back_steps = None if steps is None else np.roll(archive.backwards(steps, 0.0), 1, axis=1)
    ahead, after = _followed(archive, scores, steps, archive.marks)
    back, before = _followed(
        archive,
        archive.backwards(scores, np.nan),
        back_steps,
        archive.backwards(archive.marks.astype(np.float64), 0.0).astype(np.int64),
    )
    columns = scores.shape[1]
    ends = np.where(ahead.end < 0, columns - 1, ahead.end)
    last_of = archive.last[back.row]
    begins = np.where(back.end < 0, 0, np.maximum(last_of - back.end, 0))
    inside = _covered(scores.shape, ahead.row, ahead.onset, ends) | _covered(
        scores.shape, back.row, begins, last_of - back.onset
    )
    one, other = _shared(ahead, back, last_of, columns)
    return Sides(
        inside=inside,
        own_sd=np.sqrt((after + before) / 2.0),
        row=ahead.row[one],
        first=np.minimum(ahead.onset[one], begins[other]),
        last=np.maximum(ends[one], (last_of - back.onset)[other]),
        nadir=ahead.nadir[one],
        closed=int((ahead.end >= 0).sum()),
    )


def _followed(
    archive: Archive, scores: FloatArray, steps: FloatArray | None, marks: IntArray
) -> tuple[EpisodeTable, FloatArray]:
    """The episodes of one direction, and each client's variance at its end."""
    found = detect(scores, prior=archive.prior, rule=archive.detection.rule, steps=steps)
    own = np.where(found.acute, 1, np.where(found.erosion, 2, marks))
    variance = found.states.variance[:, -1] if scores.shape[1] else np.zeros(len(scores))
    return follow(found, signals=own).table, variance


def _covered(shape: tuple[int, ...], row: IntArray, first: IntArray, last: IntArray) -> BoolArray:
    """Which sessions lie in an episode, from first to last."""
    edges = np.zeros((shape[0], shape[1] + 1), dtype=np.int64)
    np.add.at(edges, (row, first), 1)
    np.add.at(edges, (row, last + 1), -1)
    return np.asarray(np.cumsum(edges, axis=1)[:, :-1] > 0)


def _shared(ahead: EpisodeTable, back: EpisodeTable, last_of: IntArray, columns: int) -> tuple[IntArray, IntArray]:
    """Which closed episodes of both directions have the same lowest rating; places in either table."""
    one = np.flatnonzero((ahead.end >= 0) & (ahead.nadir >= 0))
    other = np.flatnonzero((back.end >= 0) & (back.nadir >= 0))
    keys = ahead.row[one] * columns + ahead.nadir[one]
    mirrored = back.row[other] * columns + last_of[other] - back.nadir[other]
    _, here, there = np.intersect1d(keys, mirrored, return_indices=True)
    return one[here], other[there]
