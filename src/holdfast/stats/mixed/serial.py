"""A mixed model whose errors hang together from row to row of a group: AR(1), in whole steps or continuous time."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray

STEEP = 0.99  # the autocorrelation is looked for below this
STEP = 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class Serial:
    """Rows in order of group and time: order (n,), gap (n,) to the row before in its group, which rows are first."""

    order: IntArray
    gap: FloatArray
    first: BoolArray

    @property
    def lowest(self) -> float:
        """The least autocorrelation that makes sense: below 0 only where every gap is a whole number."""
        return -STEEP if not (self.gap % 1.0).any() else 0.0


def serial_order(codes: IntArray, time: FloatArray) -> Serial:
    """Rows by group and time. Raises MethodError for two rows of a group at one time, and where no group has two."""
    order = np.lexsort((time, codes)).astype(np.int64)
    first = np.diff(codes[order], prepend=-1) != 0
    gap = np.where(first, 1.0, np.diff(time[order], prepend=0.0))
    if (gap <= 0.0).any():
        raise MethodError(
            "Rows that repeat a time in their group: {count}. Keep one of each.", count=int((gap <= 0).sum())
        )
    if first.all():
        raise MethodError("Every group has one row. How errors hang together takes groups of several.")
    return Serial(order=order, gap=gap, first=np.asarray(first))


def whiten(columns: FloatArray, serial: Serial, rho: float) -> tuple[FloatArray, float]:
    """Rows whose errors no longer hang together, and log|R|, R their correlation.

    Formula: a = rho^gap; (w_t - a w_{t-1})/sqrt(1 - a^2) for every row but a group's first; log|R| = sum log(1 - a^2).
    Shapes: (n, d), rows in serial order. Source: the innovations of an AR(1) process (any text on time series).
    """
    whole = np.where(serial.gap % 2.0 == 0.0, 1.0, np.sign(rho)) if rho < 0.0 else 1.0
    a = np.where(serial.first, 0.0, whole * np.abs(rho) ** serial.gap)
    before = np.concatenate([columns[:1], columns[:-1]])
    left = (columns - a[:, np.newaxis] * before) / np.sqrt(1.0 - a * a)[:, np.newaxis]
    return left, float(np.sum(np.log1p(-a * a)))


def most_likely(deviance: Callable[[float], float], lowest: float) -> tuple[float, float]:
    """The autocorrelation with the least deviance, and the standard error of its Fisher's z from the curvature."""
    from scipy.optimize import minimize_scalar

    found = minimize_scalar(deviance, bounds=(lowest, STEEP), method="bounded", options={"xatol": 1e-7})
    z = float(np.arctanh(found.x))
    step = 10.0 * STEP
    ends = [deviance(float(np.tanh(z + way * step))) for way in (-1, 1)]
    curvature = (ends[0] - 2.0 * float(found.fun) + ends[1]) / step**2
    return float(found.x), float(np.sqrt(2.0 / curvature)) if curvature > 0.0 else float("nan")
