"""Ratings made ready for the rules: rated sessions side by side, and what a unit is for each client."""

from dataclasses import dataclass

import numpy as np

from holdfast.alliance.rules.spec import RuleSpec, Unit
from holdfast.stats.arrays import FloatArray, IntArray
from holdfast.stats.control_chart import D2
from holdfast.stats.rows import count_rows, difference_rows, mean_rows, pack, quantile_rows, sd_rows, square_sum_rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """y (N, T): rated sessions from the left, nan after them; order: the columns they came from (None: the same);
    sample (N,): which sample each client belongs to, counted from 0 (pooled units are taken within a sample)."""

    y: FloatArray
    order: IntArray | None
    sample: IntArray

    @property
    def columns(self) -> IntArray:
        """(N, T): the column of the scores behind each place."""
        plain = np.broadcast_to(np.arange(self.y.shape[1], dtype=np.int64), self.y.shape)
        return plain if self.order is None else self.order


def make_ready(series: FloatArray, *, sample: IntArray | None = None) -> Ratings:
    """Skip sessions that were not rated: the session before is the rated one before."""
    y, order = pack(series)
    return Ratings(y=y, order=order, sample=np.zeros(len(y), dtype=np.int64) if sample is None else sample)


def size_of_unit(unit: Unit, ratings: Ratings, spec: RuleSpec) -> FloatArray:
    """(N,): one unit in points for each client; nan where it cannot be known. See Unit for what each is."""
    y = ratings.y
    match unit:
        case Unit.POINTS:
            return np.ones(len(y))
        case Unit.OWN_SD:
            return sd_rows(y)
        case Unit.POOLED_SD:
            return _pooled(y, ratings.sample)
        case Unit.LARGER_SD:
            return np.fmax(sd_rows(y), _pooled(y, ratings.sample))
        case Unit.MEAN_SD:
            own = sd_rows(y)
            known = ~np.isnan(own)
            return _shared(np.where(known, own, 0.0), known.astype(np.float64), ratings.sample)
        case Unit.OWN_DIFFERENCE_SD:
            return sd_rows(difference_rows(y))
        case Unit.POOLED_DIFFERENCE_SD:
            return _pooled(difference_rows(y), ratings.sample)
        case Unit.MOVING_RANGE:
            return np.asarray(mean_rows(np.abs(difference_rows(y))) / D2, dtype=np.float64)
        case Unit.QUARTILE_RANGE:
            return quantile_rows(y, 0.75) - quantile_rows(y, 0.25)
        case _:
            spread = np.full(len(y), spec.sd) if spec.sd is not None else _whole(y, ratings.sample)
            return np.asarray(spread * np.sqrt(2.0 * (1.0 - (spec.reliability or 0.0))), dtype=np.float64)


def _shared(parts: FloatArray, counts: FloatArray, sample: IntArray) -> FloatArray:
    """The sum of the parts over the sum of the counts within each sample, for each client; nan without a count."""
    above, below = np.bincount(sample, weights=parts), np.bincount(sample, weights=counts)
    each = np.divide(above, below, out=np.full(len(above), np.nan), where=below > 0.0)
    return np.asarray(each[sample], dtype=np.float64)


def _pooled(values: FloatArray, sample: IntArray) -> FloatArray:
    """The SD within clients, pooled over the sample: squared departures from the own mean over their freedom."""
    freedom = np.maximum(count_rows(values) - 1, 0).astype(np.float64)
    return np.asarray(np.sqrt(_shared(square_sum_rows(values), freedom, sample)), dtype=np.float64)


def _whole(values: FloatArray, sample: IntArray) -> FloatArray:
    """The SD of all ratings of the sample, within and between clients together."""
    count = count_rows(values).astype(np.float64)
    mean = _shared(np.nansum(values, axis=1), count, sample)
    away = values - mean[:, np.newaxis]
    number = np.bincount(sample, weights=count)
    variance = _shared(np.nansum(away * away, axis=1), count, sample)
    lost = np.divide(number, number - 1.0, out=np.full(len(number), np.nan), where=number > 1.0)
    return np.asarray(np.sqrt(variance * lost[sample]), dtype=np.float64)
