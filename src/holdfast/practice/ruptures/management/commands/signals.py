"""``holdfast practice signals``: how many false alarms are tolerable, and what is worth talking about."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from holdfast.errors import HoldfastError
from holdfast.practice.accounts.models import Practice
from holdfast.practice.lib.clock import now
from holdfast.practice.lib.prepare import prepare
from holdfast.practice.ruptures.actions import set_signals


class Command(BaseCommand):
    """Shows both settings; with one named, sets it and reviews all episodes by it."""

    help = "Choose how rare signals are. Example: holdfast practice signals --false-alarms-per-20 1 --talk-at 40"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--false-alarms-per-20", type=float, metavar="N")
        parser.add_argument("--talk-at", type=float, metavar="RATING", help="0 to 100; no signal, a prompt to talk")
        parser.add_argument("--no-talk-at", action="store_true", help="take that rule away")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        practice = Practice.objects.first()
        if practice is None:
            raise CommandError("There is no practice yet. Run: holdfast practice user add")
        try:
            set_signals(
                practice=practice,
                per_20=options["false_alarms_per_20"],
                talk_at=options["talk_at"],
                clear=options["no_talk_at"],
                at=now(),
            )
        except HoldfastError as error:
            raise CommandError(str(error)) from error
        talk = "no rule" if practice.talk_at is None else f"ratings of {practice.talk_at:g} or less"
        self.stdout.write(
            f"Signals to expect in 20 sessions in which nothing happens: {practice.false_alarms_per_20:g}. "
            f"Worth talking about: {talk}."
        )
