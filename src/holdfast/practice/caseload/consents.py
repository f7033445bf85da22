"""The texts of consent, as data: each version is kept, so that it can be read again what somebody agreed to."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from holdfast.errors import RecordError

FOLDER = Path(__file__).parent / "consents"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentText:
    """One version of what is agreed to, by language."""

    purpose: str
    version: str
    text: dict[str, str]


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
