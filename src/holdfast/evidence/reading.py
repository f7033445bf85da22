"""Reading the evidence files: what is missing, unknown or without a source is refused."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from holdfast.errors import InstrumentError

DATA = Path(__file__).parent / "data"


@cache
def read(name: str) -> dict[str, Any]:
    """The contents of data/name.toml."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def demand_keys(where: str, entry: Mapping[str, Any], *, needed: frozenset[str], allowed: frozenset[str]) -> None:
    """Raises InstrumentError where an entry lacks a key, or has one that means nothing."""
    lacking, unknown = sorted(needed - set(entry)), sorted(set(entry) - needed - allowed)
    if lacking or unknown:
        raise InstrumentError(
            "The evidence entry {entry} lacks {lacking} or has {unknown}. Known: {known}.",
            entry=where,
            lacking=", ".join(lacking) or "nothing",
            unknown=", ".join(unknown) or "nothing unknown",
            known=", ".join(sorted(needed | allowed)),
        )
