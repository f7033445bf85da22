"""What must hold before the practice serves anybody: each refusal has an id, what was found, and what to do."""

import os
import stat
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from holdfast.practice.lib.keys import Keyring

LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]", "testserver"})
OVER_A_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "ceph", "glusterfs"})


def _private(path: Path, mode: int) -> bool:
    return os.name != "posix" or stat.S_IMODE(path.stat().st_mode) & ~mode == 0


def _own(path: Path) -> bool:
    return os.name != "posix" or path.stat().st_uid == os.geteuid()


def file_system_of(folder: Path) -> str:
    """The kind of file system a folder lies on, where the system tells (Linux); empty elsewhere."""
    table = Path("/proc/self/mounts")
    if not table.exists():
        return ""
    rows = [line.split() for line in table.read_text(encoding="utf-8").splitlines()]
    place = folder.resolve()
    over = [(len(row[1]), row[2]) for row in rows if place.is_relative_to(row[1].replace("\\040", " "))]
    return max(over, default=(0, ""))[1]


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
    if file_system_of(folder) in OVER_A_NETWORK:
        yield Error(
            "The data folder lies on a network file system, whose locks do not hold.",
            "Move it to a disk of this machine.",
            id="practice.E017",
        )
    if not all(_private(path, 0o600) and _own(path) for path in folder.glob("practice.db*")):
        yield Error(
            "A file of the data folder can be read by others, or belongs to somebody else.",
            "Set its mode to 0600, and its owner to the user who runs the service.",
            id="practice.E016",
        )
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
    if not databases:
        return []
    found: list[CheckMessage] = []
    if settings.DEBUG:
        found.append(Error("DEBUG is on.", "Start without it.", id="practice.E007"))
    if not settings.TLS and not set(settings.ALLOWED_HOSTS) <= LOOPBACK:
        found.append(
            Error(
                "HOLDFAST_HOSTS names hosts beyond this machine, but no TLS proxy is declared.",
                "Put one in front and set HOLDFAST_TLS=on.",
                id="practice.E019",
            )
        )
    return found


@register(Tags.database, deploy=True)
def engines(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **_: Any
) -> list[CheckMessage]:
    """One SQLite in a serving process. (Coverage tools load the built-in one in tests.)"""
    others = sorted({"_sqlite3", "pysqlite3", "apsw"} & set(sys.modules))
    if not databases or not others:
        return []
    return [
        Error(f"Another SQLite is loaded: {', '.join(others)}.", "Remove what imports it.", id="practice.E018"),
    ]
