"""The mean of values that hang together in groups, with an interval that takes groups, not values, as independent."""

import numpy as np
from numpy.typing import ArrayLike

from holdfast.stats.estimate import Estimate
from holdfast.stats.student import student_quantile


def mean_over_groups(values: ArrayLike, *, group: ArrayLike, confidence: float = 0.95) -> Estimate:
    """The mean of all values, and its interval over groups.

    Formula: m = sum(y)/n; error = sqrt(G/(G - 1)*sum over groups of (sum of y - m)^2)/n; Student's range with G - 1
    degrees of freedom. nan for the mean without a value, and for the rest with fewer than two groups.
    Shapes: values and group (n,), any numbers as groups; nan values are left out.
    Source: Liang & Zeger 1986 (robust variance), with the small-sample factor of R's clubSandwich CR1.
    """
    y, own = np.asarray(values, dtype=np.float64), np.asarray(group)
    seen = ~np.isnan(y)
    y, own = y[seen], np.unique(own[seen], return_inverse=True)[1]
    groups = int(own.max()) + 1 if y.size else 0
    mean = float(y.mean()) if y.size else float("nan")
    if groups < 2:
        return Estimate(value=mean, error=float("nan"), low=float("nan"), high=float("nan"))
    left = np.bincount(own, weights=y - mean)
    error = float(np.sqrt(np.sum(left * left) * groups / (groups - 1.0))) / y.size
    half = float(student_quantile((1.0 + confidence) / 2.0, np.asarray(groups - 1.0))) * error
    return Estimate(value=mean, error=error, low=mean - half, high=mean + half)
