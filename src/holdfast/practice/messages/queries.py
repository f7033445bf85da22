"""What may be read of the outbox: how the worker is, what could not be sent, what waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.accounts.policy import visible
from holdfast.practice.caseload.models import Client
from holdfast.practice.messages.models import Heartbeat, Message, Timetable
from holdfast.practice.messages.worker import WORKER

SILENT = timedelta(seconds=60)
State = Message.State


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """Seconds since the worker's last sign of life, and the age of the oldest message that should be out."""

    silent_for: int | None
    oldest_unsent: int

    @property
    def is_silent(self) -> bool:
        return self.silent_for is None or self.silent_for >= SILENT.total_seconds()


def pulse(at: datetime) -> Pulse:
    """How the worker is. Holds nothing of anybody."""
    seen = Heartbeat.objects.filter(worker=WORKER).values_list("at", flat=True).first()
    oldest = Message.objects.filter(state=State.WAITING, due_at__lte=at).order_by("due_at").first()
    return Pulse(
        silent_for=None if seen is None else max(0, int((at - seen).total_seconds())),
        oldest_unsent=0 if oldest is None else int((at - oldest.due_at).total_seconds()),
    )


def timetable_of(practice: Practice) -> Timetable:
    """When messages of a practice go out; the usual times where nothing was set."""
    return Timetable.objects.filter(practice=practice).first() or Timetable(practice=practice)


def not_sent(actor: Membership | None, since: datetime) -> list[Message]:
    """Messages to the actor's clients that were given up, newest first."""
    rows = visible(actor, Message).filter(state=State.GIVEN_UP, client__isnull=False, settled_at__gte=since)
    return list(rows.order_by("-settled_at"))


def messages_to(actor: Membership | None, client: Client) -> list[Message]:
    """What went out to one client, and what is planned, newest first. No address, no link."""
    return list(visible(actor, Message).filter(client=client).order_by("-due_at"))


def named_again(actor: Membership | None, sessions: Sequence[UUID]) -> dict[tuple[UUID, str], Message]:
    """The messages about forms of these sessions, by session and kind, the newest of each. One query."""
    rows = visible(actor, Message).filter(about__in=list(sessions), client__isnull=False)
    return {(row.about, row.kind): row for row in rows.order_by("put_at") if row.about is not None}
