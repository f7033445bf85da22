"""The mixed model with every group's V written out and inverted, from the textbook formula. Nothing here is fast."""

import numpy as np


def dense(y, x, z, group, *, within, residual, restricted):
    """Log-likelihood, coefficients, their covariance and each group's departure at given covariances.

    within: covariance of the random columns; residual: variance of a row.
    """
    n, p = x.shape
    xvx, xvy, yvy, determinants = np.zeros((p, p)), np.zeros(p), 0.0, 0.0
    for g in np.unique(group):
        rows = group == g
        v = z[rows] @ within @ z[rows].T + residual * np.eye(rows.sum())
        inverse = np.linalg.inv(v)
        xvx += x[rows].T @ inverse @ x[rows]
        xvy += x[rows].T @ inverse @ y[rows]
        yvy += y[rows] @ inverse @ y[rows]
        determinants += np.linalg.slogdet(v)[1]
    beta = np.linalg.solve(xvx, xvy)
    deviance = determinants + yvy - xvy @ beta
    if restricted:
        deviance += np.linalg.slogdet(xvx)[1] + (n - p) * np.log(2 * np.pi)
    else:
        deviance += n * np.log(2 * np.pi)
    own = []
    for g in np.unique(group):
        rows = group == g
        v = z[rows] @ within @ z[rows].T + residual * np.eye(rows.sum())
        own.append(within @ z[rows].T @ np.linalg.solve(v, y[rows] - x[rows] @ beta))
    return -deviance / 2, beta, np.linalg.inv(xvx), np.array(own)


def henderson(x, z, group, *, within, residual):
    """The covariance of all estimates together: inverse of Henderson's equations; fixed first, then group by group."""
    names = np.unique(group)
    k = z.shape[1]
    wide = np.zeros((len(x), k * len(names)))
    for i, g in enumerate(names):
        wide[group == g, i * k : (i + 1) * k] = z[group == g]
    both = np.hstack([x, wide])
    left = both.T @ both / residual
    left[x.shape[1] :, x.shape[1] :] += np.kron(np.eye(len(names)), np.linalg.inv(within))
    return np.linalg.inv(left)
