"""Who may see and write process notes: their author alone, a therapist, while the dyad is open."""

from django.db import models
from django.db.models import QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import allows, rows_of, visible
from holdfast.practice.caseload.models import Dyad
from holdfast.practice.caseload.rules import own_caseload
from holdfast.practice.notes.models import AuthorKey, NoteVersion, ProcessNote


@rows_of(ProcessNote)
def notes(actor: Membership) -> QuerySet[ProcessNote]:
    if actor.role != Membership.Role.THERAPIST:
        return ProcessNote.objects.none()
    return ProcessNote.objects.filter(author=actor, dyad__in=visible(actor, Dyad))


@rows_of(NoteVersion)
def versions(actor: Membership) -> QuerySet[NoteVersion]:
    return NoteVersion.objects.filter(note__in=notes(actor))


@rows_of(AuthorKey)
def keys(actor: Membership) -> QuerySet[AuthorKey]:
    if actor.role != Membership.Role.THERAPIST:
        return AuthorKey.objects.none()
    return AuthorKey.objects.filter(author=actor)


allows("write a process note", Dyad)(own_caseload)


@allows("change", ProcessNote)
@allows("void", ProcessNote)
def _author(actor: Membership, row: models.Model) -> bool:
    """Only the author sees a row of these, so who sees it wrote it; said once more, since much rests on it."""
    return isinstance(row, ProcessNote) and row.author_id == actor.pk
