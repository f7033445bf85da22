"""The therapist's pages about appointments: her calendar, the requests, her public page."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdfast.errors import RecordError
from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.pages import actor_of, note_read, page, there
from holdfast.practice.appointments.actions import (
    accept,
    decline,
    end_feed,
    make_feed,
    propose,
    put_on_list,
    set_page,
)
from holdfast.practice.appointments.calendar import move
from holdfast.practice.appointments.forms import (
    AcceptForm,
    DeclineForm,
    MomentForm,
    PageForm,
    ProposalForm,
    SeriesForm,
    day_of,
)
from holdfast.practice.appointments.queries import has_feed, own_page, request_of, requests_of, week_of
from holdfast.practice.caseload.actions import book_series, mark_session, unmark_session
from holdfast.practice.caseload.queries import clients_of, session_of
from holdfast.practice.caseload.rules import demand_therapist
from holdfast.practice.lib import clock

MARKS = (("missed", "They did not come"), ("cancelled", "It was cancelled"))


@require_safe
@staff_only
def calendar(request: HttpRequest) -> HttpResponse:
    return _calendar(request)


@require_POST
@staff_only
def book(request: HttpRequest) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    form = SeriesForm(request.POST, clients=clients_of(actor))
    if not form.is_valid():
        return _calendar(request, booking=form)
    given = form.cleaned_data
    try:
        made = book_series(
            actor=actor,
            dyad=form.client_chosen().dyad,
            first=form.moment(),
            weeks=given["weeks"],
            count=given["count"],
            at=at,
        )
    except RecordError as error:
        form.add_error(None, str(error))
        return _calendar(request, booking=form)
    return _back(made[0].starts_at)


@require_POST
@staff_only
def move_session(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    session = there(session_of(actor, key))
    form = MomentForm(request.POST)
    if not form.is_valid():
        return _calendar(request, wrong="Write the day as 2026-11-30 and the time as 15:00.")
    try:
        moved = move(actor=actor, session=session, starts_at=form.moment(), at=clock.now())
    except RecordError as error:
        return _calendar(request, wrong=str(error))
    return _back(moved.starts_at)


@require_POST
@staff_only
def mark(request: HttpRequest, key: UUID) -> HttpResponse:
    """Missed, cancelled, or, with an empty mark, planned again."""
    actor, at = actor_of(request), clock.now()
    session = there(session_of(actor, key))
    state = request.POST.get("state", "")
    try:
        if state:
            mark_session(actor=actor, session=session, state=state, at=at)
        else:
            unmark_session(actor=actor, session=session, at=at)
    except RecordError as error:
        return _calendar(request, wrong=str(error))
    return _back(session.starts_at)


@require_POST
@staff_only
def feed_address(request: HttpRequest) -> HttpResponse:
    """Make a new secret address, shown this once, or end it."""
    actor, at = actor_of(request), clock.now()
    demand_therapist(actor)
    if request.POST.get("end"):
        end_feed(actor=actor, at=at)
        return redirect("calendar")
    token = make_feed(actor=actor, at=at)
    return _calendar(request, address=request.build_absolute_uri(f"/feed/{token}.ics"), status=200)


@require_safe
@staff_only
def requests(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    note_read(actor=actor, target=actor, at=clock.now())
    return page(request, "appointments/requests", here="calendar", lines=requests_of(actor), public=own_page(actor))


@require_safe
@staff_only
def one_request(request: HttpRequest, key: UUID) -> HttpResponse:
    return _request(request, key)


@require_POST
@staff_only
def accept_request(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = there(request_of(actor, key))
    form = AcceptForm(request.POST, prefix="accept")
    if form.is_valid():
        given = {"code": form.cleaned_data["code"], "starts_at": form.moment()}
        try:
            session = accept(actor=actor, request=found.row, at=clock.now(), **given)
        except RecordError as error:
            form.add_error(None, str(error))
        else:
            return redirect("session", key=session.pk)
    return _request(request, key, accepting=form)


@require_POST
@staff_only
def propose_times(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = there(request_of(actor, key))
    form = ProposalForm(request.POST)
    if form.is_valid():
        try:
            token = propose(actor=actor, request=found.row, times=form.times(), at=clock.now())
        except RecordError as error:
            form.add_error(None, str(error))
        else:
            return _request(request, key, address=request.build_absolute_uri(f"/times#{token}"), status=200)
    return _request(request, key, proposing=form)


@require_POST
@staff_only
def decline_request(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = there(request_of(actor, key))
    form = DeclineForm(request.POST)
    if form.is_valid():
        try:
            decline(actor=actor, request=found.row, words=form.cleaned_data["words"], at=clock.now())
        except RecordError as error:
            form.add_error(None, str(error))
        else:
            return redirect("request", key=key)
    return _request(request, key, declining=form)


@require_POST
@staff_only
def list_request(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = there(request_of(actor, key))
    try:
        put_on_list(actor=actor, request=found.row, at=clock.now())
    except RecordError as error:
        return _request(request, key, wrong=str(error))
    return redirect("request", key=key)


@require_http_methods(["GET", "POST"])
@staff_only
def public_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    demand_therapist(actor)
    own = own_page(actor)
    names = ("is_on", "slug", "who", "how", "languages", "fees", "place", "turn_to")
    form = PageForm(request.POST or None, initial={name: getattr(own, name) for name in names} if own else None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        texts = {name: given[name] for name in names[2:]}
        try:
            set_page(actor=actor, slug=given["slug"], is_on=given["is_on"], texts=texts, at=clock.now())
        except RecordError as error:
            form.add_error("slug", str(error))
        else:
            return redirect("own-page")
    status = 422 if form.errors else 200
    return page(request, "appointments/own_page", here="calendar", form=form, public=own, status=status)


def _back(moment: Any) -> HttpResponse:
    return redirect(f"/calendar/?day={timezone.localtime(moment).date().isoformat()}")


def _calendar(request: HttpRequest, *, status: int = 422, **filled: Any) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    note_read(actor=actor, target=actor, at=at)
    today = timezone.localtime(at).date()
    day = day_of(request.GET.get("day", ""), today)
    return page(
        request,
        "appointments/calendar",
        here="calendar",
        status=status if filled else 200,
        week=week_of(actor, day, today),
        booking=filled.get("booking") or SeriesForm(clients=clients_of(actor), initial={"day": day, "weeks": 1}),
        booking_open="booking" in filled,
        moving=MomentForm(auto_id=False),
        marks=MARKS,
        has_feed=has_feed(actor),
        address=filled.get("address", ""),
        wrong=filled.get("wrong", ""),
    )


def _request(request: HttpRequest, key: UUID, *, status: int = 422, **filled: Any) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    found = there(request_of(actor, key))
    note_read(actor=actor, target=found.row, at=at)
    chosen = found.row.times.filter(is_chosen=True).first()
    local = timezone.localtime(chosen.starts_at) if chosen else None
    return page(
        request,
        "appointments/request",
        here="calendar",
        status=status if filled else 200,
        page=found,
        chosen=chosen,
        accepting=filled.get("accepting")
        or AcceptForm(prefix="accept", initial={"day": local.date(), "time": local.time()} if local else None),
        proposing=filled.get("proposing") or ProposalForm(),
        declining=filled.get("declining") or DeclineForm(),
        opened=next((name for name in ("accepting", "proposing", "declining") if name in filled), ""),
        address=filled.get("address", ""),
        wrong=filled.get("wrong", ""),
    )
