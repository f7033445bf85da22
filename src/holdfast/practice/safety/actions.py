"""The duty set, an answer passed on, escalated and read. Timers and messages are rows, as is what they follow."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db import transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.rules import demand
from holdfast.practice.messages.actions import Timing, put, set_timer, withdraw
from holdfast.practice.messages.models import Due
from holdfast.practice.messages.timers import every_round, rings
from holdfast.practice.safety.contacts import countries
from holdfast.practice.safety.hours import ReadingHours
from holdfast.practice.safety.models import Alert, Duty

STEP = 2
"""Reading hours after which the next person is told."""

SUBSTITUTE, OWNER, PROMISE = "alert-substitute", "alert-owner", "alert-promise"
ACTIVE = Membership.State.ACTIVE
INCOMPLETE = (
    "Two different people who work here, reading hours, a number to call and a country are needed. Fill in all."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTerms:
    """Everything that has to be known before a form may ask."""

    responder: Membership
    substitute: Membership
    opens: time
    closes: time
    weekdays: tuple[int, ...]
    within_hours: int
    phone: str
    country: str


@transaction.atomic
def set_duty(*, actor: Membership, terms: DutyTerms, at: datetime) -> Duty:
    """Who reads, when, and by when. Raises RecordError for terms that are not whole."""
    demand(actor, "set", actor.practice)
    both = (terms.responder, terms.substitute)
    works_here = all(
        each.practice_id == actor.practice_id and each.state == ACTIVE and each.role != Membership.Role.CLIENT
        for each in both
    )
    hours_fit = terms.opens < terms.closes and set(terms.weekdays) and set(terms.weekdays) <= set(range(7))
    if (
        not works_here
        or terms.responder.person_id == terms.substitute.person_id
        or not hours_fit
        or not 1 <= terms.within_hours <= 24
        or not terms.phone.strip()
        or terms.country not in countries()
    ):
        raise RecordError(INCOMPLETE)
    duty, _ = Duty.objects.update_or_create(
        practice_id=actor.practice_id,
        defaults={
            "responder": terms.responder,
            "substitute": terms.substitute,
            "opens": terms.opens,
            "closes": terms.closes,
            "weekdays": sorted(set(terms.weekdays)),
            "within_hours": terms.within_hours,
            "phone": terms.phone.strip(),
            "country": terms.country,
            "set_at": at,
            "ended_at": None,
        },
    )
    fields = ["responder", "substitute", "hours", "phone", "country"]
    record("duty.set", actor=actor, practice=actor.practice, target=duty, at=at, fields=fields)
    return duty


@transaction.atomic
def end_duty(*, actor: Membership, at: datetime) -> None:
    """Ask no more about safety. What waits to be read still waits, and forms on their way are read as they promised."""
    demand(actor, "set", actor.practice)
    for duty in Duty.objects.filter(practice_id=actor.practice_id, ended_at=None):
        duty.ended_at = at
        duty.save(update_fields=["ended_at"])
        record("duty.ended", actor=actor, practice=actor.practice, target=duty, at=at)


def hours_of(duty: Duty) -> ReadingHours:
    return ReadingHours(opens=duty.opens, closes=duty.closes, weekdays=frozenset(duty.weekdays))


def is_kept(duty: Duty | None) -> bool:
    """Whether a duty has not ended and both its people work here now: only then is anybody asked."""
    return duty is not None and duty.ended_at is None and duty.responder.state == duty.substitute.state == ACTIVE


@transaction.atomic
def raise_alert(*, practice: Practice, check_in: UUID, at: datetime) -> Alert:
    """Pass an answer on, inside the caller's transaction: the row, the message to the responder, and every timer."""
    duty = Duty.objects.select_related("responder", "substitute").get(practice=practice)
    hours = hours_of(duty)
    alert = Alert.objects.create(
        practice=practice, check_in_id=check_in, raised_at=at, promised_at=hours.after(at, duty.within_hours)
    )
    for what, when in (
        (SUBSTITUTE, hours.after(at, STEP)),
        (OWNER, hours.after(at, 2 * STEP)),
        (PROMISE, alert.promised_at),
    ):
        set_timer(practice=practice, what=what, about=alert.pk, when=when)
    record("alert.raised", actor=None, practice=practice, target=alert, at=at)
    _tell(alert, [duty.responder], at)
    if duty.responder.state != ACTIVE:
        _escalate(alert, Alert.Stage.SUBSTITUTE, at)
    return alert


