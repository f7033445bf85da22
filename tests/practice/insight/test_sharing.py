"""The page on which the pair puts down what is shown when."""

from collections.abc import Callable

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.models import ReleaseChoice
from tests.practice.insight.conftest import Therapy

SignedIn = Callable[[Membership | None], Browser]
CHOSEN = {"before": "at once", "after": "trend", "comment": "next session"}


def test_it_is_chosen_together_and_stands_with_its_days(told: Therapy, ada: Membership, signed_in: SignedIn) -> None:
    desk, path = signed_in(ada), f"/clients/{told.client.pk}/sharing/"
    assert desk.get(path).content.decode().count("checked") == 3
    wrong = desk.post(path, {**CHOSEN, "comment": "trend"})
    assert (wrong.status_code, "Choose one of those shown" in wrong.content.decode()) == (422, True)
    assert desk.post(path, CHOSEN)["Location"] == path
    text = desk.get(path).content.decode()
    assert "only as a trend, never one by one, from" in text
    assert "What they write besides: when the next session begins" in text


@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga", None])
def test_others_find_nothing(
    chair: str | None, told: Therapy, signed_in: SignedIn, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(chair) if chair else None)
    for answer in (
        browser.get(f"/clients/{told.client.pk}/sharing/"),
        browser.post(f"/clients/{told.client.pk}/sharing/", CHOSEN),
    ):
        assert answer.status_code == (404 if chair else 302)
        assert "Quellbach" not in answer.content.decode()
    assert not ReleaseChoice.objects.exists()
