"""Series drawn from the filter's own prior: the world in which its false-alarm rate is exact."""

import numpy as np

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray
from holdfast.stats.level import LevelPrior


def draw_from_prior(prior: LevelPrior, *, clients: int, sessions: int, seed: int) -> FloatArray:
    """Ratings of clients for whom the model is true and nothing ever happens.

    Formula: V = n0*S0/chi2(n0); level N(m0, C0*V), moving by N(0, q*V) per session; rating = level + N(0, V).
    Shapes: (clients, sessions) in points, simulated. Raises MethodError for counts below 1.
    Source: the detector's model (docs/explanation/the-detector.md).
    """
    if clients < 1 or sessions < 1:
        raise MethodError(
            "{clients} clients with {sessions} sessions cannot be drawn. Ask for 1 or more of each.",
            clients=clients,
            sessions=sessions,
        )
    rng = np.random.default_rng(seed)
    n0 = prior.degrees_of_freedom
    sd = np.sqrt(n0 * prior.variance / rng.chisquare(n0, size=(clients, 1)))
    moves = rng.standard_normal((clients, sessions)) * np.sqrt(prior.drift)
    moves[:, 0] = rng.standard_normal(clients) * np.sqrt(prior.level_ratio)
    return np.asarray(prior.level + sd * (np.cumsum(moves, axis=1) + rng.standard_normal((clients, sessions))))
