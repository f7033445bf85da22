"""The caseload narrowed, searched and put in order, by addresses that can be kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.actions import add_client, book_session
from holdfast.practice.insight.lines import View, lines_of
from tests.practice.insight.conftest import Therapy


@pytest.fixture
def caseload(told: Therapy, ada: Membership) -> Therapy:
    """Beside Cleo, of whom something was noticed: Abel without a session, and Zoe with one far ahead."""
    add_client(actor=ada, code="C-02", name="Abel Zorn", at=told.now)
    zoe = add_client(actor=ada, code="C-03", name="Zoe Amsel", at=told.now)
    book_session(actor=ada, dyad=zoe.dyads.get(), starts_at=told.now + timedelta(days=9), at=told.now)
    return told


@pytest.mark.parametrize(
    ("asked", "codes"),
    [
        ({}, ["C-02", "C-01", "C-03"]),
        ({"sort": "next"}, ["C-01", "C-03", "C-02"]),
        ({"show": "noticed"}, ["C-01"]),
        ({"show": "waiting"}, ["C-01"]),
        ({"show": "unanswered"}, ["C-01"]),
        ({"show": "unbooked"}, ["C-02"]),
        ({"search": "aMS"}, ["C-03"]),
        ({"search": "c-0", "show": "unbooked"}, ["C-02"]),
        ({"search": "nobody"}, []),
        ({"show": "best", "sort": "score"}, ["C-02", "C-01", "C-03"]),
    ],
)
def test_a_view_holds_whom_it_says_in_its_order(
    asked: dict[str, str], codes: list[str], caseload: Therapy, ada: Membership
) -> None:
    lines = lines_of(ada, caseload.now)
    assert [line.code for line in View.of_address(asked, asked.get("search", "")).of(lines, caseload.now)] == codes


def test_the_page_keeps_what_was_searched_and_says_when_nobody_is_there(
    caseload: Therapy, ada: Membership, signed_in: Callable[[Membership | None], Browser]
) -> None:
    text = signed_in(ada).post("/clients/?show=noticed", {"search": "<b>"}).content.decode()
    assert 'value="&lt;b&gt;"' in text
    assert "<b>" not in text
    assert "Show all 3" in text
    found = signed_in(ada).post("/clients/", {"search": "zoe"}).content.decode()
    assert "search=" not in found.replace('role="search"', "")
    assert "Zoe Amsel" in found
    assert "Abel Zorn" not in found
