"""Process notes: apart from the client's record, sealed under the author's own key."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class AuthorKey(models.Model):
    """Which key of the keys folder seals one author's notes. Made with the first note."""

    KEEP: ClassVar = {"id", "author", "made_at"}
    SCRUB: ClassVar = {"key_id"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    author = models.OneToOneField("accounts.Membership", models.PROTECT, related_name="+")
    key_id = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"key of author {self.author_id}"


class ProcessNote(models.Model):
    """One note of one author about one dyad. Voided, it is kept with its reason and no longer stands."""

    KEEP: ClassVar = {"id", "dyad", "author", "begun_at", "voided_at"}
    SCRUB: ClassVar = {"sealed_reason"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dyad = models.ForeignKey("caseload.Dyad", models.PROTECT, related_name="+")
    author = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    voided_at = models.DateTimeField(null=True)
    sealed_reason = models.BinaryField(null=True)

    class Meta:
        ordering: ClassVar = ["begun_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(voided_at=None, sealed_reason=None)
                | Q(voided_at__isnull=False, voided_at__gte=F("begun_at"), sealed_reason__isnull=False),
                name="process_note_voided_with_a_reason_after_it_was_begun",
            ),
        ]

    def __str__(self) -> str:
        return f"process note {self.id}"


class NoteVersion(models.Model):
    """What a note says from one moment on. The highest number is what it says now."""

    KEEP: ClassVar = {"id", "note", "number", "at"}
    SCRUB: ClassVar = {"sealed_text"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    note = models.ForeignKey(ProcessNote, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    sealed_text = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["note", "number"], name="note_version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="note_versions_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.note_id}"
