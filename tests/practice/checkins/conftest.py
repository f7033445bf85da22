"""A link out, a form open, a browser that is somebody's phone."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import Link, issue_link
from holdfast.practice.caseload.models import Session
from tests.practice.conftest import NOON
from tests.practice.remember import remembered

OURS = {"HTTP_ORIGIN": "http://testserver"}
SAID = {f"holdfast-session.{item}": "3" for item in
        ("bond", "goal", "task", "empathy", "regard", "genuineness", "consistency", "safety")} | {
        "holdfast-session.tension": "0"}  # fmt: skip


@pytest.fixture
@remembered
def link(ada: Membership, session: Session, noon: object) -> Link:
    return issue_link(actor=ada, session=session, purpose="after", at=NOON)


@pytest.fixture
def phone() -> Callable[[str], Browser]:
    """A phone on which a link was opened."""

    def opened(token: str) -> Browser:
        browser = Browser()
        browser.post("/f/open", {"token": token}, **OURS)
        return browser

    return opened


def hidden(answer: HttpResponse) -> dict[str, str]:
    """The form id and the nonce of a form page."""
    return dict(re.findall(r'name="(form|nonce)" value="(\w+)"', answer.content.decode()))


def send(browser: Browser, **more: str) -> HttpResponse:
    """Fill in the open form and send it."""
    fields = {**SAID, **hidden(browser.get("/f/form")), **more}
    return browser.post("/f/form", {name: value for name, value in fields.items() if value != "-"}, **OURS)
