"""A linear mixed model with one grouping factor: what all groups share, how much they differ, and each group's own."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtri

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, freeze
from holdfast.stats.estimate import Estimate
from holdfast.stats.mixed_profile import Profile, Sums, profile, sum_up
from holdfast.stats.mixed_search import Found, component_intervals, search

FEW_GROUPS = 10
AT_EDGE = 1e-4  # a relative SD below this, or a correlation this close to 1, is at the edge of what can be
DEVIANCE = {True: "REML", False: "ML"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedFit:
    """One fitted model. p fixed columns, k random columns, G groups; arrays are read only.

    fixed: the shared coefficients with standard error and interval; covariance (p, p): theirs; sds: SD of each random
    column over groups; correlations (k, k); residual: SD within groups; group_names (G,); own (G, k): each group's
    departure from the shared coefficients, shrunken (BLUP); own_sd (G, k): its conditional SD, with the shared
    coefficients and variances taken as known; log_likelihood: restricted if restricted; method, doubts.
    """

    fixed: tuple[Estimate, ...]
    covariance: FloatArray
    sds: tuple[Estimate, ...]
    correlations: FloatArray
    residual: Estimate
    group_names: np.ndarray
    own: FloatArray
    own_sd: FloatArray
    log_likelihood: float
    restricted: bool
    parameters: int
    rows: int
    left_out: int
    singular: bool
    method: str
    doubts: tuple[str, ...]
    own_covariance: FloatArray
    own_from_fixed: FloatArray
    confidence: float

    @property
    def aic(self) -> float:
        """-2 log-likelihood + 2 parameters; of a restricted fit, comparable only for the same fixed columns."""
        return 2.0 * self.parameters - 2.0 * self.log_likelihood

    def coefficient(self, *, random: int, fixed: int) -> tuple[FloatArray, FloatArray]:
        """Each group's own coefficient, shared plus departure, and its standard error (G,), (G,).

        Rule: the error counts both the shared coefficient's and the departure's, and how they hang together
        (Henderson's mixed model equations); the variances are taken as known.
        """
        c, h = self.covariance, self.own_from_fixed[:, random, :]
        variance = c[fixed, fixed] - 2.0 * h @ c[fixed] + self.own_covariance[:, random, random]
        variance = variance + np.einsum("gp,pq,gq->g", h, c, h)
        return self.fixed[fixed].value + self.own[:, random], np.sqrt(np.maximum(variance, 0.0))


def fit_mixed(
    y: ArrayLike,
    *,
    fixed: ArrayLike,
    group: ArrayLike,
    random: ArrayLike | None = None,
    restricted: bool = True,
    confidence: float = 0.95,
) -> MixedFit:
    """Fit y = X b + Z u + e with u ~ N(0, s^2 L L') per group and e ~ N(0, s^2), by REML or maximum likelihood.

    Rule: the exact likelihood, profiled over b and s, is maximised over the lower triangular L (k(k + 1)/2 numbers,
    diagonal 0 or more) with its analytic gradient; each group enters by its small cross-products alone.
    Meaning: fixed coefficients hold for the average group; own ones say how far a group departs, pulled towards the
    average as far as it has little to say for itself. Standard errors are sqrt(diag(s^2 (X'V^-1X)^-1)), with no small
    sample correction; intervals of SDs are asymptotic, on the logarithm, and unknown (nan) at the edge.
    Shapes: y and group (n,), fixed (n, p), random (n, k), one column of ones if not given; rows with nan are left out.
    Raises MethodError for other shapes, for columns that repeat each other, for too few rows, and for no scatter.
    Source: Laird & Ware 1982; Bates et al. 2015, J Stat Softw 67(1) (the parametrisation); checked against lme4.
    """
    if not 0.0 < confidence < 1.0:
        raise MethodError("The confidence is {confidence}. It lies between 0 and 1.", confidence=confidence)
    x, z, target, names, codes, left_out = _rows(y, fixed, group, random)
    q, r = np.linalg.qr(x)
    if len(x) <= x.shape[1] + 1:
        raise MethodError("{rows} rows cannot carry {columns} columns. Give more rows.", rows=len(x), columns=len(r))
    if np.abs(np.diag(r)).min() < 1e-9 * np.abs(np.diag(r)).max():
        raise MethodError("The {columns} fixed columns repeat each other. Leave one of them out.", columns=len(r))
    start = q.T @ target
    rest = target - q @ start
    if np.sum(rest**2) <= 1e-20 * max(float(np.sum(target**2)), 1e-300):
        raise MethodError("The values follow the fixed columns exactly. A mixed model needs some scatter.")
    scale = np.sqrt(np.mean(z**2, axis=0))
    if not (scale > 0.0).all():
        raise MethodError("A random column holds nothing but 0. Leave it out.")
    sums = sum_up(rest, q, z / scale, codes, len(names))
    frame = _Frame(r=r, start=start, scale=scale, names=names, left_out=left_out, confidence=confidence)
    try:
        with np.errstate(all="ignore"):
            made = _fit(sums, search(sums, restricted=restricted), frame, restricted=restricted)
    except (ZeroDivisionError, np.linalg.LinAlgError):
        made = None
    least = 1e-6 * float(np.sqrt(np.mean(rest**2)))  # what is left then is the arithmetic's
    if made is None or not (np.isfinite(made.log_likelihood) and made.residual.value > least):
        raise MethodError(
            "Within their groups the values follow the columns exactly. A mixed model needs some scatter."
        )
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frame:
    """How the numbers that were fitted turn back into those that were given."""

    r: FloatArray
    start: FloatArray
    scale: FloatArray
    names: np.ndarray
    left_out: int
    confidence: float


def _rows(
    y: ArrayLike, fixed: ArrayLike, group: ArrayLike, random: ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray, np.ndarray, np.ndarray, int]:
    """Checked arrays without the rows that lack something: X, Z, y, group names, codes, and how many were left out."""
    target, x, labels = np.asarray(y, dtype=np.float64), np.asarray(fixed, dtype=np.float64), np.asarray(group)
    z = np.ones((len(target), 1)) if random is None else np.asarray(random, dtype=np.float64)
    if target.ndim != 1 or x.ndim != 2 or z.ndim != 2 or labels.shape != target.shape or len(x) != len(target):
        raise MethodError("Values, columns and groups differ in shape. Give one row of each for every value.")
    if len(z) != len(target):
        raise MethodError("The random columns have {rows} rows. Give one for every value.", rows=len(z))
    kept = ~(np.isnan(target) | np.isnan(x).any(axis=1) | np.isnan(z).any(axis=1))
    names, codes = np.unique(labels[kept], return_inverse=True)
    return x[kept], z[kept], target[kept], names, codes, int((~kept).sum())


def _fit(sums: Sums, found: Found, frame: _Frame, *, restricted: bool) -> MixedFit:
    """The result in the units that were given."""
    at: Profile = profile(sums, found.factor, restricted=restricted)
    back = np.linalg.inv(frame.r)
    covariance = at.variance * back @ at.inverse @ back.T
    beta = back @ (frame.start + at.shift)
    half = float(ndtri((1.0 + frame.confidence) / 2.0))
    errors = np.sqrt(np.diag(covariance))
    factor = found.factor / frame.scale[:, np.newaxis]
    within = factor @ factor.T
    relative = np.sqrt(np.diag(within))
    k, p = len(within), len(beta)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlations = within / np.outer(relative, relative)
    scaled = np.sqrt(np.diag(found.factor @ found.factor.T))
    singular = bool(scaled.min() < AT_EDGE or np.diag(found.factor).min() < AT_EDGE * scaled.max())
    sds, residual = component_intervals(sums, found, half=half, restricted=restricted, singular=singular)
    lengths = 1.0 / frame.scale
    own = at.own * lengths
    conditional = at.variance * at.conditional * np.outer(lengths, lengths)
    constant = float(2.0 * np.sum(np.log(np.abs(np.diag(frame.r))))) if restricted else 0.0
    return MixedFit(
        fixed=tuple(
            Estimate(value=float(b), error=float(s), low=float(b - half * s), high=float(b + half * s))
            for b, s in zip(beta, errors, strict=True)
        ),
        covariance=freeze(covariance),
        sds=tuple(each.times(float(length)) for each, length in zip(sds, lengths, strict=True)),
        correlations=freeze(correlations),
        residual=residual,
        group_names=frame.names,
        own=freeze(own),
        own_sd=freeze(np.sqrt(np.maximum(np.einsum("gii->gi", conditional), 0.0))),
        log_likelihood=-(at.deviance + constant) / 2.0,
        restricted=restricted,
        parameters=p + k * (k + 1) // 2 + 1,
        rows=sums.rows,
        left_out=frame.left_out,
        singular=singular,
        method=f"linear mixed model, {DEVIANCE[restricted]}, {k} random column{'s' * (k > 1)}",
        doubts=_doubts(len(frame.names), sums.rows, singular=singular, converged=found.converged),
        own_covariance=freeze(conditional),
        own_from_fixed=freeze((at.from_fixed @ frame.r) * lengths[:, np.newaxis]),
        confidence=frame.confidence,
    )


def _doubts(groups: int, rows: int, *, singular: bool, converged: bool) -> tuple[str, ...]:
    """What limits the fit."""
    found = []
    if groups < FEW_GROUPS:
        found.append(f"Only {groups} groups: how much groups differ is hardly known, and intervals are too narrow.")
    if groups == rows:
        found.append("Every group has one row: what differs between groups cannot be told from scatter within.")
    if singular:
        found.append(
            "The model is at its edge: the groups do not show that they differ in every random column, "
            "so a variance of 0 or a correlation of 1 fits best."
        )
    if not converged:
        found.append("The search for the most likely model did not come to rest; the figures may be off.")
    return tuple(found)
