"""Somebody with several roles works in one at a time; the first place is that of the role."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import reverse

from holdfast.practice.accounts.actions import add_person, set_state
from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.models import AuditEntry
from tests.practice.conftest import NOON

SignedIn = Callable[[Membership | None], Browser]
FIRST = {
    "therapist": "today", "supervisor": "supervision", "owner": "practice", "administrator": "settings",
    "researcher": "mfa_index",
}  # fmt: skip


@pytest.mark.parametrize("role", FIRST)
def test_each_role_has_a_first_place_that_opens(role: str, ada: Membership, signed_in: SignedIn) -> None:
    who = add_person(practice=ada.practice, email="k@example.org", name="Kim", role=role, password=None, at=NOON)
    browser = signed_in(who)
    assert browser.get("/")["Location"] == reverse(FIRST[role])
    page = browser.get(reverse(FIRST[role]))
    assert page.status_code == 200
    assert 'aria-current="page"' in page.content.decode() or role == "researcher"
    assert b"Work as" not in page.content


def test_the_other_role_is_one_tap_away_and_on_record(ada: Membership, signed_in: SignedIn) -> None:
    add_person(practice=ada.practice, email=ada.person.email, name="Ada", role="owner", password=None, at=NOON)
    browser = signed_in(ada)
    assert b"Work as owner" in browser.get("/today/").content
    key = browser.session.session_key
    assert browser.post("/role/", {"role": "owner"})["Location"] == "/"
    assert browser.session.session_key != key
    assert browser.get("/")["Location"] == "/practice/"
    assert b"Work as therapist" in browser.get("/practice/").content
    assert AuditEntry.objects.get(verb="role.chosen").role == "owner"


def test_nobody_chooses_a_role_that_is_not_theirs(ada: Membership, signed_in: SignedIn) -> None:
    owner = add_person(practice=ada.practice, email=ada.person.email, name="Ada", role="owner", password=None, at=NOON)
    browser = signed_in(ada)
    browser.post("/role/", {"role": "administrator"})
    assert browser.get("/practice/").status_code == 404 or browser.get("/practice/").status_code == 403
    browser.post("/role/", {"role": "owner"})
    assert browser.get("/practice/").status_code == 200
    set_state(membership=owner, state="suspended", at=NOON)
    again = signed_in(ada)
    assert b"Work as" not in again.get("/today/").content
    assert signed_in(None).post("/role/", {"role": "owner"})["Location"].startswith(reverse("sign-in"))
