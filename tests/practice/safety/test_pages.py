"""What a client reads after such a form, and what the pages of the practice say."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.actions import set_practice
from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.links import issue_link
from holdfast.practice.answers.models import CheckIn, ReleaseChoice
from holdfast.practice.answers.release import choose_release
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Client, Consent, Session
from holdfast.practice.lib import clock
from holdfast.practice.messages.gateways import NotReachedError
from holdfast.practice.messages.worker import beat
from holdfast.practice.reading import urls
from holdfast.practice.safety.models import Alert, Duty
from tests.practice.conftest import NOON
from tests.practice.messages.conftest import Kept

SignIn = Callable[[Membership | None], Browser]
Work = Callable[[datetime], None]
OURS = {"HTTP_ORIGIN": "http://testserver"}
NUMBERS = ("0800 111 0 111", "0800 111 0 222", "112")
SECRETS = ("Cleo", "Quellbach", "C-01", "Ada", "Ben", "Oak Street")


@pytest.fixture
def phone(noon: datetime, asked: Client, ada: Membership, session: Session) -> Browser:
    """Cleo before the open form."""
    beat(NOON)
    browser = Browser()
    token = issue_link(actor=ada, session=session, purpose="before", at=NOON).token
    browser.post("/f/open", {"token": token}, **OURS)
    return browser


def send(browser: Browser, value: int | None, *, script: bool = False) -> str:
    page = browser.get("/f/form").content.decode()
    hidden = dict(re.findall(r'name="(form|nonce)" value="([^"]*)"', page))
    said = {f"phq-9-q{place}": "0" for place in range(1, 9)}
    names = re.findall(r'name="([^"]*q1)"', page)
    prefix = names[0].removesuffix("q1")
    said = {f"{prefix}q{place}": "0" for place in range(1, 9)}
    if value is not None:
        said[f"{prefix}q9"] = str(value)
    headers = {"HTTP_ACCEPT": "application/json"} if script else {}
    answer = browser.post("/f/form", hidden | said, **OURS, **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_the_whole_form_it_says_who_reads_by_when_and_whom_to_call(phone: Browser) -> None:
    page = phone.get("/f/form").content.decode()
    assert "Nobody watches these answers live." in page
    assert "reads them by Tuesday 5 May, 10:00" in page
    assert page.index("Nobody watches") < page.index("data-form ")
    for number in NUMBERS:
        assert number in page
    for secret in SECRETS:
        assert secret not in page


@pytest.mark.parametrize("value", [0, None, 1, 3])
def test_whom_to_call_stands_in_the_same_answer_whatever_was_said(value: int | None, phone: Browser) -> None:
    page = send(phone, value)
    for number in NUMBERS:
        assert number in page
    for secret in SECRETS:
        assert secret not in page
    calls = value in (1, 3)
    assert ("We are passing this on" in page) == calls
    assert ("comes again by itself" in page) == calls
    if calls:
        assert page.index("0800 111 0 111") < page.index("We are passing this on") < page.index("Not passed on yet")


def test_with_script_the_page_already_holds_them_and_leads_on(phone: Browser) -> None:
    assert send(phone, 2, script=True) == '{"thanks": true, "onward": "/f/after"}'
    assert "We are passing this on" in phone.get("/f/after").content.decode()


def test_the_same_form_again_gets_the_same_page(phone: Browser) -> None:
    assert send(phone, 1) == phone.get("/f/after").content.decode()
    assert Alert.objects.count() == 1


def test_the_page_comes_again_thirty_times_and_then_stands_still(phone: Browser) -> None:
    send(phone, 1)
    turns, address = 1, "/f/after"
    while (found := phone.get(address).headers.get("Refresh")) is not None:
        assert found.startswith("20; url=")
        turns, address = turns + 1, found.partition("url=")[2]
    assert turns == 30
    assert "Refresh" not in phone.get("/f/after?n=x").headers  # and by the link that stops it


def test_passed_on_failed_and_not_yet_are_said_as_they_are(
    phone: Browser, post: Kept, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(phone, 1)
    assert "Not passed on yet" in phone.get("/f/after").content.decode()
    post.broken = NotReachedError("down")
    work(NOON)
    failed = phone.get("/f/after").content.decode()
    assert "We could not pass this on. Please call 030 1234567" in failed
    post.broken = None
    work(NOON + timedelta(seconds=20))
    assert "Passed on at 12:00" in phone.get("/f/after").content.decode()


def test_a_dead_worker_is_never_called_passed_on(phone: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    send(phone, 1)
    assert "Not passed on yet" in phone.get("/f/after").content.decode()
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(seconds=61))
    assert "We could not pass this on." in phone.get("/f/after").content.decode()


def test_in_german(noon: datetime, asked: Client, ada: Membership, session: Session) -> None:
    """PHQ-9 has no German words that we checked, so the form comes without it: nothing about safety is promised."""
    Client.objects.filter(pk=asked.pk).update(language="de")
    session.refresh_from_db()
    link = issue_link(actor=ada, session=session, purpose="before", at=NOON)
    assert [each["id"] for each in link.invitation.forms] == ["holdfast-before"]


def test_a_stranger_without_the_cookie_sees_plain_thanks(phone: Browser) -> None:
    send(phone, 1)
    assert "passing" not in Browser().get("/f/after").content.decode()


def test_the_choice_of_what_is_shown_when_does_not_hold_it_back(
    phone: Browser, ada: Membership, asked: Client, session: Session, signed_in: SignIn
) -> None:
    choose_release(actor=ada, client=asked, kind="before", release="trend", at=NOON)
    send(phone, 2)
    assert ReleaseChoice.objects.get().release == CheckIn.objects.get().release == "trend"
    text = signed_in(ada).get(f"/clients/{asked.pk}/").content.decode()
    assert "Answered above “Not at all” on 4 May, not read yet." in text


def test_the_responder_reads_one_answer_and_closes_it(
    phone: Browser, ben: Membership, ada: Membership, signed_in: SignIn
) -> None:
    send(phone, 2)
    alert = Alert.objects.get()
    desk = signed_in(ben)
    assert f"/waiting/{alert.pk}/" in desk.get("/supervision/").content.decode()
    page = desk.get(f"/waiting/{alert.pk}/").content.decode()
    for word in ("Cleo Quellbach", "More than half the days", "0151 4711", "I have read this"):
        assert word in page
    assert "Little interest" not in page  # the one item, and no other
    assert desk.get(f"/waiting/{alert.pk}/read/").status_code == 405
    alert.refresh_from_db()
    assert alert.read_at is None  # looking is not reading, and is on the client's own list of who looked
    assert AuditEntry.objects.filter(verb="client.read", person_id=ben.person_id).exists()
    assert "You have read it" in desk.post(f"/waiting/{alert.pk}/read/").content.decode()
    alert.refresh_from_db()
    assert alert.read_by == ben
    assert desk.get(f"/waiting/{alert.pk}/").status_code == 404
    assert "/waiting/" not in desk.get("/supervision/").content.decode()


@pytest.mark.parametrize("chair", ["olga", "rae", "dan", None])
def test_nobody_else_reads_it_and_the_refusal_says_nothing(
    chair: str | None, phone: Browser, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    send(phone, 2)
    alert = Alert.objects.get()
    browser = signed_in(request.getfixturevalue(chair) if chair else None)
    for answer in (browser.get(f"/waiting/{alert.pk}/"), browser.post(f"/waiting/{alert.pk}/read/")):
        assert answer.status_code == (404 if chair else 302)
        for secret in ("Cleo", "C-01", "half the days"):
            assert secret not in answer.content.decode()
    alert.refresh_from_db()
    assert alert.read_at is None


def test_the_owner_gives_the_duty_in_words(
    olga: Membership, ada: Membership, ben: Membership, signed_in: SignIn
) -> None:
    desk = signed_in(olga)
    given = {
        "responder": ben.pk, "substitute": ada.pk, "weekdays": ["0", "1"], "opens": "09:00", "closes": "17:00",
        "within_hours": "6", "phone": "030 1234567", "country": "DE",
    }  # fmt: skip
    assert desk.post("/practice/safety/", given | {"substitute": ben.pk}).status_code == 422
    assert not Duty.objects.exists()
    assert desk.post("/practice/safety/", given).headers["Location"] == "/practice/safety/"
    assert "within 6 of these hours" in desk.get("/practice/safety/").content.decode()
    other = signed_in(ada)
    assert '<form method="post" class="card' not in other.get("/practice/safety/").content.decode()
    assert other.post("/practice/safety/", given).status_code == 404
    assert other.post("/practice/safety/end/").status_code == 404
    assert desk.post("/practice/safety/end/").status_code == 302
    assert Duty.objects.get().ended_at
    assert "within 6 of these hours" not in desk.get("/practice/safety/").content.decode()


def test_consent_names_who_reads_when_and_whom_to_call(
    duty: Duty, cleo: Client, ada: Membership, signed_in: SignIn
) -> None:
    desk, path = signed_in(ada), f"/clients/{cleo.pk}/safety/"
    page = desk.get(path).content.decode()
    for word in ("Ben, or Ada", "from 09:00 to 17:00", "030 1234567", "technology can fail"):
        assert word in page
    assert desk.post(path, {"how": "shouting"}).status_code == 422
    assert desk.post(path, {"how": "session"}).status_code == 302
    assert Consent.objects.get().purpose == "safety"
    assert desk.post(f"{path}back/").status_code == 302
    assert Consent.objects.get().withdrawn_at


@pytest.mark.parametrize("chair", ["ben", "olga", "rae", "dan"])
def test_consent_is_between_client_and_therapist(
    chair: str, duty: Duty, cleo: Client, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    desk = signed_in(request.getfixturevalue(chair))
    assert desk.get(f"/clients/{cleo.pk}/safety/").status_code == 404
    assert desk.post(f"/clients/{cleo.pk}/safety/", {"how": "session"}).status_code == 404
    assert desk.post(f"/clients/{cleo.pk}/safety/back/").status_code == 404
    assert not Consent.objects.exists()


def test_no_page_ever_says_that_all_is_well(
    phone: Browser, ada: Membership, ben: Membership, signed_in: SignIn
) -> None:
    pages = [send(phone, 0), signed_in(ada).get("/today/").content.decode()]
    pages.append(signed_in(ada).get(f"/clients/{Client.objects.get().pk}/").content.decode())
    for page in pages:
        for word in ("✓", "✔", "no risk", "all clear", "low risk", "nothing to worry", "green"):
            assert word not in page.lower().replace("no green light", "")


def test_a_form_that_asks_never_waits_on_a_phone_and_others_do(
    phone: Browser, olga: Membership, ada: Membership, session: Session
) -> None:
    """Somebody reads that answer within hours; a phone in a drawer must not hold it for days."""
    set_practice(actor=olga, exit_address="", clients_sign_in=False, keeps_sealed=True, at=NOON)
    assert "data-ticket" not in phone.get("/f/form").content.decode()
    other = Browser()
    other.post("/f/open", {"token": issue_link(actor=ada, session=session, purpose="after", at=NOON).token}, **OURS)
    assert "data-ticket" in other.get("/f/form").content.decode()


def test_these_are_all_addresses_of_the_room() -> None:
    assert {each.name for each in urls.urlpatterns} == {
        "duty", "stop-duty", "client-safety", "client-safety-back", "waiting", "have-read",
    }  # fmt: skip
