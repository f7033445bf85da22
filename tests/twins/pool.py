"""The pooled tail of one session by plain arithmetic: every combination of answers, one after the other."""

import itertools
import math

import numpy as np
from scipy.special import ndtr


def pooled_tail_of(scores, reports, correlation, depths, reported, base):
    """scores, reports: dictionaries without the missing ones; correlation: of all sources, by pair of names."""
    names = list(scores)
    if not names:
        return None
    R = np.array([[1.0 if a == b else correlation[frozenset((a, b))] for b in names] for a in names])
    d = np.array([depths[name] for name in names])
    w = np.maximum(np.linalg.solve(R, d), 0)
    w = w / math.sqrt(w @ R @ w)
    shift = w @ d
    evidence = -shift * sum(weight * scores[name] for weight, name in zip(w, names, strict=True))
    evidence += sum(told(name, reports[name], reported, base) for name in reports)
    tail = 0.0
    for answers in itertools.product((0, 1), repeat=len(reports)):
        chance, said = 1.0, 0.0
        for name, answer in zip(reports, answers, strict=True):
            chance *= base[name] if answer else 1 - base[name]
            said += told(name, answer, reported, base)
        tail += chance * float(ndtr(-(evidence - said) / shift))
    return tail


def told(name, answer, reported, base):
    h, f = reported[name], base[name]
    return math.log(h / f) if answer else math.log((1 - h) / (1 - f))
