"""The public page and the therapist's own, through the browser's door: the trap, the pace, the limit, five chairs."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.appointments import gate, urls
from holdfast.practice.appointments.actions import make_feed, propose, request_appointment
from holdfast.practice.appointments.models import AppointmentRequest, CalendarFeed, ProposedTime, PublicPage
from holdfast.practice.caseload.actions import mark_session, unmark_session
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.lib import clock
from tests.practice.appointments.conftest import SAID
from tests.practice.conftest import NOON

SignedIn = Callable[[Membership | None], Browser]
OURS = {"HTTP_ORIGIN": "http://testserver"}
SECRETS = ("Orlow", "9911", "Sleepless", "Quellbach")


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def filled(*, seconds: float = 10, **more: str) -> dict[str, str]:
    return {**SAID, "ticket": gate.ticket(NOON.timestamp() - seconds), gate.TRAP: "", **more}


def test_the_public_page_is_found_by_search_and_leaves_no_cookie(page: PublicPage, noon: datetime) -> None:
    answer = Browser().get("/with/ada/")
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "index, nofollow"
    assert not answer.cookies
    text = answer.content.decode()
    assert text.index("If it cannot wait") < text.index("<form")
    assert "local emergency number" in text
    assert not [word for word in ("diagnos", "symptom", "medication") if word in text.lower()]
    assert Browser().get("/with/nobody/").status_code == 404


def test_a_request_arrives_and_gets_the_same_words_for_everybody(page: PublicPage, noon: datetime) -> None:
    browser = Browser()
    for name in ("Mika Orlow", "Cleo Quellbach"):
        answer = browser.post("/with/ada/", filled(name=name), **OURS)
        assert answer["Location"] == "/with/ada/sent/"
    assert AppointmentRequest.objects.count() == 2
    assert b"has arrived" in browser.get("/with/ada/sent/").content
    assert not answer.cookies


@pytest.mark.parametrize(
    ("wrong", "status", "says"),
    [
        ({"name": ""}, 422, "Fill this in."),
        ({gate.TRAP: "http://spam"}, 422, "send it once more"),
        ({"ticket": "1:forged"}, 422, "send it once more"),
        ({"ticket": gate.ticket}, 422, "send it once more"),
        ({"words": "x" * 601}, 422, "600"),
    ],
)
def test_what_no_person_sends_keeps_what_was_written_and_stores_nothing(
    wrong: dict[str, object], status: int, says: str, page: PublicPage, noon: datetime
) -> None:
    given = {key: value(NOON.timestamp() - 1) if callable(value) else value for key, value in wrong.items()}
    answer = Browser().post("/with/ada/", {**filled(), **given}, **OURS)
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert "Tuesday mornings" in answer.content.decode()
    assert not AppointmentRequest.objects.exists()


def test_a_page_open_for_more_than_a_day_and_a_foreign_post_are_refused(page: PublicPage, noon: datetime) -> None:
    assert Browser().post("/with/ada/", filled(seconds=25 * 3600), **OURS).status_code == 422
    assert Browser().post("/with/ada/", filled(), HTTP_ORIGIN="https://elsewhere.example").status_code == 403
    assert Browser().post("/with/ada/", filled()).status_code == 403
    assert not AppointmentRequest.objects.exists()


def test_five_an_hour_from_one_address(page: PublicPage, noon: datetime) -> None:
    answers = [Browser().post("/with/ada/", filled(), **OURS).status_code for _ in range(7)]
    assert answers == [302] * 5 + [429] * 2
    assert AppointmentRequest.objects.count() == 5
    other = Browser().post("/with/ada/", filled(), REMOTE_ADDR="192.0.2.7", **OURS)
    assert other.status_code == 302


def test_from_the_request_to_the_first_session_on_the_pages(
    ada: Membership, asked: AppointmentRequest, signed_in: SignedIn
) -> None:
    desk, path = signed_in(ada), f"/requests/{asked.pk}/"
    assert "Mika Orlow" in desk.get("/requests/").content.decode()
    assert "1<span" in desk.get("/calendar/").content.decode()
    past = desk.post(path + "propose/", {"day1": "2026-05-01", "time1": "10:00"})
    assert (past.status_code, "one to three times" in past.content.decode()) == (422, True)
    made = desk.post(
        path + "propose/", {"day1": "2026-05-11", "time1": "10:00", "day2": "2026-05-12", "time2": "09:00"}
    )
    found = re.search(r"/times#([\w-]+)", made.content.decode())
    assert found is not None
    token = found[1]
    assert token not in desk.get(path).content.decode()
    stranger = Browser()
    shown = stranger.post("/times/open", {"token": token}, **OURS).content.decode()
    assert "Monday 11 May, 10:00" in shown
    assert not [secret for secret in (*SECRETS, "Ada", "Oak Street") if secret in shown]
    chosen = ProposedTime.objects.first()
    assert chosen is not None
    assert b"has arrived" in stranger.post("/times/choose", {"token": token, "time": chosen.pk}, **OURS).content
    assert stranger.post("/times/choose", {"token": token, "time": chosen.pk}, **OURS).status_code == 404
    assert "They chose Monday 11 May, 10:00" in desk.get(path).content.decode()
    taken = desk.post(path + "accept/", {"accept-code": "C-9", "accept-day": "2026-05-11", "accept-time": "10:00"})
    session = Session.objects.get()
    assert taken["Location"] == f"/sessions/{session.pk}/"
    assert "first session Monday 11 May 2026, 10:00" in desk.get(path).content.decode()


def test_a_no_a_list_and_a_code_that_is_taken(
    ada: Membership, cleo: Client, asked: AppointmentRequest, signed_in: SignedIn
) -> None:
    desk, path = signed_in(ada), f"/requests/{asked.pk}/"
    taken = desk.post(path + "accept/", {"accept-code": "C-01", "accept-day": "2026-05-11", "accept-time": "10:00"})
    assert (taken.status_code, "C-01" in taken.content.decode()) == (422, True)
    assert desk.post(path + "list/").status_code == 302
    assert desk.post(path + "decline/", {"words": ""}).status_code == 422
    assert desk.post(path + "decline/", {"words": "I am sorry."}).status_code == 302
    assert "I am sorry." in desk.get(path).content.decode()
    assert desk.post(path + "list/").status_code == 422


def test_the_week_plans_moves_cancels_and_undoes(
    ada: Membership, cleo: Client, signed_in: SignedIn, noon: datetime
) -> None:
    desk = signed_in(ada)
    form = {"client": cleo.pk, "day": "2026-05-05", "time": "09:00", "weeks": "1", "count": "3"}
    assert desk.post("/calendar/book/", {**form, "count": "0"}).status_code == 422
    assert desk.post("/calendar/book/", form)["Location"] == "/calendar/?day=2026-05-05"
    assert Session.objects.count() == 3
    session = Session.objects.get(number=2)
    assert "Cleo Quellbach" in desk.get("/calendar/?day=2026-05-12").content.decode()
    assert desk.get("/calendar/?day=nonsense").status_code == 200
    moved = desk.post(f"/sessions/{session.pk}/move/", {"day": "2026-05-13", "time": "11:30"})
    assert moved["Location"] == "/calendar/?day=2026-05-13"
    assert desk.post(f"/sessions/{session.pk}/move/", {"day": "x", "time": ""}).status_code == 422
    for state, stands in (("cancelled", "cancelled"), ("", "planned"), ("missed", "missed")):
        assert desk.post(f"/sessions/{session.pk}/state/", {"state": state}).status_code == 302
        session.refresh_from_db()
        assert session.state == stands
    assert desk.post(f"/sessions/{session.pk}/state/", {"state": "eaten"}).status_code == 422


def test_the_feed_address_is_shown_once(ada: Membership, session: Session, signed_in: SignedIn, noon: datetime) -> None:
    desk = signed_in(ada)
    made = desk.post("/calendar/feed/").content.decode()
    found = re.search(r"/feed/([\w-]+)\.ics", made)
    assert found is not None
    answer = Browser().get(f"/feed/{found[1]}.ics")
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"SUMMARY:Session" in answer.content
    assert found[1] not in desk.get("/calendar/").content.decode()
    assert desk.post("/calendar/feed/", {"end": "1"}).status_code == 302
    assert Browser().get(f"/feed/{found[1]}.ics").status_code == 404


def test_the_own_page_is_written_switched_on_and_refused_where_taken(
    ada: Membership, dan: Membership, signed_in: SignedIn
) -> None:
    desk = signed_in(ada)
    assert desk.post("/my-page/", {"slug": "Ada Quist", "who": "x"}).status_code == 422
    assert desk.post("/my-page/", {"slug": "ada", "who": "I am Ada.", "is_on": "on"}).status_code == 302
    assert b"I am Ada." in Browser().get("/with/ada/").content
    taken = signed_in(dan).post("/my-page/", {"slug": "ada", "who": "I am Dan."})
    assert (taken.status_code, "is taken" in taken.content.decode()) == (422, True)
    assert desk.post("/my-page/", {"slug": "ada", "who": "I am Ada."}).status_code == 302
    assert Browser().get("/with/ada/").status_code == 404


@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga", None])
def test_others_find_nothing_and_change_nothing(
    chair: str | None,
    ada: Membership,
    asked: AppointmentRequest,
    session: Session,
    signed_in: SignedIn,
    request: pytest.FixtureRequest,
) -> None:
    make_feed(actor=ada, at=NOON)
    browser = signed_in(request.getfixturevalue(chair) if chair else None)
    models = (AppointmentRequest, ProposedTime, Session, Client)
    before = [list(model.objects.values()) for model in models]
    for path in ("/calendar/", "/requests/", f"/requests/{asked.pk}/"):
        answer = browser.get(path, follow=True)
        assert not [secret for secret in SECRETS if secret in answer.content.decode()]
    keys = {"request": asked.pk, "session": session.pk}
    for name, path, form in (
        ("request", "/requests/{}/accept/", {"accept-code": "X", "accept-day": "2026-05-11", "accept-time": "10:00"}),
        ("request", "/requests/{}/propose/", {"day1": "2026-05-11", "time1": "10:00"}),
        ("request", "/requests/{}/decline/", {"words": "No."}),
        ("request", "/requests/{}/list/", {}),
        ("session", "/sessions/{}/move/", {"day": "2026-05-11", "time": "10:00"}),
        ("session", "/sessions/{}/state/", {"state": "cancelled"}),
    ):
        answer = browser.post(path.format(keys[name]), form)
        assert answer.status_code in ((404, 403) if chair else (302,))
        assert not [secret for secret in SECRETS if secret in answer.content.decode()]
    browser.post("/calendar/book/", {"client": "x", "day": "2026-05-05", "time": "09:00", "weeks": "1", "count": "3"})
    assert [list(model.objects.values()) for model in models] == before
    assert CalendarFeed.objects.filter(therapist=ada).count() == 1


def test_every_address_of_the_room_is_asked_for_above() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == {
        "public-page", "public-sent", "times-door", "times-open", "times-choose", "feed", "calendar", "book-series",
        "feed-address", "move-session", "session-state", "requests", "request", "accept-request", "propose-times",
        "decline-request", "list-request", "own-page",
    }  # fmt: skip


def test_the_door_of_the_times_is_the_same_bytes_and_a_wrong_secret_opens_nothing(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=1))
    assert Browser().get("/times").content == Browser().get("/times").content
    closed = {Browser().post("/times/open", {"token": token}, **OURS).content for token in ("", "x" * 27)}
    closed |= {Browser().post("/times/choose", {"token": "x" * 27, "time": ""}, **OURS).content}
    assert len(closed) == 1


def test_of_two_who_choose_the_same_time_the_second_is_told_and_chooses_another(
    ada: Membership, page: PublicPage, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    soon, later = NOON + timedelta(days=2), NOON + timedelta(days=3)
    first, second = (request_appointment(page=page, said=SAID | {"name": name}, at=NOON) for name in ("Mika", "Noor"))
    one = propose(actor=ada, request=first, times=[soon], at=NOON)
    two = propose(actor=ada, request=second, times=[soon + timedelta(minutes=49), later], at=NOON)
    same, other = second.times.all()
    stranger = Browser()
    assert stranger.post("/times/open", {"token": two}, **OURS).content.count(b'type="radio"') == 3
    assert stranger.post("/times/choose", {"token": one, "time": first.times.get().pk}, **OURS).status_code == 200
    late = stranger.post("/times/choose", {"token": two, "time": same.pk}, **OURS)
    assert late.status_code == 422
    assert b"This time is taken by now." in late.content
    assert late.content.count(b'type="radio"') == 2
    assert not [name for name in (b"Mika", b"Noor", b"Ada") if name in late.content]
    second.refresh_from_db()
    assert (second.state, second.times.filter(is_chosen=True).exists()) == ("proposed", False)
    assert stranger.post("/times/choose", {"token": two, "time": other.pk}, **OURS).status_code == 200
    assert second.times.get(is_chosen=True) == other


def test_a_session_in_the_calendar_takes_a_proposed_time_until_it_is_cancelled(
    ada: Membership, asked: AppointmentRequest, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = session.starts_at - timedelta(days=1)
    monkeypatch.setattr(clock, "now", lambda: at)
    ends = session.starts_at + timedelta(minutes=session.minutes)
    asked.arrived_at = at - timedelta(hours=1)
    asked.save()
    token = propose(actor=ada, request=asked, times=[ends - timedelta(minutes=1)], at=at)
    shown = Browser().post("/times/open", {"token": token}, **OURS).content
    assert b"All of these times are taken by now." in shown
    assert shown.count(b'type="radio"') == 1
    mark_session(actor=ada, session=session, state="cancelled", at=at)
    assert Browser().post("/times/open", {"token": token}, **OURS).content.count(b'type="radio"') == 2
    free = propose(actor=ada, request=asked, times=[ends], at=at)
    unmark_session(actor=ada, session=session, at=at)
    answer = {"token": free, "time": asked.times.get().pk}
    assert Browser().post("/times/choose", answer, **OURS).status_code == 200
