"""What fell: the facets of one session against what each usually is for this client."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, freeze
from holdfast.stats.student import student_tail

METHOD = "facets-below-usual"
OWN_RATINGS = 4.0  # how many of the client's own ratings the archive's spread counts for


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetFalls:
    """Arrays are (N, T, F), read only. change: points below (negative) or above this client's usual; p: how often a
    facet falls this far or further by chance; fell: p below the share alpha/F, so that all facets of a session
    together are marked no oftener than alpha."""

    change: FloatArray
    p: FloatArray
    fell: BoolArray
    alpha: float
    method: str
    doubts: tuple[str, ...]

    def named(self, row: int, column: int, names: tuple[str, ...]) -> tuple[str, ...]:
        """The facets that fell in one session, the deepest first."""
        marked = np.flatnonzero(self.fell[row, column])
        return tuple(names[i] for i in marked[np.argsort(self.p[row, column, marked], kind="stable")])


def facets_that_fell(facets: ArrayLike, *, alpha: float = 0.05) -> FacetFalls:
    """Compare each facet of a session with the same client's earlier ones.

    Rule: usual = mean of the client's k earlier ratings of the facet, at least 2; spread^2 = (4*A + sum of squares)/
    (4 + k - 1), A the median over clients of their own variances of that facet; p = T_cdf((y - usual)/(spread*
    sqrt(1 + 1/k)); 4 + k - 1); fell: p < alpha/F (Bonferroni).
    Meaning: which side of the relationship went down most, for a conversation; it opens no episode.
    Shapes: facets (N, T, F), missing nan. Raises MethodError for another shape.
    Source: the shrunken variance of Smyth 2004 with a fixed weight; Bonferroni.
    """
    values = np.asarray(facets, dtype=np.float64)
    if values.ndim != 3:
        raise MethodError(
            "The facets have {dimensions} dimensions. Give clients, sessions, facets.", dimensions=values.ndim
        )
    seen = ~np.isnan(values)
    filled = np.where(seen, values, 0.0)
    count = np.cumsum(seen, axis=1) - seen
    total = np.cumsum(filled, axis=1) - filled
    square = np.cumsum(filled**2, axis=1) - filled**2
    usual = total / np.maximum(count, 1)
    within = np.maximum(square - count * usual**2, 0.0)
    freedom = OWN_RATINGS + count - 1.0
    spread = np.sqrt((OWN_RATINGS * _typical(values, seen) + within) / freedom * (1.0 + 1.0 / np.maximum(count, 1)))
    known = seen & (count >= 2) & (spread > 0.0)
    change = np.where(known, values - usual, np.nan)
    p = np.where(known, student_tail(change / np.where(known, spread, 1.0), freedom), np.nan)
    return FacetFalls(
        change=freeze(change),
        p=freeze(p),
        fell=freeze(np.asarray(p < alpha / max(values.shape[2], 1))),
        alpha=alpha,
        method=METHOD,
        doubts=("A facet is one or two answers; it moves a whole step at a time.",),
    )


def _typical(values: FloatArray, seen: BoolArray) -> FloatArray:
    """The median over clients of their own variances, one per facet; 0 where nobody has two ratings."""
    count = seen.sum(axis=1)
    mean = np.where(seen, values, 0.0).sum(axis=1) / np.maximum(count, 1)
    squares = np.where(seen, (values - mean[:, np.newaxis]) ** 2, 0.0).sum(axis=1)
    own = np.where(count >= 2, squares / np.maximum(count - 1, 1), np.nan)
    typical = np.zeros(values.shape[2])
    for facet in range(values.shape[2]):
        known = own[:, facet][~np.isnan(own[:, facet])]
        typical[facet] = np.median(known) if len(known) else 0.0
    return typical
