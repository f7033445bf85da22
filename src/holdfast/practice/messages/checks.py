"""What would tell an onlooker: a sender or a host name with a telling word in it."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register  # noqa: A004 - the framework's own name

from holdfast.practice.messages.words import tells


@register(Tags.database)
def neutral_names(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    return list(_telling()) if databases else []


def _telling() -> Iterator[CheckMessage]:
    for name, text in (
        ("HOLDFAST_SENDER", settings.SENDER),
        ("HOLDFAST_FORM_ADDRESS", urlsplit(settings.FORM_ADDRESS).hostname or ""),
    ):
        found = tells(text)
        if found:
            yield Warning(
                f"{name} holds a word that tells an onlooker what the messages are about: {', '.join(found)}.",
                "Choose a neutral name, such as forms.example.org.",
                id="practice.W001",
            )
