"""One database engine in the process: SQLCipher in the place of the built-in SQLite, opened with the practice's key.

Imported first by settings. Debian's SQLite and several wheels carry the WAL-reset corruption bug; sqlcipher3 0.6.4 does
not, and encrypts the file. ``synchronous=FULL`` is not negotiable: NORMAL lost acknowledged answers in simulated
power cuts.
"""

import sys
from typing import Any

import sqlcipher3

from holdfast.errors import SettingsError
from holdfast.practice.lib.keys import keyring

sys.modules["sqlite3"] = sqlcipher3
sys.modules["sqlite3.dbapi2"] = sqlcipher3.dbapi2

PRAGMAS = {
    "journal_mode": "WAL",
    "synchronous": "FULL",
    "secure_delete": "ON",
    "mmap_size": "0",
    "temp_store": "MEMORY",
    "cell_size_check": "ON",
    "trusted_schema": "OFF",
    "wal_autocheckpoint": "1000",
    "journal_size_limit": "67108864",
    "fullfsync": "ON",
    "checkpoint_fullfsync": "ON",
}

READ_BACK: dict[str, object] = {
    "journal_mode": "wal",
    "synchronous": 2,
    "secure_delete": 1,
    "mmap_size": 0,
    "temp_store": 2,
    "cell_size_check": 1,
    "trusted_schema": 0,
    "foreign_keys": 1,
}
"""What each pragma must answer on an open connection; the start checks compare."""


class KeyedConnection(sqlcipher3.dbapi2.Connection):
    """A connection that is keyed before anything else is asked of it (Django runs a SELECT before ``init_command``)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.execute(f"PRAGMA key = \"x'{keyring().file_key().hex()}'\"")
        try:
            self.execute("SELECT count(*) FROM sqlite_master")
        except sqlcipher3.dbapi2.DatabaseError as error:
            raise SettingsError(
                "The database does not open with the key in {folder}. "
                "Let HOLDFAST_KEYS name the folder that belongs to this data.",
                folder=keyring().folder,
            ) from error


OPTIONS = {
    "timeout": 5,
    "transaction_mode": "IMMEDIATE",
    "factory": KeyedConnection,
    "init_command": "".join(f"PRAGMA {name}={value};" for name, value in PRAGMAS.items()),
}
