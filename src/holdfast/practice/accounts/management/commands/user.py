"""``holdfast practice user add|list|suspend|new-phone``: people, from the console."""

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from holdfast.practice.accounts.actions import add_person, create_practice, remove_second_factor, set_state
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.lib.clock import now
from holdfast.practice.lib.prepare import prepare


class Command(BaseCommand):
    """The first person of a practice is made here: there is no default password and no sign-up page."""

    help = (
        "Add, list or suspend people, or let somebody who lost the phone set up a new one. "
        'Example: holdfast practice user add --email ada@example.org --name "Ada"'
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["add", "list", "suspend", "new-phone"])
        parser.add_argument("--practice", help="name of the practice; needed for the first person")
        parser.add_argument("--email")
        parser.add_argument("--name")
        parser.add_argument(
            "--role", default="therapist", choices=["therapist", "supervisor", "owner", "administrator", "researcher"]
        )

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        {"add": self._add, "list": self._list, "suspend": self._suspend, "new-phone": self._new_phone}[options["act"]](
            options
        )

    def _add(self, options: dict[str, Any]) -> None:
        if not options["email"] or not options["name"]:
            raise CommandError("A person needs --email and --name.")
        practice = Practice.objects.first()
        if practice is None and not options["practice"]:
            raise CommandError("There is no practice yet. Name it with --practice.")
        password = _ask_for_password()
        practice = practice or create_practice(name=options["practice"], at=now())
        add_person(practice=practice, email=options["email"], name=options["name"], role=options["role"],
                   password=password, at=now())  # fmt: skip
        self.stdout.write(f"{options['name']} is {options['role']} of {practice} and can sign in.")

    def _list(self, options: dict[str, Any]) -> None:
        rows = Membership.objects.exclude(role=Membership.Role.CLIENT).select_related("person", "practice")
        for row in rows.order_by("person__name"):
            self.stdout.write(f"{row.person.name}  {row.person.email}  {row.role}  {row.state}  {row.practice}")

    def _suspend(self, options: dict[str, Any]) -> None:
        rows = _memberships(options["email"])
        for row in rows:
            set_state(membership=row, state=Membership.State.SUSPENDED, at=now())
        self.stdout.write(f"{rows[0].person.name} is suspended; open browser sessions have ended.")

    def _new_phone(self, options: dict[str, Any]) -> None:
        person = _memberships(options["email"])[0].person
        remove_second_factor(person=person, at=now())
        self.stdout.write(f"{person.name} sets up a new authenticator app at the next sign-in.")


def _memberships(email: str | None) -> list[Membership]:
    rows = list(Membership.objects.filter(person__email=(email or "").strip().lower()).select_related("person"))
    if not rows:
        raise CommandError("Nobody here has that address. Run: holdfast practice user list")
    return rows


def _ask_for_password() -> str:
    """From the keyboard, unseen; from standard input when that is no keyboard."""
    password = (
        getpass.getpass("Password (12 characters or more): ")
        if sys.stdin.isatty()
        else sys.stdin.readline().rstrip("\n")
    )
    try:
        validate_password(password)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from error
    return password
