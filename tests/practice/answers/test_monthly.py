"""Once a month: due with the first session and then every 28 days, kept and shown like the others, never a signal."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser

from holdfast.errors import InstrumentError
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.actions import choose_forms
from holdfast.practice.answers.links import issue_link, open_form
from holdfast.practice.answers.models import CheckIn, Purpose, Score
from holdfast.practice.answers.monthly import is_monthly_due
from holdfast.practice.answers.release import choose_release, released
from holdfast.practice.caseload.actions import book_session
from holdfast.practice.caseload.contact import SafeContact, set_contact
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.checkins.actions import submit
from holdfast.practice.lib import clock
from holdfast.practice.messages.models import Message
from holdfast.practice.ruptures.models import RuptureEpisode
from tests.practice.conftest import NOON
from tests.practice.remember import remembered

FORM = "holdfast-monthly"
SignIn = Callable[[Membership | None], Browser]


@pytest.fixture
@remembered
def monthly(ada: Membership) -> Practice:
    """The practice asks once a month."""
    choose_forms(practice=ada.practice, occasion="monthly", ids=[FORM], at=NOON)
    ada.practice.refresh_from_db()
    return ada.practice


def said(value: int) -> dict[str, dict[str, int | str | None]]:
    items = ("base_dare", "base_try", "base_carry", "worry_wanted", "worry_much", "worry_there")
    return {FORM: dict.fromkeys(items, value)}


def answer(ada: Membership, session: Session, value: int = 3) -> CheckIn:
    at = session.starts_at + timedelta(hours=26)
    form = open_form(token=issue_link(actor=ada, session=session, purpose="monthly", at=at).token, at=at).form
    return submit(form=form, answers=said(value), nonce=f"m{session.pk}", at=at)


def weekly(ada: Membership, cleo: Client, count: int) -> list[Session]:
    dyad = cleo.dyads.get()
    return [
        book_session(actor=ada, dyad=dyad, starts_at=NOON + timedelta(days=7 * week), at=NOON) for week in range(count)
    ]


def test_due_with_the_first_session_and_then_every_four_weeks(monthly: Practice, ada: Membership, cleo: Client) -> None:
    due = []
    for session in weekly(ada, cleo, 10):
        if is_monthly_due(session):
            due.append(session.number)
            answer(ada, session)
    assert due == [1, 5, 9]


def test_who_leaves_it_out_is_not_asked_again_the_week_after(monthly: Practice, ada: Membership, cleo: Client) -> None:
    first, second, *_ = weekly(ada, cleo, 2)
    issue_link(actor=ada, session=first, purpose="monthly", at=first.starts_at)
    assert not is_monthly_due(second)


def test_it_is_planned_a_day_after_the_session_and_only_where_it_is_due(
    monthly: Practice, ada: Membership, cleo: Client
) -> None:
    set_contact(actor=ada, client=cleo, contact=SafeContact(channel="email", address="c@example.org"), at=NOON)
    sessions = weekly(ada, cleo, 6)
    planned = Message.objects.filter(key__startswith="monthly ")
    assert [row.about for row in planned] == [sessions[0].pk, sessions[4].pk]
    assert planned[0].due_at == sessions[0].starts_at + timedelta(minutes=50, hours=24)


def test_nothing_is_planned_where_the_practice_does_not_ask(ada: Membership, cleo: Client) -> None:
    set_contact(actor=ada, client=cleo, contact=SafeContact(channel="email", address="c@example.org"), at=NOON)
    (session,) = weekly(ada, cleo, 1)
    assert not Message.objects.filter(key__startswith="monthly ").exists()
    with pytest.raises(InstrumentError, match="by the month"):
        issue_link(actor=ada, session=session, purpose="monthly", at=NOON)


def test_a_practice_may_stop_asking_by_the_month_and_no_other_set_may_be_empty(monthly: Practice) -> None:
    choose_forms(practice=monthly, occasion="monthly", ids=[], at=NOON)
    monthly.refresh_from_db()
    assert monthly.monthly_forms == []
    with pytest.raises(InstrumentError):
        choose_forms(practice=monthly, occasion="monthly", ids=["holdfast-before"], at=NOON)


def test_it_is_kept_scored_and_signals_nothing(monthly: Practice, ada: Membership, session: Session) -> None:
    check_in = answer(ada, session, 0)
    scores = {row.scale: (row.raw, row.reason is None) for row in Score.objects.filter(check_in=check_in)}
    assert scores["secure_base"] == (0.0, True)
    assert scores["closeness"][0] is None  # not answered: complete only
    assert not RuptureEpisode.objects.exists()


def test_it_is_released_by_a_choice_of_its_own(
    monthly: Practice, ada: Membership, cleo: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = weekly(ada, cleo, 2)
    choose_release(actor=ada, client=cleo, kind="monthly", release="next session", at=NOON)
    check_in = answer(ada, first)
    monkeypatch.setattr(clock, "now", lambda: first.starts_at + timedelta(days=2))
    assert not released().filter(pk=check_in.pk).exists()
    monkeypatch.setattr(clock, "now", lambda: second.starts_at)
    assert released().filter(pk=check_in.pk).exists()


def test_only_as_a_trend_shows_the_mean_of_three_months_and_no_single_one(
    monthly: Practice, ada: Membership, cleo: Client, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = weekly(ada, cleo, 9)
    choose_release(actor=ada, client=cleo, kind="monthly", release="trend", at=NOON)
    for session, value in zip((sessions[0], sessions[4], sessions[8]), (1, 2, 4), strict=True):
        answer(ada, session, value)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=60))
    page = signed_in(ada).get(f"/clients/{cleo.pk}/").content.decode()
    assert "Over months" not in page
    assert "Secure base, three answers at a time, on average: 58.3." in page  # (25 + 50 + 100) / 3


def test_the_pages_offer_it_and_show_it_over_months(
    monthly: Practice, ada: Membership, cleo: Client, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = weekly(ada, cleo, 5)
    monkeypatch.setattr(clock, "now", lambda: NOON)
    desk = signed_in(ada)
    assert "Once a month" in desk.get(f"/sessions/{sessions[0].pk}/").content.decode()
    made = desk.post(f"/sessions/{sessions[0].pk}/links/", {"purpose": "monthly"}).content.decode()
    assert 'title="QR code' in made or "QR code" in made
    answer(ada, sessions[0], 1)
    answer(ada, sessions[4], 3)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=30))
    page = signed_in(ada).get(f"/clients/{cleo.pk}/").content.decode()
    assert "Over months" in page
    assert "You as a base to explore from: 25 in May, 75 in June, from 0 to 100." in page
    assert "no change here is called reliable" in page
    assert "Project items, not validated." in page
    plain = signed_in(ada).get(f"/sessions/{sessions[2].pk}/").content.decode()
    assert "<h2>Once a month</h2>" not in plain


def test_on_paper_too(monthly: Practice, ada: Membership, session: Session, signed_in: SignIn, noon: object) -> None:
    path = f"/sessions/{session.pk}/paper/monthly/"
    desk = signed_in(ada)
    page = desk.get(path).content.decode()
    assert "With my therapist beside me I dare to look at what frightens me." in page
    assert desk.post(path, {"holdfast-monthly.base_dare": "2"}).status_code == 302
    assert CheckIn.objects.get().purpose == Purpose.MONTHLY
