"""Whole therapies, session by session, as both sides rate them, with the truth beside the data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from holdfast.errors import MethodError
from holdfast.simulate.therapies import KINDS, NONE, STATES, Cast, Happened, cast_of, happen
from holdfast.simulate.world import Attachment, Facets, Outcome, Ratings, World
from holdfast.stats.arrays import FloatArray, freeze

ALLIANCE_STEP = 3.125  # 32 steps from 0 to 100, as eight items answered 0 to 4 give
OUTCOME_TOP = 24.0
BEST_ANSWER = 4
FACETS = ("bond", "goal", "task", "empathy", "regard", "genuineness", "consistency", "safety")
HIT = {
    ("withdrawal", "safety"): "regard",
    ("withdrawal", "bond"): "genuineness",
    ("confrontation", "empathy"): "regard",
    ("confrontation", "goal"): "genuineness",
}
"""Which facet a rupture of which kind hits, and which one rises in return."""
FOCUS = ("relationship", "root causes", "coping skills")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedSessions:
    """One entry per session held in each column, and the same alliance as an array (clients, sessions), nan if unrated.

    columns: client session therapist alliance therapist_alliance predicted outcome, the eight facets, client_tension
    client_way therapist_tension therapist_way (0 none, 1 pulling away, 2 pushing against), focus, attachment_anxiety
    attachment_avoidance (1 to 7, where a questionnaire was due), then the planted truth: rupture (none, acute, slide,
    repairing), kind, acknowledged; and simulated. What is not rated is nan.
    ruptures: the truth in a row for each rupture: client, onset, kind, form, depth (in the client's own SDs),
    acknowledged_at, repaired_at (session numbers, 0 for never). simulated: "yes" in every row of both.
    """

    columns: Mapping[str, NDArray[Any]]
    ruptures: Mapping[str, NDArray[Any]]
    alliance: FloatArray
    world: World
    seed: int
    simulated: bool = field(default=True, init=False)
    doubts: tuple[str, ...] = ("Simulated: nobody said any of this.",)


def simulate_sessions(*, clients: int, sessions: int, seed: int, world: World | None = None) -> SimulatedSessions:
    """Make up therapies: a bond that grows, ruptures of both kinds, what both sides say, outcome, and who leaves.

    Model: level = start + growth*log2(session) + what a repair added; rating = level + AR(1) noise of the client's own
    SD - the rupture's drop, on a grid of 3.125 within 0 to 100; the eight facets add up to it, lower where a rupture
    hits. A sudden rupture drops the rating at once and halves when it begins to mend, sooner with a more responsive
    therapist; a slide deepens session by session. The next outcome falls when the alliance lies above the client's
    own level.
    Meaning: for demonstrations, calibration and power only. Shapes: a row per session held, clients in order.
    Raises MethodError for counts below 1. Source: docs/explanation/the-simulated-world.md, each setting with its basis.
    """
    if clients < 1 or sessions < 1:
        raise MethodError(
            "{clients} clients with {sessions} sessions cannot be made up. Ask for 1 or more of each.",
            clients=clients,
            sessions=sessions,
        )
    world = world or World()
    rng = np.random.default_rng(seed)
    cast = cast_of(rng, world, clients)
    happened = happen(rng, world, cast, sessions)
    rated = _ratings(rng, world.ratings, cast, happened)
    columns = rated | _said(rng, world, happened, rated["alliance"]) | _around(rng, world, cast, happened, rated)
    columns |= {
        "rupture": np.array(STATES)[happened.state],
        "kind": np.array(KINDS)[happened.kind],
        "acknowledged": np.where(happened.acknowledged, "yes", "no"),
        "simulated": np.full(happened.state.shape, "yes"),
    }
    names = {
        "client": np.repeat([[f"sim-{i + 1:04d}"] for i in range(clients)], sessions, axis=1),
        "session": np.tile(np.arange(1, sessions + 1), (clients, 1)),
        "therapist": np.repeat([[f"sim-t{k + 1:03d}"] for k in cast.therapist], sessions, axis=1),
    }
    held = happened.here
    flat = {name: _frozen(values[held]) for name, values in (names | columns).items()}
    alliance = np.where(held, rated["alliance"], np.nan)
    return SimulatedSessions(
        columns=MappingProxyType(flat),
        ruptures=MappingProxyType(_truth(happened)),
        alliance=freeze(alliance),
        world=world,
        seed=seed,
    )


def _frozen(values: NDArray[Any]) -> NDArray[Any]:
    values.setflags(write=False)
    return values


def _ratings(rng: np.random.Generator, ratings: Ratings, cast: Cast, happened: Happened) -> dict[str, NDArray[Any]]:
    """Client's and therapist's rating and the guess, (clients, sessions), and the outcome they lead to."""
    shape = happened.state.shape
    number = np.log2(np.arange(1, shape[1] + 1))
    level = cast.start[:, np.newaxis] + cast.growth[:, np.newaxis] * number + cast.own_sd * happened.gain
    own, other = _noise(rng, ratings, shape)
    felt = level + cast.own_sd * (own - happened.drop)
    seen = level - ratings.therapist_lower + cast.own_sd * (other - ratings.therapist_sees * happened.drop)
    guess = felt + rng.normal(0.0, ratings.prediction_error, shape)
    unrated = rng.random(shape) < ratings.missing_rate
    alliance, therapist_alliance, predicted = (
        np.where(unrated, np.nan, _on_grid(each)) for each in (felt, seen, guess)
    )
    return {
        "alliance": alliance,
        "therapist_alliance": therapist_alliance,
        "predicted": predicted,
        "outcome": np.where(unrated, np.nan, (felt - level) / 10.0),  # in tens of points above the own level
    }


def _noise(rng: np.random.Generator, ratings: Ratings, shape: tuple[int, ...]) -> tuple[FloatArray, FloatArray]:
    """Standard normal errors of both raters, correlated with each other and, if asked, from session to session."""
    rho, phi = ratings.agreement, ratings.autocorrelation
    own = rng.standard_normal(shape)
    for t in range(1, shape[1]):
        own[:, t] = phi * own[:, t - 1] + np.sqrt(1.0 - phi * phi) * own[:, t]
    return own, rho * own + np.sqrt(1.0 - rho * rho) * rng.standard_normal(shape)


def _on_grid(ratings: FloatArray) -> FloatArray:
    """Ratings as a scale gives them: whole steps within 0 to 100."""
    return np.asarray(np.clip(np.round(ratings / ALLIANCE_STEP) * ALLIANCE_STEP, 0.0, 100.0))


def _said(rng: np.random.Generator, world: World, happened: Happened, alliance: FloatArray) -> dict[str, NDArray[Any]]:
    """The facets behind the rating, tension as each side reports it, and what the session was about."""
    chances, ruptured = world.reports, happened.state != NONE
    unrated = np.isnan(alliance)

    def reported(within: float, alone: float) -> tuple[FloatArray, FloatArray]:
        said = rng.random(ruptured.shape) < np.where(ruptured, within, alone)
        way = np.where(ruptured, happened.kind, rng.integers(1, 3, ruptured.shape))
        amount = np.where(said, rng.integers(1, 4, ruptured.shape), 0)
        return tuple(np.where(unrated, np.nan, each) for each in (amount, np.where(said, way, 0)))  # type: ignore[return-value]

    client, client_way = reported(chances.client_in_rupture, chances.client_alone)
    therapist, therapist_way = reported(chances.therapist_in_rupture, chances.therapist_alone)
    about = np.where(happened.acknowledged, 0, rng.integers(0, len(FOCUS), ruptured.shape))
    return _facets(rng, world.facets, happened, alliance) | {
        "client_tension": client,
        "client_way": client_way,
        "therapist_tension": np.where(np.isnan(therapist), np.nan, np.minimum(therapist, 1.0)),
        "therapist_way": therapist_way,
        "focus": np.array(FOCUS)[about],
    }


def _facets(
    rng: np.random.Generator, facets: Facets, happened: Happened, alliance: FloatArray
) -> dict[str, NDArray[Any]]:
    """Eight answers of 0 to 4 that add up to the rating, as evenly as it goes; what a rupture hits gives to others."""
    points = np.nan_to_num(alliance / ALLIANCE_STEP).astype(np.int64)
    share, rest = np.divmod(points, len(FACETS))
    order = np.argsort(rng.random((*points.shape, len(FACETS))), axis=2)
    answers = share[..., np.newaxis] + (np.argsort(order, axis=2) < rest[..., np.newaxis])
    for (kind, hit), other in HIT.items():
        weak, strong, most = FACETS.index(hit), FACETS.index(other), getattr(facets, f"{kind}_{hit}")
        possible = np.minimum(answers[..., weak], BEST_ANSWER - answers[..., strong])
        moves = np.where(happened.kind == KINDS.index(kind), np.minimum(most, possible), 0)
        answers[..., weak] -= moves
        answers[..., strong] += moves
    unrated = np.isnan(alliance)
    return {name: np.where(unrated, np.nan, 25.0 * answers[..., place]) for place, name in enumerate(FACETS)}


def _around(
    rng: np.random.Generator, world: World, cast: Cast, happened: Happened, rated: dict[str, NDArray[Any]]
) -> dict[str, NDArray[Any]]:
    """Distress before each session, and attachment to others every few sessions."""
    asked_of = world.attachment
    unrated, above = np.isnan(rated["alliance"]), np.nan_to_num(rated["outcome"])
    outcome = np.where(unrated, np.nan, _outcome(rng, world.outcome, above))
    felt = np.cumsum(np.where(unrated, 0.0, np.nan_to_num(rated["alliance"] - world.people.start)), axis=1)
    eased = world.people.carry_over * felt / 10.0
    asked = (np.arange(unrated.shape[1]) % asked_of.every == 0) & ~unrated
    return {
        "outcome": outcome,
        "attachment_anxiety": np.where(asked, _questionnaire(rng, asked_of, cast.anxiety, 0.0 * felt), np.nan),
        "attachment_avoidance": np.where(asked, _questionnaire(rng, asked_of, cast.avoidance, -eased), np.nan),
    }


def _questionnaire(
    rng: np.random.Generator, attachment: Attachment, trait: FloatArray, moved: FloatArray
) -> FloatArray:
    """A mean of items from 1 to 7, in tenths, around a trait that moves."""
    true = attachment.mean + attachment.sd * (trait[:, np.newaxis] + moved)
    raw = true + rng.normal(0.0, attachment.noise, moved.shape)
    return np.asarray(np.clip(np.round(raw, 1), 1.0, 7.0))


def _outcome(rng: np.random.Generator, outcome: Outcome, above: FloatArray) -> FloatArray:
    """Distress per session, 0 to 24: a person's start and trend, less where the alliance before lay above its level."""
    clients, sessions = above.shape
    start = outcome.start + rng.normal(0.0, outcome.sd, (clients, 1))
    trend = outcome.trend * np.log2(np.arange(1, sessions + 1))
    course = start + trend + rng.normal(0.0, outcome.noise, above.shape)
    course[:, 1:] -= outcome.link * above[:, :-1]
    return np.asarray(np.clip(np.round(course), 0.0, OUTCOME_TOP))


def _truth(happened: Happened) -> dict[str, NDArray[Any]]:
    """A row for each rupture, with session numbers in place of columns; what happened after somebody left did not."""
    rows = {name: values if name == "depth" else values.astype(np.int64) for name, values in happened.ruptures.items()}
    client, here = rows["client"], happened.here
    seen = here[client, rows["onset"]]
    kept = {name: values[seen] for name, values in rows.items()}
    when = {
        name: np.where(here[kept["client"], kept[name]] & (kept[name] >= 0), kept[name] + 1, 0)
        for name in ("acknowledged_at", "repaired_at")
    }
    whole = {
        "client": np.array([f"sim-{i + 1:04d}" for i in kept["client"].tolist()], dtype="<U16"),
        "onset": kept["onset"] + 1,
        "kind": np.array(KINDS)[kept["kind"]],
        "form": np.where(kept["sliding"] > 0, "slide", "sudden"),
        "depth": kept["depth"],
        **when,
        "simulated": np.full(len(kept["onset"]), "yes"),
    }
    return {name: _frozen(values) for name, values in whole.items()}
