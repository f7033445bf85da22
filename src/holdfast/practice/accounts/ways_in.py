"""How somebody signs in without a password: a PIN on a device of their own, set up by a link that opens once.

The secret in the browser is what they have, the PIN what they know (decision 0100).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F

from holdfast.errors import LinkError
from holdfast.practice.accounts.actions import count_wrong_code
from holdfast.practice.accounts.limits import Busy, one_hash_at_a_time
from holdfast.practice.accounts.models import Device, Membership, Passkey, Person, SetUpLink
from holdfast.practice.audit.actions import record
from holdfast.practice.audit.queries import latest
from holdfast.practice.lib import tries
from holdfast.practice.lib.secrets import code_digest, digest, new_code, new_token

SET_UP_LASTS = timedelta(minutes=15)
WRONG_PINS = 5
SHORTEST_PIN, LONGEST_PIN = 6, 12
DIGITS = "0123456789012345678909876543210987654321"
CODE = "set-up code"
CLOSED = "This link is not open."


class PinRefused(Exception):  # noqa: N818 - the page has a sentence for each reason
    """A PIN that is not taken. ``why``: length, guessable, wrong, locked, busy; the key of a sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class SetUp:
    """What the person is shown. Token and code exist here and on their screen, nowhere else."""

    link: SetUpLink
    token: str
    code: str


@transaction.atomic
def make_set_up(*, actor: Membership, membership: Membership, at: datetime) -> SetUp:
    """A link that opens once within a quarter of an hour; an older one is closed. Ask the policy before."""
    SetUpLink.objects.filter(membership=membership, ended_at=None).update(ended_at=at)
    token, code = new_token(), new_code()
    link = SetUpLink.objects.create(
        membership=membership,
        made_by=actor,
        token_hash=digest(token),
        code_hmac=code_digest(code, label=CODE),
        made_at=at,
        expires_at=at + SET_UP_LASTS,
    )
    record("set-up.made", actor=actor, practice=actor.practice, target=link, at=at)
    return SetUp(link=link, token=token, code=code)


def open_set_up(*, at: datetime, token: str | None = None, code: str | None = None, address: str = "") -> SetUpLink:
    """Open it, once. Raises the same LinkError whatever is wrong, TooManyTriesError for codes.

    Call it outside any transaction: the count of wrong codes has to stay.
    """
    if token is not None:
        return _open(at, token_hash=digest(token))
    tries.demand_a_try(address)
    try:
        return _open(at, code_hmac=code_digest(code or "", label=CODE))
    except LinkError:
        count_wrong_code(address, at=at)
        raise


@transaction.atomic
def _open(at: datetime, **secret: str) -> SetUpLink:
    at = latest(at)
    rows = SetUpLink.objects.filter(ended_at=None, expires_at__gte=at, membership__state=Membership.State.ACTIVE)
    link = rows.filter(**secret).select_related("membership__practice", "membership__person").first()
    if link is None or not rows.filter(pk=link.pk).update(ended_at=at):
        raise LinkError(CLOSED)
    record("set-up.opened", actor=None, practice=link.membership.practice, target=link, at=at)
    return link


def add_device(*, membership: Membership, pin: str, at: datetime) -> str:
    """Let this browser sign in with a PIN. Returns the secret for its cookie, which is shown this once.

    Raises PinRefused for a PIN that is too short or the first that anybody would try.
    """
    _demand_good(pin)
    try:
        with one_hash_at_a_time():
            pin_hash = make_password(pin)
    except Busy:
        raise PinRefused("busy") from None
    secret = token_urlsafe(32)
    with transaction.atomic():
        device = Device.objects.create(
            person=membership.person, secret_hash=digest(secret), pin_hash=pin_hash, added_at=at
        )
        record("device.added", actor=membership, practice=membership.practice, target=device, at=at)
    return secret


def _demand_good(pin: str) -> None:
    if not pin.isascii() or not pin.isdigit() or not SHORTEST_PIN <= len(pin) <= LONGEST_PIN:
        raise PinRefused("length")
    if len(set(pin)) < 3 or pin in DIGITS:
        raise PinRefused("guessable")


def person_behind(*, secret: str, pin: str, at: datetime) -> Person:
    """Whose device this is, if the PIN fits. Raises PinRefused; five wrong ones in a row end the device.

    The try is counted before the hash, so that many at once count too. Call it outside any transaction.
    """
    device = Device.objects.filter(secret_hash=digest(secret), ended_at=None).select_related("person").first()
    if device is None:
        raise PinRefused("locked")
    rows = Device.objects.filter(pk=device.pk, ended_at=None)
    if not rows.filter(wrong_tries__lt=WRONG_PINS).update(wrong_tries=F("wrong_tries") + 1):
        raise PinRefused("locked")
    try:
        with one_hash_at_a_time():
            fits = check_password(pin, device.pin_hash)
    except Busy:
        rows.update(wrong_tries=F("wrong_tries") - 1)
        raise PinRefused("busy") from None
    if fits:
        rows.update(wrong_tries=0, last_used_at=at)
        return device.person
    device.refresh_from_db()
    if device.wrong_tries >= WRONG_PINS:
        _end(device, at)
        raise PinRefused("locked")
    raise PinRefused("wrong")


def is_known(secret: str) -> bool:
    """Whether a browser may still try a PIN."""
    return bool(secret) and Device.objects.filter(secret_hash=digest(secret), ended_at=None).exists()


def ways_of(person: Person) -> tuple[list[Device], list[Passkey]]:
    """What somebody signs in with now."""
    return list(person.devices.filter(ended_at=None)), list(person.passkeys.filter(ended_at=None))


@transaction.atomic
def end_way(*, actor: Membership, way: Device | Passkey, at: datetime) -> None:
    """Take a device or a passkey away. Its owner's browser sessions are ended by whoever calls this."""
    if way.ended_at is None:
        way.ended_at = at
        way.save(update_fields=["ended_at"])
        record(f"{way._meta.model_name}.ended", actor=actor, practice=actor.practice, target=way, at=at)


@transaction.atomic
def end_every_way(*, actor: Membership, membership: Membership, at: datetime) -> None:
    """Take all devices and passkeys of somebody away, and the set-up link that is open."""
    SetUpLink.objects.filter(membership=membership, ended_at=None).update(ended_at=at)
    for rows in ways_of(membership.person):
        for way in rows:
            end_way(actor=actor, way=way, at=at)


@transaction.atomic
def _end(device: Device, at: datetime) -> None:
    device.ended_at = at
    device.save(update_fields=["ended_at"])
    for membership in Membership.objects.filter(person=device.person).select_related("practice"):
        record("device.locked", actor=None, practice=membership.practice, target=device, at=at)
