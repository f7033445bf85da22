"""The pages that the therapist reads: each calls one query."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.pages import actor_of, note_read, page, there
from holdfast.practice.caseload.kept_views import KeptView, views_of
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
    return clients_page(request, View.of_address(request.GET.dict(), request.POST.get("search", "")))


def clients_page(request: HttpRequest, view: View, *, wrong: str = "") -> HttpResponse:
    """The caseload in a view: one that was asked for, or one that is kept."""
    actor, at = actor_of(request), clock.now()
    note_read(actor=actor, target=actor, at=at)
    views = views_of(actor)
    kept, removed = _asked_for(views, request, has_begun=bool(wrong))
    if kept is not None:
        view = View.of_address({"show": kept.row.show, "sort": kept.row.sort}, kept.search)
    lines, every = queries.clients(actor, at, view)
    return page(
        request,
        "insight/clients",
        here="clients",
        status=422 if wrong else 200,
        wrong=wrong,
        kept=kept,
        removed=removed,
        views=[each for each in views if each.row.removed_at is None],
        lines=lines,
        every=every,
        view=view,
        shows=SHOWN.items(),
        sorts=SORTED.items(),
    )


def _asked_for(
    views: list[KeptView], request: HttpRequest, *, has_begun: bool
) -> tuple[KeptView | None, KeptView | None]:
    """The kept view that is open: the one in the address, or the first one where nothing is asked; and one removed."""
    by_key = {str(each.id): each for each in views}
    kept, removed = by_key.get(request.GET.get("view", "")), by_key.get(request.GET.get("removed", ""))
    if kept is None and request.method != "POST" and not request.GET and not has_begun:
        kept = next((each for each in views if each.row.is_first), None)
    is_there = kept is not None and kept.row.removed_at is None and request.method != "POST"
    return kept if is_there else None, removed if removed is not None and removed.row.removed_at else None


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
