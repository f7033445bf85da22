"""The pages about messages: a client's safe contact, the practice's times, and an address for a monitor."""

from contextlib import suppress
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdfast.errors import RecordError
from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.pages import actor_of, note_read, page, there
from holdfast.practice.accounts.policy import may, visible
from holdfast.practice.caseload.contact import contact_of, set_contact, written_contact
from holdfast.practice.caseload.queries import client_of
from holdfast.practice.lib import clock
from holdfast.practice.messages import queries
from holdfast.practice.messages.actions import send_again, set_timetable
from holdfast.practice.messages.forms import ContactForm, TimetableForm
from holdfast.practice.messages.gateways import is_set_up
from holdfast.practice.messages.models import Message, Timetable
from holdfast.practice.messages.words import CLIENT_KINDS, STAFF_KINDS, words_in


@require_http_methods(["GET", "POST"])
@staff_only
def contact(request: HttpRequest, key: UUID) -> HttpResponse:
    """How a client may be written to, in their own words, and what went out."""
    actor, at = actor_of(request), clock.now()
    found = there(client_of(actor, key))
    if actor.role != Membership.Role.THERAPIST:
        raise PermissionDenied
    kept = contact_of(found.client)
    form = ContactForm(request.POST) if request.method == "POST" else ContactForm.of(kept)
    if request.method == "POST" and form.is_valid():
        try:
            set_contact(actor=actor, client=found.client, contact=form.contact(), at=at)
        except RecordError as error:
            form.add_error(None, str(error))
        else:
            return redirect("contact", key=key)
    note_read(actor=actor, target=found.client, at=at)
    words = words_in(found.client.language)
    return page(
        request,
        "messages/contact",
        here="clients",
        status=422 if form.errors else 200,
        client=found.client,
        name=found.name,
        form=form,
        kept=kept,
        ask_again=kept.ask_again(at),
        written=written_contact(found.client),
        rows=queries.messages_to(actor, found.client)[:20],
        sentences=[words.words[kind] for kind in CLIENT_KINDS],
        language=words.language,
    )


@require_POST
@staff_only
def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Try a message once more that was given up."""
    actor = actor_of(request)
    row = there(visible(actor, Message).filter(pk=key, client__isnull=False).select_related("practice").first())
    with suppress(RecordError):  # it went out meanwhile, and the page says so
        send_again(actor=actor, message=row, at=clock.now())
    return redirect("contact", key=row.client_id)


@require_http_methods(["GET", "POST"])
@staff_only
def timetable(request: HttpRequest) -> HttpResponse:
    """When messages go out. Everybody reads it, whoever runs the practice changes it."""
    actor, at = actor_of(request), clock.now()
    kept = queries.timetable_of(actor.practice)
    form = TimetableForm(request.POST) if request.method == "POST" else TimetableForm.of(kept)
    if request.method == "POST" and form.is_valid():
        set_timetable(actor=actor, timetable=Timetable(practice=actor.practice, **form.cleaned_data), at=at)
        return redirect("timetable")
    words = words_in("en")
    return page(
        request,
        "messages/timetable",
        here="settings",
        status=422 if form.errors else 200,
        form=form,
        kept=kept,
        may_set=may(actor, "set", actor.practice),
        client_sentences=[words.words[kind] for kind in CLIENT_KINDS],
        staff_sentences=[words.words[kind] for kind in STAFF_KINDS],
        pulse=queries.pulse(at),
        by_mail=is_set_up("email", simulated=actor.practice.is_simulated),
        by_text=is_set_up("text", simulated=actor.practice.is_simulated),
    )


@require_safe
def pulse(request: HttpRequest) -> HttpResponse:
    """For a monitor: two numbers, and nothing of anybody."""
    found = queries.pulse(clock.now())
    silent = "never" if found.silent_for is None else str(found.silent_for)
    text = f"worker_silent_seconds {silent}\noldest_unsent_seconds {found.oldest_unsent}\n"
    return HttpResponse(text, content_type="text/plain; charset=utf-8", status=503 if found.is_silent else 200)
