"""The audit log: a hash chain of ids and field names, never content, without foreign keys."""

from typing import ClassVar
from uuid import uuid4

from django.db import models


class AuditEntry(models.Model):
    """One act. ``digest`` is SHA-256 over the previous digest and the canonical JSON of the rest."""

    KEEP: ClassVar = {
        "id", "practice_id", "seq", "at", "person_id", "role", "state", "verb", "object_type", "object_id", "fields",
        "previous", "digest",
    }  # fmt: skip
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practice_id = models.UUIDField()
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    person_id = models.UUIDField(null=True)
    role = models.CharField(max_length=16, default="")
    state = models.CharField(max_length=16, default="")
    verb = models.CharField(max_length=60)
    object_type = models.CharField(max_length=60, default="")
    object_id = models.CharField(max_length=64, default="")
    fields = models.JSONField(default=list)
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering: ClassVar = ["practice_id", "seq"]
        indexes: ClassVar = [models.Index(fields=["at"], name="audit_latest_time")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice_id", "seq"], name="audit_one_entry_per_number"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.verb}"
