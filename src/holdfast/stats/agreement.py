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
    """Compare two judgements of the same things; things of one group need not be independent of each other.

    Formula and source: kappa_of_counts; without groups every thing is one.
    Shapes: (n,) each, group whole numbers from 0. Raises MethodError for lengths that differ.
    """
    a, b = np.asarray(first, dtype=np.bool_).ravel(), np.asarray(second, dtype=np.bool_).ravel()
    if a.shape != b.shape:
        raise MethodError("{first} and {second} judgements do not pair up. Give as many.", first=a.size, second=b.size)
    parts = [a & b, a, b, np.ones(a.size)]
    if group is not None:
        of = np.asarray(group, dtype=np.int64).ravel()
        parts = [np.bincount(of, weights=part) for part in parts]
    return kappa_of_counts(*parts, confidence=confidence)


def kappa_of_counts(
    both: ArrayLike, first: ArrayLike, second: ArrayLike, of: ArrayLike, *, confidence: float = 0.95
) -> Kappa:
    """Cohen's kappa from how many things of each group both judgements, the first and the second say yes to.

    Formula: kappa = (po - pe)/(1 - pe), po the share of agreement, pe the agreement of independent judgements with the
    same shares. Its error is the root of the sum of squared influences, the things of a group summed before squaring;
    with one thing in each group this is the large-sample error of Fleiss, Cohen & Everitt 1969.
    Shapes: (G,) each. Source: Cohen 1960.
    """
    yes, a, b, n = (np.asarray(each, dtype=np.float64) for each in (both, first, second, of))
    z, number = float(ndtri((1.0 + confidence) / 2.0)), float(n.sum())
    agreeing = n - a - b + 2.0 * yes
    kappa, error, agreement = float("nan"), float("nan"), float(agreeing.sum()) / number if number else float("nan")
    p, q = (float(a.sum()) / number, float(b.sum()) / number) if number else (0.0, 0.0)
    by_shares = p * q + (1.0 - p) * (1.0 - q)
    if by_shares < 1.0:
        kappa = (agreement - by_shares) / (1.0 - by_shares)
        drift = (2.0 * q - 1.0) * (a - p * n) + (2.0 * p - 1.0) * (b - q * n)
        influence = (agreeing - agreement * n) / (1.0 - by_shares) - (1.0 - agreement) / (1.0 - by_shares) ** 2 * drift
        error = float(np.sqrt(np.sum(influence * influence))) / number
    known = error == error
    return Kappa(
        both=int(yes.sum()),
        only_first=int((a - yes).sum()),
        only_second=int((b - yes).sum()),
        neither=int((n - a - b + yes).sum()),
        agreement=agreement,
        kappa=kappa,
        error=error,
        low=max(-1.0, kappa - z * error) if known else -1.0,
        high=min(1.0, kappa + z * error) if known else 1.0,
        confidence=confidence,
    )
