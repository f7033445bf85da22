"""A level that now and then drops for a while: how probable the low regime was at each value, given the whole series.

Exact up to numerical integration: the level lives on a grid (moved by fast Fourier transform), the variance on nodes
chosen for each series, the regimes in a forward and a backward pass. No path is dropped and none are merged.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, as_series, as_steps, freeze
from holdfast.stats.level import LevelPrior, filter_level, risen
from holdfast.stats.regime_passes import Grid, Passes, Points, run_passes

NODES = 16  # of the variance, over about a dozen standard deviations of its logarithm
CELLS = 3_000_000  # numbers held per block of series
HALF_WIDTH, COARSEST = 7.0, 0.25  # of the level's grid, in own standard deviations
MOST_SERIES, ROUNDS, ENOUGH = 400, 40, 1e-3


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchPrior:
    """How the low regime comes and goes: begin and end, the chances per value that it begins and that it is over;
    depths, how far values lie lower in it, in own standard deviations (one is drawn each time it begins), with weights.
    Raises MethodError for chances that are not between 0 and 1, and for depths and weights that do not fit.
    """

    begin: float
    end: float
    depths: tuple[float, ...]
    weights: tuple[float, ...]

    def __post_init__(self) -> None:
        """Refuse what is no Markov chain."""
        if not (0.0 < self.begin < 1.0 and 0.0 < self.end < 1.0):
            raise MethodError(
                "The chances are {begin} to begin and {end} to end. Both lie between 0 and 1.",
                begin=self.begin,
                end=self.end,
            )
        fits = len(self.depths) == len(self.weights) > 0 and all(depth > 0.0 for depth in self.depths)
        if not fits or min(self.weights) < 0.0 or abs(sum(self.weights) - 1.0) > 1e-6:
            raise MethodError(
                "The depths {depths} have the weights {weights}. Give depths above 0 and one weight each, adding to 1.",
                depths=self.depths,
                weights=self.weights,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Switching:
    """The regimes given the whole series; arrays are (N, T), nan after the last value of a series.

    probability: of the low regime; begins, ends: that it begins at, or was over by, this value; depth: how much lower
    values are expected because of it, in own standard deviations (0 where it is surely away). begins_by_depth: how
    often each depth is expected to have begun, (N, depths). log_likelihood: of each series, (N,).
    """

    probability: FloatArray
    begins: FloatArray
    ends: FloatArray
    depth: FloatArray
    begins_by_depth: FloatArray
    log_likelihood: FloatArray


def switch_regimes(
    y: ArrayLike, *, prior: LevelPrior, switch: SwitchPrior, steps: ArrayLike | None = None
) -> Switching:
    """The probability of a low regime at each value, given all values before and after it.

    Model: V ~ n0*S0/chi2(n0); level ~ N(m0, C0*V), moving by N(0, q*V*dt); value = level - depth*sqrt(V)*[low] +
    N(0, V). Regimes: low begins with chance `begin` per column, with a depth drawn from `weights`, and ends with
    chance `end`; the chain moves at every column, seen or not. The prior's rise is taken off first; its tails are
    taken as normal, and a ceiling as an ordinary value.
    Rule: forward-backward over (regime, level on a grid in units of sqrt(V)), summed over nodes of ln V by trapezoids.
    Meaning: with the model true, of values with probability .7 seven in ten are low. Known in hindsight only.
    Shapes: y and steps as in filter_level. Raises MethodError as it does.
    Source: Hamilton 1989 (regimes), Kitagawa 1987 (level on a grid); checked against every path on short series.
    """
    series = as_series(y)
    time = as_steps(steps, series)
    series = series - risen(prior, series, time)
    prior = LevelPrior(
        level=prior.level,
        level_ratio=prior.level_ratio,
        degrees_of_freedom=prior.degrees_of_freedom,
        variance=prior.variance,
        drift=prior.drift,
    )
    count, columns = series.shape
    found = Passes.empty(count, columns, len(switch.depths))
    if not columns:
        return _frozen(found)
    points = _points(series, prior, time)
    grid = Grid.of(min(COARSEST, 1.2 / np.sqrt(columns)), HALF_WIDTH)
    size = max(int(CELLS / (columns * NODES * (len(switch.depths) + 1) * len(grid.at))), 1)
    for first in range(0, count, size):
        rows = slice(first, first + size)
        run_passes(
            found.part(rows),
            series[rows],
            points=points.part(rows),
            grid=grid,
            prior=prior,
            chain=(switch.begin, switch.end, np.array(switch.depths), np.array(switch.weights)),
        )
    return _frozen(found)


def fit_switching(
    y: ArrayLike, *, prior: LevelPrior, start: SwitchPrior, steps: ArrayLike | None = None
) -> SwitchPrior:
    """How often the low regime begins and ends, and how deep it goes, learned from many series.

    Rule: expectation-maximisation from `start`, at most 40 rounds, until the log likelihood grows by less than .001 per
    series; each round takes the expected beginnings, ends and depths of switch_regimes as counts. One beginning in 20
    columns, one end in 2 and one of each depth are added, so that no chance becomes 0 or 1. The depths stay.
    Above 400 series, 400 evenly spaced ones are used.
    Shapes: y and steps as in filter_level. Raises MethodError as it does.
    Source: Baum et al. 1970; Dempster et al. 1977.
    """
    series = as_series(y)
    time = as_steps(steps, series)
    chosen = np.unique(np.linspace(0, max(len(series) - 1, 0), min(len(series), MOST_SERIES)).astype(np.int64))
    series, time = series[chosen], None if time is None else time[chosen]
    switch, best = start, -np.inf
    for _ in range(ROUNDS):
        found = switch_regimes(series, prior=prior, switch=switch, steps=time)
        likelihood = float(found.log_likelihood.sum())
        if likelihood - best < ENOUGH * len(series):
            break
        best, switch = likelihood, _counted(found, switch)
    return switch


def _counted(found: Switching, switch: SwitchPrior) -> SwitchPrior:
    """The chances that the expected counts give."""
    known = ~np.isnan(found.probability)
    before = np.concatenate([np.zeros((len(known), 1)), found.probability[:, :-1]], axis=1)[known]
    begun = found.begins_by_depth.sum(axis=0)
    return SwitchPrior(
        begin=float((begun.sum() + 1.0) / ((1.0 - before).sum() + 20.0)),
        end=float((found.ends[known].sum() + 1.0) / (before.sum() + 2.0)),
        depths=switch.depths,
        weights=tuple(((begun + 1.0) / (begun + 1.0).sum()).tolist()),
    )


def _frozen(found: Passes) -> Switching:
    """The results, no longer writable."""
    return Switching(**{field.name: freeze(getattr(found, field.name)) for field in fields(Switching)})


def _points(series: FloatArray, prior: LevelPrior, time: FloatArray | None) -> Points:
    """A centre for each series, and nodes of ln V from what two filters, with and without weights, say of it."""
    rated = ~np.isnan(series)
    columns = np.arange(series.shape[1])
    last = np.where(rated, columns, -1).max(axis=1, initial=-1)
    with_weights, without = (filter_level(series, prior=prior, robust=bound, steps=time) for bound in (2.5, None))
    low, high = (np.log(each.variance[:, -1]) for each in (with_weights, without))
    spread = np.sqrt(2.0 / without.degrees_of_freedom[:, -1])
    reach = np.linspace(0.0, 1.0, NODES)
    first, end = np.minimum(low, high) - 4.5 * spread - 0.5, np.maximum(low, high) + 6.0 * spread
    filled = np.where(rated, series, np.nan)
    filled[last < 0] = prior.level
    return Points(
        centre=np.nanmedian(filled, axis=1),
        log_variance=first[:, np.newaxis] + (end - first)[:, np.newaxis] * reach,
        drift=np.broadcast_to(prior.drift, series.shape) if time is None else prior.drift * time,
        last=last,
    )
