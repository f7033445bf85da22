"""The page of an author's own notes about one client, and every post on it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.errors import RecordError
from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.pages import actor_of, page, there
from holdfast.practice.lib import clock
from holdfast.practice.notes import actions
from holdfast.practice.notes.forms import NoteForm, VoidForm
from holdfast.practice.notes.queries import OwnNotes, ReadProcessNote, note_of, own_notes


@require_safe
@staff_only
def notes(request: HttpRequest, key: UUID) -> HttpResponse:
    return _page(request, _found(request, key))


@require_POST
@staff_only
def write(request: HttpRequest, key: UUID) -> HttpResponse:
    found, form = _found(request, key), NoteForm.new(request.POST)
    if not form.is_valid():
        return _page(request, found, writing=form)
    actions.write(actor=actor_of(request), dyad=found.client.dyad, text=form.cleaned_data["text"], at=clock.now())
    return redirect("notes", key=key)


@require_POST
@staff_only
def change(request: HttpRequest, key: UUID) -> HttpResponse:
    row, found, read = _one(request, key)
    form = NoteForm.of(read, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.change(
                actor=actor_of(request), note=row, text=given["text"], after=given["after"] or 0, at=clock.now()
            )
        except RecordError as error:
            form = NoteForm.of(read, request.POST.dict() | {"after": read.now.number})
            form.add_error("text", str(error))
        else:
            return redirect(f"{reverse('notes', args=[row.dyad.client_id])}#note-{key}")
    return _page(request, found, changing=(key, form))


@require_POST
@staff_only
def void(request: HttpRequest, key: UUID) -> HttpResponse:
    row, found, read = _one(request, key)
    form = VoidForm.of(read, request.POST)
    if form.is_valid():
        try:
            actions.void(actor=actor_of(request), note=row, reason=form.cleaned_data["reason"], at=clock.now())
        except RecordError as error:
            form.add_error("reason", str(error))
        else:
            return redirect("notes", key=row.dyad.client_id)
    return _page(request, found, voiding=(key, form))


def _found(request: HttpRequest, client: UUID) -> OwnNotes:
    return there(own_notes(actor_of(request), client))


def _one(request: HttpRequest, key: UUID) -> tuple[Any, OwnNotes, ReadProcessNote]:
    """One note, and the page it stands on."""
    row = there(note_of(actor_of(request), key))
    found = _found(request, row.dyad.client_id)
    return row, found, there(next((each for each in found.notes if each.row.pk == key), None))


def _page(request: HttpRequest, found: OwnNotes, **filled: Any) -> HttpResponse:
    """The page, put on the log first; a form that was not accepted comes back as it was filled in."""
    actions.note_look(actor=actor_of(request), client=found.client.client, at=clock.now())
    changing, voiding = filled.get("changing", (None, None)), filled.get("voiding", (None, None))
    return page(
        request,
        "notes/notes",
        here="clients",
        status=422 if filled else 200,
        page=found,
        writing=filled.get("writing") or NoteForm.new(),
        notes=[
            {
                "read": each,
                "form": changing[1] if changing[0] == each.row.pk else NoteForm.of(each),
                "voiding": voiding[1] if voiding[0] == each.row.pk else VoidForm.of(each),
                "is_open": each.row.pk in (changing[0], voiding[0]),
            }
            for each in found.standing
        ],
    )
