"""Where a course does not simply go on: another therapist, or another instrument."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray, as_codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaks:
    """Columns at which the relationship or the instrument changes; each (N, T) like the scores, or None for never.

    relationship: yes where the first session with another therapist is; instrument: which of the priors each session's
    rating belongs to, counted from 0 (one prior for each instrument, in this order).
    """

    relationship: ArrayLike | None = None
    instrument: ArrayLike | None = None


def break_codes(breaks: Breaks | ArrayLike | None, series: FloatArray, *, priors: int) -> IntArray | None:
    """The codes of stats.filter_level: k starts anew from prior k and counts sessions anew, -k lets the count go on.

    Rule: another relationship is k, another instrument within one relationship -k.
    Raises MethodError for other shapes and for an instrument without a prior.
    """
    if breaks is None:
        return None
    given = breaks if isinstance(breaks, Breaks) else Breaks(relationship=breaks)
    anew = as_codes(given.relationship, series, most=1)
    instrument = as_codes(given.instrument, series, most=priors - 1)
    if instrument is not None and (instrument < 0).any():
        raise MethodError("An instrument's number is below 0. They count from 0, in the order of the priors.")
    if anew is None and instrument is None:
        return None
    which = np.zeros(series.shape, dtype=np.int64) if instrument is None else instrument
    other = np.diff(which, axis=1, prepend=0) != 0
    codes: IntArray = np.where(other, -(which + 1), 0)
    return codes if anew is None else np.where(anew != 0, which + 1, codes)


def count_since(rated: BoolArray, codes: IntArray | None) -> IntArray:
    """How many ratings each segment holds up to and with each column, (N, T)."""
    count: IntArray = np.cumsum(rated, axis=1)
    if codes is None:
        return count
    before = np.where(codes != 0, count - rated, 0)
    return count - np.maximum.accumulate(before, axis=1)
