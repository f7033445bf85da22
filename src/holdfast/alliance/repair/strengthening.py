"""Is the alliance stronger after a rupture than it was before? Per episode, and across an archive."""

from dataclasses import dataclass

import numpy as np

from holdfast.alliance.detect import Detection
from holdfast.alliance.repair.both_ways import Archive, Sides, archive_of, look
from holdfast.alliance.repair.episodes import Episodes
from holdfast.alliance.repair.rebound import drift_of
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray, freeze
from holdfast.stats.common_slope import CommonSlope, common_slope
from holdfast.stats.student import student_quantile

METHOD = "after-minus-before-seen-from-both-sides"
WINDOW, FEWEST, LEFT_OUT = 4, 2, 1  # ratings compared on either side, at most and at least; left out next to the block
LOOKS = 5  # the common rise is estimated outside the episodes, and these depend on it; two leave an eighth of a rise
FEW_CLIENTS = 20
CENTRAL = 0.975


@dataclass(frozen=True, slots=True, kw_only=True)
class Strengthening:
    """Level after less level before, over the episodes that can be compared; above 0 is stronger afterwards.

    estimate, low, high: the mean in within-person SDs with its 95 % interval, None if it cannot be computed; clients:
    how many it rests on; of: closed episodes looked at. Per comparison (arrays of one length): row; episode, its place
    in the table of the episodes given (-1: none has the same lowest rating); first, last: the block of sessions in
    between; difference, difference_low, difference_high in points, difference_in_sd. rise: points per doubling of
    the session number that the whole archive rises by, taken out before.
    """

    estimate: float | None
    low: float | None
    high: float | None
    clients: int
    of: int
    row: IntArray
    episode: IntArray
    first: IntArray
    last: IntArray
    difference: FloatArray
    difference_low: FloatArray
    difference_high: FloatArray
    difference_in_sd: FloatArray
    rise: float
    method: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """Which ratings are compared: weights (comparisons, T), positive after, negative before; sides: the rest of it."""

    weights: FloatArray
    row: IntArray
    first: IntArray
    last: IntArray
    nadir: IntArray


def strengthening(detection: Detection, episodes: Episodes) -> Strengthening:
    """Compare the level after each episode with the level before it, so that selection favours neither.

    Rule: a baseline before a low that was *selected* as low against it is too high by chance, and a repair is called
    when ratings are high; so only lows that stand out from both sides count, against what came before and, the series
    played backwards, against what came after (both_ways.look). Per such low: mean of up to 4 rated sessions after
    the block of both episodes less the mean of as many before it, at least 2, one on either side left out. Before
    that the rise that all share is taken out: points per doubling of the session number, estimated outside episodes.
    Archive: mean in within-person SDs; variance from client to client (clustered), the rise's included; Student with
    clients - 1 degrees of freedom. Episode: Student range of the difference under the local level model.
    Meaning: 0 is what an archive without strengthening gives, whether its episodes are chance or ruptures repaired.
    False alarms are among the lows, so a strengthening after real ruptures is larger than the estimate.
    What spans a break (another therapist) is not compared.
    Shapes: detection (N, T) with its episodes. Raises MethodError for ratings of several instruments.
    Source: ours; simulations in docs/explanation/repair.md.
    """
    archive = archive_of(detection, episodes.table)
    times = _times(archive)
    scores, sides = detection.scores, look(archive, detection.scores)
    rise = CommonSlope(slope=0.0, influence=np.zeros(len(scores)))
    for _ in range(LOOKS):
        before, rise = rise.slope, _rise(archive, times, sides)
        if rise.slope == before:
            break  # every further look would be the same
        scores = detection.scores - rise.slope * times[0]
        sides = look(archive, scores)
    found = _contrast(scores, sides, detection.segment)
    own = sides.own_sd[found.row]
    seen = np.where(np.isnan(scores), 0.0, scores)[found.row]
    difference = (found.weights * seen).sum(axis=1)
    half = _half_width(detection, found) * own
    rising = (found.weights * times[0][found.row]).sum(axis=1) / own
    estimate, reach, clients = _mean(difference / own, found.row, rise.influence * (rising.sum() / max(len(rising), 1)))
    return Strengthening(
        estimate=estimate,
        low=None if estimate is None or reach is None else estimate - reach,
        high=None if estimate is None or reach is None else estimate + reach,
        clients=clients,
        of=sides.closed,
        row=freeze(found.row),
        episode=freeze(_same_low(episodes, found)),
        first=freeze(found.first),
        last=freeze(found.last),
        difference=freeze(difference),
        difference_low=freeze(difference - half),
        difference_high=freeze(difference + half),
        difference_in_sd=freeze(difference / own),
        rise=rise.slope,
        method=METHOD,
        doubts=_doubts(len(difference), sides.closed, clients, rise.slope),
    )


def _times(archive: Archive) -> tuple[FloatArray, FloatArray]:
    """The binary logarithm of each session's place, counted from the first session and from the last rated one."""
    steps = np.ones(archive.turned.shape) if archive.steps is None else archive.steps.copy()
    steps[:, :1] = 1.0
    place = np.cumsum(steps, axis=1)
    most = np.where(archive.turned >= 0, archive.backwards(place, 0.0), 0.0).max(axis=1, initial=0.0)
    return np.log2(place), np.log2(np.maximum(most[:, np.newaxis] - place, 0.0) + 1.0)


