"""How an answer that waits stands: for its client in one of three sentences, for whoever works here in a bar."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.accounts.policy import visible
from holdfast.practice.caseload.models import Client, Consent
from holdfast.practice.messages.models import Attempt, Message
from holdfast.practice.messages.queries import pulse
from holdfast.practice.safety.actions import hours_of, is_kept
from holdfast.practice.safety.models import Alert, Duty

SILENT = timedelta(seconds=60)


class Passing(StrEnum):
    """Exactly one of these is on the client's page."""

    NOT_YET = "not_yet"
    PASSED = "passed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How far an answer has come. ``at``: when a gateway took the message; never that anybody read it."""

    passing: Passing
    at: datetime | None
    read_by: datetime
    phone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """What stands on the pages of whoever works here. ``mine``: what waits for the reader of the page."""

    mine: tuple[Alert, ...] = ()
    unread: int = 0
    overdue: int = 0
    cannot_pass: bool = False
    is_broken: bool = False

    def __bool__(self) -> bool:
        return bool(self.mine or self.unread or self.overdue or self.cannot_pass or self.is_broken)


def duty_of(practice: Practice) -> Duty | None:
    """The duty that runs; None where nobody is asked about safety."""
    duty = promised(practice)
    return None if duty is None or duty.ended_at is not None else duty


def promised(practice: Practice) -> Duty | None:
    """What was promised to whoever has a form that asks: the duty, whether it runs or has ended since."""
    return Duty.objects.select_related("responder__person", "substitute__person").filter(practice=practice).first()


def may_ask(client: Client) -> bool:
    """Whether this client's forms may hold the question: two people read it, and the client agreed to that."""
    agreed = client.consents.filter(purpose=Consent.Purpose.SAFETY, withdrawn_at=None).exists()
    return agreed and is_kept(duty_of(client.practice))


def read_by(duty: Duty, at: datetime) -> datetime:
    """By when an answer that comes now is read."""
    return hours_of(duty).after(at, duty.within_hours)


def standing_of(check_in: UUID, at: datetime) -> Standing | None:
    """For the page of whoever answered; None where nothing calls for a person."""
    alert = Alert.objects.filter(check_in=check_in).select_related("practice").first()
    if alert is None:
        return None
    duty = promised(alert.practice)
    passing, when = _passing(alert, at)
    return Standing(passing=passing, at=when, read_by=alert.promised_at, phone=duty.phone if duty else "")


def _passing(alert: Alert, at: datetime) -> tuple[Passing, datetime | None]:
    rows = list(Message.objects.filter(about=alert.pk, kind="form-waiting").prefetch_related("attempts"))
    taken = [row.settled_at for row in rows if row.state == Message.State.HANDED_OVER and row.settled_at]
    if taken:
        return Passing.PASSED, min(taken)
    if alert.read_at is not None:
        return Passing.PASSED, alert.read_at
    if any(_has_failed(row) for row in rows) or _is_stuck(alert, at):
        return Passing.FAILED, None
    return Passing.NOT_YET, None


def _has_failed(row: Message) -> bool:
    failed = (Attempt.Outcome.FAILED, Attempt.Outcome.REFUSED)
    return row.state == Message.State.GIVEN_UP or any(each.outcome in failed for each in row.attempts.all())


def _is_stuck(alert: Alert, at: datetime) -> bool:
    """Nobody sends: the worker shows no sign of life, or has not come to it within a minute."""
    return at - alert.raised_at >= SILENT or pulse(at).is_silent


def bars(actor: Membership | None, at: datetime) -> Bars:
    """What a page of the practice has to say. One query where nothing waits, one more for whoever runs it."""
    if actor is None or actor.role == Membership.Role.CLIENT:
        return Bars()
    waiting = list(Alert.objects.filter(practice=actor.practice_id, read_at=None).select_related("practice"))
    runs = actor.role in {Membership.Role.OWNER, Membership.Role.ADMINISTRATOR}
    duty = duty_of(actor.practice) if runs else None
    broken = duty is not None and not is_kept(duty)
    if not waiting:
        return Bars(is_broken=broken)
    return Bars(
        mine=tuple(visible(actor, Alert).filter(read_at=None)),
        unread=sum(each.stage == Alert.Stage.OWNER for each in waiting),
        overdue=sum(each.overdue or each.promised_at <= at for each in waiting),
        cannot_pass=any(_passing(each, at)[0] is Passing.FAILED for each in waiting),
        is_broken=broken,
    )
