"""What may be said: the sentences of each kind by language, and the words that none of them may hold."""

import re
import tomllib
from functools import cache
from pathlib import Path

from holdfast.practice.lib.words import DEFAULT, Words, languages

TEXTS = Path(__file__).parent / "texts"
CLIENT_KINDS = ("form", "form-again", "appointment")
STAFF_KINDS = ("form-waiting", "settings-waiting")
KINDS = (*CLIENT_KINDS, *STAFF_KINDS)


def words_in(language: str) -> Words:
    """The sentences of a language; English where there is no file of it."""
    known = languages(TEXTS)
    return known.get(language, known[DEFAULT])


@cache
def _telling() -> re.Pattern[str]:
    raw = tomllib.loads((Path(__file__).parent / "telling.toml").read_text(encoding="utf-8"))
    words = sorted({re.escape(word).replace(r"\*", r"[^\W_]*") for every in raw["words"].values() for word in every})
    return re.compile(rf"(?<![^\W_])(?:{'|'.join(words)})(?![^\W_])", re.IGNORECASE)


def tells(text: str) -> tuple[str, ...]:
    """The words of a sentence, a sender or a host name that tell an onlooker what it is about."""
    return tuple(sorted({found.lower() for found in _telling().findall(text)}))
