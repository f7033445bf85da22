"""Which messages about forms and appointments are planned, and how a link gets into one (decision 0094).

Planned when a session is booked, moved or marked, or when the client's safe contact is set, in the same transaction.
The link is made at sending time: its secret exists in the message alone, and a second try replaces the first link.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from holdfast.errors import RecordError
from holdfast.practice.answers.links import ANSWERS, CLOSES_AFTER, make_link
from holdfast.practice.answers.models import Invitation, Purpose, Rater
from holdfast.practice.answers.monthly import is_monthly_due
from holdfast.practice.caseload.changes import when_a_client_changes, when_a_session_changes
from holdfast.practice.caseload.contact import contact_of
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.lib.words import DEFAULT, moment_in
from holdfast.practice.messages.actions import Timing, put, withdraw
from holdfast.practice.messages.filling import Filled, fills
from holdfast.practice.messages.models import Message, Timetable
from holdfast.practice.messages.queries import timetable_of
from holdfast.practice.messages.worker import form_address

Planned = tuple[str, str, Timing]
"""The key, the kind and the time of one message."""
NOT_NOW = "There is nothing to send about this session."
MONTHLY_AFTER = timedelta(hours=24)
"""The monthly form comes a day after a session, so that it does not lengthen the two around it."""

KEYS = {"before": Purpose.BEFORE, "monthly": Purpose.MONTHLY}
"""What the first word of a message's key says about its form; the others are about the session."""


@when_a_session_changes
def plan(session: Session, at: datetime) -> None:
    """Put what this session calls for into the outbox, and take back what an earlier time or state called for."""
    client = session.episode_of_care.dyad.client
    wanted = list(_wanted(session, timetable_of(client.practice), at)) if _may_write(client) else []
    keys = {key for key, _, _ in wanted}
    waiting = Message.objects.filter(about=session.pk, state=Message.State.WAITING)
    withdraw(practice=client.practice, keys=[row.key for row in waiting if row.key not in keys], at=at)
    for key, kind, timing in wanted:
        put(kind=kind, to=client, key=key, timing=timing, at=at, about=session.pk)


@when_a_client_changes
def plan_again(client: Client, at: datetime) -> None:
    """The sessions still to come, and those whose forms are still open."""
    rows = Session.objects.filter(episode_of_care__dyad__client=client, starts_at__gt=at - CLOSES_AFTER)
    for session in rows.select_related("episode_of_care__dyad__client__practice"):
        plan(session, at)


def _may_write(client: Client) -> bool:
    return client.state in ANSWERS and contact_of(client).takes_messages


def _wanted(session: Session, times: Timetable, at: datetime) -> Iterator[Planned]:
    starts = session.starts_at
    ends, closes = starts + timedelta(minutes=session.minutes), starts + CLOSES_AFTER
    mark = f"{session.pk} {starts:%Y%m%d%H%M}"
    planned = session.state == Session.State.PLANNED
    if planned and starts > at:
        due = starts - timedelta(hours=times.before_hours)
        yield f"before {mark}", "form", Timing(due_at=due, until=starts)
        if times.appointment_hours is not None:
            due = starts - timedelta(hours=times.appointment_hours)
            yield f"appointment {mark}", "appointment", Timing(due_at=due, until=starts)
    if (planned or session.state == Session.State.HELD) and closes > at:
        due = ends + timedelta(minutes=times.after_minutes)
        yield f"after {mark}", "form", Timing(due_at=due, until=closes)
        if session.episode_of_care.dyad.client.practice.monthly_forms and is_monthly_due(session):
            yield f"monthly {mark}", "form", Timing(due_at=ends + MONTHLY_AFTER, until=closes)
        if times.again_hours is not None:
            due = min(due + timedelta(hours=times.again_hours), closes - timedelta(hours=1))
            yield f"again {mark}", "form-again", Timing(due_at=due, until=closes)


@fills("form")
@fills("form-again")
def _with_link(row: Message, at: datetime) -> Filled:
    """A fresh link, unless there is one that somebody else made, or the form was answered or left in a hurry."""
    session = _session(row)
    purpose = KEYS.get(row.key.partition(" ")[0], Purpose.AFTER)
    if session.check_ins.filter(rater=Rater.CLIENT, purpose=purpose).exists():
        raise RecordError(NOT_NOW)
    last = session.invitations.filter(purpose=purpose).order_by("made_at").last()
    ours = Message.objects.filter(about=session.pk, made=last.pk).exists() if last else True
    if last is not None and (not ours or last.state in (Invitation.State.EXITED, Invitation.State.REVOKED)):
        raise RecordError(NOT_NOW)
    made = make_link(actor=None, session=session, purpose=purpose, at=at)
    door = "/f" if row.language == DEFAULT else f"/f/{row.language}"
    return Filled(parts={"link": form_address(door, made.token)}, made=made.invitation.pk)


@fills("appointment")
def _with_time(row: Message, at: datetime) -> Filled:
    session = _session(row)
    if session.state != Session.State.PLANNED or session.starts_at <= at:
        raise RecordError(NOT_NOW)
    return Filled(parts={"when": moment_in(row.language, session.starts_at)})


def _session(row: Message) -> Session:
    rows = Session.objects.select_related("episode_of_care__dyad__client__practice")
    session = rows.filter(pk=row.about).first() if row.about else None
    if session is None or session.state in (Session.State.MISSED, Session.State.CANCELLED):
        raise RecordError(NOT_NOW)
    return session
