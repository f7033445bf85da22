"""One pair's record as its therapist may see it now, gathered once and read by every page."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.models import Purpose, Rater, Score
from holdfast.practice.answers.queries import Answered, answered, links_of, scores_of_sessions
from holdfast.practice.caseload.models import Dyad, EpisodeOfCare, Session
from holdfast.practice.ruptures.course import CareCourse
from holdfast.practice.ruptures.models import RuptureEpisode
from holdfast.practice.ruptures.queries import courses_of, episodes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """The running episode of care of one dyad, or the last one. Sessions are in order and hold no cancelled ones."""

    sessions: tuple[Session, ...]
    answered: Mapping[Session, Answered]
    links: Mapping[UUID, frozenset[str]]
    course: CareCourse | None
    episodes: tuple[RuptureEpisode, ...]
    scores: tuple[Score, ...]
    ended_at: datetime | None = None

    @property
    def seen(self) -> tuple[Session, ...]:
        """The sessions that a figure has a place for: up to the last one with anything to show."""
        shown = {score.check_in.session_id for score in self.scores}
        last = max((i for i, session in enumerate(self.sessions) if session.pk in shown), default=-1)
        return self.sessions[: last + 1]

    @property
    def open_episode(self) -> RuptureEpisode | None:
        return next((row for row in self.episodes if row.status == RuptureEpisode.Status.OPEN), None)

    def waiting(self) -> tuple[Session, ...]:
        """Sessions the client has rated and the therapist has not: their answers are not shown yet."""
        return tuple(each for each in self.sessions if self.answered[each].after and not self.answered[each].may_read)

    def last_answered(self, most: int) -> tuple[Session, ...]:
        """The last sessions of which anything may be read."""
        readable = [each for each in self.sessions if self.answered[each].readable]
        return tuple(readable[-most:])

    def next_session(self, at: datetime) -> Session | None:
        planned = (each for each in self.sessions if each.state == Session.State.PLANNED and each.starts_at >= at)
        return min(planned, key=lambda each: each.starts_at, default=None)

    def last_session(self, at: datetime) -> Session | None:
        past = (each for each in self.sessions if each.starts_at < at and each.state != Session.State.MISSED)
        return max(past, key=lambda each: each.starts_at, default=None)

    def by_session(self, values: Mapping[UUID, float]) -> tuple[float, ...]:
        """A series over the sessions that figures show, nan where there is nothing."""
        return tuple(values.get(session.pk, math.nan) for session in self.seen)

    def outcomes(self) -> dict[tuple[str, str, str], dict[UUID, float]]:
        """What the client answered before sessions: instrument, version and scale, then session, then raw score."""
        found: dict[tuple[str, str, str], dict[UUID, float]] = {}
        for score in self.scores:
            check_in = score.check_in
            if check_in.rater == Rater.CLIENT and check_in.purpose == Purpose.BEFORE and score.raw is not None:
                found.setdefault((score.instrument, score.version, score.scale), {})[check_in.session_id] = score.raw
        return found


def care_of(actor: Membership | None, dyad: Dyad, episode: RuptureEpisode | None = None) -> Care:
    """Gather what the actor may see of a dyad, with single scores: the last episode of care, or that of an episode."""
    within = None if episode is None else episode.signal_session.episode_of_care_id
    return cares_of(actor, [dyad], within=within, with_scores=True)[dyad.pk]


def cares_of(
    actor: Membership | None, dyads: Sequence[Dyad], *, within: UUID | None = None, with_scores: bool = False
) -> dict[UUID, Care]:
    """The same for several dyads, by their keys: seven queries, however many; one more with single scores."""
    running = _last_care(actor, dyads, within)
    cares = list(running.values())
    sessions = {
        care.pk: tuple(each for each in care.sessions.all() if each.state != Session.State.CANCELLED) for care in cares
    }
    every = [session for rows in sessions.values() for session in rows]
    state, links = answered(actor, every), links_of(actor, every)
    courses = courses_of(actor, cares)
    episodes = episodes_of(actor, dyads)
    scores = scores_of_sessions(actor, every) if with_scores else []
    found = {}
    for dyad in dyads:
        care = running.get(dyad.pk)
        own = sessions[care.pk] if care else ()
        keys = {each.pk for each in own}
        found[dyad.pk] = Care(
            sessions=own,
            answered={each: state[each] for each in own},
            links={each.pk: links[each.pk] for each in own},
            course=courses[care.pk] if care else None,
            episodes=tuple(row for row in episodes if row.signal_session_id in keys),
            scores=tuple(score for score in scores if score.check_in.session_id in keys),
            ended_at=care.ended_at if care else None,
        )
    return found


def _last_care(actor: Membership | None, dyads: Sequence[Dyad], within: UUID | None) -> dict[UUID, EpisodeOfCare]:
    """The running episode of care of each dyad, or the last one, or one that is named, with its sessions at hand."""
    rows = visible(actor, EpisodeOfCare).filter(dyad__in=dyads).select_related("dyad__client__practice")
    rows = rows if within is None else rows.filter(pk=within)
    at_hand = rows.prefetch_related(Prefetch("sessions", queryset=visible(actor, Session)))
    return {care.dyad_id: care for care in at_hand.order_by("started_at")}
