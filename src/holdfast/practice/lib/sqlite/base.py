"""SQLite as Django knows it, with the write lock taken before every write transaction and freed after it."""

import os
from typing import Any

from django.db import InterfaceError
from django.db.backends.sqlite3 import base

from holdfast.practice.lib.locks import WriteLock


class DatabaseWrapper(base.DatabaseWrapper):
    """Every transaction may write (``transaction_mode`` IMMEDIATE), so every transaction takes the lock."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.write_lock = WriteLock()
        self.opened_by = 0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        self.opened_by = os.getpid()
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: str | None = None) -> Any:
        if self.opened_by != os.getpid():
            raise InterfaceError(
                "This connection was opened before the process was forked; each process opens its own."
            )
        return super().create_cursor(name)

    def _start_transaction_under_autocommit(self) -> None:
        self.write_lock.acquire(f"{self.settings_dict['NAME']}.lock")
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs leave it out
        except BaseException:
            self.write_lock.release()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # the stubs leave it out
        self.write_lock.release()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self.write_lock.release()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # the stubs leave it out
        finally:
            self.write_lock.release()
