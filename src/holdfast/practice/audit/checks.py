"""What must hold of the audit log before the practice serves anybody."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from django.apps import AppConfig
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection
from django.db.models import Max

from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.lib.clock import now

TOLERANCE = timedelta(minutes=5)
TRIGGERS = {
    "sqlite": {"audit_no_update", "audit_no_delete"},
    "postgresql": {"audit_no_change", "audit_no_truncate"},
}


@register(Tags.database)
def audit_log(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """The log refuses changes, and the clock has not gone back behind it."""
    try:
        return list(_audit_log()) if databases else []
    except DatabaseError:
        return []  # no tables yet, or the wrong key: practice.E013 and practice.E014 say so


def _audit_log() -> Iterator[CheckMessage]:
    latest = AuditEntry.objects.aggregate(latest=Max("at"))["latest"]
    if latest is not None and now() < latest - TOLERANCE:
        yield Error(
            "The clock is more than five minutes behind the latest entry of the audit log.",
            "Set the clock of this machine.",
            id="practice.E023",
        )
    statement = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if connection.vendor == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE tgenabled <> 'D'"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement)
        standing = {name for (name,) in cursor.fetchall()}
    if not standing >= TRIGGERS[connection.vendor]:
        yield Error(
            "The triggers that keep the audit log whole are missing.",
            "Restore the newest backup, or migrate the audit app back and forth.",
            id="practice.E022",
        )
