"""Answers that waited on a phone: only what was sealed on an opened form is taken, once, and nobody learns why not."""

import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client as Browser

from holdfast.practice.accounts.actions import set_practice
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.actions import Link, issue_link, revoke_link
from holdfast.practice.answers.content import open_answers
from holdfast.practice.answers.models import CheckIn, Comment, Invitation, OpenForm
from holdfast.practice.audit.actions import record
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.actions import book_session, mark_session
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.lib import clock
from tests.practice.checkins.conftest import OURS, SAID, hidden, send
from tests.practice.checkins.sender import seal
from tests.practice.conftest import NOON
from tests.practice.remember import remembered

Phone = Callable[[str], Browser]
SetClock = Callable[[timedelta], None]
BY_SCRIPT = {"HTTP_ACCEPT": "application/json"}
CLOSED = (404, {"closed": True})


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    def to(past: timedelta) -> None:
        monkeypatch.setattr(clock, "now", lambda: NOON + past)

    return to


@pytest.fixture
@remembered
def keeping(practice: Practice, olga: Membership, noon: datetime) -> Practice:
    """The practice lets answers wait."""
    return set_practice(actor=olga, exit_address="", clients_sign_in=False, keeps_sealed=True, at=NOON)


def page_of(browser: Browser) -> dict[str, str]:
    """What the script of an opened form has in hand: key, ticket, how long it is open, form id and nonce."""
    shown = browser.get("/f/form")
    return {**hidden(shown), **dict(re.findall(r'data-(key|ticket)="([^"]+)"', shown.content.decode()))}


def message(page: dict[str, str], **more: object) -> dict[str, object]:
    fields = {**SAID, "comment": "From the train.", "form": page["form"], "nonce": page["nonce"]}
    return {"ticket": page["ticket"], "nonce": page["nonce"], "fields": fields, **more}


def hand_in(envelope: str, browser: Browser | None = None) -> tuple[int, object]:
    """Post an envelope, as a rule from a browser that knows nothing of the form any more."""
    answer = (browser or Browser()).post("/f/sealed", {"envelope": envelope}, **OURS, **BY_SCRIPT)
    return answer.status_code, json.loads(answer.content)


@pytest.fixture
def envelope(keeping: Practice, link: Link, phone: Phone) -> str:
    page = page_of(phone(link.token))
    return seal(message(page), page["key"])


def test_off_by_default_and_the_page_says_nothing_of_it(link: Link, phone: Phone) -> None:
    assert set(page_of(phone(link.token))) == {"form", "nonce"}


def test_whoever_runs_the_practice_switches_it_on(
    ada: Membership, olga: Membership, signed_in: Callable[[Membership | None], Browser]
) -> None:
    assert "kept by the open page alone" in signed_in(ada).get("/practice/settings/").content.decode()
    given = {"false_alarms_per_20": "0.6", "talk_at": "", "exit_address": "", "keeps_sealed": "on"}
    assert signed_in(ada).post("/practice/settings/", given).status_code in (403, 404)
    assert signed_in(olga).post("/practice/settings/", given).status_code == 302
    assert "on the client’s phone, sealed" in signed_in(ada).get("/practice/settings/").content.decode()
    assert AuditEntry.objects.get(verb="practice.set").fields == ["keeps_sealed"]


def test_showing_the_form_still_changes_nothing(keeping: Practice, link: Link, phone: Phone, cleo: Client) -> None:
    browser = phone(link.token)
    first, second = browser.get("/f/form"), browser.get("/f/form")
    assert first.content == second.content
    assert "where nobody can read them" in first.content.decode()
    assert 'data-lasts="3600"' in first.content.decode()
    for name in (str(cleo.pk), cleo.code, keeping.name, str(keeping.pk)):
        assert name not in first.content.decode()


@pytest.mark.parametrize("past", [timedelta(minutes=5), timedelta(hours=2), timedelta(days=6, hours=23)])
def test_it_is_taken_later_without_a_cookie_and_thanked_again(envelope: str, later: SetClock, past: timedelta) -> None:
    later(past)
    assert hand_in(envelope) == (200, {"thanks": True, "here": False})
    assert hand_in(envelope) == (200, {"thanks": True, "here": False})
    kept = CheckIn.objects.get()
    assert (open_answers(kept)["holdfast-session"]["bond"], kept.submitted_at) == (3, NOON + past)
    assert Comment.objects.count() == 1
    assert Invitation.objects.get().state == Invitation.State.SUBMITTED
    assert AuditEntry.objects.filter(verb="answers.submitted-later").count() == 1


