"""Reads the tables of an instrument file field by field, and refuses what it does not know."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import NoReturn

from holdfast.errors import InstrumentError

MISSING = object()


def listing(names: Collection[object]) -> str:
    """The names in one line, or the word "none"."""
    return ", ".join(str(name) for name in names) or "none"


class Fields:
    """One table of a file: every field is asked for by name, and ``finish`` refuses those that nobody asked for."""

    def __init__(self, table: object, *, file: str, place: str) -> None:
        self.file = file
        self.place = place
        if not isinstance(table, Mapping):
            self.refuse("is not a table", "Write it as a table of keys and values.")
        self.table: Mapping[str, object] = table
        self.asked: list[str] = []

    def refuse(self, what: str, cure: str) -> NoReturn:
        """Raise an error that names the file, the place in it, what is wrong and what would be right."""
        raise InstrumentError("{file}: {place} {what}. {cure}", file=self.file, place=self.place, what=what, cure=cure)

    def take(self, key: str, default: object = MISSING) -> object:
        """The raw value of a field; a field without a default has to be there."""
        self.asked.append(key)
        found = self.table.get(key, default)
        if found is MISSING:
            self.refuse(f"lacks `{key}`", f"Add `{key}`.")
        return found

    def text(self, key: str, default: object = MISSING) -> str:
        """A text; a required one may not be empty."""
        found = self.take(key, default)
        if not isinstance(found, str) or (default is MISSING and not found.strip()):
            self.refuse(f"has no text in `{key}`", "Write it in quotation marks.")
        return found

    def matching(self, key: str, pattern: re.Pattern[str], example: str) -> str:
        """A text of a fixed form, such as an id."""
        found = self.text(key)
        if not pattern.fullmatch(found):
            self.refuse(f"has `{key}` = {found!r}", f"It has to look like {example}.")
        return found

    def choice(self, key: str, known: Collection[str], default: object = MISSING) -> str:
        """One word out of a closed list."""
        found = self.text(key, default)
        if found not in known:
            self.refuse(f"has `{key}` = {found!r}", f"Known: {listing(known)}.")
        return found

    def number(self, key: str, default: object = MISSING) -> float:
        """A number, whole or not."""
        found = self.take(key, default)
        if isinstance(found, bool) or not isinstance(found, int | float):
            self.refuse(f"has no number in `{key}`", "Write a number without quotation marks.")
        return found

    def whole(self, key: str, default: object = MISSING) -> int:
        """A whole number."""
        found = self.number(key, default)
        if found != int(found):
            self.refuse(f"has {found} in `{key}`", "Write a whole number.")
        return int(found)

    def flag(self, key: str, default: object = MISSING) -> bool:
        """True or false."""
        found = self.take(key, default)
        if not isinstance(found, bool):
            self.refuse(f"has neither true nor false in `{key}`", "Write true or false.")
        return found

    def texts(self, key: str, default: object = MISSING) -> tuple[str, ...]:
        """A list of texts."""
        found = self.take(key, default)
        if not isinstance(found, list | tuple) or not all(isinstance(one, str) for one in found):
            self.refuse(f"has no list of texts in `{key}`", 'Write it as ["a", "b"].')
        return tuple(found)

    def numbers(self, key: str, default: object = MISSING) -> tuple[float, ...]:
        """A list of numbers."""
        found = self.take(key, default)
        if not isinstance(found, list | tuple) or not all(type(one) in (int, float) for one in found):
            self.refuse(f"has no list of numbers in `{key}`", "Write it as [1, 2].")
        return tuple(found)

    def day(self, key: str) -> date | None:
        """A date, or None where none is given."""
        found = self.take(key, None)
        if found is not None and type(found) is not date:
            self.refuse(f"has no date in `{key}`", "Write it as 2026-11-23, without quotation marks.")
        return found

    def inner(self, key: str, place: str, default: object = MISSING) -> "Fields":
        """The table inside this one."""
        return Fields(self.take(key, default), file=self.file, place=place)

    def each(self, key: str, kind: str) -> list["Fields"]:
        """The tables of a list of tables, such as ``[[items]]``."""
        found = self.take(key, [])
        if not isinstance(found, list):
            self.refuse(f"has no list of tables in `{key}`", f"Write each as [[{key}]].")
        return [Fields(table, file=self.file, place=f"{kind} {at}") for at, table in enumerate(found, start=1)]

    def finish(self) -> None:
        """Refuse the fields that nobody asked for, and list those that exist."""
        unknown = [key for key in self.table if key not in self.asked]
        if unknown:
            self.refuse(f"has unknown keys: {listing(unknown)}", f"Known keys: {listing(self.asked)}.")
