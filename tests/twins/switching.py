"""Every regime path of one short series, each with its exact likelihood: dense matrices, and the variance integrated.

With V given, a path makes the series normal with a known shift; ln V is integrated by 400 trapezoids. Missing is None.
"""

import itertools
import math

import numpy as np
from scipy.special import logsumexp


def every_path(y, *, m0, C0, n0, S0, q, begin, end, depths, weights, steps=None):
    """Probability of low, of a beginning and of an end at each column, expected depth, and the log likelihood."""
    T = len(y)
    moved = np.cumsum([0.0] + [q * (1.0 if steps is None else steps[t]) for t in range(1, T)])
    matrix = C0 + np.minimum(moved[:, None], moved[None, :]) + np.eye(T)
    seen = [t for t in range(T) if y[t] is not None]
    inverse = np.linalg.inv(matrix[np.ix_(seen, seen)])
    log_det = np.linalg.slogdet(matrix[np.ix_(seen, seen)])[1]
    r = np.array([y[t] - m0 for t in seen])
    shift = np.array([0.0, *depths])
    paths, chances = [], []
    for path in itertools.product(range(len(depths) + 1), repeat=T):
        chance, before = 0.0, 0
        for now in path:
            if before == 0:
                step = 1 - begin if now == 0 else begin * weights[now - 1]
            else:
                step = end if now == 0 else 1 - end if now == before else 0.0
            chance = chance + math.log(step) if step > 0 else -math.inf
            before = now
        if chance > -math.inf:
            paths.append(path)
            chances.append(chance)
    paths = np.array(paths)
    lower = shift[paths][:, seen]
    log_v = np.linspace(math.log(S0) - 6, math.log(S0) + 9, 400)
    logs = np.empty((len(paths), len(log_v)))
    for j, x in enumerate(log_v):
        z = r / math.exp(x / 2) + lower
        square = np.einsum("pi,ij,pj->p", z, inverse, z)
        half = n0 * S0 / 2 * math.exp(-x)
        prior = n0 / 2 * math.log(half) - half - math.lgamma(n0 / 2) + math.log(log_v[1] - log_v[0])
        logs[:, j] = prior - square / 2 - log_det / 2 - len(seen) / 2 * (math.log(2 * math.pi) + x)
    joint = logsumexp(logs, axis=1) + np.array(chances)
    total = logsumexp(joint)
    share = np.exp(joint - total)
    low = paths > 0
    earlier = np.column_stack([np.zeros(len(paths), dtype=bool), low[:, :-1]])
    return {
        "probability": share @ low,
        "begins": share @ (low & ~earlier),
        "ends": share @ (~low & earlier),
        "depth": share @ shift[paths],
        "log_likelihood": float(total),
    }


def drawn(rng, *, begin, end, count=120, columns=20):
    """Series from the model with one depth, 4 own SDs; prior 50, 1.44, 6, 9, drift .02."""
    sd = np.sqrt(6 * 9 / rng.chisquare(6, (count, 1)))
    level = 50 + sd * np.cumsum(
        np.hstack([1.2 * rng.standard_normal((count, 1)), np.sqrt(0.02) * rng.standard_normal((count, columns - 1))]),
        axis=1,
    )
    low = np.zeros((count, columns), dtype=bool)
    for t in range(columns):
        before = low[:, t - 1] if t else np.zeros(count, dtype=bool)
        low[:, t] = np.where(before, rng.random(count) >= end, rng.random(count) < begin)
    return level + sd * (rng.standard_normal((count, columns)) - 4.0 * low)
