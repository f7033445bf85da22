"""Reliable and clinically significant change after Jacobson and Truax."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, freeze
from holdfast.stats.difference import difference_error

CRITERION = 1.96


class ChangeCategory(StrEnum):
    """What the change is called; recovered and harmed (from the functional side to the clinical one) are only used with
    a cut-off, unknown where a score is missing."""

    RECOVERED = "recovered"
    IMPROVED = "improved"
    UNCHANGED = "unchanged"
    DETERIORATED = "deteriorated"
    HARMED = "harmed"
    UNKNOWN = "unknown"


class ChangeMethod(StrEnum):
    """Whose rule decides."""

    JACOBSON_TRUAX = "jacobson-truax"
    GULLIKSEN_LORD_NOVICK = "gulliksen-lord-novick"
    HSU_LINN_LORD = "hsu-linn-lord"
    EDWARDS_NUNNALLY = "edwards-nunnally"
    NUNNALLY_KOTSCH = "nunnally-kotsch"
    HAGEMAN_ARRINDELL = "hageman-arrindell"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChange:
    """The change of each client; arrays are (N,), read only.

    change: after minus before, in points; index: change in standard errors, by the method; category: a ChangeCategory
    each; difference_error and reliable_points: one standard error of the difference, and how many points are beyond it
    by the method's criterion (1.96, or 1.65);
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
    With a cut-off: recovered when improved and from the clinical side of it (or on it) to beyond it; harmed when
    deteriorated and from beyond it to the clinical side.
    Meaning: if nothing had changed, an index beyond 1.96 would come up for 1 client in 20. It does not say why.
    Shapes: before and after (N,) or single numbers, in points; missing nan gives category unknown.
    Raises MethodError when the two differ in length, for sd or reliability out of range, or another direction.
    Source: Jacobson & Truax 1991, J Consult Clin Psychol 59:12-19.
    """
    first, last = paired(before, after, higher_is=higher_is)
    index = (last - first) / difference_error(sd, reliability)
    by = Judged(
        method=ChangeMethod.JACOBSON_TRUAX.value, sd=sd, reliability=reliability, higher_is=higher_is, cutoff=cutoff
    )
    return told(first, last, index=index, by=by)


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


def paired(before: ArrayLike, after: ArrayLike, *, higher_is: str) -> tuple[FloatArray, FloatArray]:
    """The scores before and after as arrays (N,). Raises MethodError as reliable_change says."""
    first, last = (np.atleast_1d(np.asarray(each, dtype=np.float64)) for each in (before, after))
    if first.shape != last.shape or first.ndim != 1:
        raise MethodError(
            "Scores before have the shape {first}, after {last}. Give one of each per client.",
            first=first.shape,
            last=last.shape,
        )
    if higher_is not in ("worse", "better"):
        raise MethodError("`higher_is` is {higher_is}. It is worse or better.", higher_is=higher_is)
    return first, last


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """By which rule changes were judged: see ReliableChange; passed (N,): who is beyond the cut-off afterwards, where a
    method has a rule of its own for that.
    """

    method: str
    sd: float
    reliability: float
    higher_is: str
    cutoff: float | None = None
    criterion: float = CRITERION
    passed: BoolArray | None = None
    doubts: tuple[str, ...] = ()


def told(first: FloatArray, last: FloatArray, *, index: FloatArray, by: Judged) -> ReliableChange:
    """The result from each client's index (N,), higher for a higher score afterwards."""
    category = _categories(index if by.higher_is == "better" else -index, *_sides(first, last, by), by.criterion)
    error = difference_error(by.sd, by.reliability)
    return ReliableChange(
        change=freeze(last - first),
        index=freeze(index),
        category=category,
        difference_error=error,
        reliable_points=by.criterion * error,
        counts=MappingProxyType({each.value: int((category == each.value).sum()) for each in ChangeCategory}),
        sd=by.sd,
        reliability=by.reliability,
        higher_is=by.higher_is,
        cutoff=by.cutoff,
        method=by.method,
        doubts=(*by.doubts, *_doubts(category)),
    )


def _sides(first: FloatArray, last: FloatArray, by: Judged) -> tuple[BoolArray, BoolArray]:
    """Who came from the clinical side of the cut-off (or from on it) beyond it, and who the other way."""
    if by.cutoff is None:
        nobody = np.zeros(first.shape, dtype=np.bool_)
        return nobody, nobody
    sign = 1.0 if by.higher_is == "better" else -1.0
    was = sign * first > sign * by.cutoff
    passed = sign * last > sign * by.cutoff if by.passed is None else by.passed
    return np.asarray(~was & passed, dtype=np.bool_), np.asarray(was & (sign * last < sign * by.cutoff), dtype=np.bool_)


def _categories(gain: FloatArray, crossed: BoolArray, fell: BoolArray, criterion: float) -> NDArray[np.str_]:
    """The category of each client, from the index turned so that higher is better."""
    conditions = [
        (np.isnan(gain), ChangeCategory.UNKNOWN),
        ((gain > criterion) & crossed, ChangeCategory.RECOVERED),
        (gain > criterion, ChangeCategory.IMPROVED),
        ((gain < -criterion) & fell, ChangeCategory.HARMED),
        (gain < -criterion, ChangeCategory.DETERIORATED),
    ]
    names = [name.value for _, name in conditions]
    category = np.select([each for each, _ in conditions], names, default=ChangeCategory.UNCHANGED.value)
    category.setflags(write=False)
    return np.asarray(category, dtype=np.str_)


def _doubts(category: NDArray[np.str_]) -> tuple[str, ...]:
    """What limits the result."""
    missing = int((category == ChangeCategory.UNKNOWN.value).sum())
    known = "The error of measurement rests on the SD and reliability given; another population has others."
    return (known,) if not missing else (known, f"{missing} of {len(category)} clients lack a score before or after.")
