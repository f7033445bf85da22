"""An author's own process notes about one client, opened. Nobody else gets any, by any query."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.caseload.queries import OpenedClient, client_of
from holdfast.practice.notes.models import AuthorKey, NoteVersion, ProcessNote
from holdfast.practice.notes.sealing import open_note


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadVersion:
    """One wording of a note, opened."""

    number: int
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadProcessNote:
    """A note with its versions, newest first; of a voided one also the reason."""

    row: ProcessNote
    versions: tuple[ReadVersion, ...]
    reason: str

    @property
    def now(self) -> ReadVersion:
        return self.versions[0]

    @property
    def stands(self) -> bool:
        return self.row.voided_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnNotes:
    """Everything on the page, newest note first."""

    client: OpenedClient
    notes: tuple[ReadProcessNote, ...]

    @property
    def standing(self) -> tuple[ReadProcessNote, ...]:
        return tuple(each for each in self.notes if each.stands)

    @property
    def voided(self) -> tuple[ReadProcessNote, ...]:
        return tuple(each for each in self.notes if not each.stands)


def own_notes(actor: Membership | None, client_id: UUID) -> OwnNotes | None:
    """The author's notes about a client of their own caseload. Three queries."""
    found = client_of(actor, client_id)
    if actor is None or found is None or actor.role != Membership.Role.THERAPIST:
        return None
    key = visible(actor, AuthorKey).first()
    rows = visible(actor, NoteVersion).filter(note__dyad=found.dyad).select_related("note")
    by_note: dict[ProcessNote, list[NoteVersion]] = {}
    for row in rows.order_by("-note__begun_at", "note", "-number"):
        by_note.setdefault(row.note, []).append(row)
    if key is None:
        return OwnNotes(client=found, notes=())
    return OwnNotes(
        client=found,
        notes=tuple(_read(found, key, note, versions) for note, versions in by_note.items()),
    )


def note_of(actor: Membership | None, key: UUID) -> ProcessNote | None:
    return visible(actor, ProcessNote).select_related("dyad__client").filter(pk=key).first()


def _read(found: OpenedClient, key: AuthorKey, note: ProcessNote, versions: list[NoteVersion]) -> ReadProcessNote:
    def opened(row: ProcessNote | NoteVersion, column: str) -> str:
        return open_note(client=found.client, author=key, row=row, column=column)

    return ReadProcessNote(
        row=note,
        versions=tuple(
            ReadVersion(number=each.number, text=opened(each, "sealed_text"), at=each.at) for each in versions
        ),
        reason=opened(note, "sealed_reason") if note.sealed_reason is not None else "",
    )
