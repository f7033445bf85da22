"""How sure a carry-over is: an interval from the scatter of the clients, that of the units included."""

from dataclasses import dataclass

import numpy as np

from holdfast.alliance.attachment.levels import Measured, beyond_common
from holdfast.stats.arrays import FloatArray
from holdfast.stats.student import student_quantile

NOTHING = 1e-9  # a scatter of pulls below this is rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """How much each client moves the logarithm of the SD in which each of the two is counted, (N,)."""

    felt: FloatArray
    avoidance: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulls:
    """For each carry-over of the grid, (K,): together, how far all clients pull it down (above 0) or up, in errors of
    their sum; freedom, of those errors, at least 1."""

    together: FloatArray
    freedom: FloatArray


def units_of(r: FloatArray, y: FloatArray) -> Units:
    """The clients' influence on the units; r and y (N, T), both in their units, missing nan.

    Formula: felt, SD over all cells: sum over the client's cells of (z^2 - 1)/2, over the cells of all; avoidance, SD
    of the first measurements: (z^2 - 1)/2/(clients - 1).
    """
    seen = ~np.isnan(y)
    first = np.where(seen.any(axis=1), y[np.arange(len(y)), np.argmax(seen, axis=1)], np.nan)
    squares = (first - np.nanmean(first)) ** 2 / (np.nanvar(first, ddof=1) or 1.0)
    return Units(
        felt=np.nansum(r**2 - 1.0, axis=1) / 2.0 / np.maximum(np.sum(~np.isnan(r)), 1),
        avoidance=np.nan_to_num(squares - 1.0) / 2.0 / (seen.any(axis=1).sum() - 1.0),
    )


def pulls_of(courses: FloatArray, y: FloatArray, *, grid: FloatArray, measured: Measured, units: Units) -> Pulls:
    """What the clients say to each carry-over of the grid.

    Formula: u_i = residuals of client i times the slope of the course in the carry-over, both beyond the levels; the
    sum's error from the scatter of u_i - (sum of y*slope)*a_i - (sum of (residual + course)*slope)*f_i over clients, a
    and f their influence on the units of avoidance and of felt responsiveness; its degrees of freedom (sum of w)^2/(sum
    of w^2), w_i the squared slopes of client i. 0 where there is no scatter.
    Shapes: courses (K, N, M), for each carry-over of the grid (K,); y (N, M), both in their units.
    Source: score test with the variance of Liang & Zeger 1986, the units as estimating equations stacked below it
    (Stefanski & Boos 2002), freedom as in Satterthwaite 1946. The uncertainty of the mean of felt responsiveness is
    left out: all share it.
    """
    course, slope = beyond_common(courses, measured), beyond_common(np.gradient(courses, grid, axis=0), measured)
    own = beyond_common(y, measured)
    if not own.any():  # where avoidance does not differ it has no unit, and rules out nothing
        return Pulls(together=np.zeros(len(grid)), freedom=np.ones(len(grid)))
    pull = ((own + course) * slope).sum(axis=2)
    together = pull.sum(axis=1)
    by_avoidance = (own * slope).sum(axis=(1, 2))
    by_felt = (course * slope).sum(axis=(1, 2)) + together
    each = pull - by_avoidance[:, np.newaxis] * units.avoidance - by_felt[:, np.newaxis] * units.felt
    error = np.std(each, axis=1, ddof=1) * np.sqrt(len(y))
    weight = (slope**2).sum(axis=2)
    some = (error > NOTHING) & (weight.sum(axis=1) > NOTHING)
    return Pulls(
        together=np.where(some, together / np.where(some, error, 1.0), 0.0),
        freedom=np.where(some, weight.sum(axis=1) ** 2 / np.where(some, (weight**2).sum(axis=1), 1.0), 1.0),
    )


def interval_of(pulls: Pulls, *, grid: FloatArray, best: int) -> tuple[float, float]:
    """What the clients do not pull away from, toward the best carry-over, beyond Student's 97.5 % quantile.

    Low: the last carry-over up to which they pull away from every one (else the first of the grid); high: the first
    above the best one that they pull away from (else the last), since far above it the course hardly changes with the
    carry-over and the pull fades. Either end lies a step of the grid outside of what is not ruled out.
    """
    beyond = pulls.together / student_quantile(0.975, pulls.freedom)
    not_up, down = np.flatnonzero(beyond[:best] >= -1.0), np.flatnonzero(beyond[best + 1 :] > 1.0)
    low = max((int(not_up[0]) if len(not_up) else best) - 1, 0)
    high = best + 1 + int(down[0]) if len(down) else len(grid) - 1
    return float(grid[low]), float(grid[high])
