"""Taking a client on, booking, marking, ending: the verbs of the caseload."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.actions import add_client, book_session, close_episode_of_care, mark_session
from holdfast.practice.caseload.models import Client, EpisodeOfCare, Session
from holdfast.practice.caseload.queries import client_of
from holdfast.practice.caseload.sealing import open_contact
from holdfast.practice.lib.keys import keyring
from tests.practice.conftest import NOON


def test_a_client_has_keys_of_its_own_a_dyad_and_an_episode_of_care(ada: Membership, cleo: Client) -> None:
    dyad = cleo.dyads.get()
    assert keyring().key(cleo.key_id) != keyring().key(cleo.contact_key_id)
    assert (dyad.therapist, dyad.closed_at) == (ada, None)
    assert dyad.episodes_of_care.get().ended_at is None
    assert open_contact(client=cleo, column="sealed_name") == "Cleo Quellbach"
    assert AuditEntry.objects.filter(verb="client.added", object_id=str(cleo.pk)).count() == 1


def test_a_name_moved_to_another_row_does_not_open(ada: Membership, cleo: Client) -> None:
    other = add_client(actor=ada, code="C-02", name="Cora", at=NOON)
    other.sealed_name, other.contact_key_id = cleo.sealed_name, cleo.contact_key_id
    with pytest.raises(Exception, match="does not open"):
        open_contact(client=other, column="sealed_name")


def test_a_code_is_taken_once_per_practice(ada: Membership, dan: Membership, cleo: Client) -> None:
    with pytest.raises(RecordError, match="has the code C-01 already"):
        add_client(actor=ada, code=" C-01 ", name="Somebody", at=NOON)
    assert add_client(actor=dan, code="C-01", name="Dora", at=NOON).code == cleo.code


@pytest.mark.parametrize(("code", "name"), [("", "Cleo"), ("C-02", "  ")])
def test_a_client_needs_a_code_and_a_name(ada: Membership, code: str, name: str) -> None:
    with pytest.raises(RecordError, match="a code and a name"):
        add_client(actor=ada, code=code, name=name, at=NOON)


@pytest.mark.parametrize("who", ["ben", "rae", "olga"])
def test_only_therapists_take_clients_on(who: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(PermissionDenied):
        add_client(actor=request.getfixturevalue(who), code="C-09", name="Cleo", at=NOON)
    assert Client.objects.count() == 0


def test_sessions_are_numbered_from_one(ada: Membership, cleo: Client) -> None:
    dyad = cleo.dyads.get()
    booked = [book_session(actor=ada, dyad=dyad, starts_at=NOON + timedelta(days=7 * k), at=NOON) for k in range(3)]
    assert [each.number for each in booked] == [1, 2, 3]
    assert AuditEntry.objects.filter(verb="session.booked").count() == 3


def test_after_an_ending_a_new_episode_of_care_counts_anew(ada: Membership, cleo: Client, session: Session) -> None:
    close_episode_of_care(actor=ada, care=session.episode_of_care, at=NOON)
    again = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=NOON + timedelta(days=90), at=NOON)
    assert (again.number, EpisodeOfCare.objects.count()) == (1, 2)
    with pytest.raises(RecordError, match="ended already"):
        close_episode_of_care(actor=ada, care=session.episode_of_care, at=NOON)


def test_nothing_new_is_booked_for_a_restricted_record(ada: Membership, cleo: Client) -> None:
    cleo.state = Client.State.SUSPENDED
    cleo.save(update_fields=["state"])
    with pytest.raises(RecordError, match="closed or restricted"):
        book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=NOON, at=NOON)


@pytest.mark.parametrize("state", ["held", "missed", "cancelled"])
def test_a_session_is_marked(ada: Membership, session: Session, state: str) -> None:
    assert mark_session(actor=ada, session=session, state=state, at=NOON).state == state
    assert Session.objects.get().marked_at == NOON


def test_a_session_is_not_marked_as_planned(ada: Membership, session: Session) -> None:
    with pytest.raises(RecordError, match="held, missed, cancelled"):
        mark_session(actor=ada, session=session, state="planned", at=NOON)


def test_a_stranger_changes_nothing(ada: Membership, dan: Membership, cleo: Client, session: Session) -> None:
    with pytest.raises(PermissionDenied):
        book_session(actor=dan, dyad=cleo.dyads.get(), starts_at=NOON, at=NOON)
    with pytest.raises(PermissionDenied):
        mark_session(actor=dan, session=session, state="held", at=NOON)
    with pytest.raises(PermissionDenied):
        close_episode_of_care(actor=dan, care=session.episode_of_care, at=NOON)
    assert Session.objects.get().state == "planned"


def test_contact_data_comes_back_as_it_was_entered(ada: Membership, cleo: Client) -> None:
    opened = client_of(ada, cleo.pk)
    assert opened is not None
    assert dict(opened.contact) == {"phone": "0151 4711"}
    bare = add_client(actor=ada, code="C-02", name="Cora", at=NOON)
    assert client_of(ada, bare.pk).contact == {}  # type: ignore[union-attr]
