"""Process notes: written, changed, voided by their author; sealed under two keys; in nobody else's sight."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from holdfast.errors import RecordError, SettingsError
from holdfast.practice.accounts.actions import add_person, set_state
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import may, visible
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Client, Dyad
from holdfast.practice.caseload.sealing import open_text
from holdfast.practice.lib.keys import keyring
from holdfast.practice.notes.actions import change, void, write
from holdfast.practice.notes.models import AuthorKey, NoteVersion, ProcessNote
from holdfast.practice.notes.queries import note_of, own_notes
from tests.practice.caseload.test_constraints import copy_of, refuses
from tests.practice.conftest import NOON, PASSWORD

CANARY = "canary-quiet-anger"
LATER = NOON + timedelta(hours=3)
MODELS = (ProcessNote, NoteVersion, AuthorKey)


@pytest.fixture
def note(ada: Membership, cleo: Client) -> ProcessNote:
    return write(actor=ada, dyad=cleo.dyads.get(), text=f" {CANARY} ", at=NOON)


def read(ada: Membership, cleo: Client) -> list[list[str]]:
    found = own_notes(ada, cleo.pk)
    assert found is not None
    return [[each.text for each in row.versions] for row in found.notes]


def test_a_note_is_written_changed_and_looked_back_on(ada: Membership, cleo: Client, note: ProcessNote) -> None:
    change(actor=ada, note=note, text="Calmer.", after=1, at=LATER)
    change(actor=ada, note=note, text=" Calmer. ", after=1, at=LATER)
    write(actor=ada, dyad=cleo.dyads.get(), text="Another.", at=LATER)
    assert read(ada, cleo) == [["Another."], ["Calmer.", CANARY]]
    with pytest.raises(RecordError, match="changed this note since"):
        change(actor=ada, note=note, text="Old page.", after=1, at=LATER)
    for text in ("", " \n"):
        with pytest.raises(RecordError, match="Nothing is written"):
            change(actor=ada, note=note, text=text, after=2, at=LATER)
        with pytest.raises(RecordError, match="Nothing is written"):
            write(actor=ada, dyad=cleo.dyads.get(), text=text, at=LATER)
    assert note_of(ada, note.pk) == note


def test_a_voided_note_is_kept_with_its_reason_and_takes_nothing_more(
    ada: Membership, cleo: Client, note: ProcessNote
) -> None:
    with pytest.raises(RecordError, match="with a reason"):
        void(actor=ada, note=note, reason=" ", at=LATER)
    void(actor=ada, note=note, reason="Another client was meant.", at=LATER)
    found = own_notes(ada, cleo.pk)
    assert found is not None
    assert [(each.reason, each.now.text) for each in found.voided] == [("Another client was meant.", CANARY)]
    assert found.standing == ()
    for act in (lambda: void(actor=ada, note=note, reason="x", at=LATER),
                lambda: change(actor=ada, note=note, text="x", after=1, at=LATER)):  # fmt: skip
        with pytest.raises(RecordError, match="was voided"):
            act()


def test_stored_bytes_and_log_hold_nothing_of_it(ada: Membership, note: ProcessNote) -> None:
    void(actor=ada, note=note, reason=f"{CANARY} again", at=LATER)
    stored = [bytes(NoteVersion.objects.get().sealed_text), bytes(ProcessNote.objects.get().sealed_reason or b"")]
    assert not [value for value in stored if CANARY.encode() in value]
    assert CANARY not in repr(list(AuditEntry.objects.values()))
    assert list(AuditEntry.objects.filter(object_type__startswith="notes.").values_list("verb", flat=True)) == [
        "author-key.made", "process-note.begun", "process-note.voided",
    ]  # fmt: skip


def test_one_key_per_author_and_it_opens_with_the_clients_key_alone_nothing(
    ada: Membership, cleo: Client, note: ProcessNote
) -> None:
    write(actor=ada, dyad=cleo.dyads.get(), text="Second.", at=LATER)
    assert AuthorKey.objects.get().author == ada
    assert AuthorKey.objects.get().key_id.startswith("author-")
    with pytest.raises(SettingsError):
        open_text(client=cleo, row=note.versions.get(), column="sealed_text")


@pytest.mark.parametrize("whose", ["author", "client"])
def test_it_is_gone_when_either_key_is_destroyed(whose: str, ada: Membership, cleo: Client, note: ProcessNote) -> None:
    keyring().destroy(AuthorKey.objects.get().key_id if whose == "author" else cleo.key_id)
    with pytest.raises(SettingsError, match="not in the key file"):
        own_notes(ada, cleo.pk)


def test_a_sealed_text_opens_in_its_own_row_alone(ada: Membership, cleo: Client, note: ProcessNote) -> None:
    other = write(actor=ada, dyad=cleo.dyads.get(), text="Second.", at=LATER)
    other.versions.update(sealed_text=note.versions.get().sealed_text)
    with pytest.raises(SettingsError, match="does not open"):
        own_notes(ada, cleo.pk)


def colleague(ada: Membership, cleo: Client) -> Membership:
    """Another therapist of the practice with an open dyad to the same client."""
    eve = add_person(
        practice=ada.practice, email="eve@example.org", name="Eve", role="therapist", password=PASSWORD, at=NOON
    )
    Dyad.objects.create(client=cleo, therapist=eve, opened_at=NOON)
    return eve


def test_another_therapist_of_the_same_client_sees_only_her_own(
    ada: Membership, cleo: Client, note: ProcessNote
) -> None:
    eve = colleague(ada, cleo)
    assert visible(eve, Dyad).count() == 1
    assert read(eve, cleo) == []
    write(actor=eve, dyad=visible(eve, Dyad).get(), text="Eve's.", at=LATER)
    assert (read(eve, cleo), read(ada, cleo)) == ([["Eve's."]], [[CANARY]])
    assert AuthorKey.objects.count() == 2
    with pytest.raises(PermissionDenied):
        write(actor=eve, dyad=note.dyad, text="x", at=LATER)


def test_a_dyad_handed_to_somebody_else_does_not_hand_over_the_notes(
    ada: Membership, cleo: Client, note: ProcessNote
) -> None:
    eve = add_person(
        practice=ada.practice, email="eve@example.org", name="Eve", role="therapist", password=PASSWORD, at=NOON
    )
    Dyad.objects.update(therapist=eve)
    assert not visible(eve, ProcessNote).exists()
    assert not visible(ada, ProcessNote).exists()
    assert read(eve, cleo) == []


@pytest.mark.parametrize("who", ["ben", "dan", "rae", "olga", "the owner she is herself", "eve"])
def test_nobody_else_sees_or_writes_any(
    who: str, ada: Membership, cleo: Client, note: ProcessNote, request: pytest.FixtureRequest
) -> None:
    if who == "eve":
        actor = colleague(ada, cleo)
    elif who.startswith("the owner"):
        actor = Membership.objects.create(
            practice=ada.practice, person=ada.person, role="owner", state="active", since=NOON
        )
    else:
        actor = request.getfixturevalue(who)
    assert [model for model in MODELS if visible(actor, model).exists()] == []
    assert note_of(actor, note.pk) is None
    assert not may(actor, "write a process note", note.dyad)
    assert not [verb for verb in ("change", "void") if may(actor, verb, note)]
    acts: list[Any] = [
        lambda: write(actor=actor, dyad=note.dyad, text="x", at=LATER),
        lambda: change(actor=actor, note=note, text="x", after=1, at=LATER),
        lambda: void(actor=actor, note=note, reason="x", at=LATER),
    ]
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert NoteVersion.objects.count() == 1
    if who != "eve":
        assert own_notes(actor, cleo.pk) is None


@pytest.mark.parametrize("how", ["suspended", "left", "dyad closed"])
def test_they_close_with_the_membership_and_with_the_dyad(how: str, ada: Membership, note: ProcessNote) -> None:
    if how == "dyad closed":
        Dyad.objects.update(closed_at=LATER)
    else:
        ada = set_state(membership=ada, state=how, at=LATER)
    assert not visible(ada, ProcessNote).exists()
    assert not visible(ada, NoteVersion).exists()


def test_the_database_holds_the_rules_too(ada: Membership, note: ProcessNote) -> None:
    rows, name = ProcessNote.objects.all(), "process_note_voided_with_a_reason_after_it_was_begun"
    refuses(name, lambda: rows.update(voided_at=LATER))
    refuses(name, lambda: rows.update(sealed_reason=b"x"))
    refuses(name, lambda: rows.update(voided_at=NOON - timedelta(days=1), sealed_reason=b"x"))
    refuses("note_version_number_once", copy_of(note.versions.get()).save)
    refuses("note_versions_start_at_one", lambda: NoteVersion.objects.update(number=0))
    refuses("author_id", copy_of(AuthorKey.objects.get(), key_id="other").save)
    assert all(CANARY not in str(row) for row in (note, note.versions.get(), AuthorKey.objects.get()))
