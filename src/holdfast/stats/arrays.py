"""The shapes that the numerics share: many series side by side, one row each, missing is nan."""

from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdfast.errors import MethodError

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.int64]
AnyArray = TypeVar("AnyArray", FloatArray, BoolArray, IntArray)


def as_series(values: ArrayLike) -> FloatArray:
    """Many series as one array of floats, a row for each; one series alone becomes one row.

    Shapes: (N, T) or (T,) in, (N, T) out; missing is nan. Raises MethodError for more dimensions or infinite values.
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim == 1:
        series = series[np.newaxis, :]
    if series.ndim != 2:
        raise MethodError("The series have {dimensions} dimensions. Give one row for each.", dimensions=series.ndim)
    if np.isinf(series).any():
        raise MethodError("A series holds an infinite value. Leave a missing value out (nan) instead.")
    return series


def as_steps(steps: ArrayLike | None, series: FloatArray) -> FloatArray | None:
    """The time from each column to the next, checked; None when every step is one.

    Shapes: (N, T) like the series; the first column is never used; nan counts as no time at an unseen value only.
    Raises MethodError for another shape, for negative or infinite steps, and for nan at a seen value.
    """
    if steps is None:
        return None
    given = np.array(steps, dtype=np.float64, ndmin=2)
    if given.shape != series.shape:
        raise MethodError(
            "The steps have the shape {got}, the series {wanted}. Give one step for each value.",
            got=given.shape,
            wanted=series.shape,
        )
    given[:, :1] = 0.0
    given[np.isnan(series) & np.isnan(given)] = 0.0
    if not (np.isfinite(given).all() and (given >= 0.0).all()):
        raise MethodError("A step is negative or unknown. Give the time since the column before, 0 or more.")
    return given


def as_codes(codes: ArrayLike | None, series: FloatArray, *, most: int) -> IntArray | None:
    """Whole numbers beside the series, checked; None when every one is 0.

    Shapes: (N, T) like the series. Raises MethodError for another shape, fractions, or a size above `most`.
    """
    if codes is None:
        return None
    given = np.array(codes, dtype=np.float64, ndmin=2)
    if given.shape != series.shape:
        raise MethodError(
            "The codes have the shape {got}, the series {wanted}. Give one for each value.",
            got=given.shape,
            wanted=series.shape,
        )
    if not (np.abs(given) <= most).all() or (given % 1.0).any():
        raise MethodError("A code is no whole number, or beyond {most}. Each names one of the priors.", most=most)
    return given.astype(np.int64) if given.any() else None


def freeze(array: AnyArray) -> AnyArray:
    """The same array, no longer writable, so that a result cannot change under its reader."""
    array.setflags(write=False)
    return array
