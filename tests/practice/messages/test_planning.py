"""Messages about forms: planned when a session is booked, moved, cancelled; the link is made when it is sent."""

from collections.abc import Callable
from datetime import datetime

import pytest

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import exit_form, issue_link, open_form
from holdfast.practice.answers.models import Invitation
from holdfast.practice.appointments.calendar import move
from holdfast.practice.caseload.actions import book_session, mark_session, unmark_session
from holdfast.practice.caseload.contact import SafeContact, set_contact
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.checkins.actions import submit
from holdfast.practice.messages.actions import set_timetable
from holdfast.practice.messages.gateways import NotReachedError
from holdfast.practice.messages.models import Message, Timetable
from tests.practice.conftest import NOON
from tests.practice.messages.conftest import BY_MAIL, Kept, hours
from tests.practice.remember import remembered
from tests.practice.sayings import session_answers

Work = Callable[[datetime], None]
NEXT = NOON + hours(72)


@pytest.fixture
@remembered
def booked(ada: Membership, written_to: Client) -> Session:
    return book_session(actor=ada, dyad=written_to.dyads.get(), starts_at=NEXT, at=NOON)


def planned() -> dict[str, datetime]:
    rows = Message.objects.filter(state="waiting")
    return {f"{row.key.split(' ')[0]}": row.due_at for row in rows}


def test_booking_plans_both_forms_and_one_more_word(booked: Session) -> None:
    ends = NEXT + hours(50 / 60)
    assert planned() == {"before": NEXT - hours(24), "after": ends, "again": ends + hours(24)}


def test_without_a_safe_contact_nothing_is_planned_until_there_is_one(ada: Membership, cleo: Client) -> None:
    session = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=NEXT, at=NOON)
    assert planned() == {}
    set_contact(actor=ada, client=cleo, contact=BY_MAIL, at=NOON)
    assert set(planned()) == {"before", "after", "again"}
    set_contact(actor=ada, client=cleo, contact=SafeContact(channel="none"), at=NOON)
    assert planned() == {}
    assert session.state == "planned"


def test_moving_moves_and_cancelling_takes_back(ada: Membership, booked: Session) -> None:
    move(actor=ada, session=booked, starts_at=NEXT + hours(48), at=NOON)
    assert planned()["before"] == NEXT + hours(24)
    mark_session(actor=ada, session=booked, state="cancelled", at=NOON)
    assert planned() == {}
    unmark_session(actor=ada, session=booked, at=NOON)
    assert planned()["before"] == NEXT + hours(24)


def test_the_link_is_made_at_sending_time_and_opens_the_form(booked: Session, post: Kept, work: Work) -> None:
    assert Invitation.objects.count() == 0
    work(NEXT - hours(24))
    (envelope,) = post.sent
    assert envelope.body.startswith("Hi, your form is ready: https://forms.example.org/f#")
    token = envelope.body.partition("#")[2]
    assert open_form(token=token, at=NEXT - hours(23)).form.invitation.purpose == "before"
    assert token not in repr(list(Message.objects.values()))


def test_a_second_try_replaces_the_link_of_the_first(booked: Session, post: Kept, work: Work) -> None:
    at = NEXT - hours(24)
    post.broken = NotReachedError()
    work(at)
    post.broken = None
    work(Message.objects.get(key__startswith="before").next_at)
    assert len(post.sent) == 1
    assert sorted(Invitation.objects.values_list("state", flat=True)) == ["open", "replaced"]


def test_a_link_that_somebody_made_by_hand_is_left_alone(
    ada: Membership, booked: Session, post: Kept, work: Work
) -> None:
    link = issue_link(actor=ada, session=booked, purpose="before", at=NEXT - hours(30))
    work(NEXT - hours(24))
    link.invitation.refresh_from_db()
    assert (post.sent, link.invitation.state) == ([], "open")


def test_what_was_answered_is_not_named_again(booked: Session, post: Kept, work: Work) -> None:
    work(NEXT - hours(24))
    after = NEXT + hours(1)
    work(after)
    form = open_form(token=post.sent[-1].body.partition("#")[2], at=after).form
    submit(form=form, answers=session_answers(75), nonce="n", at=after)
    work(after + hours(25))
    assert [each.body.split(":")[0] for each in post.sent] == ["Hi, your form is ready"] * 2


def test_an_unanswered_form_is_named_once_more_and_then_never(booked: Session, post: Kept, work: Work) -> None:
    for at in (NEXT - hours(24), NEXT + hours(1), NEXT + hours(26), NEXT + hours(60)):
        work(at)
    said = [each.body.split(":")[0] for each in post.sent]
    assert said == ["Hi, your form is ready", "Hi, your form is ready", "Hi, your form is still open"]


def test_whoever_left_in_a_hurry_is_not_written_to_again(booked: Session, post: Kept, work: Work) -> None:
    after = NEXT + hours(1)
    work(after)
    exit_form(form=open_form(token=post.sent[-1].body.partition("#")[2], at=after).form, at=after)
    work(after + hours(26))
    assert len([each for each in post.sent if "still open" in each.body]) == 0


def test_a_session_that_was_missed_calls_for_no_form(ada: Membership, booked: Session, post: Kept, work: Work) -> None:
    Session.objects.update(state="missed", marked_at=NEXT)
    work(NEXT + hours(1))
    assert post.sent == []


def test_the_practice_sets_the_times(
    olga: Membership, ada: Membership, written_to: Client, post: Kept, work: Work
) -> None:
    times = Timetable(practice=olga.practice, before_hours=3, after_minutes=30, again_hours=None, appointment_hours=48)
    set_timetable(actor=olga, timetable=times, at=NOON)
    book_session(actor=ada, dyad=written_to.dyads.get(), starts_at=NEXT, at=NOON)
    assert set(planned()) == {"before", "after", "appointment"}
    work(NEXT - hours(48))
    assert post.sent[0].body == "Hi, see you on Thursday 7 May, 12:00."


def test_in_german_everything_is_german(ada: Membership, written_to: Client, post: Kept, work: Work) -> None:
    Client.objects.update(language="de")
    Timetable.objects.create(practice=ada.practice, appointment_hours=48)
    book_session(actor=ada, dyad=Client.objects.get().dyads.get(), starts_at=NEXT, at=NOON)
    work(NEXT - hours(48))
    work(NEXT - hours(24))
    assert post.sent[0].body == "Hallo, bis Donnerstag, 7. Mai, 12:00."
    assert post.sent[1].body.startswith("Hallo, Ihr Formular ist bereit: https://forms.example.org/f/de#")
