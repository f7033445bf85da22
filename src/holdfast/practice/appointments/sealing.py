"""How what a stranger wrote rests: sealed under a key of its own, as one small document."""

import json
from typing import Any

from holdfast.practice.appointments.models import AppointmentRequest
from holdfast.practice.lib.crypto import open_sealed, seal
from holdfast.practice.lib.keys import keyring

FIELDS = ("name", "reach", "hours", "times", "words")


def _place(row: AppointmentRequest, column: str) -> str:
    return f"{row._meta.db_table}/{row.pk}/{column}"


def seal_in(row: AppointmentRequest, column: str, said: Any) -> bytes:
    """Seal something for one column of one request."""
    return seal(keyring().key(row.key_id), json.dumps(said).encode(), bound_to=_place(row, column))


def open_in(row: AppointmentRequest, column: str) -> Any:
    """What ``seal_in`` put there; None where there is nothing."""
    sealed = getattr(row, column)
    if sealed is None:
        return None
    return json.loads(open_sealed(keyring().key(row.key_id), sealed, bound_to=_place(row, column)))
