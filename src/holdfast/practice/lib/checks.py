"""What must hold before the practice serves anybody: each refusal has an id, what was found, and what to do."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import connection

from holdfast.practice.lib.engine import READ_BACK
from holdfast.practice.lib.keys import Keyring


def sound_version(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the bug that corrupts a WAL database when a write meets a checkpoint."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def _private(path: Path, mode: int) -> bool:
    return os.name != "posix" or stat.S_IMODE(path.stat().st_mode) & ~mode == 0


@register(Tags.database)
def places(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """Where data and keys lie, and who may read them."""
    return list(_places(Path(settings.FOLDER), Path(settings.KEYS))) if databases else []


def _places(folder: Path, keys: Path) -> Iterator[CheckMessage]:
    if not folder.is_dir():
        yield Error(
            "The data folder is not there.", "Make the practice first: holdfast practice user add", id="practice.E001"
        )
        return
    if not _private(folder, 0o700):
        yield Error("The data folder can be read by other users.", "Set its mode to 0700.", id="practice.E002")
    if not (keys / "master.key").is_file():
        yield Error("The keys folder holds no master.key.", "Let HOLDFAST_KEYS name the folder of this data.",
                    id="practice.E003")  # fmt: skip
        return
    if folder.resolve() in (keys / "master.key").resolve().parents:
        yield Error("The keys lie inside the data folder.", "Move them: a backup of the data must not hold its keys.",
                    id="practice.E004")  # fmt: skip
    if not _private(keys / "master.key", 0o600):
        yield Error("master.key can be read by other users.", "Set its mode to 0400.", id="practice.E005")
    if not Keyring(keys).copies_agree():
        yield Error("The two copies of the key file differ.", "Compare wrapped.json with copy/wrapped.json.",
                    id="practice.E006")  # fmt: skip


@register(Tags.database)
def web(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """What the web part needs before it may serve."""
    if databases and settings.DEBUG:
        return [Error("DEBUG is on.", "Start without it.", id="practice.E007")]
    return []


@register(Tags.database)
def database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """What the encrypted file and its engine answer. Runs only when database checks are asked for."""
    if not databases or connection.vendor != "sqlite" or not Keyring(Path(settings.KEYS)).exists():
        return []
    return list(_engine())


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
                yield Error(f"The database answers {name} = {found}, not {wanted}.", "Start again.",
                            id="practice.E012")  # fmt: skip
