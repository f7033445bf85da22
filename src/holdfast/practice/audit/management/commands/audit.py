"""``holdfast practice audit``: walk the chain of the audit log and say whether every link holds."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from holdfast.practice.audit.queries import practices_on_record, verify_chain


class Command(BaseCommand):
    """Prints the head of the chain; kept elsewhere, it shows later whether the end was cut off."""

    help = "Verify the audit log. Example: holdfast practice audit"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        reports = [verify_chain(practice_id) for practice_id in practices_on_record()]
        if not reports:
            self.stdout.write("The audit log is empty.")
        for report in reports:
            if report.broken_at is not None:
                self.stdout.write(
                    f"The chain breaks at entry {report.broken_at}. Compare with a backup from before it."
                )
                continue
            self.stdout.write(f"{report.entries} entries, every link holds. Head: {report.head}")
        if any(report.broken_at is not None for report in reports):
            sys.exit(1)
