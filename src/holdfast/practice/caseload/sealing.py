"""How a text of one client rests: sealed under that client's key, bound to practice, table, row and column."""

from django.db import models

from holdfast.practice.caseload.models import Client
from holdfast.practice.lib.crypto import open_sealed, seal
from holdfast.practice.lib.keys import keyring


def _place(client: Client, row: models.Model, column: str) -> str:
    return f"{client.practice_id}/{row._meta.db_table}/{row.pk}/{column}"


def seal_text(text: str, *, client: Client, row: models.Model, column: str) -> bytes:
    """Seal a text under the client key, for one column of one row."""
    return seal(keyring().key(client.key_id), text.encode(), bound_to=_place(client, row, column))


def open_text(*, client: Client, row: models.Model, column: str) -> str:
    """What ``seal_text`` put there. Raises SettingsError when the key is gone or the value was moved."""
    sealed = getattr(row, column)
    return open_sealed(keyring().key(client.key_id), sealed, bound_to=_place(client, row, column)).decode()


def seal_contact(text: str, *, client: Client, column: str) -> bytes:
    """Seal a name or an address under the contact key, which is destroyed before the client key."""
    return seal(keyring().key(client.contact_key_id), text.encode(), bound_to=_place(client, client, column))


def open_contact(*, client: Client, column: str) -> str:
    """What ``seal_contact`` put there; empty when nothing was entered."""
    sealed = getattr(client, column)
    if sealed is None:
        return ""
    return open_sealed(keyring().key(client.contact_key_id), sealed, bound_to=_place(client, client, column)).decode()
