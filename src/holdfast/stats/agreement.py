"""How far two yes-or-no judgements of the same things agree, beyond what their shares alone would give."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from holdfast.errors import MethodError


@dataclass(frozen=True, slots=True, kw_only=True)
class Kappa:
    """Two judgements side by side: counts, share of agreement, Cohen's kappa with its standard error and interval.

    kappa is nan, and the interval the whole range, when both say the same of everything.
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    agreement: float
    kappa: float
    error: float
    low: float
    high: float
    confidence: float


def cohen_kappa(
    first: ArrayLike, second: ArrayLike, *, group: ArrayLike | None = None, confidence: float = 0.95
) -> Kappa:
    """Compare two judgements of the same things.

    Formula: kappa = (po - pe)/(1 - pe), po the share of agreement, pe the agreement of independent judgements with the
    same shares. Its error by the sum of squared influences; things of one group (values of one series) are summed
    before squaring, so that they need not be independent. Without groups this is the large-sample error of Fleiss,
    Cohen & Everitt 1969. Shapes: (n,) each, group whole numbers from 0.
    Raises MethodError for lengths that differ. Source: Cohen 1960.
    """
    a, b = np.asarray(first, dtype=np.bool_).ravel(), np.asarray(second, dtype=np.bool_).ravel()
    if a.shape != b.shape:
        raise MethodError("{first} and {second} judgements do not pair up. Give as many.", first=a.size, second=b.size)
    z = float(ndtri((1.0 + confidence) / 2.0))
    both, only_first, only_second = int((a & b).sum()), int((a & ~b).sum()), int((~a & b).sum())
    counts = (both, only_first, only_second, a.size - both - only_first - only_second)
    kappa, error, agreement = float("nan"), float("nan"), (counts[0] + counts[3]) / a.size if a.size else float("nan")
    p, q = (a.mean(), b.mean()) if a.size else (0.0, 0.0)
    by_shares = float(p * q + (1.0 - p) * (1.0 - q))
    if by_shares < 1.0:
        kappa = (agreement - by_shares) / (1.0 - by_shares)
        drift = (2.0 * q - 1.0) * (a - p) + (2.0 * p - 1.0) * (b - q)
        influence = ((a == b) - agreement) / (1.0 - by_shares) - (1.0 - agreement) / (1.0 - by_shares) ** 2 * drift
        if group is not None:
            influence = np.bincount(np.asarray(group, dtype=np.int64).ravel(), weights=influence)
        error = float(np.sqrt(np.sum(influence * influence)) / a.size)
    return Kappa(
        both=both,
        only_first=only_first,
        only_second=only_second,
        neither=counts[3],
        agreement=agreement,
        kappa=kappa,
        error=error,
        low=max(-1.0, kappa - z * error) if error == error else -1.0,
        high=min(1.0, kappa + z * error) if error == error else 1.0,
        confidence=confidence,
    )
