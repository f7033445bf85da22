"""From stored scores to rupture episodes: opened, followed, closed by both sides, and the same again whenever asked."""

from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from holdfast.alliance import Rule, course, prior_for_range
from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.models import Score
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.actions import book_session, mark_session
from holdfast.practice.caseload.models import Client, Dyad, Session
from holdfast.practice.ruptures.actions import acknowledge, close, end_episode_of_care, recompute, review
from holdfast.practice.ruptures.models import RuptureEpisode
from tests.practice.conftest import NOON
from tests.practice.sayings import CALM, answer, therapy

DROP = (*CALM, 50)
BACK = (75, 78.125, 78.125)
SLIDE = (84.375, 84.375, 81.25, 84.375, 84.375, 81.25, 78.125, 75, 71.875)


@pytest.fixture
def dyad(cleo: Client) -> Dyad:
    return cleo.dyads.get()


def rows() -> list[tuple[Any, ...]]:
    fields = [field.attname for field in RuptureEpisode._meta.fields]
    return list(RuptureEpisode.objects.order_by("number").values_list(*fields))


def book_answer(ada: Membership, cleo: Client, alliance: float, **more: int) -> Session:
    (session,) = therapy(ada, cleo, (None,))
    answer(ada, session, alliance, **more)
    return session


def test_a_calm_course_opens_nothing(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, CALM)
    assert rows() == []


def test_a_low_rating_opens_an_episode_in_the_same_transaction(ada: Membership, cleo: Client) -> None:
    sessions = therapy(ada, cleo, DROP)
    episode = RuptureEpisode.objects.get()
    assert (episode.kind, episode.number, episode.status, episode.ratings_status) == ("acute", 1, "open", "open")
    assert episode.signal_session == episode.onset_session == sessions[-1]
    assert episode.opened_at == sessions[-1].starts_at + timedelta(hours=3)  # when the therapist rated
    assert AuditEntry.objects.filter(verb="rupture.opened", object_id=str(episode.pk)).count() == 1


def test_the_finding_is_what_the_detector_says(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, DROP)
    found = RuptureEpisode.objects.get().finding
    rule = Rule(alpha=found["alpha"], run_length=found["rule"]["run_length"])
    direct = course(np.array(DROP), prior=prior_for_range(0, 100), rule=rule).detection
    for key, values in (("score", direct.scores), ("expected", direct.expected), ("low", direct.low),
                        ("high", direct.high), ("p", direct.p)):  # fmt: skip
        assert found[key] == values[0, -1]
    assert (found["alpha"], found["method"], found["rule_version"]) == (direct.rule.alpha, "pooled-signals", "2")
    assert found["prior"]["calibrated"] is False
    assert any(doubt.startswith("Uncalibrated") for doubt in found["doubts"])


def test_a_slide_opens_an_episode_of_its_kind(ada: Membership, cleo: Client) -> None:
    sessions = therapy(ada, cleo, SLIDE)
    episode = RuptureEpisode.objects.get()
    assert (episode.kind, episode.signal_session, episode.onset_session) == ("erosion", sessions[8], sessions[6])


def test_unrated_and_cancelled_sessions_are_steps_between_ratings(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, (*CALM[:3], None, *CALM[3:]))
    unmet = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=NOON + timedelta(days=49), at=NOON)
    mark_session(actor=ada, session=unmet, state="cancelled", at=NOON)
    book_answer(ada, cleo, 50)
    gap = [*CALM[:3], np.nan, *CALM[3:], 50]
    direct = course(np.array(gap), prior=prior_for_range(0, 100), steps=np.array([1, 1, 1, 1, 1, 1, 1, 2])).detection
    assert RuptureEpisode.objects.get().finding["expected"] == direct.expected[0, -1]


def test_a_review_twice_changes_nothing(ada: Membership, cleo: Client, dyad: Dyad) -> None:
    therapy(ada, cleo, DROP)
    before, log = rows(), AuditEntry.objects.count()
    review(dyad=dyad, at=NOON + timedelta(days=90))
    assert (rows(), AuditEntry.objects.count()) == (before, log)


def test_ratings_alone_do_not_repair(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, (*DROP, *BACK))
    episode = RuptureEpisode.objects.get()
    assert (episode.ratings_status, episode.client_eased, episode.status) == ("repaired", None, "open")


def test_ratings_and_the_clients_words_repair(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, (*DROP, *BACK[:2]))
    last = book_answer(ada, cleo, BACK[2], tension=1, tension_kind=1, addressed=2, eased=4)
    episode = RuptureEpisode.objects.get()
    assert (episode.ratings_status, episode.client_eased, episode.status) == ("repaired", True, "repaired")
    assert (episode.closed_by, episode.closed_after) == (None, last)
    assert AuditEntry.objects.filter(verb="rupture.closed").count() == 1


