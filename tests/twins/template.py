"""The working model and its fit for few clients, in plain loops, from the formulae."""

import numpy as np


def working_model_of(felt, c, repaired=None, approach=1.0):
    """h and g after each session; None is unrated."""
    h = g = 0.0
    P = 1.0
    here, elsewhere = [], []
    for t, r in enumerate(felt):
        P += 0.05
        if r is not None:
            K = approach * P / (P + 1.0)
            h += K * (r - h)
            P *= 1 - K
        g += min(1.0, c * (1 + (repaired[t] if repaired else 0))) * (h - g)
        here.append(h)
        elsewhere.append(g)
    return here, elsewhere


def squares_of(felt, avoidance, c):
    """Least squares of avoidance + g on a level for each client and one for each session."""
    rows, targets = [], []
    for i, (r, y) in enumerate(zip(felt, avoidance, strict=True)):
        g = working_model_of(r, c)[1]
        for t, value in enumerate(y):
            if value is not None:
                sessions = [float(t == u) for u in range(len(y))]
                rows.append([*sessions, *(float(i == k) for k in range(len(felt)))])
                targets.append(value + g[t])
    design, target = np.array(rows), np.array(targets)
    rest = target - design @ np.linalg.lstsq(design, target, rcond=None)[0]
    return float(rest @ rest)
