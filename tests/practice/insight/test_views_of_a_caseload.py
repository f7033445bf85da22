"""The caseload narrowed, searched and put in order, by addresses that can be kept."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.actions import add_client, book_session, close_episode_of_care
from holdfast.practice.caseload.models import Client, EpisodeOfCare
from holdfast.practice.insight.lines import View, lines_of
from tests.practice.insight.conftest import Therapy
from tests.practice.remember import remembered
from tests.practice.sayings import RATED, answer


@pytest.fixture
@remembered
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


def test_a_therapy_that_has_ended_stands_last_says_so_and_is_not_on_today(
    caseload: Therapy, ada: Membership, signed_in: Callable[[Membership | None], Browser]
) -> None:
    care = EpisodeOfCare.objects.get(dyad__client__code="C-02")
    close_episode_of_care(actor=ada, care=care, at=caseload.now)
    lines = lines_of(ada, caseload.now)
    assert [line.code for line in View().of(lines, caseload.now)] == ["C-01", "C-03", "C-02"]
    assert View(show="unbooked").of(lines, caseload.now) == ()
    desk = signed_in(ada)
    assert "Therapy ended 16 June 2026" in desk.get("/clients/").content.decode()
    assert "Abel Zorn" not in desk.get("/today/").content.decode()


def test_after_rating_the_next_session_that_waits_is_one_tap_away(
    caseload: Therapy, ada: Membership, signed_in: Callable[[Membership | None], Browser]
) -> None:
    zoe = Client.objects.get(code="C-03")
    met = book_session(actor=ada, dyad=zoe.dyads.get(), starts_at=caseload.now - timedelta(hours=4), at=caseload.now)
    answer(ada, met, 75)
    desk = signed_in(ada)
    waiting = caseload.sessions[-1]
    form = "holdfast-session-therapist"
    given = {f"{form}.{item}": str(value) for item, value in RATED[form].items()}
    rated = desk.post(f"/sessions/{waiting.pk}/rate/", given)
    assert rated.headers["Location"] == f"/clients/{caseload.client.pk}/?rated=1"
    page = desk.get(rated.headers["Location"]).content.decode()
    assert f"Next to rate: session {met.number} with Zoe Amsel" in page
    assert f'href="/sessions/{met.pk}/rate/"' in page
    assert "Next to rate" not in desk.get(f"/clients/{caseload.client.pk}/").content.decode()
