"""How the page is given, opened and closed again. The refusals are the point."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session as BrowserSession
from django.test import Client as Browser

from holdfast.errors import RecordError
from holdfast.practice.accounts.actions import set_practice
from holdfast.practice.accounts.models import Device, Membership, SetUpLink
from holdfast.practice.accounts.ways_in import WRONG_PINS, PinRefused, add_device, person_behind
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.own_page import give_page, take_page_back
from holdfast.practice.lib import clock
from tests.practice.insight.conftest import WORDS, Therapy
from tests.practice.own.conftest import OURS, PIN, GivePage

SignIn = Callable[[Membership | None], Browser]
PLACES = ("/mine/", "/mine/answers/", "/mine/goals/", "/mine/choices/", "/mine/keys/")


def test_a_page_is_given_opened_once_and_read(opened: Therapy, ada: Membership) -> None:
    made = give_page(actor=ada, client=opened.client, at=opened.now)
    phone, second = Browser(), Browser()
    assert phone.get("/mine/begin/").cookies.keys() == set()
    assert phone.post("/mine/begin/open/", {"token": made.token}, **OURS).headers["Location"] == "/mine/begin/ways/"
    assert second.post("/mine/begin/open/", {"token": made.token}, **OURS).status_code == 404
    done = phone.post("/mine/begin/pin/", {"pin": PIN, "again": PIN})
    assert done.headers["Location"] == "/mine/"
    cookie = done.cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")
    for place in PLACES:
        assert phone.get(place).status_code == 200, place
    assert cookie.value not in str(list(Device.objects.values()))


def test_the_typed_code_opens_it_too_and_too_many_wrong_ones_wait(opened: Therapy, ada: Membership) -> None:
    made = give_page(actor=ada, client=opened.client, at=opened.now)
    phone = Browser()
    assert phone.post("/mine/begin/open/", {"code": "no such code"}, **OURS).status_code == 404
    typed = made.code.lower().replace("0", "o")
    assert phone.post("/mine/begin/open/", {"code": typed}, **OURS).status_code == 302
    again = give_page(actor=ada, client=opened.client, at=opened.now)
    for _ in range(9):
        phone.post("/mine/begin/open/", {"code": "wrong"}, **OURS)
    assert phone.post("/mine/begin/open/", {"code": again.code}, **OURS).status_code == 429
    assert AuditEntry.objects.filter(verb="codes.limit-reached").count() == 1  # the owner hears of it


def test_a_link_ends_after_a_quarter_of_an_hour_also_when_the_clock_is_set_back(
    opened: Therapy, ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = give_page(actor=ada, client=opened.client, at=opened.now)
    monkeypatch.setattr(clock, "now", lambda: opened.now + timedelta(minutes=16))
    assert Browser().post("/mine/begin/open/", {"token": made.token}, **OURS).status_code == 404
    give_page(actor=ada, client=opened.client, at=opened.now + timedelta(minutes=16))
    monkeypatch.setattr(clock, "now", lambda: opened.now)
    assert Browser().post("/mine/begin/open/", {"token": made.token}, **OURS).status_code == 404


def test_a_newer_link_closes_the_older(opened: Therapy, ada: Membership) -> None:
    older = give_page(actor=ada, client=opened.client, at=opened.now)
    give_page(actor=ada, client=opened.client, at=opened.now)
    assert SetUpLink.objects.filter(ended_at=None).count() == 1
    assert Browser().post("/mine/begin/open/", {"token": older.token}, **OURS).status_code == 404


@pytest.mark.parametrize("origin", [None, "http://elsewhere.example"])
def test_only_our_own_page_opens_a_link(origin: str | None, opened: Therapy, ada: Membership) -> None:
    made = give_page(actor=ada, client=opened.client, at=opened.now)
    headers = {"HTTP_ORIGIN": origin} if origin else {}
    assert Browser().post("/mine/begin/open/", {"token": made.token}, **headers).status_code == 404
    assert SetUpLink.objects.get(ended_at=None)


@pytest.mark.parametrize(
    "pin", ["12345", "1234567890123", "abcdef", "111111", "123456", "987654", "121212", "１２３４５６"]
)
def test_a_pin_that_anybody_would_try_is_not_taken(pin: str, opened: Therapy, ada: Membership) -> None:
    made = give_page(actor=ada, client=opened.client, at=opened.now)
    phone = Browser()
    phone.post("/mine/begin/open/", {"token": made.token}, **OURS)
    assert phone.post("/mine/begin/pin/", {"pin": pin, "again": pin}).status_code == 422
    assert phone.post("/mine/begin/pin/", {"pin": PIN, "again": "480216"}).status_code == 422
    assert not Device.objects.exists()


def test_signing_in_again_takes_device_and_pin(mine: Browser) -> None:
    mine.post("/mine/out/")
    assert mine.get("/mine/answers/").headers["Location"] == "/mine/"
    assert WORDS not in mine.get("/mine/").content.decode()
    assert mine.post("/mine/pin/", {"pin": "480216"}).status_code == 422
    assert mine.post("/mine/pin/", {"pin": PIN}).headers["Location"] == "/mine/"
    assert mine.get("/mine/answers/").status_code == 200


def test_a_stranger_with_the_pin_and_no_device_stays_outside(mine: Browser) -> None:
    assert Browser().post("/mine/pin/", {"pin": PIN}).status_code == 422


def test_five_wrong_pins_end_the_device_and_the_right_one_comes_too_late(mine: Browser, opened: Therapy) -> None:
    mine.post("/mine/out/")
    for _ in range(WRONG_PINS):
        assert mine.post("/mine/pin/", {"pin": "000001"}).status_code == 422
    assert mine.post("/mine/pin/", {"pin": PIN}).status_code == 422
    assert Device.objects.get().ended_at == opened.now
    assert AuditEntry.objects.filter(verb="device.locked").count() == 1


def test_without_the_pin_a_browser_session_alone_opens_nothing(mine: Browser, opened: Therapy) -> None:
    browser = Browser()
    opened.client.refresh_from_db()
    browser.force_login(opened.client.membership.person)
    assert browser.get("/mine/answers/").headers["Location"] == "/mine/"
    assert "_auth_user_id" not in browser.session


def test_a_right_pin_begins_the_count_anew(mine: Browser) -> None:
    for _ in range(3):
        mine.post("/mine/pin/", {"pin": "000001"})
    mine.post("/mine/pin/", {"pin": PIN})
    assert Device.objects.get().wrong_tries == 0


def test_tries_are_counted_before_the_hash(opened: Therapy, ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many come at once, no more than five are ever compared."""
    give_page(actor=ada, client=opened.client, at=opened.now)
    opened.client.refresh_from_db()
    secret = add_device(membership=opened.client.membership, pin=PIN, at=opened.now)
    compared = []

    def slow(pin: str, kept: str) -> bool:
        compared.append(pin)
        if len(compared) < 9:  # another guess arrives while this one is compared
            with pytest.raises(PinRefused):
                person_behind(secret=secret, pin="000001", at=opened.now)
        return False

    monkeypatch.setattr("holdfast.practice.accounts.ways_in.check_password", slow)
    monkeypatch.setattr("holdfast.practice.accounts.ways_in.one_hash_at_a_time", _nothing)
    with pytest.raises(PinRefused):
        person_behind(secret=secret, pin="000001", at=opened.now)
    assert len(compared) == WRONG_PINS


