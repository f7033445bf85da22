"""What must hold before the practice serves anybody: every check is seen to find what it is for."""

import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.checks import CheckMessage, run_checks
from django.db import DatabaseError, connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from holdfast.practice.accounts.checks import one_practice
from holdfast.practice.accounts.models import Practice
from holdfast.practice.audit import checks as audit_checks
from holdfast.practice.lib import checks, database_checks
from tests.practice.conftest import NOON

Found = list[CheckMessage]


def _ids(found: Found) -> list[str]:
    return [message.id or "" for message in found]


class Answers:
    """A cursor that gives the same answers to everybody who asks it something."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers, self.asked = answers, ""

    def __enter__(self) -> "Answers":
        return self

    def __exit__(self, *_: Any) -> None:
        pass

    def execute(self, statement: str) -> "Answers":
        self.asked = statement.replace("PRAGMA ", "").replace("SHOW ", "")
        return self

    def fetchone(self) -> Any:
        return next((answer for name, answer in self.answers.items() if name in self.asked), None)


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    def install(**answers: Any) -> None:
        monkeypatch.setattr(
            database_checks, "connection", type("Connection", (), {"cursor": lambda _: Answers(answers)})()
        )

    return install


@pytest.mark.django_db
def test_a_practice_in_order_has_nothing_to_find(practice: Practice, settings: Any) -> None:
    settings.SECOND_FACTOR = True
    Path(settings.FOLDER).chmod(0o700)
    assert _ids(run_checks(databases=["default"])) == []


def test_another_sqlite_in_a_serving_process_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("_sqlite3", "apsw", "pysqlite3"):
        monkeypatch.delitem(sys.modules, module, raising=False)
    assert checks.engines(None, databases=["default"]) == []
    monkeypatch.setitem(sys.modules, "apsw", sys)
    assert _ids(checks.engines(None, databases=["default"])) == ["practice.E018"]
    assert checks.engines(None) == []


def test_debug_and_hosts_beyond_this_machine_are_refused(settings: Any) -> None:
    assert _ids(checks.web(None, databases=["default"])) == []
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["oak.example.org"]
    assert _ids(checks.web(None, databases=["default"])) == ["practice.E007", "practice.E019"]
    settings.DEBUG, settings.TLS = False, True
    assert _ids(checks.web(None, databases=["default"])) == []
    assert checks.web(None) == []


def test_a_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    data, keys = tmp_path / "data", tmp_path / "keys"
    (keys / "copy").mkdir(parents=True)
    data.mkdir(mode=0o700)
    (keys / "master.key").touch(mode=0o400)
    (data / "practice.db").touch(mode=0o600)
    assert _ids(list(checks._places(data, keys))) == []
    (data / "practice.db-wal").touch()
    (data / "practice.db-wal").chmod(0o644)
    assert _ids(list(checks._places(data, keys))) == ["practice.E016"]


def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.file_system_of(tmp_path) not in checks.OVER_A_NETWORK
    monkeypatch.setattr(checks, "file_system_of", lambda _: "nfs4")
    assert "practice.E017" in _ids(list(checks._places(tmp_path, tmp_path)))


@pytest.mark.parametrize(
    ("answers", "ids"),
    [
        ({"sqlite_version": ("3.51.2",), "cipher_version": ("4.19.0",)}, ["practice.E010"]),
        ({"sqlite_version": ("3.53.4",)}, ["practice.E011"]),
        ({"sqlite_version": ("3.53.4",), "cipher_version": ("4.19.0",), "synchronous": (1,)}, ["practice.E012"]),
    ],
)
def test_an_engine_that_is_not_as_asked_is_refused(
    answering: Callable[..., None], answers: dict[str, Any], ids: list[str]
) -> None:
    asked = {name: (value,) for name, value in database_checks.READ_BACK.items()}
    answering(**{**asked, **answers})
    assert _ids(list(database_checks._engine())) == ids


@pytest.mark.parametrize(
    ("answers", "ids"),
    [
        ({}, []),
        ({"fsync": ("off",)}, ["practice.E024"]),
        ({"synchronous_commit": ("off",), "full_page_writes": ("off",)}, ["practice.E024", "practice.E024"]),
        ({"server_version_num": ("150013",)}, ["practice.E025"]),
        ({"rolsuper": (True,)}, ["practice.E026"]),
    ],
)
def test_a_server_that_would_lose_or_leak_is_refused(
    answering: Callable[..., None], answers: dict[str, Any], ids: list[str]
) -> None:
    answering(**{"server_version_num": ("150018",), "rolsuper": (False,), **answers})
    assert _ids(list(database_checks._server())) == ids


@pytest.mark.parametrize(
    ("version", "sound"),
    [(150013, False), (150014, True), (160009, False), (160010, True), (170005, False), (170006, True), (140030, False),
     (180000, True), (190001, True)],
)  # fmt: skip
def test_releases_of_postgresql_without_corrections_are_refused(version: int, sound: bool) -> None:
    assert database_checks.sound_postgres(version) is sound


@pytest.mark.django_db
def test_tables_behind_and_ahead_of_the_code_are_refused() -> None:
    assert _ids(list(database_checks._tables())) == []
    MigrationRecorder(connection).record_applied("audit", "9999_from_the_future")
    assert _ids(list(database_checks._tables())) == ["practice.E015"]
    newest = MigrationLoader(connection).graph.leaf_nodes("audit")[0]
    MigrationRecorder(connection).record_unapplied(*newest)
    assert _ids(list(database_checks._tables())) == ["practice.E014", "practice.E015"]


def test_a_database_that_does_not_open_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> Any:
        raise DatabaseError("file is not a database")

    monkeypatch.setattr(database_checks, "_engine", fails)
    monkeypatch.setattr(database_checks, "_server", fails)
    assert _ids(database_checks.database(None, databases=["default"])) == ["practice.E013"]
    assert database_checks.database(None) == []


@pytest.mark.django_db
def test_two_practices_in_one_database_are_refused(practice: Practice) -> None:
    assert one_practice(None, databases=["default"]) == []
    Practice.objects.create(name="Elm Road", created_at=NOON)
    assert _ids(one_practice(None, databases=["default"])) == ["practice.E021"]


@pytest.mark.django_db
def test_a_clock_behind_the_log_is_refused(practice: Practice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit_checks, "now", lambda: NOON - timedelta(minutes=4))
    assert audit_checks.audit_log(None, databases=["default"]) == []
    monkeypatch.setattr(audit_checks, "now", lambda: NOON - timedelta(minutes=6))
    assert _ids(audit_checks.audit_log(None, databases=["default"])) == ["practice.E023"]
    assert audit_checks.audit_log(None) == []


@pytest.mark.django_db
def test_missing_triggers_are_found(practice: Practice) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER audit_no_delete")
        else:
            cursor.execute("ALTER TABLE audit_auditentry DISABLE TRIGGER USER")
    assert _ids(audit_checks.audit_log(None, databases=["default"])) == ["practice.E022"]
