"""How the part of a sentence comes into it, at sending time and not before: a link, the time of an appointment.

A room registers one function per kind. It gets the message and the time, makes what is needed in the worker's
transaction, and returns the part. When the message is not worth sending any more it raises RecordError.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from holdfast.practice.messages.models import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """The parts of a sentence, and what was made for them, so that a second try can replace it."""

    parts: Mapping[str, str] = field(default_factory=dict)
    made: UUID | None = None


Fill = Callable[[Message, datetime], Filled]
_fills: dict[str, Fill] = {}


def fills(kind: str) -> Callable[[Fill], Fill]:
    """Register what makes the parts of one kind of message."""

    def keep(fill: Fill) -> Fill:
        _fills[kind] = fill
        return fill

    return keep


def fill(row: Message, at: datetime) -> Filled:
    """The parts of a message; none for a kind whose sentence has none."""
    known = _fills.get(row.kind)
    return known(row, at) if known else Filled()
