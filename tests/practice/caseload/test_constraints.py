"""What the database itself refuses, whatever the code above it does."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, models, transaction

from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.models import Client, Dyad, EpisodeOfCare, Session
from tests.practice.conftest import NOON


def refuses(name: str, act: Any) -> None:
    """The act breaks the constraint of this name. SQLite names a check; of a unique index it names the columns."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act()
    assert name in str(caught.value) or "UNIQUE" in str(caught.value)


def copy_of(row: models.Model, **changes: Any) -> models.Model:
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.fields if field.name != "id"}
    return type(row)(**{**fields, **changes})


def test_a_code_is_unique_per_practice(cleo: Client) -> None:
    refuses("client_code_once_per_practice", copy_of(cleo, key_id="a", contact_key_id="b").save)


def test_a_client_has_a_code(cleo: Client) -> None:
    refuses("client_has_a_code", lambda: Client.objects.update(code=""))


def test_a_state_is_known(cleo: Client) -> None:
    refuses("client_state_is_known", lambda: Client.objects.update(state="happy"))


def test_one_open_dyad_per_pair(cleo: Client) -> None:
    dyad = cleo.dyads.get()
    refuses("dyad_open_once_per_pair", copy_of(dyad).save)
    copy_of(dyad, closed_at=NOON).save()
    assert Dyad.objects.count() == 2


def test_a_dyad_closes_after_it_opened(cleo: Client) -> None:
    refuses("dyad_closes_after_it_opened", lambda: Dyad.objects.update(closed_at=NOON - timedelta(days=1)))


def test_one_open_episode_of_care_per_dyad(cleo: Client) -> None:
    refuses("care_open_once_per_dyad", copy_of(EpisodeOfCare.objects.get()).save)


def test_an_episode_of_care_ends_after_it_started(cleo: Client) -> None:
    refuses("care_ends_after_it_started", lambda: EpisodeOfCare.objects.update(ended_at=NOON - timedelta(days=1)))


def test_numbers_are_unique_per_episode_of_care(ada: Membership, session: Session) -> None:
    refuses("session_number_once_per_care", copy_of(session).save)
    refuses("session_numbers_start_at_one", lambda: Session.objects.update(number=0))


@pytest.mark.parametrize("facts", [{"state": "held"}, {"marked_at": NOON}, {"state": "lost", "marked_at": NOON}])
def test_state_and_time_of_marking_belong_together(session: Session, facts: dict[str, Any]) -> None:
    refuses("session_state_and_time_of_marking_agree", lambda: Session.objects.update(**facts))
