"""The encrypted file: pragmas as asked, one writer at a time, a killed writer leaves nothing half."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from holdfast.practice.lib.checks import _places
from holdfast.practice.lib.database_checks import _engine, sound_version
from holdfast.practice.lib.locks import WriteLock, locked

SETUP = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "holdfast.practice.settings"
django.setup()
from holdfast.practice.lib.prepare import prepare
prepare()
"""

KILLED = (
    SETUP
    + """
import signal
from django.db import transaction
from holdfast.practice.accounts.actions import create_practice
from holdfast.practice.lib.clock import now
create_practice(name="acknowledged", at=now())
with transaction.atomic():
    create_practice(name="half", at=now())
    os.kill(os.getpid(), signal.SIGKILL)
"""
)

COUNT = (
    SETUP
    + """
from holdfast.practice.accounts.models import Practice
print(sorted(Practice.objects.values_list("name", flat=True)))
"""
)


def _run(program: str, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    places = {"HOLDFAST_FOLDER": str(folder / "data"), "HOLDFAST_KEYS": str(folder / "keys"), "HOLDFAST_DATABASE": ""}
    source = str(Path(__file__).parents[3] / "src")
    return subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONPATH": source, **places, **more},
        capture_output=True,
        text=True,
        check=False,
    )


def test_an_acknowledged_write_survives_kill_and_a_half_one_does_not(tmp_path: Path) -> None:
    killed = _run(KILLED, tmp_path)
    assert killed.returncode == -9, killed.stderr
    counted = _run(COUNT, tmp_path)
    assert counted.stdout.strip() == "['acknowledged']", counted.stderr


def test_the_file_is_unreadable_without_its_key(tmp_path: Path) -> None:
    _run(KILLED, tmp_path)
    raw = (tmp_path / "data" / "practice.db").read_bytes()
    assert not raw.startswith(b"SQLite format 3")
    assert b"acknowledged" not in raw
    (tmp_path / "keys" / "master.key").unlink()
    (tmp_path / "keys" / "master.key").write_text("00" * 32)
    refused = _run(COUNT, tmp_path)
    assert refused.returncode != 0
    assert refused.stdout == ""


@pytest.mark.django_db
def test_the_pragmas_read_back_as_they_were_asked() -> None:
    if connection.vendor == "sqlite":
        assert list(_engine()) == []
    else:
        assert connection.vendor == "postgresql"


@pytest.mark.parametrize(
    ("version", "sound"),
    [
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
    ],
)
def test_versions_with_the_corruption_bug_are_refused(version: tuple[int, ...], sound: bool) -> None:
    assert sound_version(version) is sound


def test_places_that_do_not_fit_are_named(tmp_path: Path) -> None:
    assert [found.id for found in _places(tmp_path / "none", tmp_path)] == ["practice.E001"]
    assert [found.id for found in _places(tmp_path, tmp_path / "none")] == ["practice.E003"]
    (tmp_path / "keys" / "copy").mkdir(parents=True)
    (tmp_path / "keys" / "master.key").write_text("00")
    (tmp_path / "keys" / "master.key").chmod(0o644)
    (tmp_path / "keys" / "wrapped.json").write_text("{}")
    tmp_path.chmod(0o755)
    found = [found.id for found in _places(tmp_path, tmp_path / "keys")]
    assert found == ["practice.E002", "practice.E004", "practice.E005", "practice.E006"]


def test_the_lock_keeps_another_process_out_until_it_is_freed(tmp_path: Path) -> None:
    path = tmp_path / "file.lock"
    program = (
        "import sys; from holdfast.practice.lib.locks import locked\nwith locked(sys.argv[1]): print('in', flush=True)"
    )
    source = str(Path(__file__).parents[3] / "src")
    with locked(path):
        other = subprocess.Popen(
            [sys.executable, "-c", program, str(path)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": source},
        )
        with pytest.raises(subprocess.TimeoutExpired):
            other.wait(timeout=1)
    assert other.communicate(timeout=30)[0] == "in\n"


def test_releasing_a_lock_that_is_not_held_changes_nothing(tmp_path: Path) -> None:
    lock = WriteLock()
    lock.release()
    lock.acquire(tmp_path / "file.lock")
    lock.release()
    lock.release()
    with locked(tmp_path / "file.lock"):
        assert (tmp_path / "file.lock").exists()
