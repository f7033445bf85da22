"""Writing process notes: every change is a new version, a note is voided with a reason, nothing is overwritten."""

from datetime import datetime

from django.db import transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.models import Client, Dyad
from holdfast.practice.caseload.rules import demand
from holdfast.practice.lib.keys import keyring
from holdfast.practice.notes.models import AuthorKey, NoteVersion, ProcessNote
from holdfast.practice.notes.sealing import open_note, seal_note

EMPTY = "Nothing is written yet. Write it first."
VOIDED = "This note was voided. Write a new one."
CHANGED = (
    "You changed this note since you opened the page. What it says now stands above; "
    "look at it, then keep yours if it still fits."
)


@transaction.atomic
def write(*, actor: Membership, dyad: Dyad, text: str, at: datetime) -> ProcessNote:
    """Begin a note; the author's key is made with the first."""
    demand(actor, "write a process note", dyad)
    text = _written(text)
    key = AuthorKey.objects.filter(author=actor).first()
    if key is None:
        key = AuthorKey.objects.create(author=actor, key_id=keyring().new_key("author"), made_at=at)
        record("author-key.made", actor=actor, practice=actor.practice, target=key, at=at)
    note = ProcessNote.objects.create(dyad=dyad, author=actor, begun_at=at)
    _add(note, key, text, number=1, at=at)
    record("process-note.begun", actor=actor, practice=actor.practice, target=note, at=at)
    return note


@transaction.atomic
def change(*, actor: Membership, note: ProcessNote, text: str, after: int, at: datetime) -> ProcessNote:
    """Say it anew. ``after``: the number of the version the author had before them; the same words change nothing."""
    demand(actor, "change", note)
    text = _written(text)
    if note.voided_at is not None:
        raise RecordError(VOIDED)
    key, last = AuthorKey.objects.get(author=actor), note.versions.latest("number")
    if open_note(client=note.dyad.client, author=key, row=last, column="sealed_text") == text:
        return note
    if last.number != after:
        raise RecordError(CHANGED)
    _add(note, key, text, number=last.number + 1, at=at)
    record("process-note.changed", actor=actor, practice=actor.practice, target=note, at=at)
    return note


@transaction.atomic
def void(*, actor: Membership, note: ProcessNote, reason: str, at: datetime) -> ProcessNote:
    """Say that a note no longer stands, and why; both are kept."""
    demand(actor, "void", note)
    if note.voided_at is not None:
        raise RecordError(VOIDED)
    if not reason.strip():
        raise RecordError("A note is voided with a reason. Write a few words.")
    key = AuthorKey.objects.get(author=actor)
    note.voided_at = at
    note.sealed_reason = seal_note(
        reason.strip(), client=note.dyad.client, author=key, row=note, column="sealed_reason"
    )
    note.save(update_fields=["voided_at", "sealed_reason"])
    record("process-note.voided", actor=actor, practice=actor.practice, target=note, at=at)
    return note


@transaction.atomic
def note_look(*, actor: Membership, client: Client, at: datetime) -> None:
    """Put on the log that an author looked at their notes about a client, before the page is sent."""
    record("process-notes.read", actor=actor, practice=actor.practice, target=client, at=at)


def _written(text: str) -> str:
    if not text.strip():
        raise RecordError(EMPTY)
    return text.strip()


def _add(note: ProcessNote, key: AuthorKey, text: str, *, number: int, at: datetime) -> None:
    row = NoteVersion(note=note, number=number, at=at)
    row.sealed_text = seal_note(text, client=note.dyad.client, author=key, row=row, column="sealed_text")
    row.save(force_insert=True)
