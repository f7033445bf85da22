"""A second factor before the first page of data: set up, used, lost, and skipped by nobody."""

import base64
import hashlib
import hmac
import re
import struct
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import call_command
from django.test import Client as Browser
from django.urls import URLPattern, get_resolver, reverse

from holdfast.practice.accounts.actions import remove_second_factor
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.second_factor import SETTING_UP
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.lib.clock import now
from tests.practice.conftest import NOON, PASSWORD

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Membership | None], Browser]
SetUp = Callable[[Membership], tuple[Browser, str]]


@pytest.fixture(autouse=True)
def required(settings: Any) -> None:
    settings.SECOND_FACTOR = True


def code_of(secret: str, *, steps: int = 0) -> str:
    """RFC 6238, from its text: HMAC-SHA1 of the number of half minutes, truncated to six digits."""
    counter = int(time.time()) // 30 + steps
    mac = hmac.new(base64.b32decode(secret), struct.pack(">Q", counter), hashlib.sha1).digest()
    number = struct.unpack(">I", mac[mac[-1] & 15 : (mac[-1] & 15) + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**6:06d}"


def _sign_in(browser: Browser, who: Membership, **more: str) -> Any:
    return browser.post(reverse("sign-in"), {"email": who.person.email, "password": PASSWORD, **more})


@pytest.fixture
def set_up() -> SetUp:
    """A browser in which the second factor has just been set up, and its secret."""

    def done(who: Membership) -> tuple[Browser, str]:
        browser = Browser()
        _sign_in(browser, who)
        secret = browser.get(reverse("mfa_activate_totp")).context["form"].secret
        browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
        return browser, secret

    return done


def test_the_published_example_of_the_code_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 59)  # RFC 6238, appendix B: 94287082 for eight digits
    assert code_of(base64.b32encode(b"12345678901234567890").decode()) == "287082"


def test_the_first_sign_in_leads_to_setting_up_and_then_to_today(ada: Membership) -> None:
    browser = Browser()
    assert _sign_in(browser, ada)["Location"] == reverse("start")
    assert browser.get(reverse("today"))["Location"] == reverse("mfa_activate_totp")
    page = browser.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert "<svg" in page.content.decode()
    assert re.search(r'<svg [^>]*viewBox="0 0 \d+ \d+"', page.content.decode()), "it scales instead of being cut"
    assert "data:image" not in page.content.decode()
    assert " style=" not in page.content.decode()
    answer = browser.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    assert len(re.findall(r"<code>\d{8}</code>", browser.get(answer["Location"]).content.decode())) == 10
    assert browser.get(reverse("today")).status_code == 200
    assert AuditEntry.objects.filter(verb="second-factor.set-up", person_id=ada.person_id).count() == 1


def test_the_secret_rests_sealed(ada: Membership, set_up: SetUp) -> None:
    _, secret = set_up(ada)
    stored = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in stored
    assert base64.b32decode(secret).hex() not in stored


def test_a_password_alone_opens_nothing_once_the_app_isset_up(ada: Membership, set_up: SetUp) -> None:
    _, secret = set_up(ada)
    browser = Browser()
    assert _sign_in(browser, ada, next="/account/")["Location"].startswith(reverse("mfa_authenticate"))
    assert browser.get(reverse("today"))["Location"].startswith(reverse("sign-in"))
    assert "does not fit" in browser.post(reverse("mfa_authenticate"), {"code": "000000"}).content.decode()
    assert browser.get(reverse("today"))["Location"].startswith(reverse("sign-in"))
    answer = browser.post(reverse("mfa_authenticate"), {"code": code_of(secret, steps=1)})
    assert answer["Location"] == "/account/"
    assert browser.get(reverse("today")).status_code == 200


def test_a_code_works_once(ada: Membership, set_up: SetUp) -> None:
    _, secret = set_up(ada)
    code = code_of(secret, steps=1)
    for expected in (302, 200):
        browser = Browser()
        _sign_in(browser, ada)
        assert browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_a_recovery_code_works_once(ada: Membership, set_up: SetUp) -> None:
    first, _ = set_up(ada)
    code = re.findall(r"<code>(\d{8})</code>", first.get(reverse("mfa_view_recovery_codes")).content.decode())[3]
    for expected in (302, 200):
        browser = Browser()
        _sign_in(browser, ada)
        assert browser.post(reverse("mfa_authenticate"), {"code": code}).status_code == expected


def test_guessing_codes_is_stopped(ada: Membership, set_up: SetUp) -> None:
    _, secret = set_up(ada)
    browser = Browser()
    _sign_in(browser, ada)
    for _ in range(6):
        browser.post(reverse("mfa_authenticate"), {"code": "000000"})
    answer = browser.post(reverse("mfa_authenticate"), {"code": code_of(secret, steps=1)})
    assert "Too many tries" in answer.content.decode()
    assert browser.get(reverse("today")).status_code == 302


