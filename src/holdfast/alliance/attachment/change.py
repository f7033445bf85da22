"""Attachment over months: what changed, and how much of it is more than measurement error."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, IntArray, as_series, freeze
from holdfast.stats.difference import smallest_reliable_difference
from holdfast.stats.estimate import Estimate
from holdfast.stats.student import student_quantile

METHOD = "reliable-change-and-slopes"
LOWER, NEITHER, HIGHER = -1, 0, 1
LOW_RETEST = 0.8


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachmentChange:
    """Arrays are (N,), one entry per client, nan where fewer than two scores are there; read only.

    first, last, change: scores and their difference in points of the scale; low, high: the change with its 95 %
    interval by measurement error; direction: 1 reliably higher, -1 reliably lower, 0 neither, or fewer than two
    scores; slope, slope_error: points per unit of time, own least squares, with its error from the scatter of all
    clients (nan with fewer than three scores); scores: how many; mean_change: over clients; reliable_points: the
    smallest reliable difference; sd, reliability: as used.
    """

    first: FloatArray
    last: FloatArray
    change: FloatArray
    low: FloatArray
    high: FloatArray
    direction: IntArray
    slope: FloatArray
    slope_error: FloatArray
    scores: IntArray
    mean_change: Estimate
    reliable_points: float
    sd: float
    reliability: float
    method: str
    doubts: tuple[str, ...]


def attachment_change(scores: ArrayLike, *, times: ArrayLike, reliability: float) -> AttachmentChange:
    """Compare each client's first and last score of one dimension of attachment, and lay a line through all of them.

    Formula: error of the difference = SD*sqrt(2*(1 - r)), SD of the first scores, r the reliability; reliable beyond
    1.96 errors either way. Slope: least squares on time within the client; its error from the pooled scatter around the
    clients' own lines. Mean change: Student's interval over clients.
    Meaning: a dimension, no category; higher anxiety or avoidance is less security. What made it change is not said.
    Shapes: scores (N, T) in points of the scale, missing nan; times (N, T) or (T,), in any unit. Raises MethodError for
    other shapes, or when fewer than two clients have a first score, or these do not differ.
    Source: Jacobson & Truax 1991 (reliable change).
    """
    series = as_series(scores)
    when = np.broadcast_to(np.asarray(times, dtype=np.float64), series.shape)
    seen = ~(np.isnan(series) | np.isnan(when))
    count = seen.sum(axis=1)
    each = np.arange(len(series))
    columns = series.shape[1]
    first = np.where(count >= 1, series[each, np.argmax(seen, axis=1)], np.nan)
    last = np.where(count >= 2, series[each, columns - 1 - np.argmax(seen[:, ::-1], axis=1)], np.nan)
    starts = first[~np.isnan(first)]
    sd = float(np.std(starts, ddof=1)) if len(starts) > 1 else 0.0
    if not sd > 0.0:
        raise MethodError(
            "The first scores of {clients} clients do not differ. A reliable change needs an SD.", clients=len(starts)
        )
    points = smallest_reliable_difference(sd, reliability)
    change = np.where(count >= 2, last - first, np.nan)
    slope, slope_error = _slopes(series, when, seen)
    return AttachmentChange(
        first=freeze(first),
        last=freeze(last),
        change=freeze(change),
        low=freeze(change - points),
        high=freeze(change + points),
        direction=freeze(
            np.where(change > points, HIGHER, np.where(change < -points, LOWER, NEITHER)).astype(np.int64)
        ),
        slope=freeze(slope),
        slope_error=freeze(slope_error),
        scores=freeze(count.astype(np.int64)),
        mean_change=_mean(change[~np.isnan(change)]),
        reliable_points=points,
        sd=sd,
        reliability=reliability,
        method=METHOD,
        doubts=_doubts(points, sd, reliability, int((count >= 2).sum())),
    )


def _slopes(series: FloatArray, when: FloatArray, seen: np.ndarray) -> tuple[FloatArray, FloatArray]:
    """Each client's own least-squares slope, with its error from the scatter around all lines."""
    count = np.maximum(seen.sum(axis=1, keepdims=True), 1)
    y, t = (np.where(seen, values, 0.0) for values in (series, when))
    dy, dt = (np.where(seen, values - values.sum(axis=1, keepdims=True) / count, 0.0) for values in (y, t))
    spread = (dt**2).sum(axis=1)
    enough = (seen.sum(axis=1) >= 3) & (spread > 0.0)
    slope = np.where(enough, (dt * dy).sum(axis=1) / np.where(spread > 0.0, spread, 1.0), np.nan)
    rest = np.where(seen & enough[:, np.newaxis], dy - np.nan_to_num(slope)[:, np.newaxis] * dt, 0.0)
    freedom = int(np.where(enough, seen.sum(axis=1) - 2, 0).sum())
    scatter = float(np.sqrt((rest**2).sum() / freedom)) if freedom else np.nan
    return slope, np.where(enough, scatter / np.sqrt(np.where(spread > 0.0, spread, 1.0)), np.nan)


def _mean(change: FloatArray) -> Estimate:
    """The mean change over clients; nan where it cannot be known."""
    if len(change) < 2:
        nothing = float("nan")
        return Estimate(
            value=float(change.mean()) if len(change) else nothing, error=nothing, low=nothing, high=nothing
        )
    mean, error = float(change.mean()), float(np.std(change, ddof=1) / np.sqrt(len(change)))
    half = float(student_quantile(0.975, np.asarray(len(change) - 1.0))) * error
    return Estimate(value=mean, error=error, low=mean - half, high=mean + half)


def _doubts(points: float, sd: float, reliability: float, clients: int) -> tuple[str, ...]:
    doubts = ["Whoever starts high tends to score lower next time whatever happens (regression to the mean)."]
    if reliability < LOW_RETEST:
        doubts.append(
            f"With a reliability of {reliability:g} a change counts as reliable from {points / sd:.2f} SD on; "
            "smaller ones may be real all the same."
        )
    if clients < 2:
        doubts.append(f"{clients} clients have two scores or more; no mean change is computed.")
    return tuple(doubts)
