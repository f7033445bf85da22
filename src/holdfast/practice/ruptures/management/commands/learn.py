"""``holdfast practice calibrate``: the starting point of every course, learned from the practice's own archive."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Practice
from holdfast.practice.lib.clock import now
from holdfast.practice.lib.prepare import prepare
from holdfast.practice.ruptures.actions import learn_from_archive


class Command(BaseCommand):
    """Learns, reviews everything from there, and says from how many clients. Doing it again learns anew."""

    help = "Learn from this practice's own courses where ratings start. Example: holdfast practice calibrate"
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        practice = Practice.objects.first()
        if practice is None:
            raise CommandError("There is no practice yet. Run: holdfast practice user add")
        try:
            learned = learn_from_archive(practice=practice, at=now())
        except RecordError as error:
            raise CommandError(str(error)) from error
        for name, prior in learned["priors"].items():
            self.stdout.write(f"{name}: {prior['source']}")
