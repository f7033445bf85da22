"""The episode as a piece of work on its page: guidance, what is tried and how it went, undo, filters of the list."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.ruptures.models import Attempt, RuptureEpisode
from tests.practice.insight.conftest import Therapy

SignedIn = Callable[[Membership | None], Browser]


@pytest.fixture
def desk(ada: Membership, signed_in: SignedIn) -> Browser:
    return signed_in(ada)


def read(desk: Browser, path: str) -> str:
    answer = desk.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_guidance_comes_in_order_with_its_sources(told: Therapy, desk: Browser) -> None:
    text = read(desk, f"/episodes/{told.episode.pk}/")
    order = [text.index(words) for words in ("First: let it be true", "Then: look at it together", "Later: change")]
    assert order == sorted(order)
    assert "10.1037/int0000097" in text
    assert "r = 0.29 (95 % interval 0.10 to 0.47; 11 studies)" in text
    assert "does not say that repairing made the outcome better" in text


def test_a_plan_is_chosen_told_and_kept(told: Therapy, desk: Browser) -> None:
    path = f"/episodes/{told.episode.pk}/"
    assert desk.post(path + "try/", {"strategy": "own-part"})["Location"] == path
    empty = desk.post(path + "try/", {"text": "  "})
    assert (empty.status_code, "Do one of the two." in empty.content.decode()) == (422, True)
    attempt = Attempt.objects.get(strategy="own-part")
    wrong = desk.post(f"/attempts/{attempt.pk}/", {"text": "I said it."})
    assert wrong.status_code == 422
    assert "choose one of the four" in wrong.content.decode()
    assert "I said it." in wrong.content.decode()
    assert desk.post(f"/attempts/{attempt.pk}/", {"judgement": "helped", "text": "I said it."})["Location"] == path
    assert "It helped" in read(desk, path)
    assert "I said it." in read(desk, path)


def test_steps_are_taken_back_and_a_closing_reopened(told: Therapy, desk: Browser) -> None:
    path = f"/episodes/{told.episode.pk}/"
    desk.post(path + "acknowledge/")
    assert "No, I have not seen it yet" in read(desk, path)
    desk.post(path + "undo/")
    assert "Not yet acknowledged" in read(desk, path)
    assert desk.post(path + "undo/").status_code == 422
    desk.post(path + "close/", {"status": "not", "text": "It stayed."})
    assert "Reopen it" in read(desk, path)
    assert "What was tried" in read(desk, path)
    desk.post(path + "reopen/")
    assert RuptureEpisode.objects.get().status == "open"
    assert desk.post(path + "reopen/").status_code == 422


def test_the_list_can_be_narrowed_by_links(told: Therapy, desk: Browser) -> None:
    kind = told.episode.kind
    for query, shown in (("", True), ("?stands=open", True), ("?stands=closed", False), (f"?kind={kind}", True),
                         ("?kind=disagreement", False), ("?kind=nonsense&stands=x", True)):  # fmt: skip
        text = read(desk, f"/episodes/{query}")
        assert (f"/episodes/{told.episode.pk}/" in text) is shown
        assert ("No episode is of this kind and standing." in text) is not shown
