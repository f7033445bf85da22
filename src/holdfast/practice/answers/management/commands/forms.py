"""``holdfast practice forms``: which forms are asked, which cannot be, and why."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from holdfast.practice.accounts.models import Practice
from holdfast.practice.answers.actions import choose_forms
from holdfast.practice.answers.offers import SETS, offers
from holdfast.practice.lib.clock import now
from holdfast.practice.lib.prepare import prepare


class Command(BaseCommand):
    """Shows the sets of the practice; with a set named, chooses it anew."""

    help = "Choose which forms are asked. Example: holdfast practice forms --before phq-8 gad-2 holdfast-before"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        for occasion in SETS:
            parser.add_argument(f"--{occasion}", nargs="+", metavar="ID", help=f"the forms of the set {occasion}")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        practice = Practice.objects.first()
        if practice is None:
            raise CommandError("There is no practice yet. Run: holdfast practice user add")
        for occasion in SETS:
            if options[occasion]:
                choose_forms(practice=practice, occasion=occasion, ids=options[occasion], at=now())
        for occasion in SETS:
            good, left_out = offers(practice, occasion=occasion)
            self.stdout.write(f"{occasion}: {', '.join(each.instrument.id for each in good) or 'nothing can be shown'}")
            for each in left_out:
                self.stdout.write(f"  left out: {each.reason}")
