"""The page to look at together holds the words of the client alone; the summary holds what was chosen."""

import re
from collections.abc import Callable

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.formulation.actions import begin_goal
from holdfast.practice.insight.letter import PARTS, READERS, shared_page, summary
from tests.practice.insight.conftest import WORDS, Therapy

SignedIn = Callable[[Membership | None], Browser]
THERAPISTS = ("expected", "lower than", "prediction", "Episode", "episode", "guess", "chance", "signal", "Expected")


def body(answer: object) -> str:
    return re.sub(r"<script.*?</script>|<link[^>]*>|<nav.*?</nav>", "", answer.content.decode(), flags=re.S)  # type: ignore[attr-defined]


def test_the_shared_page_holds_nothing_of_the_therapists_own(
    told: Therapy, ada: Membership, signed_in: SignedIn
) -> None:
    answer = signed_in(ada).get(f"/clients/{told.client.pk}/together/")
    assert answer.status_code == 200
    text = body(answer)
    assert WORDS in text
    assert not [word for word in THERAPISTS if word in text]
    assert "Hidden until rated." not in text
    assert "Today" not in text  # the navigation with other clients is not on a screen that is turned round
    found = shared_page(ada, told.client.pk, told.now)
    assert found is not None
    assert found.alliance is not None
    assert (found.alliance.low, found.alliance.marks, found.alliance.spans, found.alliance.predicted) == (
        (),
        (),
        (),
        (),
    )
    assert found.alliance.values[:6] == (75, 78.125, 75, 71.875, 75, 25)
    assert AuditEntry.objects.filter(verb="client.read").count() == 1


def test_the_shared_page_names_the_goals_that_are_open(told: Therapy, ada: Membership, signed_in: SignedIn) -> None:
    begin_goal(actor=ada, dyad=told.client.dyads.get(), text="Saying no at work", at=told.now)
    assert "Saying no at work" in body(signed_in(ada).get(f"/clients/{told.client.pk}/together/"))


def test_the_shared_page_before_anything_was_said(ada: Membership, cleo: object, signed_in: SignedIn) -> None:
    text = body(signed_in(ada).get(f"/clients/{cleo.pk}/together/"))  # type: ignore[attr-defined]
    assert "it stands here for us both" in text


@pytest.mark.parametrize("reader", READERS)
def test_each_reader_gets_the_usual_parts(reader: str, told: Therapy, ada: Membership, signed_in: SignedIn) -> None:
    text = body(signed_in(ada).get(f"/clients/{told.client.pk}/summary/?reader={reader}"))
    letter = text[text.index('<article class="letter">') :]
    assert "7 sessions" in letter or "6 sessions" in letter
    assert (WORDS in letter) is ("comments" in READERS[reader][1])
    assert ("reason to ask" in letter) is ("episodes" in READERS[reader][1])
    assert ("Expected" in letter) is ("range" in READERS[reader][1])
    assert ("Quellbach" in letter) is (reader == "colleague")
    assert "not validated" in letter


def test_what_is_chosen_is_in_it_and_nothing_else(told: Therapy, ada: Membership, signed_in: SignedIn) -> None:
    text = body(signed_in(ada).get(f"/clients/{told.client.pk}/summary/?reader=client&part=comments&part=nonsense"))
    letter = text[text.index('<article class="letter">') :]
    assert WORDS in letter
    assert "as rated after sessions" not in letter
    every = summary(ada, told.client.pk, list(PARTS))
    assert every is not None
    assert every.parts == set(PARTS)
    assert len(every.episodes) == 1
    assert every.alliance is not None
    assert every.alliance.low


@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga", None])
def test_others_get_neither(
    chair: str | None, told: Therapy, signed_in: SignedIn, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(chair) if chair else None
    assert shared_page(actor, told.client.pk, told.now) is None
    assert summary(actor, told.client.pk, list(PARTS)) is None
    for path in ("together", "summary"):
        answer = signed_in(actor).get(f"/clients/{told.client.pk}/{path}/")
        assert answer.status_code == (404 if chair else 302)
        assert "Quellbach" not in answer.content.decode()
