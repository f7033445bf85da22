"""How often a rule flags pure noise of the same lengths and gaps: the number that belongs beside every count."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from holdfast.alliance.rules.following import apply_rule
from holdfast.alliance.rules.ratings import Ratings, make_ready
from holdfast.alliance.rules.spec import IN_POINTS, FallKind, RuleSpec
from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray, freeze
from holdfast.stats.cluster import share_over_groups
from holdfast.stats.rows import count_rows, mean_rows, square_sum_rows

METHOD = "simulated-noise-of-the-same-lengths"
ENOUGH_SAMPLES = 20  # from so many simulated samples on, the samples are the independent units of the error


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """The noise that a rule is tried on: normal, around each client's own mean, with the same SD for all.

    autocorrelation: of neighbouring sessions, AR(1); therapies: how many are simulated (or more, to whole samples);
    seed: the same seed gives the same rates. Raises MethodError for settings out of range.
    """

    autocorrelation: float = 0.0
    therapies: int = 5000
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse noise that cannot be drawn."""
        if not (-1.0 < self.autocorrelation < 1.0 and self.therapies >= 1):
            raise MethodError(
                "Noise of {therapies} therapies with autocorrelation {autocorrelation} cannot be drawn. Give 1 or "
                "more, and a correlation within -1 and 1.",
                therapies=self.therapies,
                autocorrelation=self.autocorrelation,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChanceRate:
    """What a rule flags when nothing has happened: the share of rated sessions and the share of therapies with at least
    one flag, each with the standard error of its simulation; expected: flags to expect in the sessions at hand."""

    session: float
    session_error: float
    therapy: float
    therapy_error: float
    expected: float
    noise: Noise
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoisySessions:
    """Simulated ratings of the same lengths and gaps. ratings: ready for the rules; rated (M, T); cluster (M,)."""

    ratings: Ratings
    rated: BoolArray
    cluster: IntArray


def noisy_sessions(series: FloatArray, *, noise: Noise) -> NoisySessions:
    """Noise with the client means, the pooled within-person SD, the lengths and the gaps of the ratings at hand.

    Rule: whole samples are drawn until there are noise.therapies of them; of a larger sample, evenly spaced clients.
    The same ratings, up to their values' mean and spread, are drawn from the same random numbers.
    """
    chosen = _chosen(len(series), noise)
    samples = -(-noise.therapies // max(len(chosen), 1)) if len(chosen) else 0
    pattern = np.tile(~np.isnan(series[chosen]), (samples, 1))
    freedom = int(np.maximum(count_rows(series) - 1, 0).sum())
    spread = float(np.sqrt(square_sum_rows(series).sum() / freedom)) if freedom else 1.0
    level = np.nan_to_num(mean_rows(series[chosen]))
    z = _draw(pattern.shape, noise)
    y = np.where(pattern, np.tile(level, samples)[:, np.newaxis] + (spread or 1.0) * z, np.nan)
    sample = np.repeat(np.arange(samples, dtype=np.int64), len(chosen))
    cluster = sample if samples >= ENOUGH_SAMPLES else np.arange(len(sample), dtype=np.int64)
    return NoisySessions(ratings=make_ready(y, sample=sample), rated=pattern, cluster=cluster)


def _chosen(clients: int, noise: Noise) -> IntArray:
    """All clients, or evenly spaced ones when there are more than therapies to simulate."""
    return np.unique(np.linspace(0, clients - 1, min(clients, noise.therapies)).astype(np.int64))


@lru_cache(maxsize=8)
def _draw(shape: tuple[int, int], noise: Noise) -> FloatArray:
    """Standard normal values, each correlated with the one before."""
    z = np.random.default_rng(noise.seed).standard_normal(shape)
    phi = noise.autocorrelation
    if phi:
        for t in range(1, shape[1]):
            z[:, t] = phi * z[:, t - 1] + np.sqrt(1.0 - phi * phi) * z[:, t]
    return freeze(z)


def chance_rate(series: FloatArray, spec: RuleSpec, *, noise: Noise) -> ChanceRate:
    """The rates at which a rule flags noise of the same lengths and gaps as the ratings, with their errors.

    Rule: noisy_sessions, then the rule itself. The error counts therapies as independent (or whole samples, from 20 on,
    as units pooled over a sample tie its therapies together). Rules in own SDs do not depend on level or spread, and
    are simulated once for every pattern of rated sessions. Shapes: series (N, T), missing nan.
    Source: ours; the rates of 20,000 therapies are in tests/reference.
    """
    rated = ~np.isnan(series)
    fixed = bool(spec.units & IN_POINTS) or any(fall.kind is FallKind.BELOW_LEVEL for fall in spec.falls)
    pattern = rated[_chosen(len(series), noise)]
    rates = _rates(series, spec, noise) if fixed else _kept(np.packbits(pattern).tobytes(), pattern.shape, spec, noise)
    session, session_error, therapy, therapy_error = rates
    return ChanceRate(
        session=session,
        session_error=session_error,
        therapy=therapy,
        therapy_error=therapy_error,
        expected=session * int(rated.sum()),
        noise=noise,
        method=METHOD,
    )


@lru_cache(maxsize=128)
def _kept(pattern: bytes, shape: tuple[int, int], spec: RuleSpec, noise: Noise) -> tuple[float, float, float, float]:
    """The rates for a pattern of rated sessions, kept for the next time."""
    bits = np.unpackbits(np.frombuffer(pattern, dtype=np.uint8), count=shape[0] * shape[1]).reshape(shape)
    return _rates(np.where(bits == 1, 0.0, np.nan), spec, noise)


def _rates(series: FloatArray, spec: RuleSpec, noise: Noise) -> tuple[float, float, float, float]:
    """Share of sessions and of therapies, each with its error."""
    drawn = noisy_sessions(series, noise=noise)
    flags = apply_rule(drawn.ratings, spec)
    rated = drawn.rated.sum(axis=1)
    some = rated > 0
    found, sessions, some_found, therapies = (
        np.bincount(drawn.cluster, weights=each) for each in (flags.sum(axis=1), rated, flags.any(axis=1), some)
    )
    return (*share_over_groups(found, sessions), *share_over_groups(some_found, therapies))