def test_without_the_practice_s_word_no_page_is_given_and_open_ones_close(
    mine: Browser, opened: Therapy, olga: Membership, ada: Membership
) -> None:
    set_practice(actor=olga, exit_address="", clients_sign_in=False, keeps_sealed=False, at=opened.now)
    shut = mine.get("/mine/")
    assert shut.status_code == 404
    assert WORDS not in shut.content.decode()
    assert mine.get("/mine/answers/").headers["Location"] == "/mine/"
    opened.client.refresh_from_db()
    with pytest.raises(RecordError, match="no pages for clients"):
        give_page(actor=ada, client=opened.client, at=opened.now)


@pytest.mark.parametrize("state", ["suspended", "left"])
def test_a_closed_record_is_closed_to_its_client_at_the_next_request(
    state: str, mine: Browser, opened: Therapy, ada: Membership
) -> None:
    opened.client.refresh_from_db()
    opened.client.state = state
    opened.client.save()
    assert mine.get("/mine/").status_code == 404
    with pytest.raises(RecordError, match="closed or restricted"):
        give_page(actor=ada, client=opened.client, at=opened.now)


def test_taking_the_page_back_ends_every_key_and_every_open_browser(
    mine: Browser, opened: Therapy, ada: Membership, given: GivePage
) -> None:
    second = given(opened.client, ada)
    opened.client.refresh_from_db()
    take_page_back(actor=ada, client=opened.client, at=opened.now)
    for browser in (mine, second):
        assert browser.get("/mine/answers/").headers["Location"] == "/mine/"
        assert browser.post("/mine/pin/", {"pin": PIN}).status_code == 422
    assert not Device.objects.filter(ended_at=None).exists()
    third = given(opened.client, ada)
    assert third.get("/mine/answers/").status_code == 200


def test_leaving_in_a_hurry_signs_out_and_says_nothing(mine: Browser) -> None:
    left = mine.post("/mine/leave/", {}, **OURS)
    assert left.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert WORDS not in left.content.decode()
    assert mine.get("/mine/answers/").headers["Location"] == "/mine/"
    assert not BrowserSession.objects.exists()


def test_a_client_is_a_stranger_everywhere_else_and_staff_are_strangers_here(
    mine: Browser, opened: Therapy, ada: Membership, signed_in: SignIn
) -> None:
    for path in (
        "/today/",
        "/clients/",
        f"/clients/{opened.client.pk}/",
        "/episodes/",
        "/account/",
        "/practice/settings/",
    ):
        answer = mine.get(path)
        assert answer.status_code == 302, path
        assert answer.headers["Location"].startswith("/sign-in/"), path
    assert mine.get("/mine/").status_code == 200  # and is still signed in at home
    desk = signed_in(ada)
    for path in PLACES[1:]:
        assert desk.get(path).headers["Location"] == "/mine/"
    assert desk.get("/today/").status_code == 200


@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga", None])
def test_only_the_therapist_gives_and_takes_back(
    chair: str | None, opened: Therapy, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(chair) if chair else None)
    wanted = 404 if chair else 302
    for path in (f"/clients/{opened.client.pk}/own/", f"/clients/{opened.client.pk}/own/back/"):
        assert browser.post(path).status_code == wanted
    assert browser.get(f"/clients/{opened.client.pk}/own/").status_code == wanted
    assert not SetUpLink.objects.exists()


def test_the_therapist_s_page_shows_the_link_once(opened: Therapy, ada: Membership, signed_in: SignIn) -> None:
    desk = signed_in(ada)
    path = f"/clients/{opened.client.pk}/own/"
    assert "They have none yet" in desk.get(path).content.decode()
    made = desk.post(path).content.decode()
    assert "/mine/begin/#" in made
    assert "qr-code" in made
    assert "/mine/begin/#" not in desk.get(path).content.decode()
    desk.post(f"{path}back/")
    assert not SetUpLink.objects.filter(ended_at=None).exists()


class _nothing:  # noqa: N801 - stands in for a context manager that is called like a function
    def __enter__(self) -> None:
        """No queue."""

    def __exit__(self, *_: object) -> None:
        """No queue."""
