"""The audit log only grows, and a changed link is found."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.audit.actions import record
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.audit.queries import verify_chain
from tests.practice.conftest import NOON

pytestmark = pytest.mark.django_db


def test_each_link_follows_from_the_last(ada: Membership) -> None:
    entry = record("client.read", actor=ada, practice=ada.practice, target=ada, at=NOON, fields=["b", "a"])
    assert (entry.seq, entry.role, entry.fields, entry.object_type) == (
        3,
        "therapist",
        ["a", "b"],
        "accounts.membership",
    )
    report = verify_chain(ada.practice_id)
    assert (report.entries, report.head, report.broken_at) == (3, entry.digest, None)


@pytest.mark.parametrize("act", ["update", "delete"])
def test_entries_cannot_be_changed_or_removed(ada: Membership, act: str) -> None:
    rows = AuditEntry.objects.filter(practice_id=ada.practice_id)
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        rows.update(verb="x") if act == "update" else rows.delete()
    assert rows.count() == 2


def test_a_forged_link_is_found(ada: Membership) -> None:
    AuditEntry.objects.create(
        practice_id=ada.practice_id, seq=3, at=NOON, verb="forged", previous="0" * 64, digest="1" * 64
    )
    assert verify_chain(ada.practice_id).broken_at == 3


def test_the_console_says_where_a_chain_breaks(
    ada: Membership, dan: Membership, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("audit")
    assert capsys.readouterr().out.count("every link holds") == 2
    AuditEntry.objects.create(
        practice_id=ada.practice_id, seq=3, at=NOON, verb="forged", previous="0" * 64, digest="1" * 64
    )
    with pytest.raises(SystemExit):
        call_command("audit")
    assert "The chain breaks at entry 3." in capsys.readouterr().out


def test_an_empty_log_is_called_empty(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("audit")
    assert capsys.readouterr().out == "The audit log is empty.\n"


def test_a_rolled_back_change_leaves_no_link(ada: Membership) -> None:
    with transaction.atomic():
        record("x", actor=ada, practice=ada.practice, at=NOON)
        transaction.set_rollback(True)
    assert verify_chain(ada.practice_id).entries == 2
    assert connection.in_atomic_block


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_a_committed_test_starts_with_an_empty_log_and_standing_triggers(practice: Practice, round_: int) -> None:
    assert [(entry.seq, entry.verb) for entry in AuditEntry.objects.all()] == [(1, "practice.created")], round_
    with pytest.raises(DatabaseError, match="only grows"):
        AuditEntry.objects.all().update(verb="x")


def test_the_table_cannot_be_emptied_at_once_where_that_is_a_command(practice: Practice) -> None:
    command = "TRUNCATE audit_auditentry" if connection.vendor == "postgresql" else "DELETE FROM audit_auditentry"
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(command)
