"""Two raters of the same sessions as arrays of one shape."""

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats import MixedFit
from holdfast.stats.arrays import FloatArray, IntArray, as_series, freeze


def same_sessions(first: ArrayLike, second: ArrayLike) -> tuple[FloatArray, FloatArray]:
    """Both as (N, T), nan where either lacks a rating. Raises MethodError when they differ in shape."""
    a, b = as_series(first), as_series(second)
    if a.shape != b.shape:
        raise MethodError("The two ratings have the shapes {a} and {b}. Give the same sessions.", a=a.shape, b=b.shape)
    neither = np.isnan(a) | np.isnan(b)
    return np.where(neither, np.nan, a), np.where(neither, np.nan, b)


def own_mean(ratings: FloatArray) -> FloatArray:
    """Each row's mean over what was rated (N, 1); nan for a row without a rating."""
    count = np.sum(~np.isnan(ratings), axis=1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.nansum(ratings, axis=1, keepdims=True) / count, dtype=np.float64)


def dyads_of(ratings: FloatArray) -> IntArray:
    """The row number of each cell (N, T)."""
    return np.broadcast_to(np.arange(len(ratings))[:, np.newaxis], ratings.shape).astype(np.int64)


def doublings(ratings: FloatArray) -> FloatArray:
    """log2 of each cell's session number (N, T): 0 at the first session, 1 at the second, 2 at the fourth."""
    return np.broadcast_to(np.log2(np.arange(1.0, ratings.shape[1] + 1.0)), ratings.shape).astype(np.float64)


def own_values(fit: MixedFit, dyads: int, column: int) -> tuple[FloatArray, FloatArray]:
    """Each dyad's own coefficient and its error (N,), nan for a dyad that was not in the fit."""
    whole = np.full((2, dyads), np.nan)
    whole[:, fit.groups.names.astype(np.int64)] = fit.coefficient(random=column, fixed=column)
    return freeze(whole[0]), freeze(whole[1])
