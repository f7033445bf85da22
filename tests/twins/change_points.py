"""Bayesian change points by brute force: every way to cut a series into stretches, in plain Python.

Nothing here looks at the fast code.
"""

import math
from itertools import product


def stretch(values, *, mu0, k0, a0, b0):
    """The log marginal likelihood of one stretch with Normal-inverse-gamma mean and variance."""
    n = len(values)
    mean = sum(values) / n
    k, a = k0 + n, a0 + n / 2
    b = b0 + sum((v - mean) ** 2 for v in values) / 2 + k0 * n * (mean - mu0) ** 2 / (2 * k)
    gammas = math.lgamma(a) - math.lgamma(a0)
    return gammas + a0 * math.log(b0) - a * math.log(b) + math.log(k0 / k) / 2 - n / 2 * math.log(2 * math.pi)


def partitions(y, hazard, prior):
    """The log evidence, and the probability of each run length 0, 1, … after the last value."""
    weights = dict.fromkeys(range(len(y) + 1), 0.0)
    for cuts in product([False, True], repeat=len(y)):  # a change right after each value, or not
        log, start = 0.0, 0
        for t, cut in enumerate(cuts):
            log += math.log(hazard if cut else 1 - hazard)
            if cut or t == len(y) - 1:
                log += stretch(y[start : t + 1], **prior)
                start = t + 1 if cut else start
        weights[len(y) - start] += math.exp(log)
    whole = sum(weights.values())
    return math.log(whole), [weights[r] / whole for r in range(len(y) + 1)]
