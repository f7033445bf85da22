"""The two passes behind switch_regimes, over regimes, a grid of levels and nodes of the variance; a block at a time.

Arrays of densities are (B, J, S, G): series, variance node, regime (0 high, then one for each depth), level.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from scipy.special import gammaln

from holdfast.stats.arrays import FloatArray, IntArray
from holdfast.stats.level import LevelPrior

FLOOR = 1e-30  # keeps a density from becoming nothing where rounding would make it so
Chain = tuple[float, float, FloatArray, FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Levels in own standard deviations around a centre, and half the squared frequencies that go with them."""

    at: FloatArray
    frequency: FloatArray

    @classmethod
    def of(cls, spacing: float, half_width: float) -> "Grid":
        """An even number of points, spacing apart, to about half_width on either side."""
        half = int(np.ceil(half_width / spacing))
        frequency = np.asarray(2.0 * np.pi * np.fft.rfftfreq(2 * half, spacing), dtype=np.float64)
        return cls(at=np.asarray(spacing * np.arange(-half, half), dtype=np.float64), frequency=0.5 * frequency**2)

    def moved(self, density: FloatArray, drift: FloatArray) -> FloatArray:
        """The density after the level has moved by N(0, drift); drift (B,)."""
        spectrum = np.fft.rfft(density, axis=-1)
        spectrum *= np.exp(-drift[:, np.newaxis] * self.frequency)[:, np.newaxis, np.newaxis]
        return np.maximum(np.fft.irfft(spectrum, n=len(self.at), axis=-1), FLOOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """Where each series is looked at: centre (N,), ln V at the nodes (N, J), drift (N, T), last value (N,)."""

    centre: FloatArray
    log_variance: FloatArray
    drift: FloatArray
    last: IntArray

    def part(self, where: slice) -> "Points":
        """Some of the series."""
        return Points(**{field.name: getattr(self, field.name)[where] for field in fields(self)})


@dataclass(slots=True, kw_only=True)
class Passes:
    """The results while they are being filled; as in Switching."""

    probability: FloatArray
    begins: FloatArray
    ends: FloatArray
    depth: FloatArray
    begins_by_depth: FloatArray
    log_likelihood: FloatArray

    @classmethod
    def empty(cls, series: int, columns: int, depths: int) -> "Passes":
        """Room for every array."""
        each = {name: np.full((series, columns), np.nan) for name in ("probability", "begins", "ends", "depth")}
        return cls(**each, begins_by_depth=np.zeros((series, depths)), log_likelihood=np.zeros(series))

    def part(self, where: slice) -> "Passes":
        """A window on some of the series."""
        return Passes(**{field.name: getattr(self, field.name)[where] for field in fields(self)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A block of series in the units of its nodes: values (T, B, J), the chain, the level's start and drift (T, B)."""

    grid: Grid
    values: FloatArray
    start: FloatArray
    drift: FloatArray
    begin: float
    end: float
    depths: FloatArray
    weights: FloatArray

    def likelihood(self, t: int) -> tuple[FloatArray, FloatArray]:
        """How well each regime and level explain column t, at most 1, and the logarithm left out; 1 if unseen."""
        value = self.values[t]
        shift = np.append(0.0, self.depths)[:, np.newaxis]
        power = -0.5 * (value[..., np.newaxis, np.newaxis] + shift - self.grid.at) ** 2
        power = np.where(np.isnan(power), 0.0, power)
        most = power.max(axis=(2, 3))
        return np.exp(power - most[..., np.newaxis, np.newaxis]), most

    def mixed(self, density: FloatArray) -> FloatArray:
        """The regimes one column later."""
        low = density[:, :, 1:]
        mixed = np.empty_like(density)
        mixed[:, :, 0] = (1.0 - self.begin) * density[:, :, 0] + self.end * low.sum(axis=2)
        mixed[:, :, 1:] = (1.0 - self.end) * low + self._begun(density)
        return mixed

    def unmixed(self, message: FloatArray) -> FloatArray:
        """The message of one column, as it reaches the regimes of the column before."""
        back = np.empty_like(message)
        new = np.einsum("bjkg,k->bjg", message[:, :, 1:], self.weights)
        back[:, :, 0] = (1.0 - self.begin) * message[:, :, 0] + self.begin * new
        back[:, :, 1:] = (1.0 - self.end) * message[:, :, 1:] + self.end * message[:, :, :1]
        return back

    def _begun(self, density: FloatArray) -> FloatArray:
        return self.begin * self.weights[:, np.newaxis] * density[:, :, :1]

    def shares(self, density: FloatArray, explained: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Chances at one column and node: regimes (B, J, S), beginnings by depth (B, J, S - 1), an end (B, J)."""
        all_of = np.einsum("bjsg,bjsg->bjs", self.mixed(density), explained)
        begun = np.einsum("bjkg,bjkg->bjk", self._begun(density), explained[:, :, 1:])
        ended = self.end * np.einsum("bjg,bjg->bj", density[:, :, 1:].sum(axis=2), explained[:, :, 0])
        total = all_of.sum(axis=2)
        return all_of / total[..., np.newaxis], begun / total[..., np.newaxis], ended / total


def run_passes(found: Passes, y: FloatArray, *, points: Points, grid: Grid, prior: LevelPrior, chain: Chain) -> None:
    """Fill the results of one block."""
    sd = np.exp(points.log_variance / 2.0)
    values = (y.T[..., np.newaxis] - points.centre[:, np.newaxis]) / sd
    start = _normal(grid.at, (prior.level - points.centre[:, np.newaxis]) / sd, prior.level_ratio)
    begin, end, depths, weights = chain
    block = Block(
        grid=grid,
        values=values,
        start=start,
        drift=points.drift.T,
        begin=begin,
        end=end,
        depths=depths,
        weights=weights,
    )
    moved, log_likelihood = _forward(block)
    seen = (~np.isnan(y)).sum(axis=1)[:, np.newaxis]
    log_likelihood -= seen * (0.5 * np.log(2.0 * np.pi) + points.log_variance / 2.0)
    log_likelihood += _log_prior(points.log_variance, prior)
    most = log_likelihood.max(axis=1, keepdims=True)
    weight = np.exp(log_likelihood - most)
    found.log_likelihood[:] = most[:, 0] + np.log(weight.sum(axis=1))
    weight /= weight.sum(axis=1, keepdims=True)
    for t, regimes, begun, ended in _backward(block, moved):
        known = points.last >= t
        each = np.einsum("bjs,bj->bs", regimes, weight)
        fresh = np.einsum("bjk,bj->bk", begun, weight)
        found.probability[:, t] = np.where(known, each[:, 1:].sum(axis=1), np.nan)
        found.depth[:, t] = np.where(known, each[:, 1:] @ depths, np.nan)
        found.begins[:, t] = np.where(known, fresh.sum(axis=1), np.nan)
        found.ends[:, t] = np.where(known, np.einsum("bj,bj->b", ended, weight), np.nan)
        found.begins_by_depth += np.where(known[:, np.newaxis], fresh, 0.0)


def _forward(block: Block) -> tuple[FloatArray, FloatArray]:
    """Regimes and levels expected before each column, not yet mixed (T, B, J, S, G); ln likelihoods (B, J)."""
    columns, series, nodes = block.values.shape
    moved = np.full((columns, series, nodes, len(block.depths) + 1, len(block.grid.at)), FLOOR)
    moved[0, :, :, 0] = block.start
    total = np.zeros((series, nodes))
    for t in range(columns):
        explained, left_out = block.likelihood(t)
        density = block.mixed(moved[t])
        density *= explained
        size = density.sum(axis=(2, 3))
        total += np.log(size) + left_out
        density /= size[..., np.newaxis, np.newaxis]
        if t + 1 < columns:
            moved[t + 1] = block.grid.moved(density, block.drift[t + 1])
    return moved, total


def _backward(block: Block, moved: FloatArray) -> Iterator[tuple[int, FloatArray, FloatArray, FloatArray]]:
    """Column by column from the last: the column and its shares."""
    message = np.ones(moved.shape[1:])
    for t in reversed(range(len(moved))):
        explained = block.likelihood(t)[0] * message
        yield (t, *block.shares(moved[t], explained))
        message = block.unmixed(block.grid.moved(explained, block.drift[t]))
        message /= message.max(axis=(2, 3), keepdims=True)


def _normal(at: FloatArray, mean: FloatArray, variance: float) -> FloatArray:
    """The normal density at the grid's points times their spacing, (B, J, G)."""
    power = -0.5 * (at - mean[..., np.newaxis]) ** 2 / variance
    density = np.exp(power) / np.sqrt(2.0 * np.pi * variance) * (at[1] - at[0])
    return np.asarray(np.maximum(density, FLOOR))


def _log_prior(log_variance: FloatArray, prior: LevelPrior) -> FloatArray:
    """ln of the prior density of ln V at the nodes, times their spacing."""
    n = prior.degrees_of_freedom
    half = 0.5 * n * prior.variance * np.exp(-log_variance)
    spacing = log_variance[:, 1:2] - log_variance[:, :1]
    return np.asarray(n / 2.0 * np.log(half) - half - gammaln(n / 2.0) + np.log(spacing))
