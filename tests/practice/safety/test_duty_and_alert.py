"""Asked only where two people read it; passed on with the answers; closed by a person alone."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.actions import set_state
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.accounts.policy import may, visible
from holdfast.practice.answers.links import issue_link
from holdfast.practice.answers.models import CheckIn, Invitation, OpenForm
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.actions import book_session
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.caseload.sharing import withdraw_consent
from holdfast.practice.checkins.actions import enter_from_paper
from holdfast.practice.checkins.queries import help_for
from holdfast.practice.messages.models import Due, Message
from holdfast.practice.messages.words import tells, words_in
from holdfast.practice.reading.queries import statement_of, waiting_of
from holdfast.practice.safety.actions import end_duty, read_alert, set_duty
from holdfast.practice.safety.contacts import countries
from holdfast.practice.safety.hours import ReadingHours
from holdfast.practice.safety.models import Alert, Duty
from holdfast.practice.safety.queries import Passing, bars, duty_of, standing_of
from tests.practice.conftest import NOON
from tests.practice.messages.conftest import Kept, hours
from tests.practice.safety.conftest import EVERY_DAY, Say, terms

Work = Callable[[datetime], None]
WEEK = ReadingHours(opens=time(9), closes=time(17), weekdays=EVERY_DAY)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-05-04 12:00", 2, "2026-05-04 14:00"),  # a Monday
        ("2026-05-04 16:00", 2, "2026-05-05 10:00"),
        ("2026-05-04 06:00", 1, "2026-05-04 10:00"),
        ("2026-05-04 19:00", 8, "2026-05-05 17:00"),
        ("2026-05-08 16:30", 1, "2026-05-11 09:30"),  # over the weekend
        ("2026-05-09 12:00", 6, "2026-05-11 15:00"),
    ],
)
def test_reading_hours_pass_only_while_somebody_reads(start: str, count: float, end: str) -> None:
    """Sums by hand on a calendar, in UTC."""
    at = datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert WEEK.after(at, count) == datetime.fromisoformat(end).replace(tzinfo=UTC)


def test_reading_hours_keep_the_wall_clock_over_daylight_saving(settings: object) -> None:
    """Berlin, 25 October 2026, 3:00 becomes 2:00: from Friday 16:30 one hour ends on Monday 9:30, now UTC+1."""
    settings.TIME_ZONE = "Europe/Berlin"  # type: ignore[attr-defined]
    friday = datetime(2026, 10, 23, 14, 30, tzinfo=UTC)
    assert WEEK.after(friday, 1) == datetime(2026, 10, 26, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "other",
    [{"weekdays": ()}, {"weekdays": (7,)}, {"closes": time(9)}, {"within_hours": 0}, {"phone": " "}, {"country": "XX"}],
)
def test_a_duty_that_is_not_whole_is_refused(
    other: dict[str, object], olga: Membership, ada: Membership, ben: Membership
) -> None:
    with pytest.raises(RecordError, match="Fill in all"):
        set_duty(actor=olga, terms=terms(ben, ada, **other), at=NOON)
    assert not Duty.objects.exists()


def test_two_different_people_who_work_here(
    olga: Membership, ada: Membership, ben: Membership, dan: Membership
) -> None:
    set_state(membership=ben, state="suspended", at=NOON)
    for pair in ((ada, ada), (ben, ada), (dan, ada)):
        with pytest.raises(RecordError):
            set_duty(actor=olga, terms=terms(*pair), at=NOON)


@pytest.mark.parametrize("chair", ["ada", "ben", "rae", "dan"])
def test_only_who_runs_the_practice_gives_the_duty(
    chair: str, ada: Membership, ben: Membership, olga: Membership, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(PermissionDenied):
        set_duty(actor=request.getfixturevalue(chair), terms=terms(ben, ada), at=NOON)


def _forms(ada: Membership, session: Session) -> list[str]:
    return [each["id"] for each in issue_link(actor=ada, session=session, purpose="before", at=NOON).invitation.forms]


def test_asked_with_duty_and_consent_and_else_the_shorter_form_goes_out(
    asked: Client, duty: Duty, ada: Membership, session: Session
) -> None:
    assert _forms(ada, session) == ["phq-9", "holdfast-before"]
    withdraw_consent(actor=ada, consent=asked.consents.get(), at=NOON)
    assert _forms(ada, session) == ["phq-8", "holdfast-before"]


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_when_one_of_the_two_leaves_forms_come_without_it_and_the_owner_is_told_once(
    who: str,
    asked: Client,
    ada: Membership,
    session: Session,
    olga: Membership,
    post: Kept,
    work: Work,
    request: pytest.FixtureRequest,
) -> None:
    gone = request.getfixturevalue(who)
    Membership.objects.filter(pk=gone.pk).update(state="suspended")
    work(NOON)
    work(NOON + hours(1))
    assert [each.address for each in post.sent] == [olga.person.email]
    assert bars(olga, NOON).is_broken
    if who == "ben":
        assert _forms(ada, session) == ["phq-8", "holdfast-before"]


def test_a_form_that_may_not_be_shortened_is_left_out(asked: Client, ada: Membership, session: Session) -> None:
    Practice.objects.update(before_forms=["core-10", "phq-8"])
    ada.practice.refresh_from_db()
    withdraw_consent(actor=ada, consent=asked.consents.get(), at=NOON)
    assert _forms(ada, session) == ["phq-8"]


@pytest.mark.parametrize(("value", "alerts"), [(0, 0), (None, 0), ("declined", 0), (1, 1), (3, 1)])
def test_only_more_than_the_lowest_answer_calls_for_a_person(value: int | str | None, alerts: int, say: Say) -> None:
    say(value)
    assert Alert.objects.count() == alerts
    assert Message.objects.filter(kind="form-waiting").count() == alerts


def test_no_answer_is_never_a_no(say: Say, ada: Membership, session: Session) -> None:
    assert statement_of(ada, [session]) == "Not asked."
    say(None)
    assert statement_of(ada, [session]) == "Asked on 4 May, not answered."


def test_the_lowest_answer_is_said_and_nothing_is_made_of_it(say: Say, ada: Membership, session: Session) -> None:
    say(0)
    assert statement_of(ada, [session]) == "Answered “Not at all” on 4 May."


def test_it_is_said_until_a_person_has_read_it_and_by_whom(
    say: Say, ada: Membership, ben: Membership, session: Session
) -> None:
    check_in = say(2)
    assert statement_of(ada, [session]) == "Answered above “Not at all” on 4 May, not read yet."
    alert = Alert.objects.get(check_in=check_in)
    read_alert(actor=ben, alert=alert, at=NOON + timedelta(hours=2, minutes=20))
    assert statement_of(ada, [session]) == "Answered above “Not at all” on 4 May, read by Ben at 14:20."
    assert not visible(ben, Alert).exists()
    assert visible(ada, Alert).get() == alert


def test_alert_message_and_timers_are_in_the_transaction_of_the_answers(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise IntegrityError("the last step fails")

    monkeypatch.setattr("holdfast.practice.checkins.actions.record", fails)
    with pytest.raises(IntegrityError), transaction.atomic():
        say(2)
    assert not CheckIn.objects.exists()
    assert not Alert.objects.exists()
    assert not Due.objects.exists()
    assert not Message.objects.filter(kind="form-waiting").exists()


def test_the_same_form_sent_twice_raises_one_alert(say: Say) -> None:
    assert say(1).pk == say(1).pk
    assert Alert.objects.count() == 1


def test_an_answer_on_paper_calls_for_a_person_too(asked: Client, ada: Membership, session: Session) -> None:
    answers = {"phq-9": {f"q{place}": 0 for place in range(1, 9)} | {"q9": 1}}
    enter_from_paper(actor=ada, session=session, purpose="before", answers=answers, comment="", at=NOON)
    assert Alert.objects.count() == 1


def test_unread_it_goes_on_to_the_substitute_then_to_the_owner_and_then_it_is_overdue(
    say: Say, ada: Membership, ben: Membership, olga: Membership, post: Kept, work: Work
) -> None:
    """From Monday noon, six reading hours end on Tuesday 10:00; two on Monday 14:00, four at 16:00."""
    say(1)
    alert = Alert.objects.get()
    assert alert.promised_at == NOON + hours(22)
    told = []
    for at in (0, 1.9, 2, 3.9, 4, 21.9, 22):
        work(NOON + hours(at))
        told.append([each.address for each in post.sent])
        post.sent.clear()
    assert told == [[ben.person.email], [], [ada.person.email], [], [olga.person.email], [], []]
    alert.refresh_from_db()
    assert alert.overdue
    assert bars(olga, NOON + hours(22)).mine == (alert,)
    assert bars(_other(ada), NOON + hours(22)).overdue == 1
    read_alert(actor=ben, alert=alert, at=NOON + hours(23))
    alert.refresh_from_db()
    assert alert.overdue  # on record for good
    assert not bars(olga, NOON + hours(23))


def _other(ada: Membership) -> Membership:
    """Somebody of the practice who has nothing to do with it."""
    from tests.practice.conftest import _person

    return _person(ada.practice, "Una", "administrator")


def test_nothing_goes_on_once_it_is_read(say: Say, ben: Membership, post: Kept, work: Work) -> None:
    say(1)
    work(NOON)
    read_alert(actor=ben, alert=Alert.objects.get(), at=NOON + hours(1))
    post.sent.clear()
    work(NOON + hours(30))
    assert post.sent == []


def test_a_responder_who_is_away_is_passed_over_at_once(
    say: Say, ada: Membership, ben: Membership, olga: Membership, post: Kept, work: Work
) -> None:
    """Olga hears of the broken duty besides."""
    Membership.objects.filter(pk=ben.pk).update(state="left")
    say(1)
    work(NOON)
    bodies = {each.address: each.body for each in post.sent}
    assert bodies == {
        ada.person.email: "A form is waiting for you. Please sign in.",
        olga.person.email: "A setting is waiting for you. Please sign in.",
    }


def test_with_both_away_the_owner_hears_at_once(
    say: Say, ada: Membership, ben: Membership, olga: Membership, post: Kept, work: Work
) -> None:
    say_now = say
    Membership.objects.filter(pk__in=[ben.pk]).update(state="left")
    Duty.objects.update(substitute=ben)
    say_now(1)
    work(NOON)
    assert olga.person.email in {each.address for each in post.sent}


def test_a_form_on_its_way_when_the_duty_ends_is_read_as_it_promised(
    say: Say, form: OpenForm, ada: Membership, ben: Membership, olga: Membership, post: Kept, work: Work
) -> None:
    """The same two people, the same contacts, the same number to call; only new forms come without the question."""
    before = after_page(form)
    end_duty(actor=olga, at=NOON)
    check_in = say(1)
    for at in (0, 2, 4):
        work(NOON + hours(at))
    assert [each.address for each in post.sent] == [ben.person.email, ada.person.email, olga.person.email]
    assert after_page(form) == before
    standing = standing_of(check_in.pk, NOON)
    assert standing is not None
    assert standing.phone == "030 1234567"
    later = book_session(actor=ada, dyad=form.invitation.client.dyads.get(), starts_at=NOON + hours(3), at=NOON)
    assert _forms(ada, later) == ["phq-8", "holdfast-before"]


def after_page(form: OpenForm) -> object:
    return help_for(form.invitation.client.practice, "en")


def test_what_waits_goes_on_waiting_when_the_duty_ends(say: Say, ben: Membership, olga: Membership) -> None:
    say(1)
    end_duty(actor=olga, at=NOON)
    alert = Alert.objects.get()
    assert waiting_of(ben, alert.pk, NOON) is not None
    assert read_alert(actor=ben, alert=alert, at=NOON).read_by == ben


def test_a_duty_that_ended_can_begin_again(duty: Duty, olga: Membership, ada: Membership, ben: Membership) -> None:
    end_duty(actor=olga, at=NOON)
    assert duty_of(olga.practice) is None
    set_duty(actor=olga, terms=terms(ben, ada), at=NOON)
    assert duty_of(olga.practice) is not None


def test_who_read_it_first_stays(say: Say, ada: Membership, ben: Membership) -> None:
    say(1)
    first, second = Alert.objects.get(), Alert.objects.get()
    read_alert(actor=ben, alert=first, at=NOON)
    assert read_alert(actor=ada, alert=second, at=NOON + hours(1)).read_by == ben
    assert AuditEntry.objects.filter(verb="alert.closed").count() == 1


def test_what_was_read_on_another_day_says_the_day(
    say: Say, ada: Membership, ben: Membership, session: Session
) -> None:
    say(1)
    read_alert(actor=ben, alert=Alert.objects.get(), at=NOON + hours(21))
    assert statement_of(ada, [session]).endswith("read by Ben on 5 May at 09:00.")


@pytest.mark.parametrize(
    ("chair", "stages"),
    [("ben", (0, 1, 2)), ("ada", (0, 1, 2)), ("olga", (2,)), ("rae", ()), ("dan", ())],
)
def test_who_may_read_it_at_which_stage(
    chair: str, stages: tuple[int, ...], say: Say, request: pytest.FixtureRequest
) -> None:
    """Ada sees it from the start as the client's therapist."""
    say(1)
    alert = Alert.objects.get()
    actor = request.getfixturevalue(chair)
    for stage in Alert.Stage:
        Alert.objects.update(stage=stage)
        assert (waiting_of(actor, alert.pk, NOON) is not None) == (stage in stages)
        assert may(actor, "read", alert) == (stage in stages)


