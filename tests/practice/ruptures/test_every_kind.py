"""Episodes of the kinds that are said or seen between two: tension, disagreement; the dial; the fixed rule apart."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command

from holdfast.errors import MethodError, RecordError
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.actions import book_session
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.checkins.actions import rate
from holdfast.practice.insight import queries
from holdfast.practice.insight.care import care_of
from holdfast.practice.insight.statements import leading, of_episode, signalled, worth_talking_about
from holdfast.practice.ruptures.actions import end_episode_of_care, set_signals
from holdfast.practice.ruptures.archive import learn
from holdfast.practice.ruptures.models import RuptureEpisode
from holdfast.practice.ruptures.queries import episodes_of
from holdfast.practice.ruptures.voices import Voices
from tests.practice.conftest import NOON
from tests.practice.sayings import CALM, answer, therapy

RATED = {"own_bond": 3, "own_work": 3, "predicted_bond": 3, "predicted_work": 3, "tension_kind": 0, "focus": 1}


def next_session(ada: Membership, cleo: Client, alliance: float, **more: int) -> Session:
    start = NOON + timedelta(days=7 * Session.objects.count())
    session = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=start, at=start)
    answer(ada, session, alliance, **more)
    return session


def see(ada: Membership, session: Session, **more: int) -> None:
    rate(
        actor=ada,
        session=session,
        answers={"holdfast-session-therapist": RATED | more},
        at=session.starts_at + timedelta(hours=3),
    )


def test_tension_that_the_client_marked_opens_an_episode_once_it_may_be_read(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, CALM)
    session = next_session(ada, cleo, 75, tension=2, tension_kind=2, addressed=0)
    assert episodes_of(ada) == []
    see(ada, session)
    (episode,) = episodes_of(ada)
    assert (episode.kind, episode.signal_session) == ("tension", session)
    assert episode.finding["tension"] == {"client": True, "therapist": False, "way": "confrontation"}
    said = of_episode(episode, None)
    assert said.said == f"The client noticed tension in session {session.number}, pushing against."
    assert said.rule == "This was said, not computed; it has no rate of chance."


def test_tension_that_the_therapist_noticed_alone(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, CALM)
    session = next_session(ada, cleo, 75, tension=0)
    see(ada, session, tension_kind=1)
    (episode,) = episodes_of(ada)
    assert (episode.kind, episode.finding["tension"]["way"]) == ("tension", "withdrawal")
    care = care_of(ada, cleo.dyads.get())
    assert leading(care).said == f"You noticed tension in session {session.number}, pulling away."
    assert signalled(care, session) == "tension reported"


def test_both_noticed_it(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, CALM)
    session = next_session(ada, cleo, 75, tension=3, tension_kind=4, addressed=0)
    see(ada, session, tension_kind=1)
    said = of_episode(RuptureEpisode.objects.get(), None).said
    assert said == f"Both of you noticed tension in session {session.number}, not sure which way."


def test_a_session_seen_differently_opens_an_episode_that_says_by_whom(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, (*CALM, *CALM))
    session = next_session(ada, cleo, 75, tension=0)
    see(ada, session, own_bond=0, own_work=0)
    (episode,) = episodes_of(ada)
    assert (episode.kind, episode.finding["apart"]["direction"]) == ("disagreement", "therapist_lower")
    said = of_episode(episode, None)
    assert said.said.startswith(f"You rated session {session.number} 0 for bond and work, the client 75 in all.")
    assert said.rule.startswith("Seen against how each of you usually rates, a gap this large comes up by chance")


def test_a_guess_that_misses_unusually(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, (*CALM, *CALM))
    session = next_session(ada, cleo, 75, tension=0)
    see(ada, session, predicted_bond=0, predicted_work=0)
    (episode,) = episodes_of(ada)
    assert episode.finding["apart"]["direction"] == "predicted_too_low"
    assert of_episode(episode, None).head == f"Your guess for session {session.number} was further off than usual"


def test_everything_together_can_stand_out_where_no_rating_alone_does(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, (*CALM, *CALM))
    session = next_session(ada, cleo, 68.75, tension=1, tension_kind=1, addressed=0)
    see(ada, session, own_bond=2, own_work=2, predicted_bond=2, predicted_work=2, tension_kind=1)
    (episode,) = episodes_of(ada)
    assert episode.kind == "acute"
    assert episode.finding["p"] > episode.finding["alpha"] > episode.finding["together"]
    said = of_episode(episode, care_of(ada, cleo.dyads.get()).course)
    assert said.said == f"Session {session.number}: they rated it 69, you rated it 50 and tension was reported."


def test_the_dial_is_set_from_the_console_on_record_and_everything_is_reviewed(
    ada: Membership, cleo: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    therapy(ada, cleo, (*CALM, 68.75))
    assert not RuptureEpisode.objects.exists()
    call_command("signals", "--false-alarms-per-20", "4", "--talk-at", "70")
    assert "in which nothing happens: 4. Worth talking about: ratings of 70 or less." in capsys.readouterr().out
    assert RuptureEpisode.objects.get().kind == "acute"
    assert AuditEntry.objects.get(verb="practice.signals-set").fields == ["false_alarms_per_20", "talk_at"]
    care = care_of(ada, cleo.dyads.get())
    words = worth_talking_about(care)
    assert words.startswith("Session 7 was rated 69, and the practice talks about ratings of 70 or less.")
    assert words.endswith("this is no signal.")
    page = queries.client(ada, cleo.pk, NOON)
    assert page is not None
    assert page.talk == words
    call_command("signals", "--no-talk-at")
    assert worth_talking_about(care_of(ada, cleo.dyads.get())) == ""
    call_command("signals")
    assert "no rule" in capsys.readouterr().out


def test_settings_out_of_bounds_change_nothing(ada: Membership) -> None:
    with pytest.raises(MethodError):
        set_signals(practice=ada.practice, per_20=9.0, at=NOON)
    with pytest.raises(RecordError, match="0 to 100"):
        set_signals(practice=ada.practice, talk_at=101.0, at=NOON)
    with pytest.raises(CommandError, match="20 sessions"):
        call_command("signals", "--false-alarms-per-20", "0")
    assert Practice.objects.get().false_alarms_per_20 == 0.6


@dataclass(frozen=True)
class Planned:
    """A session as far as the archive looks at it."""

    pk: UUID


def voices_of(level: float, swing: float) -> tuple[Voices, list[Planned]]:
    """Eight sessions around a level, with everything said in them."""
    sessions = [Planned(pk=uuid4()) for _ in range(8)]
    ratings = {each.pk: level + swing * ((place * 7) % 5 - 2) for place, each in enumerate(sessions)}
    tension = {each.pk: 2.0 * (place == 3) for place, each in enumerate(sessions)}
    said = {"client": ratings, "alike": ratings, "therapist": {key: value - 3 for key, value in ratings.items()}}
    said |= {"predicted": {key: value + 2 for key, value in ratings.items()}, "client_tension": tension}
    return Voices(said=said | {"client_way": {}, "therapist_tension": {}, "therapist_way": {}}, eased={}), sessions


def test_a_practice_learns_its_starting_point_from_its_own_courses(ada: Membership, cleo: Client) -> None:
    heard = [voices_of(50 + 3 * (number % 12), 1 + number % 4) for number in range(40)]
    ada.practice.learned = learn(heard, at=NOON)
    ada.practice.save(update_fields=["learned"])
    assert {"client", "therapist", "predicted"} <= set(ada.practice.learned["priors"])
    therapy(ada, cleo, CALM)
    course = care_of(ada, cleo.dyads.get()).course
    assert course is not None
    assert course.signals.client.starting_point.startswith("Expectation starts from a prior fitted to an archive")
    assert course.signals.ties.low[0, 1] > 0.5
    rule = course.signals.tension_rules["client_tension"]
    assert (rule.at_least, rule.any_rate.of if rule.any_rate else 0) == (2.0, 320)


def test_too_little_to_learn_from_changes_nothing(ada: Membership, cleo: Client) -> None:
    with pytest.raises(CommandError, match="too little to learn from yet"):
        call_command("learn")
    therapy(ada, cleo, CALM)
    with pytest.raises(CommandError, match="too little to learn from yet"):
        call_command("learn")
    assert Practice.objects.get().learned is None


def test_learning_is_on_record_and_reviews_what_there_is(
    ada: Membership, cleo: Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    therapy(ada, cleo, CALM)
    kept = learn([voices_of(50 + 3 * (number % 12), 1 + number % 4) for number in range(40)], at=NOON)
    monkeypatch.setattr("holdfast.practice.ruptures.actions.learn", lambda heard, *, at: kept)
    call_command("learn")
    assert "client: Learned from 40 clients" in capsys.readouterr().out
    assert Practice.objects.get().learned == kept
    assert AuditEntry.objects.filter(verb="practice.archive-learned").count() == 1


def test_an_episode_of_an_earlier_therapy_keeps_its_own_course(ada: Membership, cleo: Client) -> None:
    slide = (84.375, 84.375, 81.25, 84.375, 84.375, 81.25, 78.125, 75, 71.875)
    sessions = therapy(ada, cleo, slide)
    (episode,) = episodes_of(ada)
    assert episode.kind == "erosion"
    before = queries.episode(ada, episode.pk, NOON)
    lines = queries.episodes(ada)
    end_episode_of_care(actor=ada, care=sessions[0].episode_of_care, at=sessions[-1].starts_at + timedelta(days=1))
    therapy(ada, cleo, CALM)
    after = queries.episode(ada, episode.pk, NOON)
    assert before is not None
    assert after is not None
    assert after.statement == before.statement
    assert after.figure is not None
    assert before.figure is not None
    assert after.figure.values == before.figure.values
    assert [line.statement for line in queries.episodes(ada)] == [line.statement for line in lines]
