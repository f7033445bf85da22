"""Which ratings fall, and from where."""

import numpy as np

from holdfast.alliance.rules.ratings import Ratings, size_of_unit
from holdfast.alliance.rules.spec import Fall, FallKind, RuleSpec
from holdfast.stats.arrays import BoolArray, FloatArray
from holdfast.stats.rows import mean_rows, quantile_rows
from holdfast.stats.sudden_shift import sudden_shifts


def find_falls(ratings: Ratings, spec: RuleSpec) -> BoolArray:
    """(N, T): the rated sessions in which every fall of the rule holds. Not for a fall from the peak."""
    holds = ~np.isnan(ratings.y)
    for fall in spec.falls:
        holds = holds & _holds(ratings, spec, fall)
    return holds


def fallen_from(ratings: Ratings, spec: RuleSpec) -> FloatArray:
    """(N, T): what a rating would have to reach to be back: the rating before, the own mean, or the level itself.

    Where several falls have to hold it is the rating before.
    """
    kinds = {fall.kind for fall in spec.falls}
    y = ratings.y
    if kinds & {FallKind.FROM_PREVIOUS, FallKind.LASTING}:
        return _previous(y)
    if FallKind.BELOW_LEVEL in kinds:
        return np.full(y.shape, np.nextafter(spec.falls[0].size, np.inf))
    return np.broadcast_to(mean_rows(y)[:, np.newaxis], y.shape)


def _holds(ratings: Ratings, spec: RuleSpec, fall: Fall) -> BoolArray:
    """One condition. A rating that does not fall at all never holds, however small the unit."""
    y = ratings.y
    if fall.kind is FallKind.LASTING:
        return sudden_shifts(y, direction="down").shift
    if fall.kind is FallKind.BELOW_LEVEL:
        return np.asarray(y < fall.size if fall.strict else y <= fall.size, dtype=np.bool_)
    asked = (fall.size * size_of_unit(fall.unit, ratings, spec))[:, np.newaxis]
    if fall.kind is FallKind.FROM_PREVIOUS:
        line = _previous(y)
    elif fall.kind is FallKind.BELOW_QUARTILE:
        line = np.broadcast_to(quantile_rows(y, 0.25)[:, np.newaxis], y.shape)
    else:
        line = np.broadcast_to(mean_rows(y)[:, np.newaxis], y.shape)
    drop = line - y
    enough = drop > asked if fall.strict else drop >= asked
    return np.asarray(enough & (drop > 0.0), dtype=np.bool_)


def _previous(y: FloatArray) -> FloatArray:
    """(N, T): the rating before; nan for the first."""
    return np.concatenate([np.full((len(y), 1), np.nan), y], axis=1)[:, : y.shape[1]]
