"""One pair's record as its therapist may see it now, gathered once and read by every page."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.models import Purpose, Rater, Score
from holdfast.practice.answers.queries import Answered, answered, scores_of_sessions
from holdfast.practice.caseload.models import Dyad, EpisodeOfCare, Session
from holdfast.practice.caseload.queries import sessions_of
from holdfast.practice.ruptures.course import CareCourse
from holdfast.practice.ruptures.models import RuptureEpisode
from holdfast.practice.ruptures.queries import course_of, episodes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """The running episode of care of one dyad, or the last one. Sessions are in order and hold no cancelled ones."""

    sessions: tuple[Session, ...]
    answered: Mapping[Session, Answered]
    course: CareCourse | None
    episodes: tuple[RuptureEpisode, ...]
    scores: tuple[Score, ...]

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


def care_of(actor: Membership | None, dyad: Dyad, *, with_scores: bool = True) -> Care:
    """Gather what the actor may see of a dyad; a line in a list needs no single scores."""
    care = (
        visible(actor, EpisodeOfCare)
        .filter(dyad=dyad)
        .select_related("dyad__client__practice")
        .order_by("-started_at")
        .first()
    )
    sessions = _sessions(actor, dyad, care)
    episodes = [row for row in episodes_of(actor, dyad) if care and row.signal_session.episode_of_care_id == care.pk]
    return Care(
        sessions=tuple(sessions),
        answered=answered(actor, sessions),
        course=course_of(actor, care) if care else None,
        episodes=tuple(episodes),
        scores=tuple(scores_of_sessions(actor, sessions)) if with_scores else (),
    )


def _sessions(actor: Membership | None, dyad: Dyad, care: EpisodeOfCare | None) -> Sequence[Session]:
    if care is None:
        return ()
    rows = sessions_of(actor, dyad)
    return [each for each in rows if each.episode_of_care_id == care.pk and each.state != Session.State.CANCELLED]
