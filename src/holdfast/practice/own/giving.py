"""The therapist's side of a client's own page: given in the session, taken back whenever the client wants."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from holdfast.errors import RecordError
from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.pages import actor_of, note_read, page, there
from holdfast.practice.accounts.ways_in import SetUp, ways_of
from holdfast.practice.caseload.own_page import give_page, take_page_back
from holdfast.practice.caseload.queries import OpenedClient, client_of
from holdfast.practice.insight.markup import qr_code
from holdfast.practice.lib import clock
from holdfast.practice.lib.secrets import readable


@require_http_methods(["GET", "POST"])
@staff_only
def own_page_of(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whether the client has a page of their own; a post makes the link for it and shows it, this once."""
    found = _found(request, key)
    if request.method != "POST":
        return _page(request, found)
    try:
        made = give_page(actor=actor_of(request), client=found.client, at=clock.now())
    except RecordError as error:
        return _page(request, found, wrong=str(error))
    return _page(request, found, made=made)


@require_POST
@staff_only
def take_back(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _found(request, key)
    take_page_back(actor=actor_of(request), client=found.client, at=clock.now())
    return redirect("their-page", key=key)


def _found(request: HttpRequest, key: UUID) -> OpenedClient:
    """For the therapist alone."""
    actor = actor_of(request)
    return there(client_of(actor, key) if actor.role == Membership.Role.THERAPIST else None)


def _page(request: HttpRequest, found: OpenedClient, *, made: SetUp | None = None, wrong: str = "") -> HttpResponse:
    note_read(actor=actor_of(request), target=found.client, at=clock.now())
    membership = found.client.membership
    is_given = membership is not None and membership.state == Membership.State.ACTIVE
    devices, passkeys = ways_of(membership.person) if membership is not None and is_given else ([], [])
    address = request.build_absolute_uri(reverse("mine-begin"))
    shown = {
        "client": found.client,
        "name": found.name,
        "is_on": found.client.practice.clients_sign_in,
        "is_given": is_given,
        "devices": devices,
        "passkeys": passkeys,
        "wrong": wrong,
        "address": address,
    }
    if made is not None:
        link = f"{address}#{made.token}"
        shown |= {"code": readable(made.code), "link": link, "drawn": qr_code(link), "until": made.link.expires_at}
    return page(request, "own/giving", here="clients", status=422 if wrong else 200, **shown)