def test_a_session_that_skipped_the_factor_is_signed_out(ada: Membership, signed_in: SignedIn, set_up: SetUp) -> None:
    set_up(ada)
    browser = signed_in(ada)
    assert browser.get(reverse("today"))["Location"] == reverse("sign-in")
    assert "_auth_user_id" not in browser.session


def test_another_s_factor_does_not_count(ada: Membership, ben: Membership, set_up: SetUp) -> None:
    browser, _ = set_up(ada)
    set_up(ben)
    browser.force_login(ben.person)
    assert browser.get(reverse("today"))["Location"] == reverse("sign-in")


def _plain_routes() -> list[tuple[str, str]]:
    """Every address without parameters, apart from those of people who are no staff or who sign in."""
    found = []

    def walk(patterns: list[Any], prefix: str) -> None:
        for pattern in patterns:
            where = f"{prefix}{pattern.pattern}"
            if not isinstance(pattern, URLPattern):
                walk(pattern.url_patterns, where)
            elif "<" not in where and not where.startswith(("f", "mine")):
                found.append((pattern.name or "", f"/{where}"))

    walk(get_resolver().url_patterns, "")
    return found


def test_without_a_second_factor_no_page_of_staff_opens(ada: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ada)
    routes = [(name, where) for name, where in _plain_routes() if name not in SETTING_UP]
    assert len(routes) > 5
    for name, where in routes:
        answer = browser.get(where)
        opened = answer.status_code == 200 and name not in {"sign-in", "account_login"}
        assert not opened, f"{where} opened without a second factor"


def test_settings_of_sign_in_ask_again_after_five_minutes(
    ada: Membership, monkeypatch: pytest.MonkeyPatch, set_up: SetUp
) -> None:
    browser, _ = set_up(ada)
    assert browser.get(reverse("mfa_generate_recovery_codes")).status_code == 200
    later = now() + timedelta(minutes=6)
    monkeypatch.setattr("holdfast.practice.lib.clock.now", lambda: later)
    asked = browser.get(reverse("mfa_generate_recovery_codes"))
    assert asked["Location"].startswith(reverse("account_reauthenticate"))
    assert "not your password" in browser.post(asked["Location"], {"password": "wrong"}).content.decode()
    answer = browser.post(asked["Location"], {"password": PASSWORD})
    assert answer["Location"] == reverse("mfa_generate_recovery_codes")
    assert browser.get(answer["Location"]).status_code == 200


def test_moving_to_another_phone_closes_the_records_until_it_is_done(ada: Membership, set_up: SetUp) -> None:
    browser, _ = set_up(ada)
    assert browser.get(reverse("mfa_deactivate_totp")).status_code == 200
    browser.post(reverse("mfa_deactivate_totp"))
    assert not Authenticator.objects.exists()
    assert browser.get(reverse("today"))["Location"] == reverse("mfa_activate_totp")


def test_a_lost_phone_is_replaced_at_the_console(
    ada: Membership, capsys: pytest.CaptureFixture[str], set_up: SetUp
) -> None:
    browser, _ = set_up(ada)
    call_command("user", "new-phone", "--email", ada.person.email)
    assert "sets up a new authenticator app" in capsys.readouterr().out
    assert browser.get(reverse("today"))["Location"].startswith(reverse("sign-in"))
    assert AuditEntry.objects.filter(verb="second-factor.removed", object_id=str(ada.person_id)).count() == 1
    remove_second_factor(person=ada.person, at=NOON)
    assert not Authenticator.objects.exists()


def test_the_pages_of_one_s_own_account_open(ada: Membership, set_up: SetUp) -> None:
    browser, _ = set_up(ada)
    pages = (
        "mfa_index",
        "mfa_view_recovery_codes",
        "account_change_password",
        "mfa_reauthenticate",
        "account_reauthenticate",
    )
    for name in pages:
        answer = browser.get(reverse(name))
        assert answer.status_code == 200, name
        assert "<label" in answer.content.decode() or name in {"mfa_index", "mfa_view_recovery_codes"}
    kept = browser.get(reverse("mfa_download_recovery_codes"))
    assert len(kept.content.split()) == 10


def test_a_changed_password_ends_other_browsers(ada: Membership, set_up: SetUp) -> None:
    browser, secret = set_up(ada)
    other = Browser()
    _sign_in(other, ada)
    other.post(reverse("mfa_authenticate"), {"code": code_of(secret, steps=1)})
    assert other.get(reverse("today")).status_code == 200
    new = {"oldpassword": PASSWORD, "password1": "kelp holds in the swell", "password2": "kelp holds in the swell"}
    short = browser.post(reverse("account_change_password"), {**new, "password1": "short", "password2": "short"})
    assert short.status_code == 200
    assert browser.post(reverse("account_change_password"), new).status_code == 302
    assert browser.get(reverse("today")).status_code == 200
    assert other.get(reverse("today")).status_code == 302


def test_the_switch_is_said_on_the_page(settings: Any) -> None:
    assert "Simulated data" not in Browser().get(reverse("sign-in")).content.decode()
    settings.SECOND_FACTOR = False
    assert "Simulated data" in Browser().get(reverse("sign-in")).content.decode()
