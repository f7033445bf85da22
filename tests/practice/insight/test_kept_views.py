"""Views of a caseload that somebody keeps: theirs alone, renamed, shown first, removed and brought back."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.actions import add_client
from holdfast.practice.caseload.kept_views import MOST, keep_view, views_of
from holdfast.practice.caseload.models import SavedView
from holdfast.practice.insight.lines import View
from tests.practice.conftest import NOON
from tests.practice.insight.conftest import Therapy

SignIn = Callable[[Membership | None], Browser]


def keep(browser: Browser, name: str = "Not booked", **asked: str) -> SavedView:
    answer = browser.post("/clients/views/", {"name": name, "show": "unbooked", "sort": "next", **asked})
    return SavedView.objects.get(pk=answer["Location"].rpartition("=")[2])


def press(browser: Browser, row: SavedView, do: str, **more: str) -> int:
    status: int = browser.post(f"/clients/views/{row.pk}/", {"do": do, **more}).status_code
    return status


@pytest.fixture
def desk(told: Therapy, ada: Membership, signed_in: SignIn) -> Browser:
    """Beside Cleo, who has a session: Abel, who has none."""
    add_client(actor=ada, code="C-02", name="Abel Zorn", at=told.now)
    return signed_in(ada)


def test_a_view_keeps_filter_order_and_search_under_its_name(desk: Browser, ada: Membership) -> None:
    row = keep(desk, name="  Zorn,   not booked ", search="zorn")
    (kept,) = views_of(ada)
    assert (kept.name, kept.search, row.show, row.sort) == ("Zorn, not booked", "zorn", "unbooked", "next")
    assert b"orn" not in bytes(row.sealed_words)
    text = desk.get(f"/clients/?view={row.pk}").content.decode()
    assert "Abel Zorn" in text
    assert "Cleo Quellbach" not in text
    assert 'value="zorn"' in text
    assert AuditEntry.objects.filter(verb="view.kept", object_id=str(row.pk)).count() == 1


def test_one_is_shown_first_and_everybody_stays_one_click_away(desk: Browser) -> None:
    one, two = keep(desk), keep(desk, name="Noticed", show="noticed", sort="name")
    press(desk, one, "first")
    press(desk, two, "first")
    assert list(SavedView.objects.filter(is_first=True)) == [two]
    text = desk.get("/clients/").content.decode()
    assert "Abel Zorn" not in text
    assert "Abel Zorn" in desk.get("/clients/?sort=name").content.decode()
    press(desk, two, "not-first")
    assert "Abel Zorn" in desk.get("/clients/").content.decode()


def test_renamed_removed_and_brought_back(desk: Browser, ada: Membership) -> None:
    row = keep(desk)
    press(desk, row, "first")
    press(desk, row, "rename", name="To book")
    assert [each.name for each in views_of(ada)] == ["To book"]
    gone = desk.post(f"/clients/views/{row.pk}/", {"do": "remove"}, follow=True).content.decode()
    assert "The view “To book” was removed." in gone
    assert f"?view={row.pk}" not in gone
    assert "was removed" not in desk.get("/clients/").content.decode()
    assert press(desk, row, "first") == 422
    press(desk, row, "back")
    assert f"?view={row.pk}" in desk.get("/clients/").content.decode()
    verbs = AuditEntry.objects.filter(object_id=str(row.pk)).order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["view.kept", "view.first", "view.renamed", "view.removed", "view.brought-back"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (" ", "A view needs a name"),
        ("x" * 41, "A view needs a name"),
        ("not BOOKED", "A view has that name already"),
    ],
)
def test_a_name_that_cannot_be_changes_nothing(name: str, sentence: str, desk: Browser) -> None:
    row = keep(desk)
    for address in ("/clients/views/", f"/clients/views/{row.pk}/"):
        answer = desk.post(address, {"name": name})
        if address == "/clients/views/" or "already" not in sentence:
            assert answer.status_code == 422
            assert sentence in answer.content.decode()
    assert list(SavedView.objects.values_list("pk", flat=True)) == [row.pk]


def test_there_are_so_many_and_no_more(desk: Browser, ada: Membership) -> None:
    for number in range(MOST):
        keep_view(actor=ada, name=f"View {number}", asked={}, at=NOON)
    assert desk.post("/clients/views/", {"name": "One more"}).status_code == 422
    assert SavedView.objects.count() == MOST


def test_what_an_address_does_not_know_is_not_kept(desk: Browser) -> None:
    row = keep(desk, show="best", sort="score")
    assert (row.show, row.sort) == (View().show, View().sort)


@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga"])
def test_nobody_else_sees_or_changes_it(
    chair: str, desk: Browser, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    row = keep(desk, name="Quellbach", search="Quell")
    before = SavedView.objects.values().get()
    other = signed_in(request.getfixturevalue(chair))
    for do in ("rename", "first", "remove", "back"):
        assert press(other, row, do, name="Mine") == 404
    for address in (f"/clients/?view={row.pk}", f"/clients/?removed={row.pk}"):
        assert "Quell" not in other.get(address).content.decode()
    assert SavedView.objects.values().get() == before


@pytest.mark.parametrize("chair", ["rae", "olga"])
def test_who_has_no_caseload_keeps_no_view(
    chair: str, desk: Browser, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    other = signed_in(request.getfixturevalue(chair))
    assert other.post("/clients/views/", {"name": "Mine"}).status_code in {403, 404}
    assert "Keep this view" not in other.get("/clients/").content.decode()
    assert not SavedView.objects.exists()


def test_a_stranger_is_sent_to_the_door(desk: Browser, signed_in: SignIn) -> None:
    row = keep(desk)
    assert press(signed_in(None), row, "remove") == 302
    assert SavedView.objects.get().removed_at is None
