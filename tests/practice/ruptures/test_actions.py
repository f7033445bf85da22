"""What a therapist does about an episode: seen, spoken about, noted, closed; and what others may not."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.checkins.actions import rate, skip_rating
from holdfast.practice.insight.queries import episode as episode_page
from holdfast.practice.ruptures.actions import acknowledge, close, end_episode_of_care, note, talk_about
from holdfast.practice.ruptures.models import EpisodeNote, RuptureEpisode
from holdfast.practice.ruptures.queries import course_of, episodes_of, has_open_episode, notes_of
from tests.practice.conftest import NOON
from tests.practice.remember import remembered
from tests.practice.sayings import CALM, RATED, answer, therapy

LATER = NOON + timedelta(days=45)


@pytest.fixture
@remembered
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
    assert episodes_of(ada) == episodes_of(ada, [cleo.dyads.get()]) == [episode]
    assert has_open_episode(cleo.dyads.get())
    close(actor=ada, episode=episode, status="not", text="It stayed.", at=LATER)
    therapy(ada, cleo, (15.625,))
    assert [row.status for row in episodes_of(ada)] == ["open", "not"]


def answered_first(actor: Membership, client: Client, alliance: float, **more: int) -> Session:
    """One more session that the client has rated and the therapist has not."""
    (session,) = therapy(actor, client, (None,))
    session.check_ins.all().delete()
    answer(actor, session, alliance, **more)
    return session


def released(actor: Membership, session: Session, how: str) -> None:
    """The therapist rates the session, or says that she will not."""
    at = session.starts_at + timedelta(hours=4)
    if how == "rated":
        rate(session=session, actor=actor, answers=RATED, at=at)
    else:
        skip_rating(session=session, actor=actor, at=at)


def all_rows() -> list[dict[str, object]]:
    return list(RuptureEpisode.objects.order_by("number").values())


@pytest.mark.parametrize("how", ["rated", "skipped"])
def test_no_episode_opens_before_the_therapist_has_rated_or_skipped(ada: Membership, cleo: Client, how: str) -> None:
    therapy(ada, cleo, CALM)
    last = answered_first(ada, cleo, 50)
    assert all_rows() == episodes_of(ada) == []
    assert not has_open_episode(cleo.dyads.get())
    seen = course_of(ada, last.episode_of_care)
    assert seen is not None
    assert seen.scores == CALM
    released(ada, last, how)
    (episode,) = episodes_of(ada)
    assert (episode.signal_session, episode.opened_at) == (last, last.starts_at + timedelta(hours=4))


@pytest.mark.parametrize("how", ["rated", "skipped"])
@pytest.mark.parametrize(("alliance", "said"), [(78.125, {"eased": 4}), (31.25, {}), (62.5, {"tension": 3})])
def test_nothing_of_a_later_rating_shows_in_an_open_episode_before_it_is_released(
    ada: Membership, cleo: Client, episode: RuptureEpisode, how: str, alliance: float, said: dict[str, int]
) -> None:
    before = all_rows()
    page = episode_page(ada, episode.pk, LATER)
    last = answered_first(ada, cleo, alliance, **said)
    assert all_rows() == before
    assert episode_page(ada, episode.pk, LATER) == page
    assert [row.pk for row in episodes_of(ada)] == [episode.pk]
    released(ada, last, how)
    assert all_rows() != before


def test_closing_an_episode_says_nothing_of_a_hidden_rating(
    ada: Membership, cleo: Client, episode: RuptureEpisode
) -> None:
    answered_first(ada, cleo, 78.125)
    close(actor=ada, episode=episode, status="not", text="It stayed.", at=LATER)
    episode.refresh_from_db()
    assert episode.closed_after == episode.signal_session


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
