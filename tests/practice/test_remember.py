"""What is told again is what was played; whatever else was written makes a test play for real."""

from datetime import timedelta

import pytest

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.content import open_answers
from holdfast.practice.answers.models import CheckIn
from holdfast.practice.audit.queries import verify_chain
from holdfast.practice.caseload.actions import book_session
from holdfast.practice.caseload.models import Client, Session
from tests.practice.conftest import NOON
from tests.practice.remember import remembered
from tests.practice.sayings import answer, session_answers

PLAYED: list[str] = []


@remembered
def rated(actor: Membership, client: Client, name: str) -> CheckIn:
    PLAYED.append(name)
    session = book_session(actor=actor, dyad=client.dyads.get(), starts_at=NOON, at=NOON)
    client.name = name  # an argument looks as it did, too
    return answer(actor, session, 75)


@pytest.mark.parametrize("time", [1, 2, 3])
def test_told_again_is_what_was_played(time: int, ada: Membership, cleo: Client) -> None:
    found = rated(ada, cleo, "once")
    assert PLAYED.count("once") == 1
    assert (CheckIn.objects.get(), Session.objects.get(), cleo.name) == (found, found.session, "once")
    assert open_answers(CheckIn.objects.get()) == session_answers(75)
    assert verify_chain(ada.practice_id).broken_at is None
    book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=NOON + timedelta(days=7), at=NOON)
    assert Session.objects.count() == 2


@pytest.mark.parametrize("time", [1, 2])
def test_after_a_write_of_its_own_a_test_plays_for_real(time: int, ada: Membership, cleo: Client) -> None:
    ada.practice.save()
    rated(ada, cleo, "alone")
    assert PLAYED.count("alone") == time


@pytest.mark.parametrize("time", [1, 2])
def test_so_does_one_that_changes_its_surroundings(
    time: int, ada: Membership, cleo: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rated(ada, cleo, "changed")
    assert PLAYED.count("changed") == time


def test_what_does_more_than_write_rows_is_refused() -> None:
    with pytest.raises(TypeError, match="does more than write rows"):
        remembered(lambda monkeypatch: None)
