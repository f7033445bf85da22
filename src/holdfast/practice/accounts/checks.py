"""What must hold about people before the practice serves anybody."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError

from holdfast.practice.accounts.models import Practice


@register(Tags.database)
def second_factor(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Without a second factor only simulated data is served."""
    if not databases or settings.SECOND_FACTOR or not _has_real_practice():
        return []
    return [
        Error(
            "HOLDFAST_SECOND_FACTOR is off, but the practice holds more than simulated data.",
            "Leave HOLDFAST_SECOND_FACTOR out, or set it to on.",
            id="practice.E020",
        )
    ]


@register(Tags.database)
def one_practice(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """One practice, one database, one key: nothing in the tables keeps two apart."""
    try:
        if not databases or Practice.objects.count() < 2:
            return []
    except DatabaseError:
        return []
    return [
        Error("Two practices share one database.", "Give each its own data folder and keys.", id="practice.E021"),
    ]


def _has_real_practice() -> bool:
    try:
        return Practice.objects.filter(is_simulated=False).exists()
    except DatabaseError:
        return False  # no tables yet, or the wrong key: other checks say so
