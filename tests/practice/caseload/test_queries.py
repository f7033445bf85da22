"""The caseload from five chairs: only the therapist of an open dyad sees anything."""

from datetime import timedelta

import pytest
from django.db import models

from holdfast.practice.accounts.actions import set_state
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import may, visible
from holdfast.practice.caseload.actions import add_client, mark_session
from holdfast.practice.caseload.models import Client, Dyad, EpisodeOfCare, Session
from holdfast.practice.caseload.queries import (
    client_of,
    clients_of,
    current_care,
    session_of,
    sessions_between,
    sessions_of,
)
from tests.practice.conftest import NOON

DAY = timedelta(days=1)


def test_ada_sees_her_client(ada: Membership, cleo: Client, session: Session) -> None:
    assert [(row.code, row.name) for row in clients_of(ada)] == [("C-01", "Cleo Quellbach")]
    opened = client_of(ada, cleo.pk)
    assert opened is not None
    assert opened.id == cleo.pk
    assert session_of(ada, session.pk) == session
    assert sessions_of(ada, cleo.dyads.get()) == [session]
    assert sessions_between(ada, NOON - DAY, NOON + DAY) == [session]
    assert current_care(ada, cleo.dyads.get()) == session.episode_of_care


@pytest.mark.parametrize("who", ["ben", "dan", "rae", "olga", None])
def test_nobody_else_sees_anything(
    who: str | None, cleo: Client, session: Session, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who) if who else None
    dyad = cleo.dyads.get()
    assert clients_of(actor) == []
    assert client_of(actor, cleo.pk) is None
    assert session_of(actor, session.pk) is None
    assert sessions_of(actor, dyad) == sessions_between(actor, NOON - DAY, NOON + DAY) == []
    assert current_care(actor, dyad) is None
    assert not any(visible(actor, model).exists() for model in (Client, Dyad, EpisodeOfCare, Session))
    rows: list[tuple[str, models.Model]] = [
        ("book", dyad),
        ("mark", session),
        ("rate", session),
        ("issue link", session),
    ]
    assert not any(may(actor, verb, row) for verb, row in rows)


def test_two_therapists_of_one_practice_keep_apart(ada: Membership, cleo: Client) -> None:
    from tests.practice.conftest import _person

    colleague = _person(ada.practice, "Dana", "therapist")
    hers = add_client(actor=colleague, code="C-77", name="Zoe", at=NOON)
    assert [row.code for row in clients_of(ada)] == ["C-01"]
    assert client_of(ada, hers.pk) is None


@pytest.mark.parametrize("state", ["invited", "suspended", "left"])
def test_a_membership_that_is_not_active_sees_nothing(ada: Membership, cleo: Client, state: str) -> None:
    set_state(membership=ada, state=state, at=NOON)
    assert clients_of(ada) == []


def test_when_the_dyad_closes_everything_closes(ada: Membership, cleo: Client, session: Session) -> None:
    cleo.dyads.update(closed_at=NOON)
    assert clients_of(ada) == []
    assert session_of(ada, session.pk) is None


def test_names_are_sorted_as_people_sort_them(ada: Membership, cleo: Client) -> None:
    add_client(actor=ada, code="A-9", name="anna", at=NOON)
    assert [row.name for row in clients_of(ada)] == ["anna", "Cleo Quellbach"]


def test_cancelled_sessions_are_not_on_the_day(ada: Membership, session: Session) -> None:
    mark_session(actor=ada, session=session, state="cancelled", at=NOON)
    assert sessions_between(ada, NOON - DAY, NOON + DAY) == []
