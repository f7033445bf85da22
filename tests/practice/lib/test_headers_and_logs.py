"""Every answer carries the headers; no line of a log carries content."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client as Browser
from django.test import RequestFactory
from django.urls import reverse

from holdfast.practice.accounts.models import Membership
from holdfast.practice.lib import views
from holdfast.practice.lib.logs import NoReport, WithoutContent
from tests.practice.conftest import PASSWORD

POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "img-src": "'self'", "font-src": "'self'",
    "connect-src": "'self'", "form-action": "'self'", "frame-ancestors": "'none'", "base-uri": "'none'",
    "require-trusted-types-for": "'script'", "trusted-types": "'none'",
}  # fmt: skip
HEADERS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), browsing-topics=()",
}
CANARY = "canary-8f1c"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/sign-in/", "/nowhere/", "/today/", "/static/holdfast/base.css", "/"])
def test_every_answer_carries_the_headers(address: str) -> None:
    answer = Browser().get(address)
    assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
    given = [part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")]
    assert dict(given) == POLICY
    assert "Strict-Transport-Security" not in answer.headers
    assert "Access-Control-Allow-Origin" not in answer.headers
    expected = "max-age=60, public" if address.startswith("/static") else "no-store"
    assert answer.headers["Cache-Control"] in {expected, f"{expected}, max-age=0, no-cache, must-revalidate, private"}
    answer.close()


def test_the_pages_of_last_resort_say_nothing_of_the_request() -> None:
    request = RequestFactory().get(f"/{CANARY}", {"q": CANARY})
    for view, status in ((views.not_there, 404), (views.went_wrong, 500), (views.too_many, 429)):
        answer = view(request)
        assert answer.status_code == status
        assert CANARY not in answer.content.decode()


@pytest.mark.django_db
def test_not_there_is_the_same_page_whatever_was_asked() -> None:
    assert Browser().get("/nowhere/").content == Browser().get(f"/{CANARY}/?{CANARY}").content


@pytest.mark.django_db
def test_no_line_of_the_log_holds_path_query_body_or_address(
    ada: Membership, signed_in: Callable[[Membership | None], Browser], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(WithoutContent())
    with caplog.at_level(logging.INFO):
        browser = signed_in(ada)
        browser.get(f"/{CANARY}/?q={CANARY}", REMOTE_ADDR="192.0.2.77", headers={"User-Agent": CANARY})
        browser.get(reverse("today"), {"q": CANARY})
        Browser().post(reverse("sign-in"), {"email": f"{CANARY}@example.org", "password": PASSWORD})
    assert CANARY not in caplog.text
    assert "192.0.2.77" not in caplog.text
    lines = [line for line in caplog.text.splitlines() if "holdfast.requests" in line]
    assert len(lines) == 3
    assert f"person={ada.person_id}" in lines[1]
    assert all(part in lines[1] for part in ("route=today", "status=200", "method=GET", "ms=", "id="))


def test_an_exception_is_its_type_file_and_line() -> None:
    try:
        raise ValueError(CANARY)
    except ValueError as error:
        given = logging.LogRecord(
            "holdfast", logging.ERROR, __file__, 1, CANARY, None, (type(error), error, error.__traceback__)
        )
    line = WithoutContent().format(given)
    assert CANARY not in line
    assert "error=ValueError at test_headers_and_logs.py:" in line


def test_the_debug_report_is_empty() -> None:
    report = NoReport(RequestFactory().get(f"/{CANARY}"), ValueError, ValueError(CANARY), None)
    assert (report.get_traceback_text(), report.get_traceback_html()) == ("", "")


@pytest.mark.django_db
def test_a_failing_page_answers_500_and_logs_no_content(
    ada: Membership,
    signed_in: Callable[[Membership | None], Browser],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fails(*_: Any, **__: Any) -> Any:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("holdfast.practice.accounts.middleware.memberships_of", fails)
    caplog.handler.setFormatter(WithoutContent())
    browser = signed_in(ada)
    browser.raise_request_exception = False
    answer = browser.get(reverse("today"))
    assert answer.status_code == 500
    assert CANARY not in answer.content.decode() + caplog.text
    assert "error=RuntimeError" in caplog.text
