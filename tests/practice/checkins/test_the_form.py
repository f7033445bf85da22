"""The form: shows nothing of anybody, keeps what was written, thanks once and for all."""

import json
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import Link, issue_link
from holdfast.practice.answers.content import open_answers
from holdfast.practice.answers.models import CheckIn, Comment, OpenForm
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Client, Session
from tests.practice.checkins.conftest import OURS, SAID, hidden, send
from tests.practice.conftest import NOON
from tests.practice.sayings import therapy

Phone = Callable[[str], Browser]
CALM = (75, 75, 75, 75)


def test_the_form_shows_questions_and_nobody(link: Link, phone: Phone, cleo: Client, ada: Membership) -> None:
    text = phone(link.token).get("/f/form").content.decode()
    assert "I felt that my therapist and I were on the same side." in text
    assert "<title>Form</title>" in text
    for name in ("Cleo", "Quellbach", cleo.code, ada.person.name, ada.person.email, ada.practice.name, str(cleo.pk)):
        assert name not in text
    assert text.index("Leave this page") < text.index("I felt that my therapist")
    assert text.count("I would rather not say") >= 12


def test_showing_the_form_changes_nothing_and_gives_the_same_hidden_fields(link: Link, phone: Phone) -> None:
    browser = phone(link.token)
    first, second = browser.get("/f/form"), browser.get("/f/form")
    assert hidden(first) == hidden(second)
    assert first.content == second.content


def test_what_was_marked_is_kept_as_it_was_marked(link: Link, phone: Phone) -> None:
    browser = phone(link.token)
    more = {"holdfast-session.safety": "declined", "holdfast-session.goal": "-", "comment": " Thank you. "}
    assert send(browser, **more)["Location"] == "/f/thanks"
    said = open_answers(CheckIn.objects.get())["holdfast-session"]
    assert (said["bond"], said["safety"], "goal" in said) == (3, "declined", False)
    assert Comment.objects.count() == 1


def test_the_same_form_sent_twice_is_thanked_twice_and_kept_once(link: Link, phone: Phone) -> None:
    browser = phone(link.token)
    fields = {**SAID, **hidden(browser.get("/f/form"))}
    by_script = {"HTTP_ACCEPT": "application/json"}
    answers = [browser.post("/f/form", fields, **OURS, **by_script) for _ in range(3)]
    assert [(answer.status_code, json.loads(answer.content)) for answer in answers] == [(200, {"thanks": True})] * 3
    assert CheckIn.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (dict.fromkeys(SAID, "-"), "Nothing is marked yet."),
        ({"holdfast-session.bond": "9"}, "One answer does not belong to its question."),
        ({"holdfast-session.bond": "3; DROP"}, "One answer does not belong to its question."),
        ({"comment": "x" * 4001}, "The comment is longer than 4000 characters."),
    ],
)
def test_an_error_keeps_what_was_written(more: dict[str, str], sentence: str, link: Link, phone: Phone) -> None:
    browser = phone(link.token)
    answer = send(browser, **more)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    if "comment" in more:
        assert more["comment"] in text
        assert text.count(" checked") == len(SAID)
    assert CheckIn.objects.count() == 0
    assert send(browser)["Location"] == "/f/thanks"


def test_a_form_id_opens_only_its_own_cookies_form(ada: Membership, session: Session, link: Link, phone: Phone) -> None:
    other = phone(issue_link(actor=ada, session=session, purpose="before", at=NOON).token)
    browser = phone(link.token)
    answer = browser.post("/f/form", {**SAID, **hidden(other.get("/f/form"))}, **OURS)
    assert answer.status_code == 404
    assert CheckIn.objects.count() == 0


def test_an_open_episode_adds_two_questions_and_says_why(
    ada: Membership, cleo: Client, phone: Phone, noon: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    sessions = therapy(ada, cleo, (*CALM, 25, None))
    at = sessions[-1].starts_at
    monkeypatch.setattr("holdfast.practice.lib.clock.now", lambda: at)
    link = issue_link(actor=ada, session=sessions[-1], purpose="after", at=at)
    text = phone(link.token).get("/f/form").content.decode()
    assert text.count("About any strain between you, in this session or in one before it") == 2
    assert text.count("data-if-item") == 1


def test_markup_in_a_comment_stays_text(
    link: Link, phone: Phone, ada: Membership, signed_in: Callable[..., Browser]
) -> None:
    browser = phone(link.token)
    text = send(browser, **{"holdfast-session.bond": "9", "comment": "</textarea><script>x</script>"}).content.decode()
    assert "<script>x" not in text
    assert "&lt;script&gt;x" in text


def an_hour_more(browser: Browser, **more: str) -> HttpResponse:
    fields = {**hidden(browser.get("/f/form")), "holdfast-session.bond": "3", "comment": "Half a thought", **more}
    return browser.post("/f/longer", fields, **OURS)


@pytest.mark.parametrize("is_extended", [True, False])
def test_the_hour_is_announced_and_can_be_extended_with_everything_kept(
    is_extended: bool, link: Link, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = phone(link.token)
    assert "This form stays open until 13:00." in browser.get("/f/form").content.decode()
    monkeypatch.setattr("holdfast.practice.lib.clock.now", lambda: NOON + timedelta(minutes=55))
    fields = hidden(browser.get("/f/form"))
    if is_extended:
        answer = an_hour_more(browser)
        text = answer.content.decode()
        assert (answer.status_code, hidden(answer)) == (200, fields)
        assert "This form stays open until 13:55." in text
        assert "Half a thought</textarea>" in text
        assert re.search(r'name="holdfast-session.bond" value="3"[^>]* checked', text)
        assert answer.cookies[settings.FORM_COOKIE_NAME]["max-age"] == 3600
        assert AuditEntry.objects.filter(verb="form.extended").count() == 1
    monkeypatch.setattr("holdfast.practice.lib.clock.now", lambda: NOON + timedelta(minutes=90))
    sent = browser.post("/f/form", {**SAID, **fields}, **OURS)
    assert sent.status_code == (302 if is_extended else 404)
    assert CheckIn.objects.count() == int(is_extended)


@pytest.mark.parametrize("wrong", ["nonce", "other site", "sent", "over", "stranger"])
def test_nobody_else_and_nothing_that_is_over_gets_another_hour(
    wrong: str, link: Link, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = phone(link.token)
    fields, before = hidden(browser.get("/f/form")), OpenForm.objects.get().expires_at
    if wrong == "sent":
        send(browser)
    if wrong == "over":
        monkeypatch.setattr("holdfast.practice.lib.clock.now", lambda: NOON + timedelta(minutes=61))
    asks = Browser() if wrong == "stranger" else browser
    fields |= {"nonce": "x"} if wrong == "nonce" else {}
    origin = {"HTTP_ORIGIN": "http://elsewhere"} if wrong == "other site" else OURS
    assert asks.post("/f/longer", fields, **origin).status_code == 404
    assert OpenForm.objects.get().expires_at == before
    assert not AuditEntry.objects.filter(verb="form.extended").exists()


def test_the_script_is_told_until_when(link: Link, phone: Phone) -> None:
    browser = phone(link.token)
    fields = hidden(browser.get("/f/form"))
    answer = browser.post("/f/longer", fields, **OURS, HTTP_ACCEPT="application/json")
    said = json.loads(answer.content)
    assert said["until"].startswith("This form stays open until 13:00.")
    assert said["seconds"] == 3600
