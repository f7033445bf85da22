"""A link out, a form open, a browser that is somebody's phone."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import Link, issue_link
from holdfast.practice.caseload.models import Session
from tests.practice.conftest import NOON

OURS = {"HTTP_ORIGIN": "http://testserver"}


@pytest.fixture
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
