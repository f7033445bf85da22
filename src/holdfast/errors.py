"""Every error that Holdfast raises on purpose, each with its exit code.

An error carries its parts as fields; the sentence is made where it is shown. Whoever supplied the data may be shown
the value they supplied (``str(error)``); logs, mails and audit rows get ``error.for_log()``, which never holds it.
"""

from typing import ClassVar

PRIVATE_PARTS = frozenset({"value", "values", "id", "text", "client"})


class HoldfastError(Exception):
    """The only family of errors shown without a traceback.

    ``sentence`` is a format string over ``parts``. Sentence one: what is wrong, and where. Sentence two: what would be
    right, or what to do. Nothing was changed when one of these is shown.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, sentence: str, /, **parts: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.parts = parts

    def __str__(self) -> str:
        return self.sentence.format(**self.parts)

    def for_log(self) -> str:
        """The class and the parts that hold nothing a person supplied."""
        shown = ", ".join(f"{key}={part}" for key, part in sorted(self.parts.items()) if key not in PRIVATE_PARTS)
        return f"{type(self).__name__}({shown})"


class InstrumentError(HoldfastError):
    """An instrument is unknown, or its file is wrong."""

    exit_code = 3


class RightsError(InstrumentError):
    """An instrument's wording may not ship (or was never verified), and the practice has not supplied it."""


class AnswerError(HoldfastError):
    """An answer does not fit its instrument."""

    exit_code = 4


class TableError(HoldfastError):
    """A table lacks a column, repeats a session, or holds words where numbers should be."""

    exit_code = 5


class MethodError(HoldfastError):
    """A method was asked for what it cannot do."""

    exit_code = 6


class SettingsError(HoldfastError):
    """A setting or a secret is missing or unreadable."""

    exit_code = 7


class RecordError(HoldfastError):
    """The record does not allow it: a second rating, a closed episode, a session that was cancelled."""

    exit_code = 8


class LinkError(RecordError):
    """A link, a code or an opened form that is not open: unknown, too early, too late, used, replaced or taken back."""


class TooManyTriesError(LinkError):
    """Too many wrong codes came from one place, or from everywhere together."""
