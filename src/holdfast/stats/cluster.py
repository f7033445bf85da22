"""Shares of things that hang together in groups: a share, its error over groups, and an interval that knows of them."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from holdfast.errors import MethodError
from holdfast.stats.proportion import Share, wilson_interval


def share_over_groups(found: ArrayLike, of: ArrayLike) -> tuple[float, float]:
    """The share of all things found, and its standard error with groups as the independent units.

    Formula: p = sum(found)/sum(of); error = sqrt(G/(G - 1)*sum over groups of (found - p*of)^2)/sum(of), the linearised
    ratio. nan for both when there is nothing; the error is 0 for a single group. Shapes: (G,) each.
    Source: Cochran 1977 (ratio estimate).
    """
    counts, sizes = np.asarray(found, dtype=np.float64), np.asarray(of, dtype=np.float64)
    total = float(sizes.sum())
    if not total:
        return float("nan"), float("nan")
    share = float(counts.sum()) / total
    left, number = counts - share * sizes, len(counts)
    return share, float(np.sqrt(np.sum(left * left) * number / max(number - 1, 1))) / total


def grouped_interval(found: ArrayLike, of: ArrayLike, *, confidence: float = 0.95) -> Share:
    """A share with an interval that does not take things of one group for independent.

    Rule: Wilson's interval for the effective number n' = p*(1 - p)/error^2 of independent things, error as in
    share_over_groups, never more than were counted. With one group, or none or all found, Wilson's own interval.
    Shapes: whole numbers (G,) each. Raises MethodError for counts that do not fit each other.
    Source: Wilson 1927; Korn & Graubard 1998 (effective sample size).
    """
    counts, sizes = np.asarray(found, dtype=np.int64), np.asarray(of, dtype=np.int64)
    if not ((counts >= 0) & (counts <= sizes)).all():
        raise MethodError("A group holds more found than there are. Count found within each group.")
    plain = wilson_interval(int(counts.sum()), int(sizes.sum()), confidence=confidence)
    p, error = share_over_groups(counts, sizes)
    if (sizes > 0).sum() < 2 or not 0.0 < p < 1.0 or error == 0.0:
        return plain
    number = min(p * (1.0 - p) / (error * error), float(plain.of))
    z = float(ndtri((1.0 + confidence) / 2.0))
    centre = p + z * z / (2.0 * number)
    spread = z * float(np.sqrt(p * (1.0 - p) / number + z * z / (4.0 * number * number)))
    whole = 1.0 + z * z / number
    return Share(
        found=plain.found,
        of=plain.of,
        estimate=p,
        low=(centre - spread) / whole,
        high=(centre + spread) / whole,
        confidence=confidence,
    )
