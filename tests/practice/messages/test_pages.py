"""The pages about messages, from every chair."""

from collections.abc import Callable
from datetime import datetime

import pytest
from django.test import Client as Browser
from django.urls import reverse

from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.contact import contact_of
from holdfast.practice.caseload.models import Client
from holdfast.practice.messages.actions import Timing, put
from holdfast.practice.messages.gateways import RefusedError
from holdfast.practice.messages.models import Message, Timetable
from holdfast.practice.messages.worker import one_round
from tests.practice.conftest import NOON
from tests.practice.messages.conftest import Kept, hours

SignIn = Callable[[Membership | None], Browser]
SAID = {
    "channel": "email",
    "address": "c.q@example.org",
    "earliest": "17:00",
    "latest": "19:00",
    "note": "Say nothing.",
}
TIMES = {"before_hours": "3", "after_minutes": "10", "again_hours": "", "appointment_hours": "48"}


def address(cleo: Client) -> str:
    return reverse("contact", args=[cleo.pk])


def test_what_they_said_is_kept_sealed_with_the_day(
    ada: Membership, cleo: Client, signed_in: SignIn, noon: object
) -> None:
    desk = signed_in(ada)
    assert "Nobody has asked yet" in desk.get(address(cleo)).content.decode()
    assert desk.post(address(cleo), SAID).status_code == 302
    cleo.refresh_from_db()
    kept = contact_of(cleo)
    assert (kept.channel, kept.address, kept.earliest, kept.asked_at) == (
        "email", "c.q@example.org", "17:00", NOON.isoformat(),
    )  # fmt: skip
    assert b"c.q@example.org" not in bytes(cleo.sealed_contact or b"")
    text = desk.get(address(cleo)).content.decode()
    assert "Messages go out by e-mail, between 17:00 and 19:00. Asked on 4 May 2026." in text
    assert "phone: 0151 4711" in text, "what was written down earlier stays"


def test_after_three_months_it_is_asked_again(
    ada: Membership, cleo: Client, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch, noon: datetime
) -> None:
    desk = signed_in(ada)
    desk.post(address(cleo), SAID)
    monkeypatch.setattr("holdfast.practice.lib.clock.now", lambda: NOON + hours(24 * 92))
    assert "ask again" in signed_in(ada).get(address(cleo)).content.decode()


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"channel": ""}, "Choose one. Until it was asked, nothing is sent."),
        ({"address": ""}, "There is no address yet."),
        ({"address": "0151 4711"}, "This is no e-mail address."),
        ({"channel": "text", "address": "call me"}, "This is no telephone number."),
        ({"latest": ""}, "The hours need a beginning and a later end."),
        ({"earliest": "20:00"}, "The hours need a beginning and a later end."),
    ],
)
def test_an_error_keeps_what_was_written(
    more: dict[str, str], sentence: str, ada: Membership, cleo: Client, signed_in: SignIn, noon: object
) -> None:
    answer = signed_in(ada).post(address(cleo), {**SAID, **more})
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Say nothing." in answer.content.decode()
    cleo.refresh_from_db()
    assert contact_of(cleo).channel == ""


@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga"])
def test_nobody_else_opens_or_changes_a_contact(
    chair: str, cleo: Client, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(chair))
    missing = browser.get(reverse("contact", args=["00000000-0000-4000-8000-000000000000"]))
    for answer in (browser.get(address(cleo)), browser.post(address(cleo), SAID)):
        assert (answer.status_code, answer.content) == (404, missing.content)
    cleo.refresh_from_db()
    assert contact_of(cleo).channel == ""
    row = put(kind="form", to=cleo, key="k", timing=Timing(due_at=NOON), at=NOON)
    assert browser.post(reverse("send-again", args=[row.pk])).status_code == 404


def test_a_stranger_is_asked_to_sign_in(cleo: Client, signed_in: SignIn) -> None:
    for where in (address(cleo), "/practice/messages/"):
        assert signed_in(None).get(where).status_code == 302


def test_what_could_not_be_sent_stands_there_and_can_be_tried_again(
    ada: Membership, written_to: Client, post: Kept, signed_in: SignIn, noon: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("holdfast.practice.messages.filling._fills", {})
    row = put(kind="form-again", to=written_to, key="k", timing=Timing(due_at=NOON), at=NOON)
    monkeypatch.setattr("holdfast.practice.messages.worker.words_in", lambda language: Plain())
    post.broken = RefusedError()
    one_round(NOON)
    desk = signed_in(ada)
    text = desk.get(address(written_to)).content.decode()
    assert "Not sent" in text
    assert "refused" in text
    assert desk.post(reverse("send-again", args=[row.pk])).status_code == 302
    assert Message.objects.get().state == "waiting"


class Plain:
    def say(self, key: str, **parts: str) -> str:
        return "Hi"


@pytest.mark.parametrize("chair", ["ada", "ben", "rae"])
def test_everybody_reads_the_times_and_nobody_else_sets_them(
    chair: str, signed_in: SignIn, request: pytest.FixtureRequest, noon: object
) -> None:
    browser = signed_in(request.getfixturevalue(chair))
    text = browser.get("/practice/messages/").content.decode()
    assert "goes out 24 hours before it" in text
    assert "Keep these times" not in text
    assert browser.post("/practice/messages/", TIMES).status_code == 404
    assert Timetable.objects.count() == 0


def test_the_owner_sets_the_times(olga: Membership, signed_in: SignIn, noon: object) -> None:
    browser = signed_in(olga)
    assert browser.post("/practice/messages/", TIMES).status_code == 302
    kept = Timetable.objects.get()
    assert (kept.before_hours, kept.after_minutes, kept.again_hours, kept.appointment_hours) == (3, 10, None, 48)
    wrong = browser.post("/practice/messages/", TIMES | {"before_hours": "40"})
    assert wrong.status_code == 422
    assert "40" in wrong.content.decode()


def test_the_pulse_holds_two_numbers_and_nobody(ada: Membership, cleo: Client, noon: object, post: Kept) -> None:
    assert Browser().get("/pulse").status_code == 503
    one_round(NOON)
    put(kind="form-waiting", to=ada, key="k", timing=Timing(due_at=NOON - hours(1)), at=NOON)
    answer = Browser().get("/pulse")
    assert (answer.status_code, answer.content.decode()) == (
        200,
        "worker_silent_seconds 0\noldest_unsent_seconds 3600\n",
    )
