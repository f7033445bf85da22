"""What a therapist does about an episode: seen, spoken about, noted, closed; and what others may not."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Client
from holdfast.practice.ruptures.actions import acknowledge, close, end_episode_of_care, note, talk_about
from holdfast.practice.ruptures.models import EpisodeNote, RuptureEpisode
from holdfast.practice.ruptures.queries import course_of, episodes_of, has_open_episode, notes_of
from tests.practice.conftest import NOON
from tests.practice.sayings import CALM, answer, therapy

LATER = NOON + timedelta(days=45)


@pytest.fixture
def episode(ada: Membership, cleo: Client) -> RuptureEpisode:
    therapy(ada, cleo, (*CALM, 50))
    return RuptureEpisode.objects.get()


def test_seen_and_spoken_about_count_the_first_time(ada: Membership, episode: RuptureEpisode) -> None:
    for at in (LATER, LATER + timedelta(days=1)):
        acknowledge(actor=ada, episode=episode, at=at)
        talk_about(actor=ada, episode=episode, at=at)
    episode.refresh_from_db()
    assert (episode.acknowledged_at, episode.acknowledged_by, episode.talked_at) == (LATER, ada, LATER)
    assert AuditEntry.objects.filter(verb__in=["rupture.acknowledged", "rupture.talked-about"]).count() == 2


def test_notes_are_sealed_and_open_for_ada(ada: Membership, episode: RuptureEpisode) -> None:
    note(actor=ada, episode=episode, text=" She felt rushed. ", at=LATER)
    note(actor=ada, episode=episode, text="Slower next time.", at=LATER + timedelta(days=1))
    assert [each.text for each in notes_of(ada, episode)] == ["She felt rushed.", "Slower next time."]
    assert b"rushed" not in bytes(EpisodeNote.objects.earliest("at").sealed_text)
    with pytest.raises(RecordError, match="empty"):
        note(actor=ada, episode=episode, text="  ", at=LATER)


@pytest.mark.parametrize("status", ["repaired", "partly", "not"])
def test_ada_closes_with_a_status_and_a_note(ada: Membership, episode: RuptureEpisode, status: str) -> None:
    close(actor=ada, episode=episode, status=status, text="We spoke about it.", at=LATER)
    episode.refresh_from_db()
    assert (episode.status, episode.closed_at, episode.closed_by) == (status, LATER, ada)
    assert episode.closed_after == episode.signal_session
    assert [each.text for each in notes_of(ada, episode)] == ["We spoke about it."]
    with pytest.raises(RecordError, match="closed already"):
        close(actor=ada, episode=episode, status=status, text="Again.", at=LATER)


def test_closing_needs_words_and_a_status_of_ours(ada: Membership, episode: RuptureEpisode) -> None:
    with pytest.raises(RecordError, match="repaired, partly, not"):
        close(actor=ada, episode=episode, status="ended", text="Over.", at=LATER)
    with pytest.raises(RecordError, match="empty"):
        close(actor=ada, episode=episode, status="not", text="", at=LATER)
    episode.refresh_from_db()
    assert episode.status == "open"


def test_ada_reads_her_episodes_open_ones_first(ada: Membership, cleo: Client, episode: RuptureEpisode) -> None:
    assert episodes_of(ada) == episodes_of(ada, cleo.dyads.get()) == [episode]
    assert has_open_episode(cleo.dyads.get())
    close(actor=ada, episode=episode, status="not", text="It stayed.", at=LATER)
    therapy(ada, cleo, (15.625,))
    assert [row.status for row in episodes_of(ada)] == ["open", "not"]


def test_nothing_of_a_rating_shows_before_the_therapist_has_rated(ada: Membership, cleo: Client) -> None:
    sessions = therapy(ada, cleo, (*CALM, None))
    sessions[-1].check_ins.all().delete()
    answer(ada, sessions[-1], 50)
    assert RuptureEpisode.objects.count() == 1
    assert episodes_of(ada) == []
    seen = course_of(ada, sessions[0].episode_of_care)
    assert seen is not None
    assert seen.scores == CALM


def test_ada_sees_the_course_with_its_columns(ada: Membership, cleo: Client, episode: RuptureEpisode) -> None:
    seen = course_of(ada, episode.signal_session.episode_of_care)
    assert seen is not None
    assert seen.scores == (*CALM, 50)
    assert (seen.at(episode.signal_session_id), seen.at(None)) == (6, -1)
    assert seen.signalled(0, None) == [6]
    assert seen.signalled(6, None) == []


@pytest.mark.parametrize("who", ["ben", "dan", "rae", "olga", None])
def test_others_see_and_change_nothing(
    who: str | None, episode: RuptureEpisode, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who) if who else None
    care = episode.signal_session.episode_of_care
    assert episodes_of(actor) == notes_of(actor, episode) == []
    assert course_of(actor, care) is None
    assert not visible(actor, RuptureEpisode).exists()
    with pytest.raises(PermissionDenied):
        acknowledge(actor=actor, episode=episode, at=LATER)
    with pytest.raises(PermissionDenied):
        talk_about(actor=actor, episode=episode, at=LATER)
    with pytest.raises(PermissionDenied):
        note(actor=actor, episode=episode, text="Mine.", at=LATER)
    with pytest.raises(PermissionDenied):
        close(actor=actor, episode=episode, status="not", text="Mine.", at=LATER)
    with pytest.raises(PermissionDenied):
        end_episode_of_care(actor=actor, care=care, at=LATER)
    episode.refresh_from_db()
    assert (episode.status, episode.acknowledged_at) == ("open", None)
