"""The relational template, exploratory: does what is felt with this therapist carry over to others?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.attachment.interval import interval_of, pulls_of, units_of
from holdfast.alliance.attachment.levels import Measured, beyond_own, measured_of
from holdfast.errors import MethodError
from holdfast.stats.arrays import FloatArray, as_series, freeze
from holdfast.stats.estimate import Estimate
from holdfast.stats.student import student_quantile

METHOD = "working-model-filter (exploratory)"
NOISE, WANDER = 1.0, 0.05  # of felt responsiveness around what is expected, and of the expectation, in its variance
GRID = np.concatenate(([0.0], np.geomspace(0.002, 0.5, 80)))
EXPLORATORY = (
    "Exploratory: a model of ours, not an established finding.",
    "Whatever makes a client feel better with the therapist and with others at once looks the same as carry-over.",
    "So does the reverse: avoidance of others that colours what is felt here.",
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
    clients; common: (T,) avoidance in SDs that all clients share, session by session, around 0, nan where nobody was
    measured; model: the expectations; clients, measurements: counted; reliability: as used.
    """

    carry_over: float
    low: float
    high: float
    chance: float
    gain: Estimate
    common: FloatArray
    model: WorkingModel
    clients: int
    measurements: int
    reliability: float
    method: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rest:
    """Avoidance after the clients' own levels, for each carry-over: squares (K, N), and what each measurement leaves,
    (K, N, M)."""

    squares: FloatArray
    left: FloatArray


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
    felt: ArrayLike,
    *,
    avoidance: ArrayLike,
    reliability: float = 1.0,
    shuffles: int = 199,
    seed: int = 1,
    repaired: ArrayLike | None = None,
) -> RelationalTemplate:
    """Look whether avoidance of others falls as this therapist is felt to be responsive, beyond what all share.

    Rule: felt z-scaled over all cells, avoidance by the SD of the clients' first measurements less its error,
    SD*sqrt(reliability); avoidance = the client's own level + a level of each session, common to all - g(c) + error, g
    by working_model with the weight of g fixed at 1 (weight and carry-over trade off: decision 0070); c from a grid by
    least squares; 95 % interval: the carry-overs around c from which the clients do not pull back beyond Student's
    quantile of their scatter, that of the units included (pulls_of, interval_of); chance by shuffling the courses of
    felt responsiveness among clients; gain by leaving each client out.
    Meaning: a small chance says that avoidance moved with felt responsiveness, not why; so does the interval, which
    holds what it says where the model is true. With a reliability of 1 the unit has the error of measurement in it.
    Shapes: felt and avoidance (N, T), missing nan. Raises MethodError for other shapes, a reliability outside 0 to 1,
    or fewer than ten clients with two measurements of avoidance.
    Source: ours; exploratory; power and coverage in docs/explanation/attachment-and-the-template.md.
    """
    r, y = _standard(as_series(felt)), _in_true_sds(as_series(avoidance), reliability)
    if r.shape != y.shape:
        raise MethodError(
            "Felt responsiveness has the shape {r}, avoidance {y}. Give the same sessions.", r=r.shape, y=y.shape
        )
    twice = np.where((~np.isnan(y)).sum(axis=1, keepdims=True) >= 2, y, np.nan)
    measured = measured_of(twice)
    if measured.clients < 10:
        raise MethodError(
            "{clients} clients have two measurements of avoidance. The template needs ten.", clients=measured.clients
        )
    mended = None if repaired is None else as_series(repaired)
    kept = (~np.isnan(twice)).any(axis=0)
    courses, scores = _carried(r, mended)[:, :, kept], twice[:, kept]
    rest = _rest(courses, scores, measured)
    squares, levels = _fit(rest, measured)
    best = int(np.argmin(squares))
    pulls = pulls_of(courses, scores, grid=GRID, measured=measured, units=units_of(r, y))
    low, high = interval_of(pulls, grid=GRID, best=best)
    rng = np.random.default_rng(seed)
    drops = [_drop(_rest(courses[:, rng.permutation(len(r))], scores, measured), measured) for _ in range(shuffles)]
    return RelationalTemplate(
        carry_over=float(GRID[best]),
        low=low,
        high=high,
        chance=float((1 + sum(drop >= squares[0] - squares[best] - 1e-12 for drop in drops)) / (shuffles + 1)),
        gain=_left_out(rest, measured),
        common=freeze(_spread_out(levels[best], twice)),
        model=working_model(r, carry_over=float(GRID[best]), repaired=mended),
        clients=measured.clients,
        measurements=int(measured.seen.sum()),
        reliability=reliability,
        method=METHOD,
        doubts=_doubts(measured.clients, at_the_end=best == len(GRID) - 1),
    )


