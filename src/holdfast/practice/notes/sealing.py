"""How a process note rests: sealed under the author's key, and that under the client's key.

It opens with both keys alone, so that it is gone when either is destroyed (decision 0091).
"""

from django.db import models

from holdfast.practice.caseload.models import Client
from holdfast.practice.lib.crypto import open_sealed, seal
from holdfast.practice.lib.keys import keyring
from holdfast.practice.notes.models import AuthorKey


def seal_note(text: str, *, client: Client, author: AuthorKey, row: models.Model, column: str) -> bytes:
    """Seal a text for one column of one row."""
    place, keys = _place(client, author, row, column), keyring()
    inner = seal(keys.key(author.key_id), text.encode(), bound_to=place)
    return seal(keys.key(client.key_id), inner, bound_to=place)


def open_note(*, client: Client, author: AuthorKey, row: models.Model, column: str) -> str:
    """What ``seal_note`` put there. Raises SettingsError when one of the keys is gone or the value was moved."""
    place, keys = _place(client, author, row, column), keyring()
    inner = open_sealed(keys.key(client.key_id), getattr(row, column), bound_to=place)
    return open_sealed(keys.key(author.key_id), inner, bound_to=place).decode()


def _place(client: Client, author: AuthorKey, row: models.Model, column: str) -> str:
    return f"{client.practice_id}/{author.author_id}/{row._meta.db_table}/{row.pk}/{column}"
