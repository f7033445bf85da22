"""Whom somebody can call at once, by country: data with source and day of checking (safety.md 6)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

DEFAULT = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpLine:
    """One service that answers: its name, its numbers, and when, by language."""

    name: str
    numbers: tuple[str, ...]
    when: Mapping[str, str]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contacts:
    """What stands on the page in one country."""

    country: str
    name: Mapping[str, str]
    emergency: str
    checked: date
    lines: tuple[HelpLine, ...]

    def said(self, language: str) -> tuple[tuple[str, tuple[str, ...], str], ...]:
        """Name, numbers and hours of each line, in a language or in English."""
        return tuple((line.name, line.numbers, line.when.get(language, line.when[DEFAULT])) for line in self.lines)


@cache
def countries() -> Mapping[str, Contacts]:
    """All that are known, by their two letters (ISO 3166)."""
    raw = tomllib.loads((Path(__file__).parent / "contacts.toml").read_text(encoding="utf-8"))
    return {
        country: Contacts(
            country=country,
            name=each["name"],
            emergency=each["emergency"],
            checked=each["checked"],
            lines=tuple(
                HelpLine(name=line["name"], numbers=tuple(line["numbers"]), when=line["when"], source=line["source"])
                for line in each["lines"]
            ),
        )
        for country, each in raw.items()
    }