@pytest.mark.parametrize("state", ["invited", "suspended", "left"])
def test_a_responder_who_does_not_work_here_sees_nothing(state: str, say: Say, ben: Membership) -> None:
    say(1)
    set_state(membership=ben, state=state, at=NOON)
    assert waiting_of(ben, Alert.objects.get().pk, NOON) is None


def test_the_client_s_page_says_exactly_one_of_three_things(say: Say, post: Kept, work: Work) -> None:
    check_in = say(1)
    standing = standing_of(check_in.pk, NOON)
    assert standing is not None
    assert standing.passing is Passing.NOT_YET
    work(NOON + timedelta(seconds=5))
    passed = standing_of(check_in.pk, NOON + timedelta(seconds=6))
    assert passed is not None
    assert (passed.passing, passed.at) == (Passing.PASSED, NOON + timedelta(seconds=5))


def test_handed_over_is_never_read(say: Say, ada: Membership, session: Session, post: Kept, work: Work) -> None:
    say(1)
    work(NOON)
    assert Alert.objects.get().read_at is None
    assert statement_of(ada, [session]).endswith("not read yet.")


def test_messages_say_nothing(say: Say, post: Kept, work: Work) -> None:
    """Goal 24: every staff message, in every language, holds no word that tells an onlooker."""
    say(1)
    work(NOON)
    (envelope,) = post.sent
    assert envelope.body == "A form is waiting for you. Please sign in."
    for language in ("en", "de"):
        words = words_in(language).words
        assert not [each for each in words.values() if tells(each)]
    assert tells("An answer about suicide waits at Oak Street Therapy.")  # the control


def test_contacts_were_checked_within_a_year() -> None:
    assert countries()
    for each in countries().values():
        assert datetime.now(UTC).date() - each.checked < timedelta(days=366), each.country
        assert each.lines
        assert all(line.source and line.numbers and set(line.when) == {"en", "de"} for line in each.lines)


def test_closed_links_of_others_stay_as_they_are(say: Say, asked: Client) -> None:
    say(3)
    assert set(Invitation.objects.values_list("state", flat=True)) == {"submitted"}
