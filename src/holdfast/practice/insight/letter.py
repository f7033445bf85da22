"""Two ways to put one client's course on paper or between two people: the page to look at together, and the summary.

The shared page holds what the client said and nothing of the therapist's own: no range, signal, episode or guess.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.queries import ReadComment, comments_of
from holdfast.practice.caseload.queries import OpenedClient, client_of
from holdfast.practice.formulation.queries import formulation_of
from holdfast.practice.insight.between import Facets, consistency_sentence, facets_of
from holdfast.practice.insight.care import Care, care_of
from holdfast.practice.insight.figures import KINDS, STATUS, alliance_figure, outcome_figures, outcome_notices
from holdfast.practice.insight.statements import of_episode
from holdfast.practice.ruptures.models import RuptureEpisode
from holdfast.report import CourseFigure

PARTS = {
    "course": "The course of the relationship, as rated",
    "range": "with the range that earlier ratings lead one to expect",
    "facets": "The sides of the relationship in the last session",
    "outcome": "How they are doing, as they say before sessions",
    "episodes": "Episodes: what was noticed, and how it went on",
    "comments": "Their comments, with replies",
}
"""What a summary can hold, and how the page calls it."""

READERS = {
    "client": ("For the client", ("course", "outcome", "comments")),
    "colleague": ("For a colleague", ("course", "outcome", "episodes")),
    "supervision": ("For supervision", ("course", "range", "facets", "outcome", "episodes")),
}
"""Whom a summary is for, and what it holds unless something else is chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedPage:
    """What the pair looks at together."""

    client: OpenedClient
    alliance: CourseFigure | None
    outcomes: tuple[CourseFigure, ...]
    facets: Facets | None
    comments: tuple[ReadComment, ...]
    goals: tuple[str, ...]
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeInWords:
    """One episode in a summary: when, of which kind, what was seen, and how it stands."""

    row: RuptureEpisode
    kind: str
    said: str
    stands: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A letter of one client, of the parts that were chosen."""

    client: OpenedClient
    parts: frozenset[str]
    first: datetime | None
    last: datetime | None
    held: int
    alliance: CourseFigure | None
    outcomes: tuple[CourseFigure, ...]
    facets: Facets | None
    steadiness: str
    episodes: tuple[EpisodeInWords, ...]
    comments: tuple[ReadComment, ...]
    notices: tuple[str, ...]


def shared_page(actor: Membership | None, client_id: UUID, at: datetime) -> SharedPage | None:
    """The client's own ratings and words, and nothing else."""
    found, care = _found(actor, client_id)
    built = formulation_of(actor, client_id, at)
    if found is None or care is None or built is None:
        return None
    return SharedPage(
        client=found,
        alliance=_ratings_alone(alliance_figure(care)),
        outcomes=outcome_figures(care, found.client.practice.before_forms),
        facets=facets_of(care),
        comments=tuple(comments_of(actor, care.sessions)),
        goals=tuple(each.now.text for each in built.open_goals),
        notices=outcome_notices(care),
    )


def summary(actor: Membership | None, client_id: UUID, parts: Collection[str]) -> Summary | None:
    """The chosen parts of one client's running or last therapy. Released answers only, as everywhere."""
    found, care = _found(actor, client_id)
    if found is None or care is None:
        return None
    chosen = frozenset(parts) & set(PARTS)
    held = [each for each in care.sessions if each.state == "held"]
    figure = alliance_figure(care) if "course" in chosen else None
    episodes = sorted(care.episodes, key=lambda row: row.number) if "episodes" in chosen else []
    return Summary(
        client=found,
        parts=chosen,
        first=held[0].starts_at if held else None,
        last=held[-1].starts_at if held else None,
        held=len(held),
        alliance=figure if "range" in chosen else _ratings_alone(figure),
        outcomes=outcome_figures(care, found.client.practice.before_forms) if "outcome" in chosen else (),
        facets=facets_of(care) if "facets" in chosen else None,
        steadiness=consistency_sentence(care) if "range" in chosen else "",
        episodes=tuple(_in_words(row, care) for row in episodes),
        comments=tuple(comments_of(actor, care.sessions)) if "comments" in chosen else (),
        notices=outcome_notices(care) if "outcome" in chosen else (),
    )


def _found(actor: Membership | None, client_id: UUID) -> tuple[OpenedClient | None, Care | None]:
    """For the therapist alone: a supervisor reads the course on its own page."""
    if actor is None or actor.role != Membership.Role.THERAPIST:
        return None, None
    found = client_of(actor, client_id)
    return found, care_of(actor, found.dyad) if found else None


def _ratings_alone(figure: CourseFigure | None) -> CourseFigure | None:
    """The line of what the client said, without anything that was made of it."""
    if figure is None:
        return None
    return replace(figure, low=(), high=(), marks=(), spans=(), predicted=(), value_name="Rating", extent=(0.0, 100.0))


def _in_words(row: RuptureEpisode, care: Care) -> EpisodeInWords:
    return EpisodeInWords(
        row=row,
        kind=KINDS[RuptureEpisode.Kind(row.kind)],
        said=of_episode(row, care.course).said,
        stands=STATUS[RuptureEpisode.Status(row.status)],
    )
