"""How long a sign-in lasts, what each state of a membership opens, and the account pages from five chairs."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session as BrowserSession
from django.test import Client as Browser
from django.urls import reverse

from holdfast.practice.accounts.actions import add_person, set_state
from holdfast.practice.accounts.models import Membership, Person, Practice
from holdfast.practice.accounts.policy import may, visible
from holdfast.practice.accounts.queries import membership_of
from holdfast.practice.audit.actions import record
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Client
from holdfast.practice.lib import clock
from holdfast.practice.lib.clock import now
from tests.practice.conftest import NOON, PASSWORD

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Membership | None], Browser]
STATES = ("invited", "active", "suspended", "left")
ROLES = ("owner", "administrator", "therapist", "supervisor", "researcher")
ACCOUNT_PAGES = ("mfa_index", "account_change_password", "mfa_activate_totp")


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", STATES)
def test_only_an_active_membership_opens_anything(practice: Practice, role: str, state: str) -> None:
    address = f"{role}@example.org"
    who = add_person(practice=practice, email=address, name="Kim", role=role, password=PASSWORD, at=NOON)
    set_state(membership=who, state=state, at=NOON)
    browser = Browser()
    answer = browser.post(reverse("sign-in"), {"email": address, "password": PASSWORD})
    opens = state == "active"
    assert answer.status_code == (302 if opens else 200)
    assert (browser.get(reverse("today")).status_code == 200) is opens
    who.refresh_from_db()
    assert visible(who, Membership).exists() is opens
    assert (membership_of(who.person) == who) is opens


@pytest.mark.parametrize("page", ACCOUNT_PAGES)
def test_account_pages_open_for_whoever_is_signed_in_and_for_nobody_else(
    page: str,
    ada: Membership,
    ben: Membership,
    olga: Membership,
    rae: Membership,
    dan: Membership,
    signed_in: SignedIn,
) -> None:
    for who in (ada, ben, olga, rae, dan):
        browser = Browser()
        browser.post(reverse("sign-in"), {"email": who.person.email, "password": PASSWORD})
        text = browser.get(reverse(page), follow=True).content.decode()
        others = {other.person.email for other in (ada, ben, olga, rae, dan)} - {who.person.email}
        assert not any(address in text for address in others)
    assert signed_in(None).get(reverse(page)).status_code == 302


def test_each_sign_in_has_a_new_id(ada: Membership) -> None:
    browser = Browser()
    browser.get(reverse("sign-in"))
    form = {"email": ada.person.email, "password": PASSWORD}
    browser.post(reverse("sign-in"), form)
    first = browser.session.session_key
    browser.post(reverse("sign-out"))
    assert not BrowserSession.objects.filter(pk=first).exists()
    browser.post(reverse("sign-in"), form)
    assert browser.session.session_key not in {None, first}


def test_twenty_idle_minutes_end_a_sign_in(ada: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ada)
    browser.get(reverse("today"))
    stored = BrowserSession.objects.get(pk=browser.session.session_key)
    left = stored.expire_date - now()
    assert timedelta(minutes=19) < left <= timedelta(minutes=20)
    BrowserSession.objects.update(expire_date=now() - timedelta(seconds=1))
    assert browser.get(reverse("today")).status_code == 302


@pytest.mark.parametrize("chair", ["ada", "ben", "dan", "rae", "olga"])
def test_asking_for_the_page_that_stays_is_twenty_minutes_more_and_shows_nobody(
    chair: str, cleo: Client, signed_in: SignedIn, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(chair))
    browser.get(reverse("stay"))
    BrowserSession.objects.update(expire_date=now() + timedelta(minutes=2))
    answer = browser.get(reverse("stay"))
    assert answer.status_code == 200
    assert "You stay signed in" in answer.content.decode()
    assert "Quellbach" not in answer.content.decode()
    assert BrowserSession.objects.get(pk=browser.session.session_key).expire_date > now() + timedelta(minutes=19)
    assert Browser().get(reverse("stay")).status_code == 302


def test_ten_hours_end_a_sign_in_however_busy(
    ada: Membership, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = signed_in(ada)
    browser.get(reverse("today"))
    started = now()
    for hours, status in ((9.9, 200), (10.1, 302)):
        monkeypatch.setattr(clock, "now", lambda hours=hours: started + timedelta(hours=hours))
        assert browser.get(reverse("today")).status_code == status


def test_a_membership_that_ended_ends_the_browser_session_too(ada: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ada)
    Membership.objects.filter(pk=ada.pk).update(state="left")
    assert browser.get(reverse("today")).status_code == 302
    assert "_auth_user_id" not in browser.session
    assert browser.get(reverse("mfa_index")).status_code == 302


def test_signing_out_forgets_the_browser(ada: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ada)
    assert browser.get(reverse("sign-out")).status_code == 405
    answer = browser.post(reverse("sign-out"))
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.get(reverse("today")).status_code == 302


def test_there_is_no_page_to_sign_up_or_to_reset_by_mail() -> None:
    for address in ("/signup/", "/accounts/signup/", "/accounts/password/reset/", "/password/reset/", "/admin/"):
        assert Browser().get(address).status_code == 404


def test_every_change_of_a_membership_is_on_record(olga: Membership, ada: Membership) -> None:
    set_state(membership=ada, state="suspended", at=NOON, actor=olga)
    entry = AuditEntry.objects.filter(practice_id=ada.practice_id).latest("seq")
    assert (entry.verb, entry.role, entry.object_id, entry.fields) == (
        "membership.changed",
        "owner",
        str(ada.pk),
        ["state"],
    )


def test_what_no_rule_allows_is_refused(olga: Membership, ada: Membership) -> None:
    assert not may(None, "read", ada)
    assert not may(olga, "purge", ada)
    assert not visible(olga, Person).exists()


def test_the_log_from_each_chair(
    practice: Practice, olga: Membership, ada: Membership, ben: Membership, rae: Membership, dan: Membership
) -> None:
    bo = add_person(practice=practice, email="bo@example.org", name="Bo", role="administrator", password=None, at=NOON)
    record("client.read", actor=ada, practice=practice, at=NOON)
    record("practice.renamed", actor=olga, practice=practice, target=practice, at=NOON)
    seen = {who.person.name: visible(who, AuditEntry) for who in (olga, bo, ada, ben, rae, dan)}
    assert seen["Olga"].count() == AuditEntry.objects.filter(practice_id=practice.pk).count() == 8
    assert [entry.verb for entry in seen["Ada"]] == ["client.read"]
    assert "client.read" not in {entry.verb for entry in seen["Bo"]}
    assert {entry.object_type for entry in seen["Bo"]} == {"accounts.practice", "accounts.membership"}
    assert [seen[name].count() for name in ("Ben", "Rae", "Dan")] == [0, 0, 0]


def test_a_form_without_our_token_is_refused(ada: Membership) -> None:
    browser = Browser(enforce_csrf_checks=True)
    answer: Any = browser.post(reverse("sign-in"), {"email": ada.person.email, "password": PASSWORD})
    assert answer.status_code == 403
    assert ada.person.email not in answer.content.decode()
