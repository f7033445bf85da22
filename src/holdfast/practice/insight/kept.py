"""Views of the caseload kept under a name: kept, renamed, shown first, removed and brought back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from holdfast.errors import RecordError
from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.pages import actor_of, there
from holdfast.practice.accounts.policy import visible
from holdfast.practice.caseload.kept_views import bring_back_view, keep_view, remove_view, rename_view, show_first
from holdfast.practice.caseload.models import SavedView
from holdfast.practice.insight.lines import View
from holdfast.practice.insight.views import clients_page
from holdfast.practice.lib import clock


@require_POST
@staff_only
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the view that the page shows."""
    shown = View.of_address(request.POST.dict(), request.POST.get("search", ""))
    asked = {"show": shown.show, "sort": shown.sort, "search": shown.search}
    try:
        row = keep_view(actor=actor_of(request), name=request.POST.get("name", ""), asked=asked, at=clock.now())
    except RecordError as error:
        return clients_page(request, shown, wrong=str(error))
    return _to(row)


@require_POST
@staff_only
def change(request: HttpRequest, key: UUID) -> HttpResponse:
    """One of the buttons beside a kept view: its value says which."""
    actor, at = actor_of(request), clock.now()
    row = there(visible(actor, SavedView).filter(pk=key).first())
    what = request.POST.get("do", "rename")
    try:
        if what == "remove":
            remove_view(actor=actor, view=row, at=at)
            return redirect(f"{reverse('clients')}?removed={row.pk}")
        if what == "back":
            bring_back_view(actor=actor, view=row, at=at)
        elif what in {"first", "not-first"}:
            show_first(actor=actor, view=row, at=at, is_first=what == "first")
        else:
            rename_view(actor=actor, view=row, name=request.POST.get("name", ""), at=at)
    except RecordError as error:
        return clients_page(request, View(), wrong=str(error))
    return _to(row)


def _to(row: SavedView) -> HttpResponse:
    return redirect(f"{reverse('clients')}?view={row.pk}")