def test_the_browser_of_the_form_is_told_that_it_is_done(keeping: Practice, link: Link, phone: Phone) -> None:
    browser = phone(link.token)
    page = page_of(browser)
    assert hand_in(seal(message(page), page["key"]), browser) == (200, {"thanks": True, "here": True})
    assert browser.get("/f/form").status_code == 404


def test_the_form_itself_and_its_envelope_are_one_submission(keeping: Practice, link: Link, phone: Phone) -> None:
    browser = phone(link.token)
    page = page_of(browser)
    assert send(browser)["Location"] == "/f/thanks"
    assert hand_in(seal(message(page), page["key"])) == (200, {"thanks": True, "here": False})
    assert (CheckIn.objects.count(), Comment.objects.count()) == (1, 0)


def test_a_nonce_used_for_another_form_is_refused(
    keeping: Practice, ada: Membership, session: Session, link: Link, phone: Phone
) -> None:
    first, second = (
        page_of(phone(link.token)),
        phone(issue_link(actor=ada, session=session, purpose="before", at=NOON).token),
    )
    assert hand_in(seal(message(first), first["key"]))[0] == 200
    mixed = message(page_of(second), nonce=first["nonce"])
    assert hand_in(seal(mixed, first["key"])) == CLOSED
    assert CheckIn.objects.count() == 1


def test_opening_the_link_again_does_not_lose_what_waits(envelope: str, link: Link, phone: Phone) -> None:
    phone(link.token)
    assert hand_in(envelope)[0] == 200


def test_a_newer_link_of_a_later_session_does_not_lose_it(
    envelope: str, ada: Membership, cleo: Client, later: SetClock
) -> None:
    week = NOON + timedelta(days=6)
    later(timedelta(days=6))
    mark_session(actor=ada, session=Session.objects.get(), state=Session.State.HELD, at=week)
    coming = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=week, at=week)
    issue_link(actor=ada, session=coming, purpose="after", at=week)
    assert Invitation.objects.get(session__number=1).state == Invitation.State.EXPIRED
    assert hand_in(envelope)[0] == 200
    assert CheckIn.objects.get().session.number == 1


def test_switching_it_off_does_not_lose_what_waits(envelope: str, olga: Membership) -> None:
    set_practice(actor=olga, exit_address="", clients_sign_in=False, keeps_sealed=False, at=NOON)
    assert hand_in(envelope)[0] == 200


def left(link: Link, ada: Membership) -> None:
    Browser().post("/f/exit", {"token": link.token}, **OURS)


def revoked(link: Link, ada: Membership) -> None:
    revoke_link(actor=ada, invitation=link.invitation, at=NOON)


def replaced(link: Link, ada: Membership) -> None:
    issue_link(actor=ada, session=link.invitation.session, purpose="after", at=NOON)


def answered_on_another_phone(link: Link, ada: Membership) -> None:
    browser = Browser()
    browser.post("/f/open", {"token": link.token}, **OURS)
    assert send(browser)["Location"] == "/f/thanks"


def cancelled(link: Link, ada: Membership) -> None:
    mark_session(actor=ada, session=link.invitation.session, state=Session.State.CANCELLED, at=NOON)


def frozen(link: Link, ada: Membership) -> None:
    Client.objects.update(state=Client.State.SUSPENDED)


def erased(link: Link, ada: Membership) -> None:
    OpenForm.objects.all().delete()
    Invitation.objects.all().delete()


@pytest.mark.parametrize(
    "ended",
    [left, revoked, replaced, answered_on_another_phone, cancelled, frozen, erased],
    ids=lambda way: way.__name__,
)
def test_whoever_ends_the_link_ends_what_waits(
    ended: Callable[[Link, Membership], None], envelope: str, link: Link, ada: Membership
) -> None:
    ended(link, ada)
    before = CheckIn.objects.count()
    assert hand_in(envelope) == CLOSED
    assert CheckIn.objects.count() == before


