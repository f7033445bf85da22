"""The outbox: put a message there, move it, take it back. Sending is the worker's business.

Another room needs three things: ``put`` in its own transaction, ``withdraw`` for what is not wanted any more, and, for
a kind whose sentence has a part (a link, a time), a function registered with ``fills`` that makes it at sending time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.models import Client
from holdfast.practice.caseload.rules import demand
from holdfast.practice.messages.models import Due, Message, Timetable
from holdfast.practice.messages.words import CLIENT_KINDS, STAFF_KINDS

State = Message.State
WITHDRAWN = "taken back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """From when on a message may go out, and how long it is worth sending (None: always)."""

    due_at: datetime
    until: datetime | None = None


@transaction.atomic
def put(
    *, kind: str, to: Client | Membership, key: str, timing: Timing, at: datetime, about: UUID | None = None
) -> Message:
    """Put one message into the outbox, in the caller's transaction. The same key again changes nothing, unless the
    message was taken back meanwhile: then it waits again.

    ``about`` is handed back to the kind's ``fills`` function at sending time. Nothing of the address is kept here.
    """
    if kind not in (CLIENT_KINDS if isinstance(to, Client) else STAFF_KINDS):
        raise RecordError("There is no message of the kind {kind} for them.", kind=kind)
    row, is_new = Message.objects.get_or_create(
        practice_id=to.practice_id,
        key=key,
        defaults={
            "kind": kind,
            "client": to if isinstance(to, Client) else None,
            "member": to if isinstance(to, Membership) else None,
            "about": about,
            "language": to.language if isinstance(to, Client) else "en",
            "put_at": at,
            "due_at": timing.due_at,
            "next_at": timing.due_at,
            "until": timing.until,
        },
    )
    if not is_new and (row.state, row.reason) == (State.DROPPED, WITHDRAWN):
        row.state, row.reason, row.settled_at, row.next_at = State.WAITING, "", None, row.due_at
        row.save(update_fields=["state", "reason", "settled_at", "next_at"])
        is_new = True
    if is_new:
        record("message.put", actor=None, practice=to.practice, target=row, at=at, fields=["kind", "due_at"])
    return row


@transaction.atomic
def withdraw(*, practice: Practice, keys: Iterable[str], at: datetime) -> int:
    """Take messages back that have not gone out. Returns how many."""
    taken = 0
    for row in Message.objects.filter(practice=practice, key__in=list(keys), state=State.WAITING):
        settle(row, State.DROPPED, reason=WITHDRAWN, at=at)
        taken += 1
    return taken


@transaction.atomic
def set_timer(*, practice: Practice, what: str, about: UUID, when: datetime) -> Due:
    """Look at something again at a time: a row of ``due``, once per thing and time of looking."""
    row, _ = Due.objects.get_or_create(
        practice=practice, key=f"{what} {about}", defaults={"what": what, "about": about, "at": when}
    )
    return row


@transaction.atomic
def settle(row: Message, state: Message.State, *, at: datetime, reason: str = "") -> None:
    """How a message ended, inside the caller's transaction."""
    row.state, row.reason, row.settled_at, row.lease_until = state, reason, at, None
    row.save(update_fields=["state", "reason", "settled_at", "lease_until", "made"])
    verb = f"message.{state.value.replace(' ', '-')}"
    record(verb, actor=None, practice=row.practice, target=row, at=at, fields=["state"])


@transaction.atomic
def send_again(*, actor: Membership, message: Message, at: datetime) -> Message:
    """Try once more what was given up, as if it were due now."""
    demand(actor, "send again", message)
    if message.state != State.GIVEN_UP:
        raise RecordError("This message has not been given up. Nothing was changed.")
    message.state, message.reason, message.settled_at = State.WAITING, "", None
    message.next_at, message.tries, message.until = at, 0, None
    message.save(update_fields=["state", "reason", "settled_at", "next_at", "tries", "until"])
    record("message.put-again", actor=actor, practice=actor.practice, target=message, at=at, fields=["state"])
    return message


@transaction.atomic
def set_timetable(*, actor: Membership, timetable: Timetable, at: datetime) -> Timetable:
    """When messages go out around an appointment; what is planned already keeps its time."""
    demand(actor, "set", actor.practice)
    kept, _ = Timetable.objects.update_or_create(
        practice_id=actor.practice_id,
        defaults={
            "before_hours": timetable.before_hours,
            "after_minutes": timetable.after_minutes,
            "again_hours": timetable.again_hours,
            "appointment_hours": timetable.appointment_hours,
        },
    )
    record("timetable.set", actor=actor, practice=actor.practice, target=actor.practice, at=at, fields=["timetable"])
    return kept
