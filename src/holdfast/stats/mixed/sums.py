"""What a mixed model needs of its rows: each group's count, means and scatter, from one pass, and they can be added."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, IntArray, freeze

WIDE = 4  # whole-number labels that span less than this many times the rows are counted, not sorted


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSums:
    """Per group, in the order of its name: count (G,), means (d, G) and scatter about them (d, d, G) of d columns.

    names (G,); above (G,): the name of the larger group each lies in, None without one; left_out: rows that lacked
    something. Two of them are added with +, whether they hold the same groups or others: a file may be read in parts,
    or by several machines, and no row is needed any more. Arrays are read only.
    """

    names: np.ndarray
    above: np.ndarray | None
    count: FloatArray
    means: FloatArray
    scatter: FloatArray
    left_out: int

    @property
    def rows(self) -> int:
        """How many rows were counted."""
        return int(self.count.sum())

    def __add__(self, other: "GroupSums") -> "GroupSums":
        """The sums of both together. Raises MethodError for other columns, or a group that changes its larger one."""
        if len(self.means) != len(other.means) or (self.above is None) != (other.above is None):
            raise MethodError("The two sums are of different columns or levels. Add sums of the same model.")
        names, codes = np.unique(np.concatenate([self.names, other.names]), return_inverse=True)
        above = None
        if self.above is not None and other.above is not None:
            above = _nested(np.concatenate([self.above, other.above]), codes, len(names))
        count, means, scatter = _gather(
            codes,
            len(names),
            means=np.concatenate([self.means, other.means], axis=1),
            count=np.concatenate([self.count, other.count]),
            scatter=np.concatenate([self.scatter, other.scatter], axis=2),
        )
        return GroupSums(
            names=names,
            above=above,
            count=count,
            means=means,
            scatter=scatter,
            left_out=self.left_out + other.left_out,
        )


def sum_groups(columns: ArrayLike, *, group: ArrayLike, above: ArrayLike | None = None) -> GroupSums:
    """Count, means and scatter of every group.

    Rule: rows with nan in a column are left out and counted; scatter is taken about the group's own mean, so that a
    large common level costs no digits; two parts are joined by Chan's formula.
    Shapes: columns (n, d), group and above (n,). Raises MethodError for other shapes, infinite values, no rows left,
    or a group that lies in two larger ones. Source: Chan, Golub & LeVeque 1983.
    """
    given, labels = np.asarray(columns, dtype=np.float64), np.asarray(group)
    larger = None if above is None else np.asarray(above)
    if given.ndim != 2 or labels.shape != given.shape[:1] or (larger is not None and larger.shape != labels.shape):
        raise MethodError("Values, columns and groups differ in shape. Give one row of each for every value.")
    if np.isinf(given).any():
        raise MethodError("A column holds an infinite value. Leave a missing value out (nan) instead.")
    missing = np.isnan(given).any(axis=1)
    if missing.any():
        given, labels = given[~missing], labels[~missing]
        larger = None if larger is None else larger[~missing]
    if not len(given):
        raise MethodError("No row has all its values. A model needs some that do.")
    names, codes = code_labels(labels)
    nested = None if larger is None else _nested(larger, codes, len(names))
    count, means, scatter = _gather(codes, len(names), means=given.T)
    return GroupSums(names=names, above=nested, count=count, means=means, scatter=scatter, left_out=int(missing.sum()))


def code_labels(labels: np.ndarray) -> tuple[np.ndarray, IntArray]:
    """The different labels in order, and which of them each is; whole numbers close together without sorting."""
    if labels.dtype.kind in "iu" and len(labels):
        low = int(labels.min())
        span = int(labels.max()) - low + 1
        if span < WIDE * len(labels):
            codes = labels.astype(np.int64) - low
            there = np.bincount(codes, minlength=span) > 0
            return np.flatnonzero(there) + low, (np.cumsum(there) - 1)[codes]
    names, codes = np.unique(labels, return_inverse=True)
    return names, np.asarray(codes, dtype=np.int64)


def _nested(above: np.ndarray, codes: IntArray, groups: int) -> np.ndarray:
    """The larger group of each group (G,). Raises MethodError for a group that has two."""
    names, larger = code_labels(above)
    of = np.zeros(groups, dtype=np.int64)
    of[codes] = larger
    if (of[codes] != larger).any():
        count = len(np.unique(codes[of[codes] != larger]))
        raise MethodError(
            "Groups that lie in more than one larger group: {count}. Give each part a group name of its own, "
            "or leave the larger groups out.",
            count=count,
        )
    found: np.ndarray = names[of]
    return found


def _gather(
    codes: IntArray,
    groups: int,
    *,
    means: FloatArray,
    count: FloatArray | None = None,
    scatter: FloatArray | None = None,
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Count, means and scatter of groups whose parts have these; rows are parts of one, without scatter."""

    def total(values: FloatArray) -> FloatArray:
        weighted = values if count is None else values * count
        return np.asarray(np.bincount(codes, weights=weighted, minlength=groups), dtype=np.float64)

    number = np.asarray(np.bincount(codes, weights=count, minlength=groups), dtype=np.float64)
    centre = np.stack([total(column) / number for column in means])
    away = [column - middle[codes] for column, middle in zip(means, centre, strict=True)]
    moved = [bool(each.any()) for each in away]
    spread = np.zeros((len(means), len(means), groups))
    for i in range(len(means)):
        for j in range(i + 1):
            if moved[i] and moved[j]:
                spread[i, j] = total(away[i] * away[j])
            if scatter is not None:
                spread[i, j] += np.bincount(codes, weights=scatter[i, j], minlength=groups)
            spread[j, i] = spread[i, j]
    return freeze(number), freeze(centre), freeze(spread)
