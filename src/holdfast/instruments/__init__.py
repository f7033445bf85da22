"""What a questionnaire is, and how one is read from its file. Importing this reads no file."""

from holdfast.instruments.loader import list_instruments, load
from holdfast.instruments.model import (
    AnswerSet,
    Band,
    Code,
    Condition,
    Figure,
    Instrument,
    Item,
    Rights,
    Scale,
)
from holdfast.instruments.wordings import Wording

__all__ = [
    "AnswerSet",
    "Band",
    "Code",
    "Condition",
    "Figure",
    "Instrument",
    "Item",
    "Rights",
    "Scale",
    "Wording",
    "list_instruments",
    "load",
]
