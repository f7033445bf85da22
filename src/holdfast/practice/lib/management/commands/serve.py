"""``holdfast practice run``: make what is missing, then serve."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from holdfast.practice.lib.prepare import prepare
from holdfast.practice.lib.server import serve, start_worker


class Command(BaseCommand):
    """Serves the practice of HOLDFAST_FOLDER."""

    help = "Serve the practice to browsers. Example: holdfast practice run --port 8000"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on; beyond loopback only behind TLS")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=2)
        parser.add_argument("--no-sending", action="store_true", help="`holdfast practice work` runs on its own")

    def handle(self, *args: Any, **options: Any) -> None:
        prepare()
        self.check(databases=["default"])
        self.stdout.write(f"Holdfast serves at http://{options['host']}:{options['port']}/ - stop it with Ctrl-C.")
        self.stdout.flush()
        if not options["no_sending"]:
            start_worker(host=options["host"], port=options["port"])
        serve(host=options["host"], port=options["port"], workers=options["workers"])
