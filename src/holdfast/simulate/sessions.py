"""Whole therapies, session by session, with planted ruptures and the truth beside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.errors import MethodError
from holdfast.simulate.world import World
from holdfast.stats.arrays import FloatArray, freeze

ALLIANCE_STEP = 3.125  # 32 steps from 0 to 100, as eight items answered 0 to 4 give
OUTCOME_TOP = 24.0
CLIENTS_PER_THERAPIST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedSessions:
    """One entry per session in each column, and the same alliance as an array (clients, sessions), nan if unrated.

    columns: client session therapist alliance therapist_alliance predicted outcome rupture simulated; a missing rating
    is nan in all four ratings. rupture is the planted truth: none, acute, slide or repairing.
    simulated: "yes" in every row.
    """

    columns: Mapping[str, NDArray[Any]]
    alliance: FloatArray
    world: World
    seed: int
    simulated: bool = field(default=True, init=False)
    doubts: tuple[str, ...] = ("Simulated: nobody said any of this.",)


def simulate_sessions(*, clients: int, sessions: int, seed: int, world: World | None = None) -> SimulatedSessions:
    """Make up therapies: ratings by client and therapist, the therapist's guess, outcome, and planted ruptures.

    Model: level = start + therapist + client + trend*log2(session); rating = level + AR(1) noise of the client's own
    SD - planted drop, on a grid of 3.125 within 0 to 100. An acute rupture drops the rating at once by rupture_depth
    own SDs and halves when it begins to mend; a slide deepens by slide_step own SDs per session, for six sessions.
    The next outcome (0 to 24, lower is better) falls when the alliance lies above the client's own level.
    Meaning: for demonstrations, calibration and power only. Shapes: clients*sessions rows, clients in order.
    Raises MethodError for counts below 1. Source: ours; the link to outcome is a choice, not a finding.
    """
    if clients < 1 or sessions < 1:
        raise MethodError(
            "{clients} clients with {sessions} sessions cannot be made up. Ask for 1 or more of each.",
            clients=clients,
            sessions=sessions,
        )
    world = world or World()
    rng = np.random.default_rng(seed)
    therapist = np.arange(clients) // CLIENTS_PER_THERAPIST
    level, own_sd = _levels(rng, world, therapist, sessions)
    truth, drop = _ruptures(rng, world, clients, sessions)
    noise, other = _noise(rng, world, clients, sessions)
    felt = level + own_sd * (noise - drop)
    seen_by_therapist = level - world.therapist_lower + own_sd * (other - 0.7 * drop)
    guess = felt + rng.normal(0.0, world.prediction_error, felt.shape)
    unrated = rng.random(felt.shape) < world.missing_rate
    alliance, therapist_alliance, predicted = (
        np.where(unrated, np.nan, _on_grid(each)) for each in (felt, seen_by_therapist, guess)
    )
    outcome = np.where(unrated, np.nan, _outcome(rng, world, felt - level))
    columns: dict[str, NDArray[Any]] = {
        "client": np.repeat([f"sim-{i + 1:04d}" for i in range(clients)], sessions),
        "session": np.tile(np.arange(1, sessions + 1), clients),
        "therapist": np.repeat([f"sim-t{k + 1:03d}" for k in therapist], sessions),
        "alliance": alliance.ravel(),
        "therapist_alliance": therapist_alliance.ravel(),
        "predicted": predicted.ravel(),
        "outcome": outcome.ravel(),
        "rupture": truth.ravel(),
        "simulated": np.full(clients * sessions, "yes"),
    }
    for column in columns.values():
        column.setflags(write=False)
    return SimulatedSessions(columns=MappingProxyType(columns), alliance=freeze(alliance), world=world, seed=seed)


def _levels(
    rng: np.random.Generator, world: World, therapist: NDArray[np.int64], sessions: int
) -> tuple[FloatArray, FloatArray]:
    """Each client's level per session (clients, sessions) and own SD (clients, 1)."""
    clients = len(therapist)
    start = world.start + rng.normal(0.0, world.therapist_sd, therapist.max() + 1)[therapist]
    start = start + rng.normal(0.0, world.client_sd, clients)
    rise = world.trend * np.log2(np.arange(1, sessions + 1))
    own_sd = world.within_sd * np.exp(rng.normal(0.0, world.within_spread, (clients, 1)))
    return start[:, np.newaxis] + rise, own_sd


def _noise(rng: np.random.Generator, world: World, clients: int, sessions: int) -> tuple[FloatArray, FloatArray]:
    """Standard normal errors of both raters, correlated with each other and, if asked, from session to session."""
    rho, phi = world.therapist_correlation, world.autocorrelation
    own = rng.standard_normal((clients, sessions))
    for t in range(1, sessions):
        own[:, t] = phi * own[:, t - 1] + np.sqrt(1.0 - phi * phi) * own[:, t]
    other = rho * own + np.sqrt(1.0 - rho * rho) * rng.standard_normal((clients, sessions))
    return own, other


def _ruptures(
    rng: np.random.Generator, world: World, clients: int, sessions: int
) -> tuple[NDArray[np.str_], FloatArray]:
    """What was planted in each session, and by how many own SDs the rating drops; none before the fourth session."""
    truth = np.full((clients, sessions), "none", dtype="<U9")
    drop = np.zeros((clients, sessions))
    depth = np.zeros(clients)
    slider = rng.random(clients) < world.slide_rate
    begins = rng.integers(3, max(sessions, 4), clients)
    for t in range(3, sessions):
        mending = (depth > 0.0) & (rng.random(clients) < world.repair_rate)
        depth = np.where(mending, np.where(depth > 0.6 * world.rupture_depth, depth / 2.0, 0.0), depth)
        new = (depth == 0.0) & (rng.random(clients) < world.rupture_rate)
        depth = np.where(new, world.rupture_depth, depth)
        sliding = slider & (t >= begins) & (t < begins + 6)
        drop[:, t] = depth + np.where(sliding, (t - begins + 1) * world.slide_step, 0.0)
        truth[sliding, t] = "slide"
        truth[depth > 0.0, t] = "repairing"
        truth[new, t] = "acute"
    return truth, drop


def _outcome(rng: np.random.Generator, world: World, above: FloatArray) -> FloatArray:
    """Distress per session, 0 to 24: a person's start and trend, less where the alliance before lay above its level."""
    clients, sessions = above.shape
    start = world.outcome_start + rng.normal(0.0, world.outcome_sd, (clients, 1))
    course = start + world.outcome_trend * np.log2(np.arange(1, sessions + 1)) + rng.normal(0.0, 1.5, above.shape)
    course[:, 1:] -= world.outcome_link * above[:, :-1] / 10.0
    return np.asarray(np.clip(np.round(course), 0.0, OUTCOME_TOP))


def _on_grid(ratings: FloatArray) -> FloatArray:
    """Ratings as a scale gives them: whole steps within 0 to 100."""
    return np.asarray(np.clip(np.round(ratings / ALLIANCE_STEP) * ALLIANCE_STEP, 0.0, 100.0))
