"""The filter's recursion over many series at once: a loop over columns, vectors over series."""

from dataclasses import dataclass, fields

import numpy as np
from scipy.special import log_ndtr

from holdfast.stats.arrays import BoolArray, FloatArray, IntArray

FARTHEST = 1000.0  # SDs between forecast and ceiling; the ratio h keeps eight digits until there


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    """The starting points as columns of numbers, (K,), one for each prior; factors (K, T + 1) make the variance
    consistent under the weights (None: left out); bound: robust squared, infinite for no weights."""

    level: FloatArray
    ratio: FloatArray
    degrees_of_freedom: FloatArray
    variance: FloatArray
    drift: FloatArray
    factors: FloatArray | None
    bound: float


@dataclass(slots=True, kw_only=True)
class Recursion:
    """The filter's arrays while they are being filled, one row per column of the series, (T, N)."""

    forecast: FloatArray
    scale: FloatArray
    z: FloatArray
    weight: FloatArray
    level: FloatArray
    ratio: FloatArray
    variance: FloatArray
    degrees_of_freedom: FloatArray

    @classmethod
    def empty(cls, columns: int, series: int) -> "Recursion":
        """Room for every array."""
        return cls(**{field.name: np.empty((columns, series)) for field in fields(cls)})

    def part(self, where: slice) -> "Recursion":
        """A window on some of the series."""
        return Recursion(**{field.name: getattr(self, field.name)[:, where] for field in fields(self)})


