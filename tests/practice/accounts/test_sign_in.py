"""Signing in: one sentence for every refusal, limits before hashing, and a revocation holds at the next request."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from holdfast.practice.accounts import forms
from holdfast.practice.accounts.actions import set_state
from holdfast.practice.accounts.limits import PER_ACCOUNT
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import may, visible
from holdfast.practice.audit.models import AuditEntry
from tests.practice.conftest import NOON, PASSWORD

pytestmark = pytest.mark.django_db


def _try(browser: Browser, email: str, password: str) -> bytes:
    return browser.post(reverse("sign-in"), {"email": email, "password": password}).content


def test_the_right_password_opens_today(ada: Membership) -> None:
    answer = Browser().post(reverse("sign-in"), {"email": ada.person.email.upper(), "password": PASSWORD})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("start")
    assert AuditEntry.objects.filter(verb="person.signed-in", person_id=ada.person_id).count() == 1


@pytest.mark.parametrize("state", ["invited", "suspended", "left"])
def test_without_an_active_membership_the_words_are_those_of_a_wrong_password(ada: Membership, state: str) -> None:
    wrong = _try(Browser(), ada.person.email, "not the password")
    set_state(membership=ada, state=state, at=NOON)
    assert forms.WRONG in _try(Browser(), ada.person.email, PASSWORD).decode()
    assert forms.WRONG in wrong.decode()


def test_an_address_nobody_has_gets_the_same_words(ada: Membership) -> None:
    assert forms.WRONG in _try(Browser(), "nobody@example.org", PASSWORD).decode()


def test_many_wrong_tries_are_stopped_before_hashing(ada: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(PER_ACCOUNT):
        _try(Browser(), ada.person.email, "not the password")
    monkeypatch.setattr(forms, "authenticate", lambda *_, **__: pytest.fail("hashed after the limit"))
    assert forms.WAIT in _try(Browser(), ada.person.email, PASSWORD).decode()


def test_a_revocation_holds_from_the_next_request(
    ada: Membership, signed_in: Callable[[Membership | None], Browser]
) -> None:
    browser = signed_in(ada)
    assert browser.get(reverse("today")).status_code == 200
    Membership.objects.filter(pk=ada.pk).update(state="suspended")
    assert browser.get(reverse("today")).status_code == 302


def test_suspending_ends_browser_sessions(ada: Membership, signed_in: Callable[[Membership | None], Browser]) -> None:
    browser = signed_in(ada)
    set_state(membership=ada, state="suspended", at=NOON)
    set_state(membership=ada, state="active", at=NOON)
    assert browser.get(reverse("today")).status_code == 302


def test_only_a_page_of_ours_is_gone_on_to(ada: Membership) -> None:
    form = {"email": ada.person.email, "password": PASSWORD}
    assert Browser().post(reverse("sign-in"), {**form, "next": "https://elsewhere.example/"})["Location"] == "/"
    assert Browser().post(reverse("sign-in"), {**form, "next": "/clients/"})["Location"] == "/clients/"


def test_memberships_are_seen_by_the_owner_and_by_oneself(
    ada: Membership, ben: Membership, olga: Membership, dan: Membership
) -> None:
    assert set(visible(olga, Membership)) == {ada, ben, olga}
    assert set(visible(ada, Membership)) == {ada}
    assert set(visible(dan, Membership)) == {dan}
    assert not visible(None, Membership).exists()
    assert not may(olga, "juggle", ada)
    olga.state = "suspended"
    assert not visible(olga, Membership).exists()
    assert not may(olga, "juggle", ada)
