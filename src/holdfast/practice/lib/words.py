"""Languages as files: each holds every sentence of some pages, under the same keys."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime

from holdfast.errors import SettingsError

DEFAULT = "en"
WHEN = {"en": "l j F, H:i", "de": "l, j. F, H:i"}
"""How a day and an hour are written; a language without a line here is written as English."""

RIGHT_TO_LEFT = frozenset({"ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language: its code, its own name, the direction it is written in, and its sentences by key.

    script: the sentences that a page's script says.
    """

    language: str
    name: str
    direction: str
    words: Mapping[str, str]
    script: Mapping[str, str]

    def say(self, key: str, **parts: object) -> str:
        """A sentence, with its parts filled in."""
        return self.words[key].format(**parts)


@cache
def languages(folder: Path) -> Mapping[str, Words]:
    """All languages of a folder, English first. Raises SettingsError where one lacks a sentence or has one too many."""
    files = sorted(folder.glob("*.toml"), key=lambda path: (path.stem != DEFAULT, path.stem))
    found = {path.stem: _read(path) for path in files}
    for each in found.values():
        for mine, all_ in ((each.words, found[DEFAULT].words), (each.script, found[DEFAULT].script)):
            odd = sorted(set(mine) ^ set(all_))
            if odd:
                raise SettingsError(
                    "The words of the language {language} lack a sentence or have one too many: {keys}.",
                    language=each.language,
                    keys=", ".join(odd),
                )
    return found


def moment_in(language: str, at: datetime) -> str:
    """A day and an hour on the practice's clock, with the names of a language."""
    with translation.override(language):
        return date_format(localtime(at), WHEN.get(language, WHEN[DEFAULT]))


def is_rtl(language: str) -> bool:
    """Whether a language is written from right to left; also one that has no file of words here."""
    return language.split("-")[0].lower() in RIGHT_TO_LEFT


def _read(path: Path) -> Words:
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    if raw.get("direction") not in ("ltr", "rtl"):
        raise SettingsError("The words of {language} have no direction. Write ltr or rtl.", language=path.stem)
    return Words(
        language=path.stem,
        name=raw["name"],
        direction=raw["direction"],
        words=raw["words"],
        script=raw.get("script", {}),
    )
