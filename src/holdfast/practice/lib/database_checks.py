"""What must hold of the database before the practice serves anybody."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from holdfast.practice.lib.engine import READ_BACK
from holdfast.practice.lib.keys import Keyring

CURRENT_POSTGRES = {15: 150014, 16: 160010, 17: 170006}
"""The first corrected release of each line of PostgreSQL that was still repaired in 2025."""


def sound_version(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the bug that corrupts a WAL database when a write meets a checkpoint."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def sound_postgres(version: int) -> bool:
    """Whether this PostgreSQL has the corrections of 2025; the server numbers 15.14 as 150014."""
    return version >= CURRENT_POSTGRES.get(version // 10000, 180000)


@register(Tags.database)
def database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Engine, switches and tables. Runs only when a command or the server asks for database checks."""
    if not databases or not Keyring(Path(settings.KEYS)).exists() or not Path(settings.FOLDER).is_dir():
        return []  # practice.E001 or practice.E003 says so
    try:
        found = list(_engine() if connection.vendor == "sqlite" else _server())
        return found + list(_tables())
    except DatabaseError:
        return [
            Error(
                "The database does not open with the key in HOLDFAST_KEYS, or does not answer.",
                "Let HOLDFAST_KEYS name the folder that belongs to this data, and look whether the database runs.",
                id="practice.E013",
            )
        ]


def _engine() -> Iterator[CheckMessage]:
    with connection.cursor() as cursor:
        version = str(cursor.execute("SELECT sqlite_version()").fetchone()[0])
        if not sound_version(tuple(int(part) for part in version.split("."))):
            yield Error(f"SQLite {version} can corrupt the file.", "Install the pinned sqlcipher3.", id="practice.E010")
        if not cursor.execute("PRAGMA cipher_version").fetchone():
            yield Error("The database engine does not encrypt.", "Install the pinned sqlcipher3.", id="practice.E011")
        for name, wanted in READ_BACK.items():
            found = cursor.execute(f"PRAGMA {name}").fetchone()[0]
            if found != wanted:
                yield Error(
                    f"The database answers {name} = {found}, not {wanted}.",
                    "Another program changed it; start again.",
                    id="practice.E012",
                )


def _server() -> Iterator[CheckMessage]:
    with connection.cursor() as cursor:
        for switch in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute(f"SHOW {switch}")
            if cursor.fetchone() == ("off",):
                yield Error(f"PostgreSQL runs with {switch} off.", f"Set {switch} to on.", id="practice.E024")
        cursor.execute("SHOW server_version_num")
        version = int((cursor.fetchone() or ("0",))[0])
        if not sound_postgres(version):
            yield Error(
                f"PostgreSQL {version // 10000}.{version % 10000} lacks corrections.",
                "Install 15.14, 16.10, 17.6 or later.",
                id="practice.E025",
            )
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone() == (True,):
            yield Error(
                "The database role is a superuser or bypasses row rules.",
                "Connect as a role that may neither.",
                id="practice.E026",
            )


def _tables() -> Iterator[CheckMessage]:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield Error(
            "The tables are not up to date with the code.",
            "Start it with: holdfast practice run",
            id="practice.E014",
        )
    ours = {app for app, _ in executor.loader.disk_migrations}
    if any(app in ours for app, _ in set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)):
        yield Error(
            "The database was written by a newer Holdfast.", "Install that version or a later one.", id="practice.E015"
        )
