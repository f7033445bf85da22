"""What is known of the question about safety, in one of five sentences; and the answer that waits for its reader."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localtime

from holdfast.instruments import Item
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.content import Answer, client_of, open_answers
from holdfast.practice.answers.models import CheckIn, Rater
from holdfast.practice.answers.offers import Offer, as_offered
from holdfast.practice.caseload.contact import CHANNELS, NONE, contact_of, written_contact
from holdfast.practice.caseload.models import Session
from holdfast.practice.caseload.sealing import open_contact
from holdfast.practice.checkins.questions import labels_of
from holdfast.practice.safety.models import Alert

NOT_ASKED, NOT_ANSWERED = "Not asked.", "Asked on {day}, not answered."
LOWEST, ABOVE = "Answered “{words}” on {day}", "Answered above “{words}” on {day}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One question about safety with its answer in the words of the form."""

    question: str
    answer: str
    value: int | None
    calls: bool
    lowest_words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What its reader sees: the one answer, who gave it, and how they may be reached, while it is open."""

    alert: Alert
    asked: tuple[Asked, ...]
    session: Session
    name: str
    code: str
    therapist: str
    contact: tuple[str, ...]
    is_overdue: bool


def waiting_of(actor: Membership | None, key: UUID, at: datetime) -> Waiting | None:
    """An answer that waits, for whoever may read it now; None for everybody else, and once it is read."""
    rows = visible(actor, Alert).filter(pk=key, read_at=None)
    alert = rows.select_related("check_in__session__episode_of_care__dyad__client__practice").first()
    if alert is None:
        return None
    check_in = alert.check_in
    client, dyad = client_of(check_in), check_in.session.episode_of_care.dyad
    contact = contact_of(client)
    said = [f"{CHANNELS[contact.channel]}: {contact.address}"] if contact.channel not in ("", NONE) else []
    return Waiting(
        alert=alert,
        asked=tuple(_items(check_in)),
        session=check_in.session,
        name=open_contact(client=client, column="sealed_name"),
        code=client.code,
        therapist=dyad.therapist.person.name,
        contact=(*said, *filter(None, [contact.note, *written_contact(client).values()])),
        is_overdue=alert.overdue or at >= alert.promised_at,
    )


def statement_of(actor: Membership | None, sessions: Sequence[Session]) -> str:
    """What is known of the last time a client was asked. No answer is never "no", and none of it says that all is well.

    Outside the client's choice of what is shown when, as the form says first.
    """
    own = visible(actor, Session).filter(pk__in=[each.pk for each in sessions])
    rows = CheckIn.objects.filter(session__in=own, rater=Rater.CLIENT, skipped=False).order_by("-submitted_at")
    for row in rows.select_related("session__episode_of_care__dyad__client", "alert__read_by__person"):
        if any(form.instrument.has_safety_item for form in _forms(row)):
            return _statement(row)
    return NOT_ASKED


def _statement(row: CheckIn) -> str:
    day = f"{localtime(row.submitted_at):%-d %B}"
    answered = [each for each in _items(row) if each.value is not None]
    above = next((each for each in answered if each.calls), None)
    if not answered:
        return NOT_ANSWERED.format(day=day)
    if above is None:
        return f"{LOWEST.format(words=answered[0].lowest_words, day=day)}."
    said = ABOVE.format(words=above.lowest_words, day=day)
    alert = getattr(row, "alert", None)
    if alert is None or alert.read_at is None:
        return f"{said}, not read yet."
    late = ", after the time that was promised" if alert.overdue else ""
    at = localtime(alert.read_at)
    when = f"at {at:%H:%M}" if at.date() == localtime(row.submitted_at).date() else f"on {at:%-d %B} at {at:%H:%M}"
    return f"{said}, read by {alert.read_by.person.name} {when}{late}."


def _items(row: CheckIn) -> list[Asked]:
    answers = open_answers(row)
    return [
        _item(form, item, answers.get(form.instrument.id, {}).get(item.id))
        for form in _forms(row)
        for item in form.instrument.items
        if item.safety
    ]


def _item(form: Offer, item: Item, answer: Answer) -> Asked:
    labels, lowest = labels_of(form, item), int(form.instrument.answers_to(item.id).lowest)
    value = int(answer) if isinstance(answer, int | float) else None
    return Asked(
        question=form.wording.text[item.id],
        answer="Not answered" if value is None else labels[value],
        value=value,
        calls=value is not None and value > lowest,
        lowest_words=labels[lowest],
    )


def _forms(row: CheckIn) -> tuple[Offer, ...]:
    return as_offered(row.forms, occasion=row.purpose)
