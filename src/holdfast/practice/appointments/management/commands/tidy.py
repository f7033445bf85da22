"""``holdfast practice tidy``: forget what is kept for a time only."""

from typing import Any

from django.core.management.base import BaseCommand

from holdfast.practice.appointments.actions import tidy
from holdfast.practice.lib.clock import now
from holdfast.practice.lib.prepare import prepare


class Command(BaseCommand):
    """Deletes requests for an appointment that came ninety days ago or earlier, keys first."""

    help = "Forget old requests for an appointment; run it once a day. Example: holdfast practice tidy"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        gone = tidy(at=now())
        self.stdout.write(f"{gone} {'request' if gone == 1 else 'requests'} of more than ninety days ago forgotten.")