def _doubts(clients: int, *, at_the_end: bool) -> tuple[str, ...]:
    """What limits the fit."""
    few = f"Only {clients} clients: carry-over is rarely told from none."
    end = (
        f"The best carry-over is {GRID[-1]:g}, the end of what is tried: so it comes out where avoidance of others "
        "colours what is felt here, or something else moves both, or little can be told."
    )
    return EXPLORATORY + ((few,) if clients < 50 else ()) + ((end,) if at_the_end else ())


def _standard(values: FloatArray) -> FloatArray:
    """z-scores over all cells; zeros where nothing differs."""
    spread = float(np.nanstd(values)) if (~np.isnan(values)).any() else 0.0
    return (values - np.nanmean(values)) / spread if spread > 0.0 else np.where(np.isnan(values), np.nan, 0.0)


def _in_true_sds(values: FloatArray, reliability: float) -> FloatArray:
    """In SDs of what the first measurements would be without their error; zeros where these do not differ."""
    if not 0.0 < reliability <= 1.0:
        raise MethodError(
            "The reliability is {reliability}. It lies above 0, and at most at 1.", reliability=reliability
        )
    seen = ~np.isnan(values)
    starts = values[np.arange(len(values)), np.argmax(seen, axis=1)][seen.any(axis=1)]
    spread = float(np.std(starts, ddof=1)) * np.sqrt(reliability) if len(starts) > 1 else 0.0
    return values / spread if spread > 0.0 else np.where(seen, 0.0, np.nan)


def _carried(r: FloatArray, repaired: FloatArray | None) -> FloatArray:
    """What is expected of others after each session, for each carry-over of the grid, (K, N, T)."""
    mended = np.zeros(r.shape) if repaired is None else repaired
    return _expected_elsewhere(_expected_here(r, np.ones(r.shape)), mended, GRID)


def _rest(courses: FloatArray, y: FloatArray, measured: Measured) -> _Rest:
    """Avoidance, (N, M), and what was carried over, (K, N, M), less the client's own mean."""
    left = beyond_own(y + courses, measured)
    return _Rest(squares=np.einsum("knm,knm->kn", left, left), left=left)


def _fit(rest: _Rest, measured: Measured) -> tuple[FloatArray, FloatArray]:
    """Squares left for each carry-over, (K,), after the common levels, and these, (K, M)."""
    moved = rest.left.sum(axis=1)
    levels = moved @ measured.solve
    return rest.squares.sum(axis=1) - (levels * moved).sum(axis=1), levels


def _drop(rest: _Rest, measured: Measured) -> float:
    """How much the best carry-over lowers the squares."""
    squares, _ = _fit(rest, measured)
    return float(squares[0] - squares.min())


def _left_out(rest: _Rest, measured: Measured) -> Estimate:
    """The mean over clients of how much better carry-over foretells the client who was left out."""
    here = np.flatnonzero(measured.seen.any(axis=1))
    seen, count, own, squares = measured.seen[here], measured.count[here], rest.left[:, here], rest.squares[:, here]
    taken = seen[:, :, np.newaxis] * (np.eye(seen.shape[1]) - seen[:, np.newaxis, :] / count[:, :, np.newaxis])
    others = own.sum(axis=1, keepdims=True) - own
    levels = np.einsum("knm,nml->knl", others, np.linalg.pinv(measured.information - taken))
    best = np.argmin(squares.sum(axis=1, keepdims=True) - squares - (levels * others).sum(axis=2), axis=0)
    error = squares - 2.0 * (levels * own).sum(axis=2) + np.einsum("knm,nml,knl->kn", levels, taken, levels)
    gain = (error[0] - error[best, np.arange(len(here))]) / count[:, 0]
    mean, spread = float(np.mean(gain)), float(np.std(gain, ddof=1) / np.sqrt(len(gain)))
    half = float(student_quantile(0.975, np.asarray(len(gain) - 1.0))) * spread
    return Estimate(value=mean, error=spread, low=mean - half, high=mean + half)


def _spread_out(levels: FloatArray, y: FloatArray) -> FloatArray:
    """The common levels by session, around 0; nan where nobody was measured."""
    common = np.full(y.shape[1], np.nan)
    common[(~np.isnan(y)).any(axis=0)] = levels - levels.mean()
    return common
