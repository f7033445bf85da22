"""The one clock of the practice. Actions are given ``at``; only views and commands ask for the time, here."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
