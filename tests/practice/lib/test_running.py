"""The practice from the console: first start, lost keys, a forked process, a server that is killed and comes back."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from holdfast.errors import SettingsError
from holdfast.practice.lib import server
from tests.practice.lib.programs import COMMAND, SETUP, environment, practice, run

PASSWORD = "kelp holds in the swell\n"
ADA = ("--email", "ada@example.org", "--name", "Ada")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice with one person, made at the console once for this page; each test works on a copy."""
    folder = tmp_path_factory.mktemp("oak")
    told = practice(folder, "user", "add", "--practice", "Oak Street", *ADA, given=PASSWORD)
    assert (told.returncode, told.stdout) == (0, "Ada is therapist of Oak Street and can sign in.\n"), told.stderr
    return folder


@pytest.fixture
def oak(made: Path, tmp_path: Path) -> Path:
    """That practice, for one test."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_people_are_added_listed_and_suspended_at_the_console(oak: Path) -> None:
    short = practice(oak, "user", "add", "--email", "ben@example.org", "--name", "Ben", given="short\n")
    assert short.returncode == 1
    assert "at least 12 characters" in short.stderr
    assert practice(oak, "user", "add", "--email", "ben@example.org", given=PASSWORD).returncode == 1
    assert "Nobody here has that address" in practice(oak, "user", "suspend", "--email", "x@example.org").stderr
    assert "is suspended" in practice(oak, "user", "suspend", "--email", "ADA@example.org").stdout
    assert practice(oak, "user", "list").stdout.split() == [
        "Ada", "ada@example.org", "therapist", "suspended", "Oak", "Street",
    ]  # fmt: skip


def test_the_first_person_names_the_practice(tmp_path: Path) -> None:
    refused = practice(tmp_path, "user", "add", *ADA, given=PASSWORD)
    assert refused.returncode == 1
    assert "Name it with --practice" in refused.stderr


def test_a_practice_in_order_passes_its_check(oak: Path) -> None:
    checked = practice(oak, "check")
    assert (checked.returncode, "no issues" in checked.stdout) == (0, True), checked.stderr


def test_the_audit_log_is_verified_at_the_console(oak: Path) -> None:
    told = practice(oak, "audit")
    assert told.returncode == 0, told.stderr
    assert re.fullmatch(r"2 entries, every link holds\. Head: [0-9a-f]{64}\n", told.stdout)


def test_a_folder_that_holds_both_is_used_as_a_whole(oak: Path) -> None:
    for option in (("--folder", str(oak)), (f"--folder={oak}",)):
        told = practice(oak, "user", "list", *option, HOLDFAST_FOLDER="", HOLDFAST_KEYS="")
        assert "ada@example.org" in told.stdout, told.stderr


def test_lost_keys_are_not_replaced_by_new_ones(oak: Path) -> None:
    (oak / "keys").rename(oak / "elsewhere")
    refused = practice(oak, "run")
    assert (refused.returncode, refused.stdout) == (SettingsError.exit_code, "")
    assert "Put back the keys folder" in refused.stderr
    assert not (oak / "keys").exists()
    (oak / "elsewhere").rename(oak / "keys")
    assert practice(oak, "user", "list").returncode == 0


def test_the_keys_of_another_practice_open_nothing(oak: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    practice(other, "user", "add", "--practice", "Elm Road", *ADA, given=PASSWORD)
    checked = practice(oak, "check", HOLDFAST_KEYS=str(other / "keys"))
    assert checked.returncode == SettingsError.exit_code
    assert "The database does not open with the key" in checked.stderr
    assert "Traceback" not in checked.stderr


def test_an_open_folder_is_refused_at_start(oak: Path) -> None:
    (oak / "data").chmod(0o755)
    refused = practice(oak, "run")
    assert refused.returncode == 1
    assert "practice.E002" in refused.stderr
    started = run("import holdfast.practice.wsgi", oak)
    assert "SettingsError: practice.E002" in started.stderr


def test_beyond_this_machine_only_behind_tls() -> None:
    with pytest.raises(SettingsError, match="without encryption"):
        server.serve(port=0, host="0.0.0.0")  # noqa: S104 - the point of the test


FORKED = (
    SETUP
    + """
prepare()
from django.db import InterfaceError, connection, connections
from holdfast.practice.accounts.models import Practice
Practice.objects.count()
child = os.fork()
if child == 0:
    try:
        Practice.objects.count()
    except InterfaceError as error:
        print("refused:", error, flush=True)
    os._exit(0)
os.waitpid(child, 0)
connections.close_all()
child = os.fork()
if child == 0:
    print("own:", Practice.objects.count(), flush=True)
    os._exit(0)
os.waitpid(child, 0)
"""
)


def test_no_connection_crosses_a_fork(tmp_path: Path) -> None:
    told = run(FORKED, tmp_path)
    assert "refused: This connection was opened before the process was forked" in told.stdout, told.stderr
    assert "own: 0" in told.stdout


WRITER = (
    SETUP
    + """
from django.db import transaction
from holdfast.practice.accounts.models import Practice
for number in range(40):
    with transaction.atomic():
        row = Practice.objects.get()
        row.name = str(int(row.name) + 1)
        row.save(update_fields=["name"])
"""
)


def test_two_processes_never_lose_each_other_s_writes(tmp_path: Path) -> None:
    begin = (
        SETUP + "prepare()\nfrom holdfast.practice.accounts.models import Practice\nfrom django.utils import timezone\n"
    )
    assert run(begin + "Practice.objects.create(name='0', created_at=timezone.now())", tmp_path).returncode == 0
    writers = [subprocess.Popen([sys.executable, "-c", WRITER], env=environment(tmp_path)) for _ in range(2)]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert run(begin + "print(Practice.objects.get().name)", tmp_path).stdout.strip() == "80"


Served = tuple[subprocess.Popen[str], str]


@pytest.fixture
def served(oak: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    """A server, without the process that sends messages unless a test asks for it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            COMMAND,
            "run",
            "--port",
            str(port),
            "--workers",
            "1",
            *getattr(request, "param", ["--no-sending"]),
        ],
        env=environment(oak),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    yield process, f"http://127.0.0.1:{port}"
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)


def _get(address: str) -> str:
    for _ in range(600):
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own server
                return str(answer.read().decode())
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    pytest.fail("the server did not answer")


def test_the_server_serves_replaces_a_killed_worker_and_stops(served: Served) -> None:
    process, address = served
    assert "<h1>Sign in</h1>" in _get(f"{address}/sign-in/")
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")  # the one worker, which has just answered
    if children.exists():
        (worker,) = children.read_text(encoding="utf-8").split()
        os.kill(int(worker), signal.SIGKILL)
    assert "<h1>Sign in</h1>" in _get(f"{address}/sign-in/")
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert f"Holdfast serves at {address}/" in told
    assert re.search(r"holdfast\.requests route=sign-in status=200 .*method=GET", told)


@pytest.mark.parametrize("served", [[]], indirect=True)
def test_the_server_brings_a_sender_along_that_ends_with_it(served: Served) -> None:
    process, address = served
    assert _get(f"{address}/pulse").startswith("worker_silent_seconds")  # 503, and asked again, until it gave a sign
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert (process.returncode, "Traceback" in told) == (0, False)


def test_the_source_is_checked_on_an_empty_practice(tmp_path: Path) -> None:
    checked = practice(tmp_path, "check", "--source")
    assert (checked.returncode, "No changes detected" in checked.stdout) == (0, True), checked.stderr
    assert not (tmp_path / "data").exists()
