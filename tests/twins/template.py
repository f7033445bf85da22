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


def gain_of(felt, avoidance, grid):
    """Each client left out in turn: carry-over and levels of the sessions from the others, then the client's squares
    around what these say, with an own level; less without carry-over than with it, per measurement, on average."""
    gains = []
    for i, row in enumerate(avoidance):
        others = [k for k in range(len(felt)) if k != i]
        squares, errors = [], []
        for c in grid:
            rows, targets = [], []
            for k in others:
                g = working_model_of(felt[k], c)[1]
                for t, value in enumerate(avoidance[k]):
                    if value is not None:
                        rows.append([*(float(t == u) for u in range(len(row))), *(float(k == j) for j in others)])
                        targets.append(value + g[t])
            design, target = np.array(rows), np.array(targets)
            found = np.linalg.lstsq(design, target, rcond=None)[0]
            squares.append(((target - design @ found) ** 2).sum())
            g = working_model_of(felt[i], c)[1]
            rest = [value + g[t] - found[t] for t, value in enumerate(row) if value is not None]
            errors.append(sum((value - sum(rest) / len(rest)) ** 2 for value in rest))
        gains.append((errors[0] - errors[int(np.argmin(squares))]) / sum(value is not None for value in row))
    return sum(gains) / len(gains)


def pull_of(felt, avoidance, c, reliability, weights):
    """The residuals of all clients times the slope of g in c, everything anew with each client counted by a weight.

    Units, levels and sum are weighted; felt has no gaps, avoidance None where it was not measured.
    """
    cells = [(w, r) for w, row in zip(weights, felt, strict=True) for r in row]
    mean = sum(w * r for w, r in cells) / sum(w for w, _ in cells)
    spread = (sum(w * (r - mean) ** 2 for w, r in cells) / sum(w for w, _ in cells)) ** 0.5
    starts = [(w, next(y for y in row if y is not None)) for w, row in zip(weights, avoidance, strict=True)]
    level = sum(w * y for w, y in starts) / sum(w for w, _ in starts)
    unit = (sum(w * (y - level) ** 2 for w, y in starts) / (sum(w for w, _ in starts) - 1)) ** 0.5 * reliability**0.5
    rows, targets, slopes, counted = [], [], [], []
    for i, (r, y) in enumerate(zip(felt, avoidance, strict=True)):
        z = [(value - mean) / spread for value in r]
        g, more, less = (working_model_of(z, c + step)[1] for step in (0.0, 1e-6, -1e-6))
        for t, value in enumerate(y):
            if value is not None:
                rows.append([*(float(t == u) for u in range(len(y))), *(float(i == k) for k in range(len(felt)))])
                targets.append(value / unit + g[t])
                slopes.append((more[t] - less[t]) / 2e-6)
                counted.append(weights[i])
    design, target, slope, root = np.array(rows), np.array(targets), np.array(slopes), np.sqrt(counted)
    rest, slope_rest = (
        values - design @ np.linalg.lstsq(design * root[:, None], values * root, rcond=None)[0]
        for values in (target, slope)
    )
    return float((np.array(counted) * rest * slope_rest).sum())
