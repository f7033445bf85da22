"""One place where the tests choose their database engine, before Django reads its settings.

With HOLDFAST_TEST_POSTGRES (set by tests/prepare.sh) the practice runs on that server; without it, on a real
encrypted file in a temporary folder, with the settings of a real practice.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

_folder = Path(tempfile.mkdtemp(prefix="holdfast-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
(_folder / "data" / "instruments").mkdir(parents=True, mode=0o700)
(_folder / "keys").mkdir(mode=0o700)
os.environ |= {
    "HOLDFAST_FOLDER": str(_folder / "data"),
    "HOLDFAST_KEYS": str(_folder / "keys"),
    "HOLDFAST_HOSTS": "127.0.0.1,localhost,testserver",
    "HOLDFAST_DATABASE": os.environ.get("HOLDFAST_TEST_POSTGRES", ""),
    "HOLDFAST_SECOND_FACTOR": "off",  # tests/practice/accounts/test_second_factor.py turns it on
    "DJANGO_SETTINGS_MODULE": "holdfast.practice.settings",
    "DJANGO_ALLOW_ASYNC_UNSAFE": "1",  # playwright keeps an event loop in the thread of the test
}

from holdfast.practice.lib.keys import keyring  # noqa: E402 - the folders come first

keyring().create()

import django  # noqa: E402

django.setup()


from django.core.management import call_command  # noqa: E402
from django.db.backends.postgresql import base as postgres  # noqa: E402
from django.db.backends.sqlite3 import base as sqlite  # noqa: E402


def _without_triggers(flush: Callable[..., list[str]]) -> Callable[..., list[str]]:
    """Tests that commit end by emptying every table; the audit log refuses that, so its triggers rest meanwhile.

    The shared cache (wrong sign-ins are counted in it) is a table without a model, and is emptied with the others.
    """

    def emptied(self: Any, *args: Any, **kwargs: Any) -> list[str]:
        statements = flush(self, *args, **kwargs)
        if not statements:
            return statements
        statements = [*statements, "DELETE FROM holdfast_cache"]
        if self.connection.vendor == "postgresql":
            change = "ALTER TABLE audit_auditentry {} TRIGGER USER".format
            return [change("DISABLE"), *statements, change("ENABLE")]
        with self.connection.cursor() as cursor:
            rows = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        return [*(f"DROP TRIGGER {name}" for name, _ in rows), *statements, *(made for _, made in rows)]

    return emptied


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        call_command("createcachetable", verbosity=0)


@pytest.fixture(scope="session", autouse=True)
def audit_log_rests_while_tables_are_emptied() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        for engine in (sqlite.DatabaseWrapper.ops_class, postgres.DatabaseWrapper.ops_class):
            patch.setattr(engine, "sql_flush", _without_triggers(engine.sql_flush))
        yield
