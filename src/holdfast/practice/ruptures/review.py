"""The review of a dyad: its rupture episodes computed again from what is released. Doing it twice changes nothing.

An episode is known by the session that signalled it. What people did (acknowledged, noted, closed) is never touched.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from holdfast.alliance import RuptureEpisode as Followed
from holdfast.alliance import SignalKind
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.models import Dyad, EpisodeOfCare, Session
from holdfast.practice.ruptures.course import CareCourse, finding, follow_care
from holdfast.practice.ruptures.models import RuptureEpisode
from holdfast.practice.ruptures.voices import hear

Rows = Mapping[UUID, RuptureEpisode]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One episode as the ratings tell it: the column that signalled, and the column at which the next one begins."""

    followed: Followed
    column: int
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One episode of care under review: its course, and when it is reviewed."""

    dyad: Dyad
    care: EpisodeOfCare
    course: CareCourse
    at: datetime

    def last_eased(self, wanted: Wanted) -> tuple[int, bool | None]:
        """The client's latest word between this signal and the next episode, and where it was said."""
        columns = range(wanted.until - 1, wanted.column - 1, -1)
        sessions, eased = self.course.sessions, self.course.voices.eased
        return next(
            ((column, eased[sessions[column].pk]) for column in columns if sessions[column].pk in eased), (-1, None)
        )


@transaction.atomic
def review(*, dyad: Dyad, at: datetime) -> list[RuptureEpisode]:
    """Open new episodes, follow open ones, and close those that ratings and client both call repaired.

    Returns the episodes of the dyad as they now stand.
    """
    for care in dyad.episodes_of_care.order_by("started_at"):
        _review_care(dyad, care, at)
    return list(dyad.rupture_episodes.order_by("number"))


def _review_care(dyad: Dyad, care: EpisodeOfCare, at: datetime) -> None:
    rows = {row.signal_session_id: row for row in dyad.rupture_episodes.filter(signal_session__episode_of_care=care)}
    found = follow_care(care, hear(care))
    signalled = set()
    if found is not None and (rows or found.course.episodes.all):
        case = Case(dyad=dyad, care=care, course=found, at=at)
        for wanted in _wanted(found, rows):
            session = found.sessions[wanted.column]
            signalled.add(session.pk)
            _follow(case, wanted, rows.get(session.pk))
    for session_id, row in rows.items():
        if session_id not in signalled:
            _withdraw(row, at)


def _wanted(found: CareCourse, rows: Rows) -> Iterator[Wanted]:
    """Every episode of the course. A signal after somebody closed the episode it belongs to begins one of its own."""
    starts = [(followed, column) for followed in found.course.episodes.all for column in _starts(found, followed, rows)]
    for place, (followed, column) in enumerate(starts):
        until = starts[place + 1][1] if place + 1 < len(starts) else len(found.sessions)
        yield Wanted(followed=followed, column=column, until=until)


def _starts(found: CareCourse, followed: Followed, rows: Rows) -> Iterator[int]:
    column = followed.signalled
    while True:
        yield column
        row = rows.get(found.sessions[column].pk)
        closed = -1 if row is None or row.closed_by_id is None else found.at(row.closed_after_id)
        later = found.signalled(max(closed, column), followed.end) if closed >= 0 else []
        if not later:
            return
        column = later[0]


def _follow(case: Case, wanted: Wanted, row: RuptureEpisode | None) -> None:
    """Bring the row of one episode up to what the ratings say now, opening it when it is new."""
    facts = _facts(case, wanted)
    if row is None:
        row = _open(case, wanted, facts)
    else:
        changed = sorted(name for name, value in facts.items() if getattr(row, name) != value)
        if changed:
            for name in changed:
                setattr(row, name, facts[name])
            row.save(update_fields=changed)
            _note(row, "rupture.followed", case.at, fields=changed)
    if row.status == RuptureEpisode.Status.OPEN:
        _close_if_over(case, wanted, row)


def _facts(case: Case, wanted: Wanted) -> dict[str, Any]:
    """What follows from ratings and answers alone."""
    column, own = wanted.column, wanted.column == wanted.followed.signalled
    kind = wanted.followed.kind if own else case.course.kind(column) or wanted.followed.kind
    slide = int(case.course.course.detection.onset[0, column]) if kind is SignalKind.EROSION else -1
    begun = wanted.followed.onset if own else slide if slide >= 0 else column
    return {
        "kind": kind.value,
        "onset_session_id": case.course.sessions[begun].pk,
        "finding": finding(case.course, wanted.followed, column),
        "ratings_status": wanted.followed.status.value,
        "client_eased": case.last_eased(wanted)[1],
    }


def _open(case: Case, wanted: Wanted, facts: Mapping[str, Any]) -> RuptureEpisode:
    last = case.dyad.rupture_episodes.aggregate(last=Max("number"))["last"] or 0
    session: Session = case.course.sessions[wanted.column]
    row = RuptureEpisode.objects.create(
        dyad=case.dyad, number=last + 1, signal_session=session, opened_at=case.at, **facts
    )
    _note(row, "rupture.opened", case.at, fields=["kind", "signal_session"])
    return row


def _close_if_over(case: Case, wanted: Wanted, row: RuptureEpisode) -> None:
    """Repaired when the ratings are back and the client says it eased; ended when the therapy has ended before that."""
    column, _ = case.last_eased(wanted)
    if row.ratings_status == RuptureEpisode.Status.REPAIRED and row.client_eased:
        status, after = RuptureEpisode.Status.REPAIRED, max(column, wanted.followed.repaired_at or 0)
    elif case.care.ended_at is not None:
        status, after = RuptureEpisode.Status.ENDED, len(case.course.sessions) - 1
    else:
        return
    row.status, row.closed_at, row.closed_after = status, case.at, case.course.sessions[after]
    row.save(update_fields=["status", "closed_at", "closed_after"])
    _note(row, "rupture.closed", case.at, fields=["status"])


def _withdraw(row: RuptureEpisode, at: datetime) -> None:
    """A late answer can take a signal back. An episode that nobody touched goes; others stay for people to close."""
    touched = row.acknowledged_at or row.talked_at or row.closed_by_id or row.notes.exists()
    if not touched:
        _note(row, "rupture.withdrawn", at)
        row.delete()


def _note(row: RuptureEpisode, verb: str, at: datetime, fields: list[str] | tuple[str, ...] = ()) -> None:
    record(verb, actor=None, practice=row.dyad.client.practice, target=row, at=at, fields=fields)
