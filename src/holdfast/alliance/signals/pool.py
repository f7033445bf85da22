"""One tail probability for a session out of all that was said in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from scipy.special import ndtr

from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray

FEWEST_PAIRS = 30
MOST_CORRELATED = 0.95
LEAST_CORRELATED = -0.5
CLIPPED = 2.5  # normal scores beyond count as this far, so that a few ruptures do not make the raters look alike
UNKNOWN = (0.6, -0.2)
SURE = 1.645  # either bound is passed in one archive of twenty


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """How a rupture is taken to show: it decides how well the pool finds one, never how often it is wrong.

    depths: by how many expected SDs each source falls; reported: the chance that tension is then reported, by source;
    base_rates: the chance that it is reported when nothing has happened.
    """

    depths: Mapping[str, float]
    reported: Mapping[str, float]
    base_rates: Mapping[str, float]

    def __post_init__(self) -> None:
        """Refuse what is no chance, or a rupture in which nothing falls."""
        for chances in (self.reported, self.base_rates):
            for name, chance in chances.items():
                if not 0.0 < chance < 1.0:
                    raise MethodError(
                        "The chance of reported tension (`{name}`) is {chance}. It lies between 0 and 1.",
                        name=name,
                        chance=chance,
                    )
        if not all(depth > 0.0 for depth in self.depths.values()):
            raise MethodError("A source falls by {depths} SDs. Each has to be above 0.", depths=dict(self.depths))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ties:
    """How the sources' normal scores go together: each correlation as high as it may well be, and as low.

    high (S, S): for the pool, which is the more cautious the closer the sources are taken to be; low (S, S): for
    disagreement, which is the more cautious the further apart they are. names: the sources, in order.
    """

    names: tuple[str, ...]
    high: FloatArray
    low: FloatArray
    doubts: tuple[str, ...] = ()


def ties_between(scores: Mapping[str, FloatArray]) -> Ties:
    """How the sources go together in an archive, with the uncertainty of it on the cautious side both times.

    Rule: Pearson's correlation r of the scores clipped to -2.5..2.5 over the sessions that have both; high and low are
    the ends of its 90 % interval by Fisher's z, n sessions, held to 0..0.95 and -.5..0.95. Fewer than 30 sessions: .6
    and -.2, whatever r. Real ruptures in the archive make r larger than it is otherwise.
    Shapes: each (N, T), missing nan. Source: Fisher 1921.
    """
    names = tuple(scores)
    high, low = np.eye(len(names)), np.eye(len(names))
    doubts: list[str] = []
    for i, j in combinations(range(len(names)), 2):
        u, v = (np.clip(scores[names[k]], -CLIPPED, CLIPPED) for k in (i, j))
        both = ~(np.isnan(u) | np.isnan(v))
        count = int(both.sum())
        if count < FEWEST_PAIRS or np.ptp(u[both]) == 0.0 or np.ptp(v[both]) == 0.0:
            top, bottom = UNKNOWN
            doubts.append(
                f"Only {count} sessions have both {_called(names[i])} and {_called(names[j])}; how they go together is "
                "not known, and the rule is cautious about it."
            )
        else:
            z = np.arctanh(np.clip(np.corrcoef(u[both], v[both])[0, 1], -0.999, 0.999))
            half = SURE / np.sqrt(count - 3.0)
            top, bottom = float(np.tanh(z + half)), float(np.tanh(z - half))
        high[i, j] = high[j, i] = np.clip(top, 0.0, MOST_CORRELATED)
        low[i, j] = low[j, i] = np.clip(bottom, LEAST_CORRELATED, MOST_CORRELATED)
    return Ties(names=names, high=_positive(high), low=low, doubts=tuple(doubts))


def _called(name: str) -> str:
    return {"client": "the client's rating", "therapist": "the therapist's rating", "predicted": "a prediction"}[name]


def _positive(matrix: FloatArray) -> FloatArray:
    """The matrix drawn toward independence until it can be a correlation matrix."""
    share = 1.0
    while np.linalg.eigvalsh(share * matrix + (1.0 - share) * np.eye(len(matrix)))[0] < 0.05:
        share -= 0.05
    return share * matrix + (1.0 - share) * np.eye(len(matrix))


def pooled_tail(
    scores: Mapping[str, FloatArray],
    reports: Mapping[str, FloatArray],
    *,
    correlation: FloatArray,
    pattern: Pattern,
) -> FloatArray:
    """How often all sources together look at least as much like a rupture when nothing has happened, (N, T).

    Formula: w = max(0, R^-1 d) over the sources that have a normal score u in the session, scaled to w'Rw = 1; z = w'u;
    L = -(w'd)*z plus, for each answer on tension, ln(h/f) if it was reported and ln((1 - h)/(1 - f)) if not. The tail
    is P(L' >= L) with z normal and each answer yes with chance f, summed over all combinations of answers.
    Meaning: exact, whatever the pattern, when scores and answers behave as they do when nothing happens; nan where no
    source has a score. Shapes: scores and reports (N, T), missing nan; reports 1 yes, 0 no.
    Source: Neyman & Pearson 1933 (the ratio); the pool is ours (docs/explanation/signals.md).
    """
    names, asked = list(scores), list(reports)
    shape = next(iter(scores.values())).shape
    tail = np.full(shape, np.nan)
    seen = [~np.isnan(scores[name]) for name in names]
    said = [~np.isnan(reports[name]) for name in asked]
    for rated in product((True, False), repeat=len(names)):
        if not any(rated):
            continue
        inside = [i for i, one in enumerate(rated) if one]
        z, shift = _direction(scores, [names[i] for i in inside], correlation[np.ix_(inside, inside)], pattern)
        fits = _same(seen, rated, shape)
        for answered in product((True, False), repeat=len(asked)):
            here = fits & _same(said, answered, shape)
            if here.any():
                used = [name for name, one in zip(asked, answered, strict=True) if one]
                tail[here] = _tail(z[here], shift, {name: reports[name][here] for name in used}, pattern)
    return tail


def _same(known: Sequence[BoolArray], wanted: Sequence[bool], shape: tuple[int, ...]) -> BoolArray:
    """Where just the wanted ones are known."""
    fits = np.ones(shape, dtype=np.bool_)
    for one, want in zip(known, wanted, strict=True):
        fits &= one if want else ~one
    return fits


def _direction(
    scores: Mapping[str, FloatArray], names: Sequence[str], correlation: FloatArray, pattern: Pattern
) -> tuple[FloatArray, float]:
    """The pooled normal score of these sources, and by how much a rupture lowers it."""
    depth = np.array([pattern.depths[name] for name in names])
    weights = np.maximum(np.linalg.solve(correlation, depth), 0.0)
    weights /= np.sqrt(weights @ correlation @ weights)
    z = sum((weight * scores[name] for weight, name in zip(weights, names, strict=True)), start=np.zeros(()))
    return np.asarray(z), float(weights @ depth)


def _tail(z: FloatArray, shift: float, answers: Mapping[str, FloatArray], pattern: Pattern) -> FloatArray:
    """The tail of the pooled evidence in sessions with the same sources, (M,)."""
    yes = {name: np.log(pattern.reported[name] / pattern.base_rates[name]) for name in answers}
    no = {name: np.log((1 - pattern.reported[name]) / (1 - pattern.base_rates[name])) for name in answers}
    evidence = -shift * z
    for name, said in answers.items():
        evidence = evidence + np.where(said > 0.0, yes[name], no[name])
    tail = np.zeros_like(z)
    for combination in product((True, False), repeat=len(answers)):
        chance, told = 1.0, 0.0
        for name, one in zip(answers, combination, strict=True):
            rate = pattern.base_rates[name]
            chance *= rate if one else 1.0 - rate
            told += yes[name] if one else no[name]
        tail += chance * ndtr(-(evidence - told) / shift)
    return tail
