"""A client's own way in: given together in a session, taken back at any time (decision 0100)."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.actions import end_browser_sessions, set_state
from holdfast.practice.accounts.models import Membership, Person
from holdfast.practice.accounts.ways_in import SetUp, end_every_way, make_set_up
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.models import Client
from holdfast.practice.caseload.rules import SIGNS_IN, demand


@transaction.atomic
def give_page(*, actor: Membership, client: Client, at: datetime) -> SetUp:
    """Make the link that opens the client's own page on a device of theirs, once, within a quarter of an hour."""
    demand(actor, "give a page", client)
    if not client.practice.clients_sign_in:
        raise RecordError("This practice has no pages for clients. Whoever runs it switches them on in the settings.")
    if client.state not in SIGNS_IN:
        raise RecordError("This client's record is closed or restricted. No page can be given.")
    if client.membership is None:
        person = Person.objects.create(name=client.code, password=make_password(None), created_at=at)
        client.membership = Membership.objects.create(
            practice=client.practice,
            person=person,
            role=Membership.Role.CLIENT,
            state=Membership.State.ACTIVE,
            since=at,
        )
        client.save(update_fields=["membership"])
        record("page.given", actor=actor, practice=client.practice, target=client, at=at)
    elif client.membership.state != Membership.State.ACTIVE:
        set_state(membership=client.membership, state=Membership.State.ACTIVE, at=at, actor=actor)
    return make_set_up(actor=actor, membership=client.membership, at=at)


@transaction.atomic
def take_page_back(*, actor: Membership, client: Client, at: datetime) -> None:
    """End every device, passkey and open page of a client, at once. What they said stays."""
    demand(actor, "take the page back", client)
    if client.membership is None:
        return
    end_every_way(actor=actor, membership=client.membership, at=at)
    end_browser_sessions(person=client.membership.person)
    if client.membership.state == Membership.State.ACTIVE:
        set_state(membership=client.membership, state=Membership.State.SUSPENDED, at=at, actor=actor)
