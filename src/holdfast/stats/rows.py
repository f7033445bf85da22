"""Statistics of each series on its own: mean, spread, quantile and steps of the values that were seen."""

import numpy as np

from holdfast.stats.arrays import BoolArray, FloatArray, IntArray


def pack(series: FloatArray) -> tuple[FloatArray, IntArray | None]:
    """The seen values of each series side by side from the left, nan after them, and the columns they came from.

    The columns are None when nothing had to move. Shapes: (N, T) in and out.
    """
    missing = np.isnan(series)
    if not (missing[:, :-1] & ~missing[:, 1:]).any():
        return series, None
    order = np.argsort(missing, axis=1, kind="stable").astype(np.int64)
    return np.take_along_axis(series, order, axis=1), order


def unpack(flags: BoolArray, order: IntArray | None) -> BoolArray:
    """Flags of packed series back in the columns they belong to."""
    if order is None:
        return flags
    placed = np.zeros_like(flags)
    np.put_along_axis(placed, order, flags, axis=1)
    return placed


def count_rows(series: FloatArray) -> IntArray:
    """How many values of each series were seen."""
    return np.asarray((~np.isnan(series)).sum(axis=1), dtype=np.int64)


def mean_rows(series: FloatArray) -> FloatArray:
    """The mean of each series over seen values; nan without one."""
    count = count_rows(series)
    total = np.nansum(series, axis=1)
    return np.asarray(np.divide(total, count, out=np.full(len(series), np.nan), where=count > 0), dtype=np.float64)


def square_sum_rows(series: FloatArray) -> FloatArray:
    """The sum of squared departures from each series' own mean; 0 without a value."""
    away = series - mean_rows(series)[:, np.newaxis]
    return np.asarray(np.nansum(away * away, axis=1), dtype=np.float64)


def sd_rows(series: FloatArray) -> FloatArray:
    """The standard deviation of each series, n - 1 in the denominator; nan with fewer than two values."""
    count = count_rows(series)
    variance = np.divide(square_sum_rows(series), count - 1, out=np.full(len(series), np.nan), where=count > 1)
    return np.asarray(np.sqrt(variance), dtype=np.float64)


def difference_rows(series: FloatArray) -> FloatArray:
    """The steps between neighbouring seen values, from the left, nan after them; (N, T - 1)."""
    return np.diff(pack(series)[0], axis=1)


def quantile_rows(series: FloatArray, share: float) -> FloatArray:
    """The quantile of each series over seen values, type 7 (linear between order statistics); nan without one."""
    count = count_rows(series)
    if not series.shape[1]:
        return np.full(len(series), np.nan)
    ordered = np.sort(series, axis=1)
    place = np.maximum(count - 1, 0) * share
    below = np.floor(place).astype(np.int64)
    above = np.minimum(below + 1, np.maximum(count - 1, 0))
    rows = np.arange(len(series))
    low, high = ordered[rows, below], ordered[rows, above]
    return np.asarray(low + (place - below) * (high - low), dtype=np.float64)
