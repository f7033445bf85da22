"""Worlds in which nothing happens: ratings, and beside them each client's true level and SD. For the rates.

Points are those of a scale from 0 to 100; a typical client's ratings scatter by 5 points around a level near 70.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from holdfast.stats.arrays import FloatArray

LEVEL, SD, BETWEEN = 70.0, 5.0, 1.2  # points, points, in within-person SDs
SPREAD, RESTLESS = 0.35, 0.6  # SD of the logarithm of the clients' SDs
FREEDOM = 6.0  # degrees of freedom behind the variances of the detector's own world
DRIFT = 0.05  # variance a level gains per session, in units of the client's own rating variance
BOTTOM, TOP = 12.0, 84.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Ratings (N, T), missing nan; the level each was drawn around (N, T); the SD of the client's ratings (N, 1);
    the possible ratings, so wide that nothing is cut off where there is no scale."""

    scores: FloatArray
    level: FloatArray
    sd: FloatArray
    range: tuple[float, float] = (-1000.0, 1000.0)
    step: float | None = None


World = Callable[[int, int, np.random.Generator], Sample]


def people(clients: int, sessions: int, rng: np.random.Generator, *, spread: float = SPREAD) -> Sample:
    """Clients with a steady level each and an SD of their own; the scores are the levels."""
    level = np.repeat(LEVEL + SD * BETWEEN * rng.standard_normal((clients, 1)), sessions, axis=1)
    return Sample(scores=level, level=level, sd=SD * np.exp(spread * rng.standard_normal((clients, 1))))


def steady(clients: int, sessions: int, rng: np.random.Generator) -> Sample:
    """Independent normal errors around a steady level."""
    found = people(clients, sessions, rng)
    return replace(found, scores=found.level + found.sd * rng.standard_normal(found.level.shape))


def restless(clients: int, sessions: int, rng: np.random.Generator) -> Sample:
    """Clients whose SDs differ a great deal."""
    found = people(clients, sessions, rng, spread=RESTLESS)
    return replace(found, scores=found.level + found.sd * rng.standard_normal(found.level.shape))


def exact(clients: int, sessions: int, rng: np.random.Generator) -> Sample:
    """The detector's own model: V = n0*S0/chi2(n0), n0 = 6, level moving by q*V."""
    sd = SD * np.sqrt(FREEDOM / rng.chisquare(FREEDOM, (clients, 1)))
    moves = rng.standard_normal((clients, sessions)) * np.sqrt(DRIFT)
    moves[:, 0] = BETWEEN * rng.standard_normal(clients)
    level = LEVEL + sd * np.cumsum(moves, axis=1)
    return Sample(scores=level + sd * rng.standard_normal(level.shape), level=level, sd=sd)


def drifting(clients: int, sessions: int, rng: np.random.Generator) -> Sample:
    """A level that moves, log-normal SDs."""
    found = people(clients, sessions, rng)
    moves = np.sqrt(DRIFT) * rng.standard_normal(found.level.shape)
    level = found.level + found.sd * np.cumsum(moves, axis=1)
    return replace(found, level=level, scores=level + found.sd * rng.standard_normal(level.shape))


def clinging(clients: int, sessions: int, rng: np.random.Generator) -> Sample:
    """Errors that depend on the one before: AR(1) with .3."""
    found = people(clients, sessions, rng)
    error = rng.standard_normal(found.level.shape)
    for t in range(1, sessions):
        error[:, t] = 0.3 * error[:, t - 1] + np.sqrt(1.0 - 0.09) * error[:, t]
    return replace(found, scores=found.level + found.sd * error)


def heavy(clients: int, sessions: int, rng: np.random.Generator) -> Sample:
    """Errors from Student's distribution with 5 degrees of freedom, scaled to the client's SD."""
    found = people(clients, sessions, rng)
    error = rng.standard_t(5.0, found.level.shape) / np.sqrt(5.0 / 3.0)
    return replace(found, scores=found.level + found.sd * error)


def ceiling(clients: int, sessions: int, rng: np.random.Generator) -> Sample:
    """Whole numbers from 12 to 84 around 68, as a sum of twelve items gives them; many lie at the top."""
    found = steady(clients, sessions, rng)
    scores = 68.0 + (found.scores - LEVEL) * 1.4
    return replace(found, scores=np.clip(np.round(scores), BOTTOM, TOP), range=(BOTTOM, TOP), step=1.0)


def missing(clients: int, sessions: int, rng: np.random.Generator) -> Sample:
    """Three sessions in ten unrated."""
    found = steady(clients, sessions, rng)
    return replace(found, scores=np.where(rng.random(found.scores.shape) < 0.3, np.nan, found.scores))


def rising(clients: int, sessions: int, rng: np.random.Generator) -> Sample:
    """Everybody rises by .4 SD of a typical client per unit of ln(session)."""
    found = steady(clients, sessions, rng)
    rise = 0.4 * SD * np.log(np.arange(1, sessions + 1))
    return replace(found, level=found.level + rise, scores=found.scores + rise)


WORLDS: Mapping[str, World] = {
    "exact model (n0 = 6, q = .05)": exact,
    "steady level": steady,
    "drifting level": drifting,
    "AR(1) .3": clinging,
    "t with 5 d.f.": heavy,
    "very unequal SDs (log-SD .6)": restless,
    "whole numbers, ceiling": ceiling,
    "30 % of sessions missing": missing,
    "early rise": rising,
}
