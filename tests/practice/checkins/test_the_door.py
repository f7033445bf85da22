"""The door: the same bytes for everybody, one deliberate tap, one page for every dead link."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import Link, issue_link, revoke_link
from holdfast.practice.answers.models import Invitation, OpenForm
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Session
from holdfast.practice.lib import clock
from tests.practice.checkins.conftest import OURS, hidden, send
from tests.practice.conftest import NOON

Phone = Callable[[str], Browser]
STILL = ("/f", "/f/who", "/f/thanks")


@pytest.mark.parametrize("path", STILL)
def test_a_still_page_is_the_same_for_everybody_and_changes_nothing(
    path: str, link: Link, phone: Phone, signed_in: Callable[..., Browser], ada: Membership
) -> None:
    log = AuditEntry.objects.count()
    answers = [browser.get(path) for browser in (Browser(), phone(link.token), signed_in(ada))]
    assert {answer.content for answer in answers} == {answers[0].content}
    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert not any(answer.cookies for answer in answers[:2])
    assert AuditEntry.objects.count() == log + 1  # the phone's own opening


def test_robots_may_fetch_the_door_for_ever(link: Link, django_assert_num_queries: Callable[..., object]) -> None:
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        for _ in range(50):
            Browser().head("/f")
    assert Invitation.objects.get().state == "open"


@pytest.mark.parametrize("origin", [None, "null", "https://elsewhere.example", "http://testserver.example"])
@pytest.mark.parametrize("path", ["/f/open", "/f/code", "/f/form", "/f/exit"])
def test_a_post_from_elsewhere_does_nothing(path: str, origin: str | None, link: Link, phone: Phone) -> None:
    browser = phone(link.token)
    fields = {**hidden(browser.get("/f/form")), "token": link.token, "code": link.code, "comment": "x"}
    answer = browser.post(path, fields, **({} if origin is None else {"HTTP_ORIGIN": origin}))
    assert answer.status_code == 404
    assert Invitation.objects.get().state == "open"


@pytest.mark.parametrize("path", ["/f/open", "/f/code", "/f/exit"])
def test_what_acts_is_never_a_get(path: str, link: Link) -> None:
    assert Browser().get(path, {"token": link.token, "code": link.code}).status_code == 405
    assert OpenForm.objects.count() == 0


def test_opening_sets_one_short_cookie_and_no_other(link: Link) -> None:
    answer = Browser().post("/f/open", {"token": link.token}, **OURS)
    assert (answer.status_code, answer["Location"]) == (302, "/f/form")
    (cookie,) = answer.cookies.values()
    assert (cookie.key, cookie["httponly"], cookie["samesite"], cookie["max-age"]) == ("f", True, "Strict", 3600)
    assert link.token not in cookie.value


@pytest.mark.parametrize("typed", ["{}", " {} ", "lower"])
def test_the_code_opens_the_same_form(typed: str, link: Link) -> None:
    code = link.code.lower() if typed == "lower" else typed.format(f"{link.code[:4]} {link.code[4:]}")
    browser = Browser()
    assert browser.post("/f/code", {"code": code}, **OURS)["Location"] == "/f/form"
    assert browser.get("/f/form").status_code == 200


def test_every_dead_link_gets_one_page(
    ada: Membership, session: Session, link: Link, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    dead = {"unknown": Browser().post("/f/open", {"token": "x" * 27}, **OURS)}
    dead["unknown code"] = Browser().post("/f/code", {"code": "AAAA 0000"}, **OURS)
    dead["nothing"] = Browser().post("/f/open", {}, **OURS)
    dead["no cookie"] = Browser().get("/f/form")
    browser = phone(link.token)
    send(browser)
    dead["spent"] = Browser().post("/f/open", {"token": link.token}, **OURS)
    dead["spent form"] = browser.get("/f/form")
    older = issue_link(actor=ada, session=session, purpose="before", at=NOON)
    newer = issue_link(actor=ada, session=session, purpose="before", at=NOON)
    dead["replaced"] = Browser().post("/f/open", {"token": older.token}, **OURS)
    revoke_link(actor=ada, invitation=newer.invitation, at=NOON)
    dead["taken back"] = Browser().post("/f/open", {"token": newer.token}, **OURS)
    last = issue_link(actor=ada, session=session, purpose="before", at=NOON)
    left = phone(last.token)
    left.post("/f/exit", {}, **OURS)
    dead["left"] = left.get("/f/form")
    late = issue_link(actor=ada, session=session, purpose="before", at=NOON)
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(hours=73))
    dead["expired"] = Browser().post("/f/open", {"token": late.token}, **OURS)
    assert {(answer.status_code, answer.content) for answer in dead.values()} == {(404, dead["unknown"].content)}, (
        dead.keys()
    )


def test_too_many_wrong_codes_have_to_wait_while_the_link_still_opens(link: Link) -> None:
    browser = Browser()
    statuses = [browser.post("/f/code", {"code": f"AAAA{n:04d}"}, **OURS).status_code for n in range(11)]
    assert statuses == [404] * 10 + [429]
    assert browser.post("/f/code", {"code": link.code}, **OURS).status_code == 429
    assert browser.post("/f/open", {"token": link.token}, **OURS).status_code == 302


@pytest.mark.parametrize("way", ["form", "door"])
def test_leaving_ends_link_and_cookie_and_goes_where_the_practice_chose(way: str, link: Link, phone: Phone) -> None:
    practice = link.invitation.client.practice
    practice.exit_address = "https://weather.example/"
    practice.save()
    browser = phone(link.token) if way == "form" else Browser()
    answer = browser.post("/f/exit", {"token": link.token} if way == "door" else {}, **OURS)
    assert 'content="0;url=https://weather.example/"' in answer.content.decode()
    assert answer.cookies["f"]["max-age"] == 0
    assert Invitation.objects.get().state == "exited"
