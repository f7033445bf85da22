"""Clients, sessions and episodes of care: every change as a verb."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.changes import session_changed
from holdfast.practice.caseload.models import Client, Dyad, EpisodeOfCare, Session
from holdfast.practice.caseload.rules import demand, demand_therapist
from holdfast.practice.caseload.sealing import seal_contact
from holdfast.practice.lib.keys import keyring

REFUSES_NEW = {Client.State.SUSPENDED, Client.State.LEFT}
MOST_IN_A_SERIES = 52
MARKS = (Session.State.HELD, Session.State.MISSED, Session.State.CANCELLED)


@transaction.atomic
def add_client(
    *,
    actor: Membership,
    code: str,
    name: str,
    at: datetime,
    contact: Mapping[str, str] | None = None,
    language: str = "en",
) -> Client:
    """Take a client on: own keys first, then the row, a dyad with the actor, and an episode of care."""
    demand_therapist(actor)
    code = code.strip()
    if not code or not name.strip():
        raise RecordError("A client needs a code and a name. Fill in both.")
    if Client.objects.filter(practice=actor.practice_id, code=code).exists():
        raise RecordError("A client of this practice has the code {text} already. Choose another.", text=code)
    keys = keyring()
    client = Client(
        practice_id=actor.practice_id,
        code=code,
        key_id=keys.new_key("client"),
        contact_key_id=keys.new_key("contact"),
        state=Client.State.ACTIVE,
        language=language,
        created_at=at,
    )
    client.sealed_name = seal_contact(name.strip(), client=client, column="sealed_name")
    if contact:
        client.sealed_contact = seal_contact(json.dumps(dict(contact)), client=client, column="sealed_contact")
    client.save(force_insert=True)
    dyad = Dyad.objects.create(client=client, therapist=actor, opened_at=at)
    EpisodeOfCare.objects.create(dyad=dyad, started_at=at)
    record("client.added", actor=actor, practice=actor.practice, target=client, at=at, fields=["code", "name"])
    return client


@transaction.atomic
def set_language(*, actor: Membership, client: Client, language: str, at: datetime) -> Client:
    """In which language a client's forms are, from the next link on."""
    demand(actor, "set language", client)
    if client.language != language:
        client.language = language
        client.save(update_fields=["language"])
        record("client.language-set", actor=actor, practice=actor.practice, target=client, at=at, fields=["language"])
    return client


@transaction.atomic
def book_session(*, actor: Membership, dyad: Dyad, starts_at: datetime, at: datetime) -> Session:
    """Plan the next session of a dyad; it gets the next number of the episode of care."""
    demand(actor, "book", dyad)
    if dyad.client.state in REFUSES_NEW:
        raise RecordError("This client's record is closed or restricted. Nothing new can be booked.")
    care = dyad.episodes_of_care.filter(ended_at=None).first()
    if care is None:
        care = EpisodeOfCare.objects.create(dyad=dyad, started_at=at)
        record("care.started", actor=actor, practice=actor.practice, target=care, at=at)
    last = care.sessions.aggregate(last=Max("number"))["last"] or 0
    session = Session.objects.create(episode_of_care=care, number=last + 1, starts_at=starts_at.astimezone(UTC))
    record("session.booked", actor=actor, practice=actor.practice, target=session, at=at, fields=["starts_at"])
    session_changed(session=session, at=at)
    return session


@transaction.atomic
def book_series(
    *, actor: Membership, dyad: Dyad, first: datetime, weeks: int, count: int, at: datetime
) -> list[Session]:
    """Plan the same hour of the wall clock every so many weeks, so that daylight saving moves nobody's appointment."""
    if weeks not in (1, 2, 3, 4) or not 1 <= count <= MOST_IN_A_SERIES:
        raise RecordError("A series has 1 to {most} sessions, one to four weeks apart.", most=MOST_IN_A_SERIES)
    local = timezone.localtime(first)
    days = [local.date() + timedelta(weeks=weeks * place) for place in range(count)]
    starts = [timezone.make_aware(datetime.combine(day, local.time())) for day in days]
    return [book_session(actor=actor, dyad=dyad, starts_at=start, at=at) for start in starts]


@transaction.atomic
def move_session(*, actor: Membership, session: Session, starts_at: datetime, at: datetime) -> Session:
    """Another time for a planned session. ``appointments.calendar.move`` does this and moves its open links too."""
    demand(actor, "mark", session)
    if session.state != Session.State.PLANNED:
        raise RecordError("Session {number} is not planned any more. Book another one.", number=session.number)
    session.starts_at = starts_at.astimezone(UTC)
    session.save(update_fields=["starts_at"])
    record("session.moved", actor=actor, practice=actor.practice, target=session, at=at, fields=["starts_at"])
    session_changed(session=session, at=at)
    return session


@transaction.atomic
def unmark_session(*, actor: Membership, session: Session, at: datetime) -> Session:
    """Undo that a session was missed, cancelled or held, as long as nobody has answered for it."""
    demand(actor, "mark", session)
    if session.state == Session.State.PLANNED or session.check_ins.filter(purpose="after").exists():
        raise RecordError("There is nothing to undo for session {number}.", number=session.number)
    session.state, session.marked_at = Session.State.PLANNED, None
    session.save(update_fields=["state", "marked_at"])
    record("session.unmarked", actor=actor, practice=actor.practice, target=session, at=at, fields=["state"])
    session_changed(session=session, at=at)
    return session


@transaction.atomic
def mark_session(*, actor: Membership, session: Session, state: str, at: datetime) -> Session:
    """Say whether a session was held, missed or cancelled."""
    demand(actor, "mark", session)
    if state not in MARKS:
        raise RecordError("A session is marked as one of: {known}.", known=", ".join(MARKS))
    if state != Session.State.HELD and session.check_ins.filter(purpose="after", skipped=False).exists():
        raise RecordError("Session {number} has been rated, so it was held.", number=session.number)
    session.state, session.marked_at = Session.State(state), at
    session.save(update_fields=["state", "marked_at"])
    record("session.marked", actor=actor, practice=actor.practice, target=session, at=at, fields=["state"])
    session_changed(session=session, at=at)
    return session


@transaction.atomic
def close_episode_of_care(*, actor: Membership, care: EpisodeOfCare, at: datetime) -> EpisodeOfCare:
    """End a therapy. ``ruptures.actions.end_episode_of_care`` does this and ends the open rupture episodes too."""
    demand(actor, "end care", care)
    if care.ended_at is not None:
        raise RecordError("This episode of care has ended already.")
    care.ended_at = at
    care.save(update_fields=["ended_at"])
    record("care.ended", actor=actor, practice=actor.practice, target=care, at=at, fields=["ended_at"])
    return care
