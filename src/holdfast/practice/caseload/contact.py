"""Safe contact: over which channel, when, and whether we may name ourselves. Without an answer nothing is sent.

It rests as one sealed text under the contact key and is opened here; older records hold a free text of how to reach
somebody, which stays as it is and is no answer to the question.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.changes import client_changed
from holdfast.practice.caseload.models import Client
from holdfast.practice.caseload.rules import demand
from holdfast.practice.caseload.sealing import open_contact, seal_contact

EMAIL, TEXT, NONE = "email", "text", "none"
CHANNELS = {EMAIL: "E-mail", TEXT: "Text message", NONE: "No messages"}
ASK_AGAIN = timedelta(days=92)
TAKES_MESSAGES = {Client.State.INVITED, Client.State.ACTIVE}


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeContact:
    """What a client said about being written to. ``channel`` is empty until somebody asked."""

    channel: str = ""
    address: str = ""
    earliest: str = ""  # HH:MM on the practice's clock; both or neither
    latest: str = ""
    name_ourselves: bool = False
    note: str = ""
    asked_at: str = ""

    @property
    def takes_messages(self) -> bool:
        return self.channel in (EMAIL, TEXT) and bool(self.address)

    @property
    def asked_on(self) -> date | None:
        return timezone.localtime(datetime.fromisoformat(self.asked_at)).date() if self.asked_at else None

    def ask_again(self, at: datetime) -> bool:
        """Whether it was never asked, or three months ago or more."""
        return not self.asked_at or at - datetime.fromisoformat(self.asked_at) >= ASK_AGAIN

    def next_hour(self, at: datetime) -> datetime:
        """The first moment from ``at`` on that lies within the hours."""
        if not self.earliest:
            return at
        local = timezone.localtime(at)
        start, end = time.fromisoformat(self.earliest), time.fromisoformat(self.latest)
        if start <= local.time() < end:
            return at
        day = local.date() if local.time() < start else local.date() + timedelta(days=1)
        return timezone.make_aware(datetime.combine(day, start)).astimezone(UTC)


def contact_of(client: Client) -> SafeContact:
    """What the client said, opened. Ask the policy before showing it."""
    kept = _kept(client)
    return SafeContact(**{field.name: kept[field.name] for field in fields(SafeContact) if field.name in kept})


def written_contact(client: Client) -> Mapping[str, str]:
    """What older records and requests hold besides: how to reach somebody, in whatever words."""
    known = {field.name for field in fields(SafeContact)}
    return {name: text for name, text in _kept(client).items() if name not in known}


@transaction.atomic
def set_contact(*, actor: Membership, client: Client, contact: SafeContact, at: datetime) -> SafeContact:
    """Keep what the client said, with the day it was asked; planned messages follow it in the same transaction."""
    demand(actor, "set contact", client)
    _demand_whole(contact)
    kept = {**_kept(client), **asdict(replace(contact, asked_at=at.isoformat()))}
    client.sealed_contact = seal_contact(json.dumps(kept), client=client, column="sealed_contact")
    client.save(update_fields=["sealed_contact"])
    record("contact.set", actor=actor, practice=actor.practice, target=client, at=at, fields=["contact"])
    client_changed(client=client, at=at)
    return contact_of(client)


def _demand_whole(contact: SafeContact) -> None:
    if contact.channel not in CHANNELS:
        raise RecordError("The channel is one of: {known}.", known=", ".join(CHANNELS.values()))
    if contact.channel != NONE and not contact.address.strip():
        raise RecordError("There is no address yet. Write where messages may go, or choose no messages.")
    if contact.channel == EMAIL and "@" not in contact.address:
        raise RecordError("This is no e-mail address. Write one such as name@example.org.")
    if contact.channel == TEXT and sum(each.isdigit() for each in contact.address) < 5:
        raise RecordError("This is no telephone number. Write its digits.")
    if bool(contact.earliest) != bool(contact.latest) or (contact.earliest and contact.earliest >= contact.latest):
        raise RecordError("The hours need a beginning and a later end. Fill in both, or leave both empty.")


def _kept(client: Client) -> dict[str, Any]:
    text = open_contact(client=client, column="sealed_contact")
    kept: dict[str, Any] = json.loads(text) if text else {}
    return kept
