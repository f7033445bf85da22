"""The texts of consent, as data: each version is kept, so that it can be read again what somebody agreed to."""

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from holdfast.errors import RecordError

FOLDER = Path(__file__).parent / "consents"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentText:
    """One version of what is agreed to, by language. covers: what it names beyond the first version."""

    purpose: str
    version: str
    text: dict[str, str]
    covers: list[str] = field(default_factory=list)


@cache
def texts() -> tuple[ConsentText, ...]:
    """Every version of every text, oldest first."""
    found = [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.toml"))]
    return tuple(ConsentText(**each) for each in found)


def newest(purpose: str) -> ConsentText:
    """The text that is read now. Raises RecordError for a purpose without one."""
    of_purpose = [each for each in texts() if each.purpose == purpose]
    if not of_purpose:
        raise RecordError("There is no text of consent to {purpose}.", purpose=purpose)
    return of_purpose[-1]


def text_of(purpose: str, version: str) -> ConsentText:
    """The text that somebody agreed to. Raises RecordError for a version that was never there."""
    found = next((each for each in texts() if (each.purpose, each.version) == (purpose, version)), None)
    if found is None:
        raise RecordError(
            "There is no version {version} of the consent to {purpose}.", version=version, purpose=purpose
        )
    return found


def versions_covering(purpose: str, what: str) -> list[str]:
    """The versions of a text that name ``what``: only they open it."""
    return [each.version for each in texts() if each.purpose == purpose and what in each.covers]