@transaction.atomic
def read_alert(*, actor: Membership, alert: Alert, at: datetime) -> Alert:
    """A person says that they have read it. Nothing else closes it."""
    demand(actor, "read", alert)
    if Alert.objects.filter(pk=alert.pk, read_at=None).update(read_at=at, read_by=actor):  # the first who says so
        Due.objects.filter(practice_id=alert.practice_id, about=alert.pk, done_at=None).update(done_at=at)
        withdraw(practice=alert.practice, keys=list(keys_of(alert)), at=at)
        record("alert.closed", actor=actor, practice=alert.practice, target=alert, at=at, fields=["read_by"])
    alert.refresh_from_db()
    return alert


def keys_of(alert: Alert) -> Iterable[str]:
    """The keys of the messages that were put for it."""
    people = Membership.objects.filter(practice_id=alert.practice_id).exclude(role=Membership.Role.CLIENT)
    return [_key(alert, each) for each in people]


@rings(SUBSTITUTE)
def _to_the_substitute(row: Due, at: datetime) -> None:
    _when_unread(row, Alert.Stage.SUBSTITUTE, at)


@rings(OWNER)
def _to_the_owner(row: Due, at: datetime) -> None:
    _when_unread(row, Alert.Stage.OWNER, at)


@rings(PROMISE)
def _past_the_promise(row: Due, at: datetime) -> None:
    """Overdue: no timer and nobody's other click takes that away."""
    alert = Alert.objects.select_for_update().filter(pk=row.about, read_at=None, overdue=False).first()
    if alert is not None:
        alert.overdue = True
        alert.save(update_fields=["overdue"])
        record("alert.overdue", actor=None, practice=alert.practice, target=alert, at=at)
        _escalate(alert, Alert.Stage.OWNER, at)


@every_round
def tell_of_a_broken_duty(at: datetime) -> None:
    """One of the two has left: the owner is told once, and the next forms do not ask."""
    gone = Duty.objects.filter(ended_at=None).exclude(responder__state=ACTIVE, substitute__state=ACTIVE)
    for duty in gone:
        for owner in _owners(duty.practice_id):
            key = f"duty {duty.pk} {duty.set_at:%Y%m%d%H%M%S} {owner.pk}"
            put(kind="settings-waiting", to=owner, key=key, timing=Timing(due_at=at), at=at)


def _when_unread(row: Due, stage: Alert.Stage, at: datetime) -> None:
    alert = Alert.objects.select_related("practice").filter(pk=row.about, read_at=None).first()
    if alert is not None:
        _escalate(alert, stage, at)


def _escalate(alert: Alert, stage: Alert.Stage, at: datetime) -> None:
    """The next person; where the substitute is gone too, the owner at once."""
    if alert.stage >= stage:
        return
    duty = Duty.objects.select_related("substitute").get(practice_id=alert.practice_id)
    if stage == Alert.Stage.SUBSTITUTE and duty.substitute.state != ACTIVE:
        stage = Alert.Stage.OWNER
    alert.stage = stage
    alert.save(update_fields=["stage"])
    record("alert.escalated", actor=None, practice=alert.practice, target=alert, at=at, fields=["stage"])
    _tell(alert, [duty.substitute] if stage == Alert.Stage.SUBSTITUTE else _owners(alert.practice_id), at)


def _owners(practice_id: UUID) -> list[Membership]:
    return list(
        Membership.objects.filter(
            practice_id=practice_id, role=Membership.Role.OWNER, state=ACTIVE, person__email__isnull=False
        )
    )


def _tell(alert: Alert, people: Iterable[Membership], at: datetime) -> None:
    for each in people:
        put(kind="form-waiting", to=each, key=_key(alert, each), timing=Timing(due_at=at), at=at, about=alert.pk)


def _key(alert: Alert, to: Membership) -> str:
    return f"alert {alert.pk} {to.pk}"
