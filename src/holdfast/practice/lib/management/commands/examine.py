"""``holdfast practice check``: everything a practice needs, looked at; ``--source`` for the source tree in CI."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

SOURCE = """
import django; django.setup()
from django.core.management import call_command
from holdfast.practice.lib.prepare import prepare
prepare()
call_command("makemigrations", check=True, dry_run=True)
call_command("check", databases=["default"], fail_level="WARNING")
"""


class Command(BaseCommand):
    """Prints one sentence per finding and ends with 1 when something is missing."""

    help = "Look whether keys, folders, engine and tables are in place. Example: holdfast practice check"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--source", action="store_true", help="check the source on an empty practice in a temporary folder"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["source"]:
            with tempfile.TemporaryDirectory() as folder:
                sys.exit(_on_an_empty_practice(Path(folder)))
        call_command("check", databases=["default"])
        call_command("migrate", check_unapplied=True, verbosity=0)


def _on_an_empty_practice(folder: Path) -> int:
    places = {"HOLDFAST_FOLDER": str(folder / "data"), "HOLDFAST_KEYS": str(folder / "keys")}
    return subprocess.run([sys.executable, "-c", SOURCE], env={**os.environ, **places}, check=False).returncode  # noqa: S603 - our own program
