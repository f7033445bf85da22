"""What became of each fall: back or not, and the episodes that falls and returns make."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from holdfast.alliance.rules.falls import fallen_from, find_falls
from holdfast.alliance.rules.ratings import Ratings, size_of_unit
from holdfast.alliance.rules.spec import RuleSpec
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray, freeze
from holdfast.stats.rows import sd_rows, unpack

SHAPES = ("no return", "V", "slow fall, sudden return", "sudden fall, slow return", "slow fall, slow return")
"""sudden: in one step from where it fell from to the lowest rating, or from there back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleEpisodes:
    """Every episode, one element each, read only; columns count from 0 as in the scores.

    row: the client; onset: the flagged session; nadir: the lowest rating; end: the session of the return, else the
    last one looked at; baseline: what it fell from, in points; depth: from there to the nadir, in points, and in own
    SDs (depth_sd, nan if unknown); length: rated sessions from onset to end; returned; shape: a place in SHAPES.
    """

    row: IntArray
    onset: IntArray
    nadir: IntArray
    end: IntArray
    baseline: FloatArray
    depth: FloatArray
    depth_sd: FloatArray
    length: IntArray
    returned: BoolArray
    shape: IntArray

    def __len__(self) -> int:
        """How many there are."""
        return len(self.row)


@dataclass(slots=True)
class _Scan:
    """Where each client stands while the columns go by. low: the lowest rating of the open episode; fresh: no episode
    was open when the column began; peak: the highest rating since the last episode."""

    now: int
    open: BoolArray
    fresh: BoolArray
    before: IntArray
    onset: IntArray
    nadir: IntArray
    base: FloatArray
    low: FloatArray
    peak: FloatArray
    peak_at: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class _Yardstick:
    """What a fall and a return are measured with, in points: base (N, T), what each
    rating would fall from; tolerance (N,) of a return; asked (N,), the size of a fall from the peak and of a rise."""

    base: FloatArray
    tolerance: FloatArray
    asked: FloatArray


def _yardstick(ratings: Ratings, spec: RuleSpec) -> _Yardstick:
    """Every unit is worked out once. No tolerance needs no unit."""
    nothing = np.zeros(len(ratings.y))
    first = spec.falls[0]
    sized = spec.peak or spec.back.rise
    return _Yardstick(
        base=ratings.y if spec.peak else fallen_from(ratings, spec),
        tolerance=spec.back.tolerance * size_of_unit(spec.back.unit, ratings, spec) if spec.back.tolerance else nothing,
        asked=first.size * size_of_unit(first.unit, ratings, spec) if sized else nothing,
    )


def apply_rule(ratings: Ratings, spec: RuleSpec) -> BoolArray:
    """(N, T): the sessions that a rule flags, in the columns of the scores; without episodes, so quick."""
    if spec.peak:
        return _onsets(ratings, _packed_episodes(ratings, spec, None))
    return unpack(_flags(ratings, spec), ratings.order)


def follow_falls(ratings: Ratings, spec: RuleSpec) -> tuple[BoolArray, RuleEpisodes]:
    """The flagged sessions, in the columns of the scores, and the episodes they open; a fall within one belongs to it.

    An episode ends with the return, after `within` sessions, or with the ratings.
    """
    flags = None if spec.peak else _flags(ratings, spec)
    found = _packed_episodes(ratings, spec, flags)
    placed = _onsets(ratings, found) if flags is None else unpack(flags, ratings.order)
    return placed, _placed(found, ratings)


def _flags(ratings: Ratings, spec: RuleSpec) -> BoolArray:
    """The falls, and only those with a return where one is asked for; in packed places."""
    falls = find_falls(ratings, spec)
    return falls & _is_back(ratings, spec) if spec.back.needed else falls


def _is_back(ratings: Ratings, spec: RuleSpec) -> BoolArray:
    """Whether each rating is followed by a return in time, had it been a fall."""
    y, back = ratings.y, np.zeros(ratings.y.shape, dtype=np.bool_)
    sessions, by = y.shape[1], _yardstick(ratings, spec)
    target, low = by.base - by.tolerance[:, np.newaxis], y.copy()
    for ahead in range(1, min(spec.back.within or sessions, sessions - 1) + 1):
        here, later = slice(0, sessions - ahead), y[:, ahead:]
        if spec.back.rise:
            back[:, here] |= later - low[:, here] >= by.asked[:, np.newaxis]
            low[:, here] = np.fmin(low[:, here], later)
        else:
            back[:, here] |= later >= target[:, here]
    return back


