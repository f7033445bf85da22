"""Reliable and clinically significant change after Jacobson and Truax."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, freeze
from holdfast.stats.difference import difference_error

METHOD = "jacobson-truax-1991"
CRITERION = 1.96


class ChangeCategory(StrEnum):
    """What the change is called; recovered is only used with a cut-off, unknown where a score is missing."""

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChange:
    """The change of each client; arrays are (N,), read only.

    change: after minus before, in points; index: change in standard errors of the difference; category: a
    ChangeCategory each; difference_error and reliable_points: one standard error, and the change beyond 1.96 of them;
    counts: how many clients in each category; the settings as they applied.
    """

    change: FloatArray
    index: FloatArray
    category: NDArray[np.str_]
    difference_error: float
    reliable_points: float
    counts: Mapping[str, int]
    sd: float
    reliability: float
    higher_is: str
    cutoff: float | None
    method: str
    doubts: tuple[str, ...]


def reliable_change(
    before: ArrayLike,
    after: ArrayLike,
    *,
    sd: float,
    reliability: float,
    higher_is: Literal["worse", "better"] = "worse",
    cutoff: float | None = None,
) -> ReliableChange:
    """Say whose change is larger than measurement error explains.

    Rule: index = (after - before)/(sd*sqrt(2)*sqrt(1 - reliability)); improved or deteriorated when |index| > 1.96.
    With a cut-off: recovered when improved and from the clinical side of it (or on it) to beyond it.
    Meaning: if nothing had changed, an index beyond 1.96 would come up for 1 client in 20. It does not say why.
    Shapes: before and after (N,) or single numbers, in points; missing nan gives category unknown.
    Raises MethodError when the two differ in length, for sd or reliability out of range, or another direction.
    Source: Jacobson & Truax 1991, J Consult Clin Psychol 59:12-19.
    """
    first, last = (
        np.atleast_1d(np.asarray(before, dtype=np.float64)),
        np.atleast_1d(np.asarray(after, dtype=np.float64)),
    )
    if first.shape != last.shape or first.ndim != 1:
        raise MethodError(
            "Scores before have the shape {first}, after {last}. Give one of each per client.",
            first=first.shape,
            last=last.shape,
        )
    if higher_is not in ("worse", "better"):
        raise MethodError("`higher_is` is {higher_is}. It is worse or better.", higher_is=higher_is)
    error = difference_error(sd, reliability)
    change = last - first
    index = change / error
    gain = index if higher_is == "better" else -index
    category = _categories(gain, _crossed(first, last, higher_is, cutoff))
    return ReliableChange(
        change=freeze(change),
        index=freeze(index),
        category=category,
        difference_error=error,
        reliable_points=CRITERION * error,
        counts=MappingProxyType({each.value: int((category == each.value).sum()) for each in ChangeCategory}),
        sd=sd,
        reliability=reliability,
        higher_is=higher_is,
        cutoff=cutoff,
        method=METHOD,
        doubts=_doubts(category),
    )


def functional_cutoff(*, mean: float, sd: float, functional_mean: float, functional_sd: float) -> float:
    """The score at which a client is as likely to belong to either population: cut-off c.

    Formula: (sd*functional_mean + functional_sd*mean)/(sd + functional_sd). Units: points of the scale.
    Raises MethodError unless both SDs are above 0. Source: Jacobson & Truax 1991.
    """
    if not (sd > 0.0 and functional_sd > 0.0):
        raise MethodError(
            "A standard deviation of {sd} or {other} cannot be. Give two above 0.", sd=sd, other=functional_sd
        )
    return (sd * functional_mean + functional_sd * mean) / (sd + functional_sd)


def _crossed(first: FloatArray, last: FloatArray, higher_is: str, cutoff: float | None) -> NDArray[np.bool_]:
    """Who came from the clinical to the functional side of the cut-off; nobody without one."""
    if cutoff is None:
        return np.zeros(first.shape, dtype=np.bool_)
    if higher_is == "better":
        return np.asarray((first <= cutoff) & (last > cutoff))
    return np.asarray((first >= cutoff) & (last < cutoff))


def _categories(gain: FloatArray, crossed: NDArray[np.bool_]) -> NDArray[np.str_]:
    """The category of each client, from the index turned so that higher is better."""
    conditions = [np.isnan(gain), (gain > CRITERION) & crossed, gain > CRITERION, gain < -CRITERION]
    names = [ChangeCategory.UNKNOWN, ChangeCategory.RECOVERED, ChangeCategory.IMPROVED, ChangeCategory.DETERIORATED]
    category = np.select(conditions, [name.value for name in names], default=ChangeCategory.UNCHANGED.value)
    category.setflags(write=False)
    return np.asarray(category, dtype=np.str_)


def _doubts(category: NDArray[np.str_]) -> tuple[str, ...]:
    """What limits the result."""
    missing = int((category == ChangeCategory.UNKNOWN.value).sum())
    known = "The error of measurement rests on the SD and reliability given; another population has others."
    return (known,) if not missing else (known, f"{missing} of {len(category)} clients lack a score before or after.")
