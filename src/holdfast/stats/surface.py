"""A surface of the second degree over two measurements, and what its shape says, each with its error."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import stdtrit

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, freeze
from holdfast.stats.estimate import Estimate

FEW_GROUPS = 30
COLUMNS = 6
NAMES = ("b0", "b1", "b2", "b3", "b4", "b5")
SHAPES: dict[str, Callable[[Any], Any]] = {
    "a1": lambda b: b[1] + b[2],
    "a2": lambda b: b[3] + b[4] + b[5],
    "a3": lambda b: b[1] - b[2],
    "a4": lambda b: b[3] - b[4] + b[5],
    "a5": lambda b: b[3] - b[5],
    "x0": lambda b: (b[2] * b[4] - 2.0 * b[1] * b[5]) / (4.0 * b[3] * b[5] - b[4] ** 2),
    "y0": lambda b: (b[1] * b[4] - 2.0 * b[2] * b[3]) / (4.0 * b[3] * b[5] - b[4] ** 2),
    "p10": lambda b: SHAPES["y0"](b) - SHAPES["p11"](b) * SHAPES["x0"](b),
    "p11": lambda b: (b[5] - b[3] + np.sqrt((b[3] - b[5]) ** 2 + b[4] ** 2)) / b[4],
}
"""Each property of the shape as a function of the six coefficients."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """z = b0 + b1 x + b2 y + b3 x^2 + b4 xy + b5 y^2.

    coefficients b0 to b5; shape: a1, a2 slope and curvature along x = y; a3, a4 along x = -y; a5 = b3 - b5; x0, y0 the
    stationary point; p10, p11 intercept and slope of the first principal axis; covariance (6, 6) of the coefficients;
    rows, left_out, groups (None without); explained: share of the variance; method, doubts.
    """

    coefficients: dict[str, Estimate]
    shape: dict[str, Estimate]
    covariance: FloatArray
    rows: int
    left_out: int
    groups: int | None
    explained: float
    method: str
    doubts: tuple[str, ...]


def fit_surface(
    z: ArrayLike, *, x: ArrayLike, y: ArrayLike, group: ArrayLike | None = None, confidence: float = 0.95
) -> Surface:
    """Fit the surface by least squares and work out its shape.

    Rule: errors of the coefficients from the usual formula, or, with groups, from the sums over each group (sandwich,
    CR1: times G/(G - 1) * (n - 1)/(n - 6)); errors of the shape by the delta method, sqrt(L V L'), L exact; intervals
    from Student with n - 6, or G - 1, degrees of freedom.
    Meaning: a4 below 0 says that z falls as x and y part. Give x and y centred on the same point.
    Shapes: all (n,); rows with nan are left out. Raises MethodError for other shapes, fewer than 7 rows, fewer than 2
    groups, or columns that repeat each other.
    Source: Edwards & Parry 1993; Shanock et al. 2010; Liang & Zeger 1986 (groups); checked against lm in R.
    """
    given = [np.asarray(values, dtype=np.float64) for values in (x, y, z)]
    labels = None if group is None else np.asarray(group)
    if any(values.shape != (len(given[0]),) for values in (*given, *([] if labels is None else [labels]))):
        raise MethodError("The measurements differ in shape. Give one of each for every row.")
    if not 0.0 < confidence < 1.0:
        raise MethodError("The confidence is {confidence}. It lies between 0 and 1.", confidence=confidence)
    kept = ~np.isnan(given).any(axis=0)
    u, v, target = (values[kept] for values in given)
    if len(u) <= COLUMNS:
        raise MethodError("{rows} rows cannot carry a surface. It takes at least 7.", rows=len(u))
    columns = np.column_stack([np.ones(len(u)), u, v, u * u, u * v, v * v])
    if np.linalg.matrix_rank(columns / np.sqrt(np.mean(columns**2, axis=0)).clip(1e-300)) < COLUMNS:
        raise MethodError("The two measurements do not vary apart enough for a surface. Give ratings that differ.")
    b: FloatArray = np.asarray(np.linalg.lstsq(columns, target, rcond=None)[0], dtype=np.float64)
    rest = target - columns @ b
    codes = None if labels is None else np.unique(labels[kept], return_inverse=True)[1]
    covariance, freedom, groups = _covariance(columns, rest, codes)
    half = float(stdtrit(freedom, (1.0 + confidence) / 2.0))
    spread = float(np.sum((target - target.mean()) ** 2))
    return Surface(
        coefficients={
            name: _around(float(value), float(error), half)
            for name, value, error in zip(NAMES, b, np.sqrt(np.diag(covariance)), strict=True)
        },
        shape={name: _around(*_delta(function, b, covariance), half) for name, function in SHAPES.items()},
        covariance=freeze(covariance),
        rows=len(u),
        left_out=int((~kept).sum()),
        groups=groups,
        explained=1.0 - float(rest @ rest) / spread if spread > 0.0 else float(np.nan),
        method="surface of the second degree, least squares" + ("" if groups is None else ", errors by group"),
        doubts=_doubts(b, covariance, (u, v), groups),
    )


def _covariance(
    columns: FloatArray, rest: FloatArray, codes: np.ndarray | None
) -> tuple[FloatArray, float, int | None]:
    """The covariance of the coefficients, its degrees of freedom, and the number of groups."""
    n = len(columns)
    q, r = np.linalg.qr(columns)
    back = np.linalg.inv(r)
    if codes is None:
        return float(rest @ rest) / (n - COLUMNS) * back @ back.T, float(n - COLUMNS), None
    groups = int(codes.max()) + 1
    if groups < 2:
        raise MethodError("All rows belong to one group. Errors by group take at least 2; leave `group` out.")
    sums = np.stack([np.bincount(codes, weights=q[:, j] * rest) for j in range(COLUMNS)], axis=-1)
    factor = groups / (groups - 1.0) * (n - 1.0) / (n - COLUMNS)
    return factor * back @ (sums.T @ sums) @ back.T, float(groups - 1), groups


def _delta(function: Callable[[Any], Any], b: FloatArray, covariance: FloatArray) -> tuple[float, float]:
    """A property and its error; the slopes come from a step along the imaginary axis, exact to rounding."""
    with np.errstate(divide="ignore", invalid="ignore"):
        value = float(np.real(function(b.astype(np.complex128))))
        tiny = 1e-30 * max(float(np.abs(b).max()), 1e-30)
        slopes = np.array([np.imag(function(b + 1j * tiny * unit)) / tiny for unit in np.eye(COLUMNS)])
        error = float(np.sqrt(slopes @ covariance @ slopes))
    return value, error


def _around(value: float, error: float, half: float) -> Estimate:
    """An estimate with its interval."""
    return Estimate(value=value, error=error, low=value - half * error, high=value + half * error)


def _doubts(
    b: FloatArray, covariance: FloatArray, seen: tuple[FloatArray, FloatArray], groups: int | None
) -> tuple[str, ...]:
    """What limits the shape: denominators near 0, a stationary point where nobody has been, few groups."""
    found = []
    bottom, error = _delta(lambda c: 4.0 * c[3] * c[5] - c[4] ** 2, b, covariance)
    if abs(bottom) < 2.0 * error:
        found.append(
            "The surface is nearly flat or a ridge (4 b3 b5 - b4^2 is within two errors of 0): the stationary point "
            "and the intercept of the principal axis are not to be relied on."
        )
    if abs(b[4]) < 2.0 * np.sqrt(covariance[4, 4]):
        found.append("b4 is within two errors of 0: the slope of the principal axis is not to be relied on.")
    point = [_delta(SHAPES[name], b, covariance)[0] for name in ("x0", "y0")]
    if any(not values.min() <= at <= values.max() for at, values in zip(point, seen, strict=True)):
        found.append("The stationary point lies outside the values seen: it is drawn out of thin air.")
    if groups is not None and groups < FEW_GROUPS:
        found.append(f"Only {groups} groups: errors by group are too small with fewer than {FEW_GROUPS}.")
    return tuple(found)
