"""``holdfast practice demo``: a practice with simulated clients, ready to try, on this machine alone."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from holdfast.practice.accounts.models import Practice
from holdfast.practice.demo.stories import EMAIL, SUPERVISOR, VISITOR
from holdfast.practice.demo.visit import fresh_link, password
from holdfast.practice.lib.clock import now
from holdfast.practice.lib.prepare import prepare
from holdfast.practice.lib.secrets import readable
from holdfast.practice.lib.server import serve, start_worker

WHERE_TO_GO = """{practice}: everybody in it is made up.

  Tour        http://127.0.0.1:{port}/tour/  five minutes, as each person, without a password

  Therapist   http://127.0.0.1:{port}/sign-in/
              email     {email}
              password  {password}

  Supervisor  the same page, email {supervisor}, the same password

  Client      http://127.0.0.1:{port}/f#{token}
              a check-in of {client}, for the session of today (or type the code {code});
              the tour makes a newer one, and this one is then out of use

Stop with Ctrl-C. The same command starts it again, with all that was entered."""


class Command(BaseCommand):
    """First start: keys, tables, a simulated year. Each start: a fresh check-in link, then the server."""

    help = "A practice with simulated clients, ready to try. Example: holdfast practice demo --folder .demo --port 8000"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--prepare-only", action="store_true", help="make everything, print where to go, and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        practice = Practice.objects.first()
        if practice is None:
            self.stdout.write("Making a simulated year: three therapists, forty clients. Half a minute, once.")
            self.stdout.flush()
            practice = self._seeded()
        if not practice.is_simulated:
            raise CommandError("This folder holds a real practice. Name another: holdfast practice demo --folder .demo")
        self._tell(practice, options["port"])
        if not options["prepare_only"]:
            self.check(databases=["default"])
            start_worker(host="127.0.0.1", port=options["port"])
            serve(port=options["port"], workers=1)  # one person tries it; a second worker would delay the first page

    def _seeded(self) -> Practice:
        from holdfast.practice.demo.seed import seed

        return seed(now=now(), password=password())

    def _tell(self, practice: Practice, port: int) -> None:
        link = fresh_link(practice=practice, at=now())
        self.stdout.write(
            WHERE_TO_GO.format(
                practice=practice,
                port=port,
                email=EMAIL,
                supervisor=SUPERVISOR,
                password=password(),
                token=link.token,
                code=readable(link.code),
                client=VISITOR,
            )
        )
        self.stdout.flush()
