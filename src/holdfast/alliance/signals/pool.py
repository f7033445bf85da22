"""One tail probability for a session out of all that was said in it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from scipy.special import ndtr

from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray

FEWEST_PAIRS = 30
ASSUMED = {("client", "therapist"): 0.3, ("client", "predicted"): 0.5, ("predicted", "therapist"): 0.5}
MOST_CORRELATED = 0.95
CLIPPED = 2.5  # normal scores beyond count as this far, so that a few ruptures do not make the raters look alike


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


def correlations(scores: Mapping[str, FloatArray]) -> tuple[FloatArray, tuple[str, ...]]:
    """How the sources' normal scores go together, (S, S) in the order given, and what is doubtful about it.

    Rule: Pearson's correlation of the scores clipped to -2.5..2.5 over the sessions that have both, held between 0 and
    .95; with fewer than 30 such sessions an assumed value. Real ruptures in the archive make it larger, which makes
    the pool more cautious, not less. Shapes: each (N, T), missing nan.
    """
    names = list(scores)
    matrix = np.eye(len(names))
    doubts: list[str] = []
    for i, j in combinations(range(len(names)), 2):
        pair = (min(names[i], names[j]), max(names[i], names[j]))
        u, v = (np.clip(scores[name], -CLIPPED, CLIPPED) for name in pair)
        both = ~(np.isnan(u) | np.isnan(v))
        if both.sum() < FEWEST_PAIRS or np.ptp(u[both]) == 0.0 or np.ptp(v[both]) == 0.0:
            found = ASSUMED[pair]
            doubts.append(
                f"Only {int(both.sum())} sessions have both {_called(pair[0])} and {_called(pair[1])}; "
                f"they are taken to correlate {found:g}."
            )
        else:
            found = float(np.corrcoef(u[both], v[both])[0, 1])
        matrix[i, j] = matrix[j, i] = min(max(found, 0.0), MOST_CORRELATED)
    return _positive(matrix), tuple(doubts)


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
