"""Cleo with a page of her own, in a browser that knows her PIN."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.actions import set_practice
from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.models import Client
from holdfast.practice.caseload.own_page import give_page
from holdfast.practice.lib import clock
from tests.practice.insight.conftest import Therapy
from tests.practice.insight.conftest import played as played
from tests.practice.insight.conftest import told as told
from tests.practice.remember import remembered

PIN = "480215"
OURS = {"HTTP_ORIGIN": "http://testserver"}

GivePage = Callable[[Client, Membership], Browser]


@pytest.fixture
@remembered
def opened(olga: Membership, told: Therapy) -> Therapy:
    """The practice has pages for clients."""
    set_practice(actor=olga, exit_address="", clients_sign_in=True, keeps_sealed=False, at=told.now)
    told.client.refresh_from_db()
    return told


@pytest.fixture
def given() -> GivePage:
    """A page given to a client in a session, set up on a fresh browser with a PIN."""

    def browser(client: Client, therapist: Membership) -> Browser:
        client.refresh_from_db()
        made = give_page(actor=therapist, client=client, at=clock.now())
        mine = Browser()
        mine.post("/mine/begin/open/", {"token": made.token}, **OURS)
        mine.post("/mine/begin/pin/", {"pin": PIN, "again": PIN})
        return mine

    return browser


@pytest.fixture
def mine(opened: Therapy, ada: Membership, given: GivePage) -> Browser:
    """Cleo, signed in."""
    return given(opened.client, ada)
