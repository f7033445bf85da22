"""The relational template, exploratory: does what is felt with this therapist carry over to others?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, as_series, freeze
from holdfast.stats.estimate import Estimate
from holdfast.stats.student import student_quantile

METHOD = "working-model-filter (exploratory)"
NOISE, WANDER = 1.0, 0.05  # of felt responsiveness around what is expected, and of the expectation, in its variance
GRID = np.concatenate(([0.0], np.geomspace(0.002, 0.5, 40)))
EXPLORATORY = (
    "Exploratory: a model of ours, not an established finding.",
    "Whatever makes a client feel better with the therapist and with others at once looks the same as carry-over.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingModel:
    """What is expected of this therapist (h) and of others (g) after each session, (N, T), in SDs; read only."""

    here: FloatArray
    elsewhere: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationalTemplate:
    """Carry-over as fitted, beside none. All exploratory.

    carry_over: share of the distance between expectation here and elsewhere that is covered per session, with its 95 %
    interval (ends of the grid, 0 and .5, where it reaches them); chance: how often shuffling whole courses of felt
    responsiveness among clients fits as well (small: more than chance); gain: squared error of clients left out, per
    measurement and in SDs squared, less without carry-over than with it (above 0: carry-over foretells better), by
    clients; trend: SDs per session that all clients share; model: the expectations; clients, measurements: counted.
    """

    carry_over: float
    low: float
    high: float
    chance: float
    gain: Estimate
    trend: float
    model: WorkingModel
    clients: int
    measurements: int
    method: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sums:
    """Per carry-over and client, (K, N): squares of the avoidance left, and its products with time; per client, (N,):
    squares of time, and how many measurements count."""

    left: FloatArray
    with_time: FloatArray
    time: FloatArray
    counted: FloatArray


def working_model(
    felt: ArrayLike, *, carry_over: float, approach: ArrayLike | float = 1.0, repaired: ArrayLike | None = None
) -> WorkingModel:
    """Follow what a client comes to expect of this therapist, and of others.

    Formula: P += .05; K = approach*P/(P + 1); h += K*(r - h); P *= 1 - K; g += min(1, c*(1 + repaired))*(h - g); from
    h = g = 0 and P = 1. c is the carry-over. An unrated session leaves h; g goes on toward it.
    Meaning: who keeps away (low approach) learns slowly; a repaired rupture doubles the carry-over of its session.
    Shapes: felt (N, T), z-scaled, missing nan; approach a number or (N, T) in [0, 1]; repaired (N, T), 1 or 0.
    Raises MethodError for a carry-over outside 0 to 1. Source: ours, after science on working models; exploratory.
    """
    if not 0.0 <= carry_over <= 1.0:
        raise MethodError("The carry-over is {carry_over}. It lies between 0 and 1.", carry_over=carry_over)
    r = as_series(felt)
    near = np.broadcast_to(np.asarray(approach, dtype=np.float64), r.shape)
    mended = np.zeros(r.shape) if repaired is None else as_series(repaired)
    here = _expected_here(r, near)
    return WorkingModel(
        here=freeze(here), elsewhere=freeze(_expected_elsewhere(here, mended, np.array([carry_over]))[0])
    )


def _expected_here(r: FloatArray, near: FloatArray) -> FloatArray:
    """What is expected of this therapist after each session, (N, T)."""
    here = np.zeros(r.shape)
    h, P = np.zeros(len(r)), np.ones(len(r))
    for t in range(r.shape[1]):
        seen = ~np.isnan(r[:, t])
        P = P + WANDER
        K = np.where(seen, near[:, t] * P / (P + NOISE), 0.0)
        h = h + K * np.where(seen, r[:, t] - h, 0.0)
        P = P * (1.0 - K)
        here[:, t] = h
    return here


def _expected_elsewhere(here: FloatArray, mended: FloatArray, carry_over: FloatArray) -> FloatArray:
    """What is expected of others after each session, for each carry-over, (K, N, T)."""
    elsewhere = np.zeros((len(carry_over), *here.shape))
    g = np.zeros((len(carry_over), len(here)))
    for t in range(here.shape[1]):
        g = g + np.minimum(1.0, carry_over[:, np.newaxis] * (1.0 + mended[:, t])) * (here[:, t] - g)
        elsewhere[:, :, t] = g
    return elsewhere


def fit_template(
    felt: ArrayLike, *, avoidance: ArrayLike, shuffles: int = 199, seed: int = 1, repaired: ArrayLike | None = None
) -> RelationalTemplate:
    """Look whether avoidance of others falls as this therapist is felt to be responsive, beyond a trend of everybody.

    Rule: both z-scaled over all cells; avoidance = the client's own level + trend*session - g(c) + error, g by
    working_model with the weight of g fixed at 1 (weight and carry-over trade off: decision 0070); c from a grid by
    least squares; interval from the profile of squares by Student's quantile; chance by shuffling the courses of felt
    responsiveness among clients; gain by leaving each client out.
    Meaning: a small chance says that avoidance moved with felt responsiveness, not why.
    Shapes: felt and avoidance (N, T), missing nan. Raises MethodError for other shapes, or fewer than ten clients with
    two measurements of avoidance. Source: ours; exploratory; power in docs/explanation/attachment-and-the-template.md.
    """
    r, y = _standard(as_series(felt)), _standard(as_series(avoidance))
    if r.shape != y.shape:
        raise MethodError(
            "Felt responsiveness has the shape {r}, avoidance {y}. Give the same sessions.", r=r.shape, y=y.shape
        )
    enough = (~np.isnan(y)).sum(axis=1) >= 2
    clients = int(enough.sum())
    if clients < 10:
        raise MethodError(
            "{clients} clients have two measurements of avoidance. The template needs ten.", clients=clients
        )
    mended = None if repaired is None else as_series(repaired)
    sums = _sums(r, y, mended)
    squares, trend = _profile(sums.left.sum(axis=1), sums.with_time.sum(axis=1), float(sums.time.sum()))
    best = int(np.argmin(squares))
    low, high = _interval(squares, int(sums.counted.sum()) - clients - 2)
    rng = np.random.default_rng(seed)
    drops = [_drop(_sums(r[rng.permutation(len(r))], y, mended)) for _ in range(shuffles)]
    return RelationalTemplate(
        carry_over=float(GRID[best]),
        low=low,
        high=high,
        chance=float((1 + sum(drop >= squares[0] - squares[best] - 1e-12 for drop in drops)) / (shuffles + 1)),
        gain=_left_out(sums),
        trend=float(trend[best]),
        model=working_model(r, carry_over=float(GRID[best]), repaired=mended),
        clients=clients,
        measurements=int(sums.counted.sum()),
        method=METHOD,
        doubts=EXPLORATORY
        + (() if clients >= 50 else (f"Only {clients} clients: carry-over is rarely told from none.",)),
    )


def _standard(values: FloatArray) -> FloatArray:
    """z-scores over all cells; zeros where nothing differs."""
    spread = float(np.nanstd(values)) if (~np.isnan(values)).any() else 0.0
    return (values - np.nanmean(values)) / spread if spread > 0.0 else np.where(np.isnan(values), np.nan, 0.0)


def _sums(r: FloatArray, y: FloatArray, repaired: FloatArray | None) -> _Sums:
    """The sums that every fit needs, for each carry-over of the grid."""
    seen = ~np.isnan(y)
    count = np.maximum(seen.sum(axis=1, keepdims=True), 1)
    sessions = np.broadcast_to(np.arange(y.shape[1], dtype=np.float64), y.shape)

    def centred(values: FloatArray) -> FloatArray:
        kept = np.where(seen, values, 0.0)
        return np.where(seen, kept - kept.sum(axis=1, keepdims=True) / count, 0.0)

    time = centred(sessions)
    mended = np.zeros(r.shape) if repaired is None else repaired
    g = _expected_elsewhere(_expected_here(r, np.ones(r.shape)), mended, GRID)
    rest = np.where(seen, np.where(seen, y, 0.0) + g, 0.0)
    rest = np.where(seen, rest - rest.sum(axis=2, keepdims=True) / count, 0.0)
    return _Sums(
        left=(rest**2).sum(axis=2),
        with_time=(rest * time).sum(axis=2),
        time=(time**2).sum(axis=1),
        counted=np.where(seen.sum(axis=1) >= 2, seen.sum(axis=1), 0).astype(np.float64),
    )


def _profile(left: FloatArray, with_time: FloatArray, time: float) -> tuple[FloatArray, FloatArray]:
    """Squares left for each carry-over after the common trend, and that trend."""
    trend = with_time / time if time > 0.0 else np.zeros_like(with_time)
    return left - trend * with_time, trend


def _drop(sums: _Sums) -> float:
    """How much the best carry-over lowers the squares."""
    squares, _ = _profile(sums.left.sum(axis=1), sums.with_time.sum(axis=1), float(sums.time.sum()))
    return float(squares[0] - squares.min())


def _interval(squares: FloatArray, freedom: int) -> tuple[float, float]:
    """The carry-overs that the profile of squares does not rule out."""
    t = float(student_quantile(0.975, np.asarray(float(freedom))))
    inside = np.flatnonzero(squares <= squares.min() * (1.0 + t * t / freedom))
    return float(GRID[inside[0]]), float(GRID[inside[-1]])


def _left_out(sums: _Sums) -> Estimate:
    """The mean over clients of how much better carry-over foretells the client who was left out."""
    rest = sums.left.sum(axis=1, keepdims=True) - sums.left
    moved = sums.with_time.sum(axis=1, keepdims=True) - sums.with_time
    time = np.maximum(sums.time.sum() - sums.time, 1e-300)
    trend = moved / time
    best = np.argmin(rest - trend * moved, axis=0)
    each = np.arange(rest.shape[1])
    error = sums.left - 2.0 * trend * sums.with_time + trend**2 * sums.time
    kept = sums.counted > 0
    gain = ((error[0] - error[best, each]) / np.maximum(sums.counted, 1.0))[kept]
    mean, spread = float(gain.mean()), float(np.std(gain, ddof=1) / np.sqrt(len(gain)))
    half = float(student_quantile(0.975, np.asarray(len(gain) - 1.0))) * spread
    return Estimate(value=mean, error=spread, low=mean - half, high=mean + half)
