"""What the database itself refuses of rupture episodes, whatever the code above it does."""

from datetime import timedelta
from typing import Any

import pytest

from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.models import Client
from holdfast.practice.ruptures.models import RuptureEpisode
from tests.practice.caseload.test_constraints import copy_of, refuses
from tests.practice.conftest import NOON
from tests.practice.remember import remembered
from tests.practice.sayings import CALM, therapy


@pytest.fixture
@remembered
def episode(ada: Membership, cleo: Client) -> RuptureEpisode:
    therapy(ada, cleo, (*CALM, 50))
    return RuptureEpisode.objects.get()


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("rupture_numbers_start_at_one", {"number": 0}),
        ("rupture_status_and_closing_agree", {"status": "repaired"}),
        ("rupture_status_and_closing_agree", {"closed_at": NOON + timedelta(days=90)}),
        ("rupture_status_and_closing_agree", {"status": "repaired", "closed_at": NOON + timedelta(days=90)}),
        ("rupture_acknowledged_by_somebody", {"acknowledged_at": NOON}),
    ],
)
def test_the_facts_of_an_episode_belong_together(episode: RuptureEpisode, name: str, facts: dict[str, Any]) -> None:
    refuses(name, lambda: RuptureEpisode.objects.update(**facts))


def test_an_episode_closes_after_it_opened(episode: RuptureEpisode) -> None:
    facts = {"status": "not", "closed_at": NOON, "closed_after": episode.signal_session}
    refuses("rupture_closes_after_it_opened", lambda: RuptureEpisode.objects.update(**facts))


def test_numbers_and_signals_are_unique_in_a_dyad(episode: RuptureEpisode) -> None:
    refuses("rupture_number_once_per_dyad", copy_of(episode, signal_session_id=_other(episode)).save)
    refuses("one_rupture_per_signal_session", copy_of(episode, number=2).save)


def _other(episode: RuptureEpisode) -> Any:
    return episode.signal_session.episode_of_care.sessions.get(number=1).pk
