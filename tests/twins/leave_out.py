"""Leave-one-out tails from dense matrices: the conditional of a multivariate Student distribution. Missing is None."""

import numpy as np
from scipy.special import stdtr


def leave_out_one(y, *, m0, C0, n0, S0, q, steps=None):
    """One dictionary per session, None where unrated."""
    T = len(y)
    moved = np.cumsum([0.0] + [q * (1.0 if steps is None else steps[t]) for t in range(1, T)])
    matrix = C0 + np.minimum(moved[:, None], moved[None, :]) + np.eye(T)
    seen = [t for t in range(T) if y[t] is not None]
    answers = [None] * T
    for t in seen:
        others = [u for u in seen if u != t]
        inner, cross = matrix[np.ix_(others, others)], matrix[t, others]
        r = np.array([y[u] - m0 for u in others])
        solved = np.linalg.solve(inner, np.column_stack([r, cross])) if others else np.zeros((0, 2))
        expected = m0 + cross @ solved[:, 0]
        n = n0 + len(others)
        S = (n0 * S0 + r @ solved[:, 0]) / n
        scale = np.sqrt(S * (matrix[t, t] - cross @ solved[:, 1]))
        answers[t] = {"expected": expected, "scale": scale, "p": float(stdtr(n, (y[t] - expected) / scale)), "n": n}
    return answers
