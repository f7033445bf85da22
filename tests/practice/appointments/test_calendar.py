"""The calendar: series by the wall clock, moves, undo, weeks of any length, and the feed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from holdfast.errors import RecordError
from holdfast.practice.accounts.actions import set_state
from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import issue_link
from holdfast.practice.appointments.actions import end_feed, make_feed
from holdfast.practice.appointments.calendar import move
from holdfast.practice.appointments.ics import calendar, fold
from holdfast.practice.appointments.queries import feed_sessions, has_feed, week_of
from holdfast.practice.caseload.actions import book_series, book_session, mark_session, unmark_session
from holdfast.practice.caseload.models import Client, Session
from tests.practice.conftest import NOON
from tests.practice.sayings import answer

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def berlin() -> object:
    timezone.activate(BERLIN)
    yield
    timezone.deactivate()


@pytest.mark.parametrize(("first", "shift"), [(datetime(2026, 3, 23, 9, 0), -1), (datetime(2026, 10, 19, 9, 0), 1)])
def test_a_series_keeps_the_hour_when_the_clocks_change(
    first: datetime, shift: int, ada: Membership, cleo: Client, berlin: object
) -> None:
    start = first.replace(tzinfo=BERLIN)
    made = book_series(actor=ada, dyad=cleo.dyads.get(), first=start, weeks=1, count=2, at=NOON)
    assert [timezone.localtime(each.starts_at).hour for each in made] == [9, 9]
    assert made[1].starts_at - made[0].starts_at == timedelta(days=7, hours=shift)
    assert {each.starts_at.tzinfo for each in made} == {UTC}  # sums with a local time would be sums on the wall clock
    assert [each.number for each in made] == [1, 2]


@pytest.mark.parametrize(("weeks", "count"), [(0, 3), (5, 3), (1, 0), (1, 53)])
def test_a_series_has_bounds(weeks: int, count: int, ada: Membership, cleo: Client) -> None:
    with pytest.raises(RecordError, match="1 to 52 sessions"):
        book_series(actor=ada, dyad=cleo.dyads.get(), first=NOON, weeks=weeks, count=count, at=NOON)
    assert not Session.objects.exists()


def test_a_week_holds_its_days_by_the_local_clock_around_midnight(
    ada: Membership, cleo: Client, berlin: object
) -> None:
    dyad = cleo.dyads.get()
    late = book_session(actor=ada, dyad=dyad, starts_at=datetime(2026, 3, 29, 21, 59, tzinfo=UTC), at=NOON)
    early = book_session(actor=ada, dyad=dyad, starts_at=datetime(2026, 3, 29, 22, 0, tzinfo=UTC), at=NOON)
    first = week_of(ada, date(2026, 3, 25), date(2026, 3, 29))
    assert [each.day for each in first.days] == [date(2026, 3, 23) + timedelta(days=n) for n in range(7)]
    assert [row for row, _ in first.days[6].sessions] == [late]  # 23:59 on the day that has 23 hours
    assert first.days[6].is_today
    second = week_of(ada, first.after, date(2026, 3, 29))
    assert second.days[0].sessions == ((early, "Cleo Quellbach"),)
    assert second.before == first.days[0].day


def test_a_moved_session_takes_its_open_links_along(ada: Membership, session: Session) -> None:
    link = issue_link(actor=ada, session=session, purpose="after", at=NOON).invitation
    later = session.starts_at + timedelta(days=2)
    move(actor=ada, session=session, starts_at=later, at=NOON)
    before = (link.opens_at, link.closes_at)
    link.refresh_from_db()
    assert (link.opens_at, link.closes_at) == tuple(each + timedelta(days=2) for each in before)
    mark_session(actor=ada, session=session, state="missed", at=later)
    with pytest.raises(RecordError, match="not planned any more"):
        move(actor=ada, session=session, starts_at=NOON, at=NOON)


def test_a_mark_can_be_undone_until_somebody_has_answered(ada: Membership, session: Session) -> None:
    with pytest.raises(RecordError, match="nothing to undo"):
        unmark_session(actor=ada, session=session, at=NOON)
    mark_session(actor=ada, session=session, state="cancelled", at=NOON)
    assert unmark_session(actor=ada, session=session, at=NOON).marked_at is None
    answer(ada, session, 75)
    mark_session(actor=ada, session=session, state="held", at=NOON)
    with pytest.raises(RecordError, match="nothing to undo"):
        unmark_session(actor=ada, session=session, at=NOON)


def test_others_plan_and_move_nothing(dan: Membership, ben: Membership, session: Session) -> None:
    for actor in (dan, ben):
        with pytest.raises(PermissionDenied):
            move(actor=actor, session=session, starts_at=NOON, at=NOON)
        with pytest.raises(PermissionDenied):
            unmark_session(actor=actor, session=session, at=NOON)
        assert [day.sessions for day in week_of(actor, NOON.date(), NOON.date()).days] == [()] * 7


def test_the_feed_opens_with_its_secret_and_names_nobody(ada: Membership, session: Session) -> None:
    token = make_feed(actor=ada, at=NOON)
    assert has_feed(ada)
    assert feed_sessions(token, NOON) == [session]
    text = calendar([session], at=NOON)
    assert "Quellbach" not in text
    assert "C-01" not in text
    lines = text.split("\r\n")
    assert "DTSTART:20260504T120000Z" in lines
    assert "DTEND:20260504T125000Z" in lines
    assert (lines[0], lines[-2], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "")
    assert "STATUS:CONFIRMED" in lines
    session.state = Session.State.CANCELLED
    assert "STATUS:CANCELLED" in calendar([session], at=NOON)
    again = make_feed(actor=ada, at=NOON)
    assert feed_sessions(token, NOON) is None
    assert feed_sessions(again, NOON + timedelta(days=40)) == []
    end_feed(actor=ada, at=NOON)
    assert feed_sessions(again, NOON) is None
    assert not has_feed(ada)


def test_the_feed_of_somebody_who_left_is_dead(ada: Membership, ben: Membership, session: Session) -> None:
    token = make_feed(actor=ada, at=NOON)
    set_state(membership=ada, state="left", at=NOON)
    assert feed_sessions(token, NOON) is None
    with pytest.raises(PermissionDenied):
        make_feed(actor=ben, at=NOON)


def test_long_lines_are_folded_between_letters() -> None:
    folded = fold("SUMMARY:" + "ü" * 60)
    pieces = folded.split("\r\n ")
    assert "".join(pieces) == "SUMMARY:" + "ü" * 60
    assert all(len(piece.encode()) <= 75 for piece in folded.split("\r\n"))
    assert fold("short") == "short"