def test_after_seven_days_it_is_too_old_even_when_it_was_taken(envelope: str, later: SetClock) -> None:
    later(timedelta(days=7, seconds=1))
    assert hand_in(envelope) == CLOSED
    later(timedelta(days=6))
    assert hand_in(envelope)[0] == 200
    later(timedelta(days=7, seconds=1))
    assert hand_in(envelope) == CLOSED


def test_setting_the_clock_back_does_not_make_it_young(envelope: str, later: SetClock, practice: Practice) -> None:
    later(timedelta(days=8))
    record("practice.created", actor=None, practice=practice, target=practice, at=NOON + timedelta(days=8))
    later(timedelta(hours=1))
    assert hand_in(envelope) == CLOSED


def test_a_ticket_is_worth_nothing_for_anything_else(
    keeping: Practice, ada: Membership, session: Session, link: Link, phone: Phone
) -> None:
    """Without having opened a link nobody has a ticket; one that was changed is none."""
    page = page_of(phone(link.token))
    invitation, opened, mark = page["ticket"].split(".")
    other = issue_link(actor=ada, session=session, purpose="before", at=NOON).invitation
    wrong = [
        f"{other.pk.hex}.{opened}.{mark}",
        f"{invitation}.{int(opened) + 60}.{mark}",
        f"{invitation}.{opened}.{mark[:-1]}{'0' if mark[-1] != '0' else '1'}",
        f"{invitation}.{opened}.",
        f"{invitation}.{opened}",
        f"{invitation}.soon.{mark}",
        f"not-a-key.{opened}.{mark}",
        "",
    ]
    for ticket in wrong:
        assert hand_in(seal(message(page, ticket=ticket), page["key"])) == CLOSED, ticket
    assert hand_in(seal(message(page, nonce="0" * 32), page["key"])) == CLOSED
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize(
    "fields",
    [{}, {"holdfast-session.bond": "9"}, {"comment": "x" * 4001}, {"comment": "\ud800"}, ["bond"], None, "3"],
    ids=["nothing", "no such answer", "too long", "half a letter", "a list", "null", "a word"],
)
def test_what_the_form_does_not_offer_is_not_taken(fields: object, keeping: Practice, link: Link, phone: Phone) -> None:
    page = page_of(phone(link.token))
    assert hand_in(seal(message(page, fields=fields), page["key"])) == CLOSED
    assert CheckIn.objects.count() == 0


@pytest.mark.parametrize("raw", [b"", b"no json", b"[" * 30_000, b"\xff\xfe", b'{"fields": {}}', b"12", b"null"])
def test_anybody_may_seal_anything_and_nothing_breaks(raw: bytes, keeping: Practice, link: Link, phone: Phone) -> None:
    page = page_of(phone(link.token))
    assert hand_in(seal(raw, page["key"])) == CLOSED


def test_every_changed_byte_is_noticed(envelope: str) -> None:
    for place in (0, 1, 20, 80, 89, 95, 400, len(envelope) - 3):
        letter = "A" if envelope[place] != "A" else "B"
        assert hand_in(envelope[:place] + letter + envelope[place + 1 :]) == CLOSED, place
    for cut in ("", "A", "====", "ä", "A" * 70_000, envelope[:100], envelope[:-8], envelope + "AAAA"):
        assert hand_in(cut) == CLOSED
    assert CheckIn.objects.count() == 0
    assert hand_in(envelope)[0] == 200


def test_the_answer_is_that_of_a_closed_form(envelope: str, link: Link) -> None:
    """One status and the same bytes, by script and without; only a post from our own page is looked at."""

    def bytes_of(answer: HttpResponse) -> tuple[int, bytes]:
        return answer.status_code, answer.content

    for script in ({}, BY_SCRIPT):
        closed = bytes_of(Browser().post("/f/form", {}, **OURS, **script))
        assert bytes_of(Browser().post("/f/sealed", {"envelope": "AAAA"}, **OURS, **script)) == closed
        assert bytes_of(Browser().post("/f/sealed", {"envelope": envelope}, **script)) == closed
    assert Browser().get("/f/sealed").status_code == 405
    assert CheckIn.objects.count() == 0


def test_the_log_stays_whole(envelope: str) -> None:
    hand_in(envelope)
    call_command("audit")