def _rise(archive: Archive, times: tuple[FloatArray, FloatArray], sides: Sides) -> CommonSlope:
    """Points per doubling outside episodes; every stretch between two episodes has a level of its own.

    The instrument is odd under reversal, so that nothing that looks the same backwards can pass for a rise.
    """
    ahead, back = times
    rated = ~np.isnan(archive.detection.scores) & ~sides.inside
    begins = np.diff(sides.inside.astype(np.int64), axis=1, prepend=0) == 1
    clients, columns = rated.shape
    group = np.cumsum(begins, axis=1) + np.arange(clients)[:, np.newaxis] * (columns + 1)
    return common_slope(
        archive.detection.scores[rated],
        ahead[rated],
        (ahead - back)[rated],
        group=group[rated],
        series=np.nonzero(rated)[0],
        count=clients,
    )


def _contrast(scores: FloatArray, sides: Sides, segment: IntArray | None) -> Contrast:
    """The ratings to compare on either side of each block; lows without enough of them are left out."""
    rated, each = ~np.isnan(scores)[sides.row], np.arange(len(sides.row))
    rank = np.cumsum(rated, axis=1)
    before = (rank - rated)[each, sides.first] - LEFT_OUT
    after = rank[each, sides.last] + LEFT_OUT
    count = np.minimum(np.minimum(before, rank[:, -1] - after), WINDOW) if len(each) else before
    kept = count >= FEWEST
    rated, rank, before, after, m = rated[kept], rank[kept], before[kept], after[kept], count[kept][:, np.newaxis]
    past, next_ = before[:, np.newaxis], after[:, np.newaxis]
    earlier = rated & (rank > past - m) & (rank <= past)
    later = rated & (rank > next_) & (rank <= next_ + m)
    whole = _unbroken(earlier | later, segment, sides.row[kept])
    kept = np.flatnonzero(kept)[whole]
    return Contrast(
        weights=((later.astype(np.float64) - earlier) / m)[whole],
        row=sides.row[kept],
        first=sides.first[kept],
        last=sides.last[kept],
        nadir=sides.nadir[kept],
    )


def _unbroken(used: BoolArray, segment: IntArray | None, row: IntArray) -> BoolArray:
    """Whether all ratings of each comparison lie between the same two breaks."""
    if segment is None:
        return np.ones(len(row), dtype=np.bool_)
    own = segment[row]
    most = np.where(used, own, -1).max(axis=1, initial=-1)
    return np.asarray(np.where(used, own, most[:, np.newaxis]).min(axis=1, initial=np.iinfo(np.int64).max) == most)


def _half_width(detection: Detection, found: Contrast) -> FloatArray:
    """Half a 95 % range of each difference, in own SDs: noise of the ratings, and what the level moves in between."""
    moved = drift_of(detection)[found.row]
    pulled = np.cumsum(found.weights[:, ::-1], axis=1)[:, ::-1]
    ratio = (found.weights**2).sum(axis=1) + (moved * pulled**2).sum(axis=1)
    n = detection.states.degrees_of_freedom[found.row, -1] if len(found.row) else np.zeros(0)
    return np.asarray(student_quantile(CENTRAL, n) * np.sqrt(ratio))


def _mean(values: FloatArray, row: IntArray, beside: FloatArray) -> tuple[float | None, float | None, int]:
    """The mean, half its 95 % interval (None with fewer than two clients), and the number of clients."""
    clients = len(np.unique(row))
    if not clients:
        return None, None, 0
    mean = float(values.mean())
    if clients < 2:
        return mean, None, clients
    influence = np.bincount(row, (values - mean) / len(values), minlength=len(beside)) - beside
    error = np.sqrt((influence**2).sum() * clients / (clients - 1))
    return mean, float(student_quantile(CENTRAL, np.asarray(clients - 1.0)) * error), clients


def _same_low(episodes: Episodes, found: Contrast) -> IntArray:
    """The place in the episodes' table with the same client and lowest rating, -1 for none."""
    table = episodes.table
    place = {(r, c): i for i, (r, c) in enumerate(zip(table.row.tolist(), table.nadir.tolist(), strict=True))}
    pairs = zip(found.row.tolist(), found.nadir.tolist(), strict=True)
    return np.array([place.get(pair, -1) for pair in pairs], dtype=np.int64)


def _doubts(used: int, closed: int, clients: int, rise: float) -> tuple[str, ...]:
    """What limits the answer."""
    doubts = [
        f"{used} of {closed} closed episodes can be compared: the others do not stand out from both sides, or too few "
        "ratings lie next to them.",
        "Some of these lows are chance; what follows real ruptures is diluted by them.",
        f"A common rise of {rise:.3g} points per doubling of the session number was taken out.",
    ]
    if clients < FEW_CLIENTS:
        doubts.append(f"Only {clients} clients; the interval is rough.")
    return tuple(doubts)
