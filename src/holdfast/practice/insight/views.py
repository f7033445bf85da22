"""The pages that the therapist reads: each calls one query."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.pages import actor_of, note_read, page, there
from holdfast.practice.insight import queries
from holdfast.practice.insight.lines import SHOWN, SORTED, View
from holdfast.practice.insight.navigation import places
from holdfast.practice.insight.pages import client_page, session_page
from holdfast.practice.lib import clock


@require_safe
@staff_only
def start(request: HttpRequest) -> HttpResponse:
    """The first place of whoever signed in."""
    return redirect(places(actor_of(request))[0].address)


@require_safe
@staff_only
def today(request: HttpRequest) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    note_read(actor=actor, target=actor, at=at)
    return page(request, "insight/today", here="today", page=queries.today(actor, at))


@require_http_methods(["GET", "POST"])
@staff_only
def clients(request: HttpRequest) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    note_read(actor=actor, target=actor, at=at)
    view = View.of_address(request.GET.dict(), request.POST.get("search", ""))
    lines, every = queries.clients(actor, at, view)
    return page(
        request,
        "insight/clients",
        here="clients",
        lines=lines,
        every=every,
        view=view,
        shows=SHOWN.items(),
        sorts=SORTED.items(),
    )


@require_safe
@staff_only
def client(request: HttpRequest, key: UUID) -> HttpResponse:
    found = there(queries.client(actor_of(request), key, clock.now()))
    onward = queries.next_to_rate(actor_of(request)) if "rated" in request.GET else None
    return client_page(request, found, onward=onward)


@require_safe
@staff_only
def session(request: HttpRequest, key: UUID) -> HttpResponse:
    return session_page(request, there(queries.session(actor_of(request), key, clock.now())))