class State:
    """Level m, ratio C, variance S, number of values seen, and which prior each series now starts from.

    Where all series agree the last three are plain numbers, which is most of the speed.
    """

    def __init__(self, series: int, starts: Starts, codes: IntArray | None) -> None:
        """Before the first value."""
        self.starts, self.codes = starts, codes
        self.which: IntArray | int = 0 if codes is None else np.maximum(np.abs(codes[0]) - 1, 0)
        self.count: IntArray | int = 0
        self.m = np.broadcast_to(starts.level[self.which], series).copy()
        self.S = np.broadcast_to(starts.variance[self.which], series).copy()
        self.n: FloatArray | float = starts.degrees_of_freedom[self.which]
        self.drift: FloatArray | float = starts.drift[self.which]

    def ratio(self, t: int, before: FloatArray | None, step: FloatArray | float) -> FloatArray | float:
        """R for this column: C0 at a start, else C of the column before and what the level gained since."""
        if before is None:
            return np.asarray(self.starts.ratio[self.which])
        R: FloatArray = before + self.drift * step
        if self.codes is not None and self.codes[t].any():
            self._begin(np.flatnonzero(self.codes[t]), np.abs(self.codes[t]) - 1, R)
        return R

    def _begin(self, rows: IntArray, codes: IntArray, R: FloatArray) -> None:
        """Start some series anew: the level from the prior; of the variance, what the person's values said is kept.

        n0*S0 is what the old prior put in; the rest, in units of the old S0, is put beside the new prior.
        """
        to, count = self.starts, np.broadcast_to(self.count, R.shape)[rows]
        old = np.broadcast_to(self.which, R.shape)[rows]
        new = codes[rows]
        n0 = to.degrees_of_freedom
        own = np.maximum((n0[old] + count) * self.S[rows] / to.variance[old] - n0[old], 0.0)
        self.which = np.broadcast_to(self.which, R.shape).copy()
        self.which[rows] = new
        self.m, self.S = self.m.copy(), self.S.copy()
        self.m[rows], R[rows] = to.level[new], to.ratio[new]
        self.S[rows] = to.variance[new] * (n0[new] + own) / (n0[new] + count)
        self.n, self.drift = n0[self.which] + self.count, to.drift[self.which]

    def factor(self) -> FloatArray | float:
        """What the kept part of a squared error counts for."""
        factors = self.starts.factors
        return 1.0 if factors is None else factors[self.which, self.count]


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Some of the series as the recursion reads them, (T, B): values with 0 where nothing was seen; seen: 1 or 0 (None:
    all were); top: the ceiling where the value lies at it, else nan (None: nowhere); steps and codes as checked."""

    values: FloatArray
    seen: IntArray | None
    top: FloatArray | None
    steps: FloatArray | None
    codes: IntArray | None


def block_of(
    y: FloatArray, *, steps: FloatArray | None, codes: IntArray | None, top: FloatArray | None
) -> tuple[Block, BoolArray | None]:
    """A block with columns first, and where nothing was seen (None: nowhere)."""
    values = np.ascontiguousarray(y.T)
    missing: BoolArray | None = np.isnan(values)
    seen = None
    if missing is not None and missing.any():
        values = np.where(missing, 0.0, values)
        seen = (~missing).astype(np.int64)
    else:
        missing = None
    steps, top = (None if each is None else np.ascontiguousarray(each.T) for each in (steps, top))
    codes = None if codes is None else np.ascontiguousarray(codes.T)
    return Block(values=values, seen=seen, top=top, steps=steps, codes=codes), missing


def fill(run: Recursion, block: Block, starts: Starts) -> None:
    """Fill the arrays of one block. A missing value has seen = 0 and error 0, which leaves m, S and n alone."""
    state = State(block.values.shape[1], starts, block.codes)
    for t, values in enumerate(block.values):
        seen: IntArray | int = 1 if block.seen is None else block.seen[t]
        R = state.ratio(t, run.ratio[t - 1] if t else None, 1.0 if block.steps is None else block.steps[t])
        run.forecast[t] = state.m
        e = values - state.m
        e *= seen
        scale = np.sqrt(state.S * (R + 1.0), out=run.scale[t])
        z = np.divide(e, scale, out=run.z[t])
        square = z * z
        above = None if block.top is None else censored(square, e, scale, m=state.m, top=block.top[t])
        kept = np.minimum(square, starts.bound)  # w * z^2
        gain = _weights(square, starts.bound, out=run.weight[t]) * seen * R
        np.divide(R, gain + 1.0, out=run.ratio[t])
        part = gain / (gain + 1.0)
        if above is not None:
            rows, known = above
            run.ratio[t, rows] = np.broadcast_to(R, z.shape)[rows] * (1.0 - known * part[rows])
        e *= part
        state.m = np.add(state.m, e, out=run.level[t])
        if starts.factors is not None:
            kept *= state.factor()
        state.S = np.multiply(state.S, (kept + state.n) / (state.n + seen), out=run.variance[t])
        state.count = state.count + seen
        state.n = np.asarray(state.n + seen, dtype=np.float64)
        run.degrees_of_freedom[t] = state.n


def censored(
    square: FloatArray, e: FloatArray, scale: FloatArray, *, m: FloatArray, top: FloatArray
) -> tuple[IntArray, FloatArray]:
    """Put what is expected above the ceiling in place of values that lie at it; which these are, and what they tell.

    Formula: a = (top - m)/sc; h = phi(a)/Phi(-a); the error becomes h*sc, its square 1 + a*h; h*(h - a) is how much of
    the information of a whole value is left. Distances beyond 1,000 SDs count as 1,000.
    """
    rows = np.flatnonzero(~np.isnan(top))
    a = np.clip((top[rows] - m[rows]) / scale[rows], -FARTHEST, FARTHEST)
    h = np.exp(-a * a / 2.0 - log_ndtr(-a)) / np.sqrt(2.0 * np.pi)
    square[rows] = 1.0 + a * h
    e[rows] = h * scale[rows]
    return rows, h * (h - a)


def _weights(square: FloatArray, bound: float, *, out: FloatArray) -> FloatArray:
    """The weight of each value: 1 within the bound, bound/z^2 beyond."""
    if bound == np.inf:
        out.fill(1.0)
        return out
    np.maximum(square, bound, out=out)
    return np.divide(bound, out, out=out)
