"""From a stranger's request to the first session: sealed, answered in four ways, forgotten after ninety days."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from holdfast.errors import LinkError, RecordError, SettingsError
from holdfast.practice.accounts.actions import set_state
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.appointments.actions import (
    KEPT,
    accept,
    behind,
    choose_time,
    decline,
    propose,
    put_on_list,
    request_appointment,
    set_page,
    tidy,
)
from holdfast.practice.appointments.models import AppointmentRequest, ProposedTime, PublicPage
from holdfast.practice.appointments.queries import page_at, request_of, requests_of, waiting
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.queries import client_of
from holdfast.practice.lib.keys import keyring
from tests.practice.appointments.conftest import SAID
from tests.practice.conftest import NOON

TOMORROW = NOON + timedelta(days=1)
SOON = NOON + timedelta(days=3)


def test_what_a_stranger_wrote_is_sealed_and_opens_for_ada_alone(ada: Membership, asked: AppointmentRequest) -> None:
    stored = bytes(AppointmentRequest.objects.get().sealed_answers)
    assert b"Mika" not in stored
    (read,) = requests_of(ada)
    assert read.said == SAID
    assert waiting(ada) == 1


def test_accepting_types_nothing_twice(ada: Membership, asked: AppointmentRequest) -> None:
    session = accept(actor=ada, request=asked, code="C-77", starts_at=SOON, at=NOON)
    client = client_of(ada, session.episode_of_care.dyad.client_id)
    assert client is not None
    assert (client.name, client.code, client.contact) == (
        "Mika Orlow", "C-77", {"reach": "0170 9911", "hours": "after 18:00"},
    )  # fmt: skip
    assert (session.number, session.starts_at, session.minutes) == (1, SOON, 50)
    asked.refresh_from_db()
    assert (asked.state, asked.session, waiting(ada)) == ("accepted", session, 0)
    with pytest.raises(RecordError, match="answered already"):
        decline(actor=ada, request=asked, words="No.", at=NOON)


def test_a_code_that_is_taken_changes_nothing(ada: Membership, asked: AppointmentRequest, cleo: object) -> None:
    with pytest.raises(RecordError, match="C-01"):
        accept(actor=ada, request=asked, code="C-01", starts_at=SOON, at=NOON)
    asked.refresh_from_db()
    assert asked.state == "waiting"


def test_a_proposed_time_is_chosen_once_with_a_secret(ada: Membership, asked: AppointmentRequest) -> None:
    token = propose(actor=ada, request=asked, times=[SOON, TOMORROW], at=NOON)
    found = behind(token, NOON)
    assert found == asked
    assert [each.starts_at for each in asked.times.all()] == [TOMORROW, SOON]
    chosen = asked.times.last()
    assert chosen is not None
    assert choose_time(token=token, choice=str(chosen.pk), at=NOON).state == "chosen"
    assert asked.times.get(is_chosen=True) == chosen
    assert behind(token, NOON) is None
    with pytest.raises(LinkError):
        choose_time(token=token, choice="", at=NOON)


def test_none_fits_is_an_answer_and_foreign_times_are_not(ada: Membership, asked: AppointmentRequest) -> None:
    token = propose(actor=ada, request=asked, times=[SOON], at=NOON)
    with pytest.raises(LinkError):
        choose_time(token=token, choice="00000000-0000-0000-0000-000000000000", at=NOON)
    assert choose_time(token=token, choice="", at=NOON).state == "none fits"
    again = propose(actor=ada, request=asked, times=[TOMORROW], at=NOON)
    assert behind(token, NOON) is None
    assert behind(again, TOMORROW - timedelta(minutes=1)) == asked
    assert behind(again, TOMORROW) is None
    assert behind("", NOON) is None


@pytest.mark.django_db(transaction=True)
def test_of_two_answers_at_one_moment_one_gets_the_time(
    ada: Membership, page: PublicPage, asked: AppointmentRequest
) -> None:
    other = request_appointment(page=page, said=SAID, at=NOON)
    answers = [
        (propose(actor=ada, request=each, times=[SOON], at=NOON), str(each.times.get().pk)) for each in (asked, other)
    ]
    together = Barrier(4)

    def send(answer: tuple[str, str]) -> str:
        together.wait()
        try:
            return choose_time(token=answer[0], choice=answer[1], at=NOON).state
        except (RecordError, LinkError) as error:
            return type(error).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        said = sorted(workers.map(send, answers * 2))
    assert said == ["LinkError", "RecordError", "RecordError", "chosen"]
    assert ProposedTime.objects.filter(is_chosen=True).count() == 1


@pytest.mark.parametrize(
    "times", [[], [NOON], [SOON, NOON - timedelta(days=1)], [SOON + timedelta(days=n) for n in range(4)]]
)
def test_times_are_one_to_three_and_ahead(times: list[object], ada: Membership, asked: AppointmentRequest) -> None:
    with pytest.raises(RecordError, match="one to three"):
        propose(actor=ada, request=asked, times=times, at=NOON)  # type: ignore[arg-type]
    assert not ProposedTime.objects.exists()


def test_the_waiting_list_keeps_the_order_and_a_no_needs_words(
    ada: Membership, page: PublicPage, asked: AppointmentRequest
) -> None:
    later = request_appointment(page=page, said=SAID | {"name": "Noor"}, at=NOON + timedelta(hours=1))
    put_on_list(actor=ada, request=asked, at=NOON)
    assert [each.row for each in requests_of(ada)] == [later, asked]
    assert waiting(ada) == 1
    with pytest.raises(RecordError, match="kind word"):
        decline(actor=ada, request=later, words=" ", at=TOMORROW)
    decline(actor=ada, request=later, words="I am sorry.", at=TOMORROW)
    read = request_of(ada, later.pk)
    assert read is not None
    assert (read.reply, read.is_open) == ("I am sorry.", False)
    assert accept(actor=ada, request=asked, code="C-5", starts_at=SOON, at=TOMORROW).number == 1


def test_after_ninety_days_key_and_row_are_gone(ada: Membership, asked: AppointmentRequest) -> None:
    key = asked.key_id
    assert tidy(at=NOON + timedelta(days=89, hours=23)) == 0
    accepted = accept(actor=ada, request=asked, code="C-77", starts_at=SOON, at=NOON)
    assert tidy(at=NOON + timedelta(days=90)) == 1
    assert not AppointmentRequest.objects.exists()
    with pytest.raises(SettingsError):
        keyring().key(key)
    assert client_of(ada, accepted.episode_of_care.dyad.client_id) is not None
    assert AuditEntry.objects.filter(verb="request.forgotten").count() == 1


def test_a_new_request_and_the_command_forget_old_ones(
    page: PublicPage, asked: AppointmentRequest, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = request_appointment(page=page, said=SAID, at=NOON + timedelta(days=91))
    assert list(AppointmentRequest.objects.all()) == [fresh]
    monkeypatch.setattr("holdfast.practice.appointments.management.commands.tidy.now", lambda: NOON + KEPT * 3)
    call_command("tidy")
    assert "1 request of more than ninety days ago forgotten." in capsys.readouterr().out
    assert not AppointmentRequest.objects.exists()


def test_a_page_is_read_while_it_is_on_and_its_therapist_works_here(ada: Membership, page: PublicPage) -> None:
    assert page_at("ada") == page
    set_state(membership=ada, state="suspended", at=NOON)
    assert page_at("ada") is None
    page.refresh_from_db()
    with pytest.raises(LinkError):
        request_appointment(page=page, said=SAID, at=NOON)


def test_switched_off_it_takes_no_request(ada: Membership, page: PublicPage) -> None:
    off = set_page(actor=ada, slug="ada", is_on=False, texts={}, at=NOON)
    assert page_at("ada") is None
    with pytest.raises(LinkError):
        request_appointment(page=off, said=SAID, at=NOON)


@pytest.mark.parametrize("who", ["ben", "dan", "rae", "olga"])
def test_others_see_and_answer_nothing(
    who: str, ada: Membership, asked: AppointmentRequest, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    assert requests_of(actor) == []
    assert (request_of(actor, asked.pk), waiting(actor)) == (None, 0)
    assert not visible(actor, PublicPage).exists()
    for verb in (
        lambda: accept(actor=actor, request=asked, code="X", starts_at=SOON, at=NOON),
        lambda: propose(actor=actor, request=asked, times=[SOON], at=NOON),
        lambda: decline(actor=actor, request=asked, words="No.", at=NOON),
        lambda: put_on_list(actor=actor, request=asked, at=NOON),
    ):
        with pytest.raises(PermissionDenied):
            verb()
    if actor.role == "therapist":
        with pytest.raises(RecordError, match="is taken"):
            set_page(actor=actor, slug="ada", is_on=True, texts={}, at=NOON)
    else:
        with pytest.raises(PermissionDenied):
            set_page(actor=actor, slug="x", is_on=True, texts={}, at=NOON)


@pytest.mark.parametrize(
    "wrong", [{"state": "declined"}, {"decided_at": NOON}, {"state": "accepted", "decided_at": NOON}]
)
def test_the_database_holds_the_rules_too(wrong: dict[str, object], asked: AppointmentRequest) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        AppointmentRequest.objects.filter(pk=asked.pk).update(**wrong)