def _packed_episodes(ratings: Ratings, spec: RuleSpec, flags: BoolArray | None) -> RuleEpisodes:
    """One pass over the columns, all clients at once; places count within the rated sessions."""
    y = ratings.y
    clients = len(y)
    nowhere = np.full(clients, -1, dtype=np.int64)
    unknown = np.full(clients, -np.inf)
    scan = _Scan(
        now=0,
        fresh=np.ones(clients, dtype=np.bool_),
        open=np.zeros(clients, dtype=np.bool_),
        before=nowhere.copy(),
        onset=nowhere.copy(),
        nadir=nowhere.copy(),
        base=np.zeros(clients),
        low=np.zeros(clients),
        peak=unknown,
        peak_at=nowhere.copy(),
    )
    closed = [_closed(scan, np.zeros(clients, dtype=np.bool_), nowhere, returned=False)]
    by = _yardstick(ratings, spec)
    for t, now in enumerate(np.ascontiguousarray(y.T)):
        closed += _go_on(scan, spec, by, now=now, t=t)
        _open(scan, spec, by, now=now, flags=None if flags is None else flags[:, t])
    last = np.maximum((~np.isnan(y)).sum(axis=1) - 1, 0)
    if not (spec.peak and spec.back.needed):
        closed.append(_closed(scan, scan.open, last, returned=False))
    own = sd_rows(y)
    joined: dict[str, Any] = {key: np.concatenate([part[key] for part in closed]) for key in closed[0]}
    order = np.lexsort((joined["onset"], joined["row"]))
    joined = {key: values[order] for key, values in joined.items()}
    spread = own[joined["row"]]
    joined["depth_sd"] = np.divide(
        joined["depth"], spread, out=np.full(len(spread), np.nan), where=np.nan_to_num(spread) > 0.0
    )
    return RuleEpisodes(**{key: freeze(values) for key, values in joined.items()})


def _go_on(scan: _Scan, spec: RuleSpec, by: _Yardstick, *, now: FloatArray, t: int) -> Iterator[dict[str, np.ndarray]]:
    """One column for the open episodes: they go on, or end with a return or for want of one. Yields those that end."""
    seen = ~np.isnan(now)
    scan.fresh = ~scan.open
    lower = scan.open & (now < scan.low)
    scan.low, scan.nadir = np.where(lower, now, scan.low), np.where(lower, t, scan.nadir)
    reached = now - scan.low >= by.asked if spec.back.rise else now >= scan.base - by.tolerance
    back = scan.open & seen & reached
    late = scan.open & seen & ~back & (t - scan.onset >= (spec.back.within or np.inf))
    here = np.full(len(now), t, dtype=np.int64)
    yield _closed(scan, back, here, returned=True)
    if not (spec.peak and spec.back.needed):
        yield _closed(scan, late, here, returned=False)
    scan.open = scan.open & ~back & ~late
    scan.peak = np.where(back | late, -np.inf, scan.peak)
    higher = ~scan.open & seen & (now > scan.peak)
    scan.peak, scan.peak_at = np.where(higher, now, scan.peak), np.where(higher, t, scan.peak_at)
    scan.now = t


def _open(scan: _Scan, spec: RuleSpec, by: _Yardstick, *, now: FloatArray, flags: BoolArray | None) -> None:
    """One column for the others: a fall opens an episode."""
    t = scan.now
    if flags is None:
        drop = scan.peak - now
        enough = drop > by.asked if spec.falls[0].strict else drop >= by.asked
        opens, base, before = scan.fresh & enough & (drop > 0.0), scan.peak, scan.peak_at
    else:
        opens, base, before = flags & ~scan.open, by.base[:, t], np.full(len(now), t - 1, dtype=np.int64)
    scan.open = scan.open | opens
    scan.base, scan.low = np.where(opens, base, scan.base), np.where(opens, now, scan.low)
    scan.before = np.where(opens, before, scan.before)
    scan.onset, scan.nadir = np.where(opens, t, scan.onset), np.where(opens, t, scan.nadir)


def _closed(scan: _Scan, which: BoolArray, end: IntArray, *, returned: bool) -> dict[str, np.ndarray]:
    """The episodes that end, as columns of RuleEpisodes."""
    row = np.flatnonzero(which).astype(np.int64)
    fall_is_slow = scan.nadir[row] - scan.before[row] > 1
    way_is_slow = end[row] - scan.nadir[row] > 1
    return {
        "row": row,
        "onset": scan.onset[row],
        "nadir": scan.nadir[row],
        "end": end[row],
        "baseline": scan.base[row],
        "depth": scan.base[row] - scan.low[row],
        "length": end[row] - scan.onset[row] + 1,
        "returned": np.full(len(row), returned),
        "shape": np.where(returned, 1 + fall_is_slow + 2 * way_is_slow, 0).astype(np.int64),
    }


def _onsets(ratings: Ratings, found: RuleEpisodes) -> BoolArray:
    """The sessions in which episodes begin, in the columns of the scores."""
    flags = np.zeros(ratings.y.shape, dtype=np.bool_)
    flags[found.row, found.onset] = True
    return unpack(flags, ratings.order)


def _placed(found: RuleEpisodes, ratings: Ratings) -> RuleEpisodes:
    """The same episodes, their sessions counted in the columns of the scores."""
    columns = ratings.columns
    moved = {key: freeze(columns[found.row, getattr(found, key)]) for key in ("onset", "nadir", "end")}
    return RuleEpisodes(**({each.name: getattr(found, each.name) for each in fields(found)} | moved))
