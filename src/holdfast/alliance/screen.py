"""The detector over very many courses: signals and tails alone, so that a million clients fit into memory."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from holdfast.alliance.detect import METHOD, Detection, detect
from holdfast.alliance.doubts import doubts_of
from holdfast.alliance.kinds import SignalKind
from holdfast.alliance.prior import Prior
from holdfast.alliance.rule import Rule
from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, as_series

BLOCK = 20_000  # clients looked at together: some tens of megabytes for courses of twenty sessions


@dataclass(frozen=True, slots=True, kw_only=True)
class Screening:
    """What is left of a detection of very many clients; arrays are (N, T), read only.

    kind: SignalKind codes, 0 for none (acute where both), as small whole numbers; p and low as in Detection.
    """

    kind: NDArray[np.int8]
    p: FloatArray
    low: FloatArray
    prior: Prior
    rule: Rule
    method: str
    false_alarm_rate: float
    doubts: tuple[str, ...]


def detections(
    scores: ArrayLike,
    *,
    prior: Prior | Sequence[Prior],
    rule: Rule | None = None,
    steps: ArrayLike | None = None,
    block: int = BLOCK,
) -> Iterator[tuple[slice, Detection]]:
    """Detections of so many clients at a time, with the rows that each stands for.

    Rule, meaning and source: `detect`. Shapes: scores and steps (N, T). Raises MethodError as it does, and for a block
    below 1.
    """
    if block < 1:
        raise MethodError("{block} clients at a time cannot be looked at. Give 1 or more.", block=block)
    series = as_series(scores)
    time = None if steps is None else np.atleast_2d(np.asarray(steps, dtype=np.float64))
    if time is not None and time.shape != series.shape:
        raise MethodError(
            "The steps have the shape {got}, the scores {wanted}. Give one step for each.",
            got=time.shape,
            wanted=series.shape,
        )
    for first in range(0, len(series), block):
        rows = slice(first, min(first + block, len(series)))
        yield rows, detect(series[rows], prior=prior, rule=rule, steps=None if time is None else time[rows])


def screen(
    scores: ArrayLike, *, prior: Prior, rule: Rule | None = None, steps: ArrayLike | None = None, block: int = BLOCK
) -> Screening:
    """Signals, tails and lower ends of the expected range for very many clients, in little memory.

    Rule, meaning and source: `detect`. Shapes: scores and steps (N, T). Raises MethodError as `detections` does.
    """
    series = as_series(scores)
    kind = np.zeros(series.shape, dtype=np.int8)
    p, low = np.empty(series.shape), np.empty(series.shape)
    for rows, found in detections(series, prior=prior, rule=rule, steps=steps, block=block):
        kind[rows][found.erosion] = SignalKind.EROSION.code
        kind[rows][found.acute] = SignalKind.ACUTE.code
        p[rows], low[rows] = found.p, found.low
    for array in (kind, p, low):
        array.setflags(write=False)
    chosen = rule or Rule()
    return Screening(
        kind=kind,
        p=p,
        low=low,
        prior=prior,
        rule=chosen,
        method=METHOD,
        false_alarm_rate=chosen.alpha,
        doubts=doubts_of((~np.isnan(series)).sum(axis=1), (prior,), chosen),
    )
