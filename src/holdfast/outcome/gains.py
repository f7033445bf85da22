"""Sudden gains and losses: large, lasting steps from one session to the next."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray, as_series, freeze
from holdfast.stats.sudden_shift import sudden_shifts

METHOD = "tang-derubeis-1999"


class Choice(StrEnum):
    """Which of a client's gains are kept: all, or one."""

    ALL = "all"
    FIRST = "first"
    LAST = "last"
    LARGEST = "largest"
    SMALLEST = "smallest"


@dataclass(frozen=True, slots=True, kw_only=True)
class GainCriteria:
    """What makes a step sudden. cut: its size in points (7 of the BDI as published; for another score
    stats.smallest_reliable_difference), None for no such criterion; share: its size as a share of the
    value before, None for none; adjusted: the critical value of the third criterion follows the values seen (Lutz et
    al. 2013), else 2.776; reversal_from: a gain can be reversed from the next session after it on (as published), or
    from the second (as the R package suddengains counts); rules_out: a step that fails the first or second criterion
    is no gain although too little was seen for the third, instead of undecided (as published).
    """

    cut: float | None = 7.0
    share: float | None = 0.25
    adjusted: bool = True
    reversal_from: Literal["next", "second"] = "next"
    rules_out: bool = False

    def __post_init__(self) -> None:
        for name, value in (("cut", self.cut), ("share", self.share)):
            if value is not None and not 0.0 < value < np.inf:
                raise MethodError(
                    "The {name} is {value}. Give a number above 0, or leave it out.", name=name, value=value
                )
        if self.reversal_from not in ("next", "second"):
            raise MethodError("Reversals count from {word}. It is next or second.", word=self.reversal_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuddenGains:
    """The gains (or losses) that were found; arrays are (K,), one per gain in order of clients and sessions, read only.

    client: which row of y; before: the column of the session before the gain, the gain is one column later;
    value_before, value_after, magnitude: in points, magnitude counted positive; proportion: magnitude as a share of the
    whole change from the first value seen to the last (nan where there is none); reversed: half of it or more was lost
    again in a later session. decided (N,): how many steps of each client could be told; clients: how many have one.
    """

    client: IntArray
    before: IntArray
    value_before: FloatArray
    value_after: FloatArray
    magnitude: FloatArray
    proportion: FloatArray
    reversed: BoolArray
    decided: IntArray
    clients: int
    kind: str
    higher_is: str
    choice: Choice
    criteria: GainCriteria
    method: str
    doubts: tuple[str, ...]


def sudden_gains(
    y: ArrayLike,
    *,
    higher_is: Literal["worse", "better"] = "worse",
    kind: Literal["gain", "loss"] = "gain",
    criteria: GainCriteria | None = None,
    choice: Choice | str = Choice.ALL,
) -> SuddenGains:
    """Find steps for the better (gain) or the worse (loss) that are large, large for where they start, and lasting.

    Rule: the three criteria of stats.sudden_shifts, in the direction that is better or worse. A loss counts its share
    of the value before as a gain does. Reversed: a later session lies strictly beyond the value after the gain plus
    half of the gain, on the way back. Proportion: magnitude/(first - last), signed so that it is positive where the
    whole change goes the same way. Where y begins with a baseline, its step to session 1 cannot be a gain, but session
    1 to 2 can.
    Meaning: such steps also come up by chance, and more often where scores swing; they are not explained by anything in
    particular. Shapes: y (N, T), missing nan. Raises MethodError for another direction, kind or choice, and where no
    value was seen.
    Source: Tang & DeRubeis 1999; Stiles et al. 2003 (reliable cut); Lutz et al. 2013 (critical values); Wiedemann et
    al. 2020 (what the package suddengains does); checked against its own tests.
    """
    if higher_is not in ("worse", "better") or kind not in ("gain", "loss"):
        raise MethodError("Asked for a {kind} where higher is {word}. It is a gain or a loss, and worse or better.",
                          kind=kind, word=higher_is)  # fmt: skip
    if choice not in set(Choice):
        raise MethodError("The choice is {choice}. It is one of {known}.", choice=choice, known=", ".join(Choice))
    criteria, choice, series = criteria or GainCriteria(), Choice(choice), as_series(y)
    if np.isnan(series).all():
        raise MethodError("No score was seen. Give at least one client with four sessions.")
    down = (higher_is == "worse") == (kind == "gain")
    found = sudden_shifts(
        series, direction="down" if down else "up", cut=criteria.cut, share=criteria.share, adjusted=criteria.adjusted
    )
    decided = found.decidable
    if criteria.rules_out:
        testable = np.zeros(series.shape, dtype=np.bool_)
        testable[:, 2:-1] = True
        decided = decided | (testable & ~np.isnan(found.size) & ~(found.large & found.relative))
    shift = _one_each(found.shift, found.size, choice)
    client, after = np.nonzero(shift)
    sign = -1.0 if down else 1.0
    magnitude = found.size[client, after]
    return SuddenGains(
        client=freeze(client.astype(np.int64)),
        before=freeze((after - 1).astype(np.int64)),
        value_before=freeze(series[client, after - 1]),
        value_after=freeze(series[client, after]),
        magnitude=freeze(magnitude),
        proportion=freeze(_proportion(series, client, magnitude, sign)),
        reversed=freeze(_reversed(series, client, after, magnitude, sign, criteria.reversal_from)),
        decided=freeze(decided.sum(axis=1).astype(np.int64)),
        clients=len(np.unique(client)),
        kind=kind,
        higher_is=higher_is,
        choice=choice,
        criteria=criteria,
        method=METHOD,
        doubts=_doubts(decided, criteria, higher_is, kind),
    )


def _one_each(shift: BoolArray, size: FloatArray, choice: Choice) -> BoolArray:
    """All gains, or one of each client; of equal sizes the first."""
    if choice is Choice.ALL or not shift.shape[1]:
        return shift
    columns = np.arange(shift.shape[1], dtype=np.float64)
    worth = {
        Choice.FIRST: np.broadcast_to(-columns, shift.shape),
        Choice.LAST: np.broadcast_to(columns, shift.shape),
        Choice.LARGEST: size,
        Choice.SMALLEST: -size,
    }[choice]
    best = np.where(shift, worth, -np.inf).argmax(axis=1)
    kept = np.zeros_like(shift)
    kept[np.arange(len(shift)), best] = True
    return np.asarray(kept & shift, dtype=np.bool_)


def _proportion(series: FloatArray, client: IntArray, magnitude: FloatArray, sign: float) -> FloatArray:
    """The gain as a share of the change from the first value seen to the last."""
    seen = ~np.isnan(series)
    first = series[np.arange(len(series)), seen.argmax(axis=1)]
    last = series[np.arange(len(series)), seen.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)]
    whole = sign * (last - first)[client]
    share: FloatArray = np.divide(magnitude, whole, out=np.full(len(client), np.nan), where=whole != 0.0)
    return share


def _reversed(
    series: FloatArray, client: IntArray, after: IntArray, magnitude: FloatArray, sign: float, begins: str
) -> BoolArray:
    """Whether a later session lies strictly beyond half of the way back."""
    bound = sign * series[client, after] - magnitude / 2.0
    late = np.arange(series.shape[1]) > (after + (begins == "second"))[:, np.newaxis]
    with np.errstate(invalid="ignore"):
        return np.asarray((late & (sign * series[client] < bound[:, np.newaxis])).any(axis=1), dtype=np.bool_)


def _doubts(decided: BoolArray, criteria: GainCriteria, higher_is: str, kind: str) -> tuple[str, ...]:
    """What limits the result."""
    lines = [f"Steps of this size come up by chance too; a sudden {kind} is not explained by being found."]
    few = int((decided.sum(axis=1) == 0).sum())
    if few:
        lines.append(
            f"For {few} of {len(decided)} clients no step could be told: two sessions are needed on each side."
        )
    if higher_is == "better" and criteria.share is not None:
        lines.append("The share of the value before depends on where the scale begins; consider leaving it out.")
    return tuple(lines)
