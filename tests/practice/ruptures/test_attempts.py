"""What is tried in an episode: planned, told, remembered; taken back and reopened; and what others may not."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.actions import add_client
from holdfast.practice.caseload.models import Client
from holdfast.practice.ruptures.actions import acknowledge, close, reopen, take_back, talk_about
from holdfast.practice.ruptures.attempts import OWN_WORDS, Memory, attempts_of, memory_of, plan, tell
from holdfast.practice.ruptures.models import Attempt, RuptureEpisode
from tests.practice.conftest import NOON
from tests.practice.remember import remembered
from tests.practice.sayings import CALM, therapy

LATER = NOON + timedelta(days=45)
HOUR = timedelta(hours=1)


@pytest.fixture
@remembered
def episode(ada: Membership, cleo: Client) -> RuptureEpisode:
    therapy(ada, cleo, (*CALM, 50))
    return RuptureEpisode.objects.get()


def test_planned_and_told_in_sealed_words(ada: Membership, episode: RuptureEpisode) -> None:
    first = plan(actor=ada, episode=episode, strategy="make-room", text="", at=LATER)
    plan(actor=ada, episode=episode, strategy="", text=" Ask about the silence. ", at=LATER + HOUR)
    tell(actor=ada, attempt=first, judgement="little", text="She smiled.", at=LATER + 2 * HOUR)
    tell(actor=ada, attempt=first, judgement="helped", text="She told me.", at=LATER + 3 * HOUR)
    read = attempts_of(ada, episode)
    assert [(each.title, each.text, each.outcome) for each in read] == [
        ("Make room for it", "", "She told me."),
        (OWN_WORDS, "Ask about the silence.", ""),
    ]
    assert read[0].attempt.judgement == "helped"
    stored = b"".join(bytes(row.sealed_text or b"") + bytes(row.sealed_outcome or b"") for row in Attempt.objects.all())
    assert b"silence" not in stored
    assert b"told me" not in stored
    assert list(AuditEntry.objects.filter(verb__startswith="attempt.").values_list("verb", flat=True)) == [
        "attempt.planned", "attempt.planned", "attempt.told", "attempt.told",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("strategy", "text", "says"), [("", "  ", "Do one of the two"), ("magic", "x", "no such strategy")]
)
def test_nothing_and_nonsense_are_not_planned(
    strategy: str, text: str, says: str, ada: Membership, episode: RuptureEpisode
) -> None:
    with pytest.raises(RecordError, match=says):
        plan(actor=ada, episode=episode, strategy=strategy, text=text, at=LATER)
    assert not Attempt.objects.exists()


def test_a_closed_episode_takes_no_plan_and_a_judgement_is_one_of_four(
    ada: Membership, episode: RuptureEpisode
) -> None:
    attempt = plan(actor=ada, episode=episode, strategy="own-part", text="", at=LATER)
    with pytest.raises(RecordError, match="one of the four"):
        tell(actor=ada, attempt=attempt, judgement="great", text="", at=LATER)
    close(actor=ada, episode=episode, status="partly", text="Better.", at=LATER)
    with pytest.raises(RecordError, match="is closed"):
        plan(actor=ada, episode=episode, strategy="own-part", text="", at=LATER)
    assert tell(actor=ada, attempt=attempt, judgement="unclear", text="", at=LATER).judgement == "unclear"


def test_the_memory_counts_episodes_that_went_the_same_way(ada: Membership, ben: Membership, cleo: Client) -> None:
    other = add_client(actor=ada, code="C-02", name="Noah Brandt", at=NOON)
    therapy(ada, cleo, (*CALM, 50))
    (first,) = RuptureEpisode.objects.all()
    plan(actor=ada, episode=first, strategy="make-room", text="", at=LATER)
    plan(actor=ada, episode=first, strategy="make-room", text="again", at=LATER)
    plan(actor=ada, episode=first, strategy="", text="own words are not counted", at=LATER)
    close(actor=ada, episode=first, status="repaired", text="It is good again.", at=LATER)
    second = _episode_like(first, other)
    plan(actor=ada, episode=second, strategy="make-room", text="", at=LATER)
    plan(actor=ada, episode=second, strategy="own-part", text="", at=LATER)
    third = _episode_like(first, cleo)
    assert memory_of(ada, third) == [
        Memory(title="Make room for it", episodes=2, here=1, repaired=1, partly=0, not_repaired=0, open=1),
        Memory(title="Say your own part", episodes=1, here=0, repaired=0, partly=0, not_repaired=0, open=1),
    ]
    third.finding = third.finding | {"tension": {"client": True, "therapist": False, "way": "withdrawal"}}
    assert memory_of(ada, third) == []
    assert memory_of(ben, third) == memory_of(None, third) == []


def _episode_like(episode: RuptureEpisode, client: Client) -> RuptureEpisode:
    """Another one, of the same kind, put down by hand: it has to be one that Ada may see."""
    dyad = client.dyads.get()
    taken = set(dyad.rupture_episodes.values_list("signal_session", flat=True))
    if client.pk != episode.dyad.client_id:
        therapy_session = episode.signal_session
        therapy_session.pk = None
        therapy_session.episode_of_care = dyad.episodes_of_care.get()
        therapy_session.save(force_insert=True)
        _rated(therapy_session, episode)
    else:
        sessions = dyad.episodes_of_care.get().sessions.exclude(pk__in=taken)
        therapy_session = sessions.latest("number")
    return RuptureEpisode.objects.create(
        dyad=dyad, number=dyad.rupture_episodes.count() + 1, kind=episode.kind, finding=episode.finding,
        onset_session=therapy_session, signal_session=therapy_session, opened_at=LATER,
    )  # fmt: skip


def _rated(session: object, episode: RuptureEpisode) -> None:
    from holdfast.practice.answers.models import CheckIn

    CheckIn.objects.create(
        session=session, rater="therapist", purpose="after", author=episode.dyad.therapist, forms=[], nonce="copied",
        skipped=True, submitted_at=LATER,
    )  # fmt: skip


def test_seen_and_spoken_about_can_be_taken_back_in_turn(ada: Membership, episode: RuptureEpisode) -> None:
    acknowledge(actor=ada, episode=episode, at=LATER)
    talk_about(actor=ada, episode=episode, at=LATER)
    take_back(actor=ada, episode=episode, at=LATER)
    assert (episode.talked_at, episode.acknowledged_at) == (None, LATER)
    take_back(actor=ada, episode=episode, at=LATER)
    episode.refresh_from_db()
    assert (episode.acknowledged_at, episode.acknowledged_by) == (None, None)
    with pytest.raises(RecordError, match="nothing to take back"):
        take_back(actor=ada, episode=episode, at=LATER)
    assert AuditEntry.objects.filter(verb="rupture.taken-back").count() == 2


def test_a_closing_by_hand_can_be_undone_within_a_day(ada: Membership, cleo: Client, episode: RuptureEpisode) -> None:
    close(actor=ada, episode=episode, status="not", text="It stayed.", at=LATER)
    with pytest.raises(RecordError, match="no longer be reopened"):
        reopen(actor=ada, episode=episode, at=LATER + timedelta(days=1, seconds=1))
    found = reopen(actor=ada, episode=episode, at=LATER + timedelta(days=1))
    assert (found.status, found.closed_at, found.closed_by, found.closed_after) == ("open", None, None, None)
    with pytest.raises(RecordError, match="no longer be reopened"):
        reopen(actor=ada, episode=found, at=LATER + timedelta(days=1))


@pytest.mark.parametrize("who", ["ben", "dan", "rae", "olga", None])
def test_others_see_and_do_nothing(
    who: str | None, ada: Membership, episode: RuptureEpisode, request: pytest.FixtureRequest
) -> None:
    attempt = plan(actor=ada, episode=episode, strategy="own-part", text="", at=LATER)
    actor = request.getfixturevalue(who) if who else None
    assert not visible(actor, Attempt).exists()
    assert attempts_of(actor, episode) == memory_of(actor, episode) == []
    with pytest.raises(PermissionDenied):
        plan(actor=actor, episode=episode, strategy="own-part", text="", at=LATER)
    with pytest.raises(PermissionDenied):
        tell(actor=actor, attempt=attempt, judgement="helped", text="", at=LATER)
    with pytest.raises(PermissionDenied):
        take_back(actor=actor, episode=episode, at=LATER)
    with pytest.raises(PermissionDenied):
        reopen(actor=actor, episode=episode, at=LATER)


@pytest.mark.parametrize(
    "wrong",
    [{"strategy": "", "sealed_text": None}, {"judgement": "helped"}, {"told_at": LATER},
     {"judgement": "great", "told_at": LATER}, {"judgement": "helped", "told_at": NOON - timedelta(days=1)}],
)  # fmt: skip
def test_the_database_holds_the_rules_too(wrong: dict[str, object], ada: Membership, episode: RuptureEpisode) -> None:
    attempt = plan(actor=ada, episode=episode, strategy="own-part", text="", at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Attempt.objects.filter(pk=attempt.pk).update(**wrong)
