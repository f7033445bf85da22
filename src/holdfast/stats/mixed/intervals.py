"""How well a mixed model is known: errors of its spreads, and degrees of freedom of its coefficients."""

import numpy as np

from holdfast.stats.arrays import FloatArray
from holdfast.stats.estimate import Estimate
from holdfast.stats.mixed.design import Design
from holdfast.stats.mixed.factors import Factors, freedom_of, inverse_slopes
from holdfast.stats.mixed.search import Found
from holdfast.stats.student import student_quantile

TINY = 1e-8  # an eigenvalue of the curvature below this share of the largest says nothing


def uncertainty(found: Found) -> FloatArray:
    """Covariance of the numbers of the factors and s: twice the inverse curvature, where there is one."""
    values, vectors = np.linalg.eigh(found.hessian)
    kept = values > TINY * values.max()
    return np.asarray(2.0 * (vectors[:, kept] / values[kept]) @ vectors[:, kept].T)


def component_intervals(
    found: Found, design: Design, *, half: float, restricted: bool, singular: bool
) -> tuple[list[Estimate], list[Estimate], Estimate]:
    """SDs of the random columns of both levels and of the residual, for columns of mean square 1.

    Rule: intervals on the logarithm by the delta method from the curvature. At the edge the SDs' are unknown (nan).
    """
    sigma = float(np.sqrt(found.at.variance))
    values, errors, covariance, start = [], [], uncertainty(found), 0
    for factor in (found.factors.inner, found.factors.outer):
        rows, columns = np.tril_indices(len(factor))
        for i in range(len(factor)):
            length = float(np.sqrt(np.sum(factor[i] ** 2)))
            slope = np.zeros(len(covariance))
            slope[start : start + len(rows)] = np.where(rows == i, factor[i, columns], 0.0) / max(length, 1e-300) ** 2
            slope[-1] = 1.0 / sigma
            values.append(sigma * length)
            errors.append(np.nan if singular else float(np.sqrt(max(float(slope @ covariance @ slope), 0.0))))
        start += len(rows)
    plain = 0.5 / freedom_of(design, restricted=restricted)
    errors.append(float(np.sqrt(plain if singular else covariance[-1, -1] / sigma**2)))
    values.append(sigma)
    with np.errstate(over="ignore"):  # an interval without an upper end is an honest one
        wide = np.exp(half * np.array(errors))
    known = [
        Estimate(value=float(sd), error=float(sd * error), low=float(sd / factor), high=float(sd * factor))
        for sd, error, factor in zip(values, errors, wide, strict=True)
    ]
    cut = len(design.inner)
    return known[:cut], known[cut:-1], known[-1]


def covariance_slopes(found: Found, design: Design) -> FloatArray:
    """The slope of the coefficients' covariance by the numbers of the factors and s: (p, p, v)."""
    at, sigma = found.at, float(np.sqrt(found.at.variance))
    by_factor = at.variance * inverse_slopes(at, found.factors, design)
    whole = np.concatenate([by_factor, (2.0 * sigma * at.inverse)[:, :, np.newaxis]], axis=2)
    return np.asarray(np.einsum("ip,pqv,jq->ijv", design.back, whole, design.back))


def combined(
    weights: FloatArray, value: float, covariance: FloatArray, slopes: FloatArray, known: FloatArray, confidence: float
) -> tuple[Estimate, float]:
    """A combination of coefficients with its interval by Student's distribution, and its degrees of freedom.

    Formula: f = 2 (w'Cw)^2/(g'Ag), g the slope of w'Cw by the variance numbers, A their covariance.
    Source: Satterthwaite 1946; Fai & Cornelius 1996; as in lmerTest (Kuznetsova, Brockhoff & Christensen 2017).
    """
    variance = float(weights @ covariance @ weights)
    slope = np.einsum("i,ijv,j->v", weights, slopes, weights)
    spread = float(slope @ known @ slope)
    freedom = 2.0 * variance**2 / spread if spread > 0.0 else float("inf")
    error = float(np.sqrt(variance))
    half = float(student_quantile((1.0 + confidence) / 2.0, np.asarray(min(freedom, 1e9)))) * error
    return Estimate(value=value, error=error, low=value - half, high=value + half), freedom


def is_singular(factors: Factors, *, edge: float) -> bool:
    """Whether some variance is 0 or some correlation 1, as far as can be told."""
    for factor in (factors.inner, factors.outer):
        if not len(factor):
            continue
        lengths = np.sqrt(np.sum(factor**2, axis=1))
        if lengths.min() < edge or np.diag(factor).min() < edge * lengths.max():
            return True
    return False
