"""Reading the log back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Max

from holdfast.practice.audit.actions import facts
from holdfast.practice.audit.chain import START, digest
from holdfast.practice.audit.models import AuditEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainReport:
    """Whether every link follows from the one before, and where the first one does not."""

    entries: int
    head: str
    broken_at: int | None


def verify_chain(practice_id: UUID) -> ChainReport:
    """Walk the chain of one practice from its start. A cut tail passes: only an anchor outside the server sees that."""
    previous, count = START, 0
    for entry in AuditEntry.objects.filter(practice_id=practice_id).order_by("seq").iterator():
        count += 1
        if entry.seq != count or entry.previous != previous or entry.digest != digest(previous, facts(entry)):
            return ChainReport(entries=count, head=previous, broken_at=entry.seq)
        previous = entry.digest
    return ChainReport(entries=count, head=previous, broken_at=None)


def practices_on_record() -> list[UUID]:
    """The practices that have a chain."""
    return list(AuditEntry.objects.order_by("practice_id").values_list("practice_id", flat=True).distinct())


def latest(at: datetime) -> datetime:
    """The clock, or the latest time on record if that is later: setting the clock back revives no link."""
    seen = AuditEntry.objects.aggregate(seen=Max("at"))["seen"]
    return at if seen is None else max(at, seen)


def reads_of(practice_id: UUID, object_ids: Collection[str]) -> list[AuditEntry]:
    """Who read any of these objects, newest first."""
    rows = AuditEntry.objects.filter(practice_id=practice_id, verb__endswith=".read", object_id__in=object_ids)
    return list(rows.order_by("-seq"))
