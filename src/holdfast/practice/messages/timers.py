"""What happens when a timer is up, and what is looked at on every round of the worker: registered by other rooms."""

import logging
from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from holdfast.practice.messages.models import Due

Ring = Callable[[Due, datetime], None]
Round = Callable[[datetime], None]
_rings: dict[str, Ring] = {}
_rounds: list[Round] = []


def rings(what: str) -> Callable[[Ring], Ring]:
    """Register what one kind of timer does. It may run twice; doing it twice must change nothing."""

    def keep(ring: Ring) -> Ring:
        _rings[what] = ring
        return ring

    return keep


def every_round(look: Round) -> Round:
    """Register what the worker looks at on every round."""
    _rounds.append(look)
    return look


def run_timers(at: datetime) -> int:
    """Do what is due, each in a transaction of its own, and look round. Returns how many timers were up."""
    log = logging.getLogger("holdfast.worker")
    up = list(Due.objects.filter(done_at=None, at__lte=at).select_related("practice").order_by("at"))
    for row in up:
        try:
            with transaction.atomic():
                if Due.objects.filter(pk=row.pk, done_at=None).update(done_at=at):
                    _rings[row.what](row, at)
        except Exception as error:  # noqa: BLE001 - one timer that fails stops neither the others nor the messages
            log.error("timer %s failed: %s", row.what, type(error).__name__)
    for look in _rounds:
        look(at)
    return len(up)
