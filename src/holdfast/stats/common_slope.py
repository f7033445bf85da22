"""One slope that many groups of values share, each group with a level of its own."""

from dataclasses import dataclass

import numpy as np

from holdfast.stats.arrays import FloatArray, IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonSlope:
    """The slope, and how far each series moved it (its influence); their sum of squares is the slope's variance."""

    slope: float
    influence: FloatArray


def common_slope(
    y: FloatArray, x: FloatArray, z: FloatArray, *, group: IntArray, series: IntArray, count: int
) -> CommonSlope:
    """The slope of y on x within groups, through an instrument z.

    Formula: b = sum(z'*y')/sum(z'*x'), primes for distances from the group's mean; influence of a series: its part of
    sum(z'*(y' - b*x')), divided by sum(z'*x'). Nothing to learn from (sum(z'*x') = 0): b = 0, no influence.
    Meaning: with z odd under reversal of time, b is 0 on average where the values look the same backwards.
    Shapes: all (values,), nothing missing; group and series count from 0, count series in all; influence
    (count,).
    Source: instrumental variables; the sandwich variance of White 1980, clustered.
    """
    size = np.maximum(np.bincount(group), 1)
    dy, dx, dz = (each - (np.bincount(group, each) / size)[group] for each in (y, x, z))
    shared = float(dz @ dx)
    if abs(shared) <= 1e-9 * float(np.sqrt((dz @ dz) * (dx @ dx))):
        return CommonSlope(slope=0.0, influence=np.zeros(count))
    slope = float(dz @ dy) / shared
    return CommonSlope(slope=slope, influence=np.bincount(series, dz * (dy - slope * dx), count) / shared)
