"""The one write of the audit log."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from django.db import connection, models, transaction

from holdfast.practice.audit.chain import START, digest
from holdfast.practice.audit.models import AuditEntry


class Actor(Protocol):
    """Who acts: a membership. The log keeps the role and the state it acted in."""

    person_id: UUID
    role: str
    state: str


def facts(entry: AuditEntry) -> dict[str, object]:
    """What the digest covers: everything but the digests themselves."""
    return {
        "practice": str(entry.practice_id),
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "person": str(entry.person_id or ""),
        "role": entry.role,
        "state": entry.state,
        "verb": entry.verb,
        "object": [entry.object_type, entry.object_id],
        "fields": list(entry.fields),
    }


@transaction.atomic
def record(
    verb: str,
    *,
    actor: Actor | None,
    practice: models.Model,
    target: models.Model | None = None,
    at: datetime,
    fields: Iterable[str] = (),
) -> AuditEntry:
    """Add one link to the practice's chain, inside the transaction of the change it describes.

    ``actor`` is None for a client who answers by link: the link proves no person.
    """
    _one_at_a_time(practice)
    last = AuditEntry.objects.filter(practice_id=practice.pk).order_by("-seq").first()
    entry = AuditEntry(
        practice_id=practice.pk,
        seq=last.seq + 1 if last else 1,
        at=at,
        person_id=actor.person_id if actor else None,
        role=actor.role if actor else "",
        state=actor.state if actor else "",
        verb=verb,
        object_type=target._meta.label_lower if target is not None else "",
        object_id=str(target.pk) if target is not None else "",
        fields=sorted(fields),
        previous=last.digest if last else START,
    )
    entry.digest = digest(entry.previous, facts(entry))
    entry.save(force_insert=True)
    return entry


def _one_at_a_time(practice: models.Model) -> None:
    """The write lock orders the chain on SQLite; on PostgreSQL an advisory lock per practice does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"audit {practice.pk}"])
