"""How one entry of the chain follows from the last."""

import hashlib
import json
from collections.abc import Mapping

START = "0" * 64
"""What stands before the first entry of a practice."""


def digest(previous: str, entry: Mapping[str, object]) -> str:
    """SHA-256 of the previous digest and the canonical JSON of the entry."""
    canonical = json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()
