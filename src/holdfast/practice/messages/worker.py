"""The worker: claims rows with a lease, sends at least once, records every try, backs off, and gives up visibly."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from holdfast.errors import HoldfastError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.contact import EMAIL, TAKES_MESSAGES, contact_of
from holdfast.practice.messages.actions import settle
from holdfast.practice.messages.filling import fill
from holdfast.practice.messages.gateways import Envelope, RefusedError, gateway, is_set_up
from holdfast.practice.messages.models import Attempt, Heartbeat, Message
from holdfast.practice.messages.timers import run_timers
from holdfast.practice.messages.words import STAFF_KINDS, words_in

WORKER = "sender"
LEASE = timedelta(seconds=60)
BEAT = timedelta(seconds=10)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=10), timedelta(minutes=10)
MOST_TRIES = dict.fromkeys(STAFF_KINDS, 40)
FEWER_TRIES = 12
LOOKED_AT = 20
State = Message.State


class _Later(Exception):  # noqa: N818 - no error: it is not the hour
    def __init__(self, moment: datetime) -> None:
        super().__init__()
        self.moment = moment


class _Never(Exception):  # noqa: N818 - no error: it is not sent, and why
    def __init__(self, reason: str, state: Message.State = State.DROPPED) -> None:
        super().__init__()
        self.reason, self.state = reason, state


def one_round(at: datetime) -> bool:
    """A sign of life, what is due, and one message. Returns whether there was a message, so that another may wait."""
    beat(at)
    run_timers(at)
    row = claim(at)
    if row is None:
        return False
    deliver(row, at)
    return True


def beat(at: datetime) -> None:
    """A sign of life, at most every ten seconds."""
    if not Heartbeat.objects.filter(worker=WORKER, at__gt=at - BEAT, at__lte=at).exists():
        Heartbeat.objects.update_or_create(worker=WORKER, defaults={"at": at})


def claim(at: datetime) -> Message | None:
    """Take the next message that may go out; nobody else takes it while the lease lasts. Messages to staff go first."""
    free = Q(lease_until=None) | Q(lease_until__lte=at)
    waiting = Message.objects.filter(free, state=State.WAITING, next_at__lte=at)
    waiting = waiting.select_related("practice", "client__practice", "member__person")
    for row in waiting.order_by(F("client").asc(nulls_first=True), "next_at")[:LOOKED_AT]:
        mine = Message.objects.filter(free, pk=row.pk, state=State.WAITING)
        if mine.update(lease_until=at + LEASE, tries=F("tries") + 1):
            row.tries += 1
            return row
    return None


def deliver(row: Message, at: datetime) -> None:
    """One try at one claimed message. The row says what came of it before anybody else can claim it."""
    try:
        with transaction.atomic():
            channel, envelope = _seal(row, at)
            attempt = Attempt.objects.create(message=row, begun_at=at)
    except _Later as later:
        _wait(row, until=later.moment)
        return
    except _Never as never:
        settle(row, never.state, reason=never.reason, at=at)
        return
    except HoldfastError:  # a key that is gone, say
        settle(row, State.GIVEN_UP, reason="could not be prepared", at=at)
        return
    try:
        gateway(channel).send(envelope)
    except RefusedError:
        _note(attempt, Attempt.Outcome.REFUSED, at)
        settle(row, State.GIVEN_UP, reason="refused", at=at)
    except Exception:  # noqa: BLE001 - whatever a gateway does, the row says that it failed
        _note(attempt, Attempt.Outcome.FAILED, at)
        _again(row, at)
    else:
        with transaction.atomic():
            _note(attempt, Attempt.Outcome.HANDED_OVER, at)
            settle(row, State.HANDED_OVER, at=at)


def _seal(row: Message, at: datetime) -> tuple[str, Envelope]:
    """Address and words, read and made now. Raises _Never or _Later where nothing is to be sent."""
    if row.until is not None and at > row.until:
        raise _Never("too late")
    channel, address = _to_member(row.member) if row.member else _to_client(row, at)
    if not is_set_up(channel, simulated=row.practice.is_simulated):
        raise _Never("no gateway is set up", State.GIVEN_UP)
    try:
        filled = fill(row, at)
    except HoldfastError:
        raise _Never("not wanted any more") from None
    if filled.made is not None:
        row.made = filled.made
        row.save(update_fields=["made"])
    words = words_in(row.language)
    return channel, Envelope(
        message_id=str(row.pk),
        address=address,
        subject=words.say("subject"),
        body=words.say(row.kind, **filled.parts),
        simulated=row.practice.is_simulated,
    )


def _to_member(member: Membership) -> tuple[str, str]:
    if member.state != Membership.State.ACTIVE or not member.person.email:
        raise _Never("does not work here at present")
    return EMAIL, member.person.email


def _to_client(row: Message, at: datetime) -> tuple[str, str]:
    client = row.client
    if client is None or client.state not in TAKES_MESSAGES:
        raise _Never("the record is closed or restricted")
    contact = contact_of(client)
    if not contact.takes_messages:
        raise _Never("no channel was agreed")
    moment = contact.next_hour(at)
    if moment > at:
        raise _Later(moment)
    return contact.channel, contact.address


def _again(row: Message, at: datetime) -> None:
    """Try again later, twice as late each time; after the last try, say so."""
    if row.tries >= MOST_TRIES.get(row.kind, FEWER_TRIES):
        settle(row, State.GIVEN_UP, reason="not reached", at=at)
        return
    _wait(row, until=at + min(LONGEST_WAIT, FIRST_WAIT * 2 ** (row.tries - 1)))


def _wait(row: Message, *, until: datetime) -> None:
    row.next_at, row.lease_until = until, None
    row.save(update_fields=["next_at", "lease_until"])


def _note(attempt: Attempt, outcome: Attempt.Outcome, at: datetime) -> None:
    attempt.outcome, attempt.ended_at = outcome, at
    attempt.save(update_fields=["outcome", "ended_at"])


def form_address(door: str, token: str) -> str:
    """The whole address of a link: the neutral host of the settings, the page, and the secret behind the hash."""
    return f"{settings.FORM_ADDRESS.rstrip('/')}{door}#{token}"
