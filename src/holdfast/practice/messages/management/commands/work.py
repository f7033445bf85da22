"""``holdfast practice work``: sends what waits in the outbox and rings the timers."""

import logging
import time
from multiprocessing import parent_process
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from holdfast.practice.lib.clock import now
from holdfast.practice.lib.prepare import prepare
from holdfast.practice.messages.worker import one_round

PAUSE = 2.0


class Command(BaseCommand):
    """Beside ``holdfast practice run``, which starts one by itself; two at once do no harm."""

    help = "Send what waits in the outbox. Example: holdfast practice work --once"
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--prepared", action="store_true", help="folders, keys and tables are there")
        parser.add_argument("--once", action="store_true", help="send what may go out now, and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["prepared"]:
            prepare()
        if options["once"]:
            sent = 0
            while one_round(now()):
                sent += 1
            self.stdout.write(f"Looked at {sent} message{'s' if sent != 1 else ''}.")
            return
        work()


def work() -> None:
    """Round after round until interrupted, or until the server that started this one is gone."""
    parent = parent_process()
    log = logging.getLogger("holdfast.worker")
    while parent is None or parent.is_alive():
        close_old_connections()
        try:
            if one_round(now()):
                continue
        except Exception as error:  # noqa: BLE001 - a round that fails is seen from outside: messages stay unsent
            log.error("a round failed: %s", type(error).__name__)
        time.sleep(PAUSE)