def test_the_clients_words_may_come_first_and_the_last_word_counts(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, CALM)
    book_answer(ada, cleo, 50, tension=3, eased=3)
    assert RuptureEpisode.objects.get().client_eased is True
    book_answer(ada, cleo, 75, tension=2, eased=2)
    assert RuptureEpisode.objects.get().client_eased is False
    therapy(ada, cleo, BACK[1:])
    assert RuptureEpisode.objects.get().status == "open"


def test_words_without_ratings_do_not_repair(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, CALM)
    for _ in range(5):
        book_answer(ada, cleo, 50, tension=1, eased=4)
    episode = RuptureEpisode.objects.first()
    assert episode is not None
    assert (episode.client_eased, episode.status) == (True, "open")
    assert episode.ratings_status != "repaired"


def test_an_answer_about_easing_from_before_the_signal_says_nothing(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, CALM[:5])
    book_answer(ada, cleo, 78.125, tension=1, eased=4)
    therapy(ada, cleo, (50,))
    assert RuptureEpisode.objects.get().client_eased is None


def test_a_signal_after_the_therapist_closed_begins_an_episode_of_its_own(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, (*CALM, 46.875, 68.75))
    first = RuptureEpisode.objects.get()
    close(actor=ada, episode=first, status="partly", text="We spoke.", at=NOON + timedelta(days=50))
    (again,) = therapy(ada, cleo, (37.5,))
    both = list(RuptureEpisode.objects.order_by("number"))
    assert [(row.status, row.kind) for row in both] == [("partly", "acute"), ("open", "acute")]
    assert both[1].signal_session == again
    assert both[1].finding["score"] == 37.5
    before = rows()
    review(dyad=cleo.dyads.get(), at=NOON + timedelta(days=90))
    assert rows() == before


def test_a_signal_while_one_is_open_belongs_to_it(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, (*CALM, 50, 50, 28.125))
    assert RuptureEpisode.objects.get().finding["nadir_session"] == 9


def test_the_end_of_the_therapy_ends_what_is_open(ada: Membership, cleo: Client) -> None:
    sessions = therapy(ada, cleo, DROP)
    care = sessions[0].episode_of_care
    end_episode_of_care(actor=ada, care=care, at=NOON + timedelta(days=45))
    episode = RuptureEpisode.objects.get()
    assert (episode.status, episode.ratings_status, episode.closed_after) == ("ended", "ended", sessions[-1])


def test_a_new_episode_of_care_is_a_course_of_its_own(ada: Membership, cleo: Client) -> None:
    sessions = therapy(ada, cleo, DROP)
    end_episode_of_care(actor=ada, care=sessions[0].episode_of_care, at=NOON + timedelta(days=45))
    therapy(ada, cleo, (50, 50, 50))
    assert RuptureEpisode.objects.count() == 1
    therapy(ada, cleo, (50, 50, 15.625))
    assert [row.number for row in RuptureEpisode.objects.order_by("number")] == [1, 2]


def test_other_scores_take_an_untouched_signal_back(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, DROP)
    Score.objects.filter(scale="alliance").update(percent=50.0)
    review(dyad=cleo.dyads.get(), at=NOON)
    assert rows() == []
    assert AuditEntry.objects.filter(verb="rupture.withdrawn").count() == 1


def test_a_signal_that_somebody_worked_on_stays(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, DROP)
    acknowledge(actor=ada, episode=RuptureEpisode.objects.get(), at=NOON)
    Score.objects.filter(scale="alliance").update(percent=50.0)
    review(dyad=cleo.dyads.get(), at=NOON)
    assert RuptureEpisode.objects.get().acknowledged_by == ada


def test_everything_is_computed_again_to_the_same_digits(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, (*DROP, *BACK))
    acknowledge(actor=ada, episode=RuptureEpisode.objects.get(), at=NOON)
    scores = sorted(Score.objects.values_list("check_in", "scale", "raw", "percent", "answered", "band"), key=str)
    before = rows()
    Score.objects.update(raw=0.0, percent=0.0, reason="thrown away")
    RuptureEpisode.objects.update(finding={}, ratings_status="open")
    recompute(practice=ada.practice, at=NOON + timedelta(days=365))
    assert rows() == before
    again = sorted(Score.objects.values_list("check_in", "scale", "raw", "percent", "answered", "band"), key=str)
    assert again == scores


def test_deleted_episodes_come_back_the_same(ada: Membership, cleo: Client) -> None:
    therapy(ada, cleo, DROP)
    before = RuptureEpisode.objects.get()
    RuptureEpisode.objects.all().delete()
    recompute(practice=ada.practice, at=before.opened_at)
    after = RuptureEpisode.objects.get()
    assert (after.finding, after.kind, after.number, after.signal_session, after.onset_session, after.status) == (
        before.finding, before.kind, before.number, before.signal_session, before.onset_session, before.status,
    )  # fmt: skip


def test_the_console_says_what_was_computed(ada: Membership, cleo: Client, capsys: pytest.CaptureFixture[str]) -> None:
    therapy(ada, cleo, DROP)
    call_command("recompute")
    assert "and 1 episodes computed again." in capsys.readouterr().out
