"""When answers are shown: at once, at the next session, or only as a trend; and no signal rests on a hidden one."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.actions import open_form
from holdfast.practice.answers.links import issue_link
from holdfast.practice.answers.models import CheckIn, Comment, ReleaseChoice, Score
from holdfast.practice.answers.release import choice_of, choose_release
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.actions import book_session
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.checkins.actions import rate, skip_rating, submit
from holdfast.practice.insight.sharing import trends_of
from holdfast.practice.lib import clock
from holdfast.practice.messages.models import Due
from holdfast.practice.messages.timers import run_timers
from holdfast.practice.ruptures.actions import review
from holdfast.practice.ruptures.models import RuptureEpisode
from holdfast.practice.ruptures.queries import course_of
from holdfast.practice.ruptures.releasing import RELEASED
from tests.practice.conftest import NOON
from tests.practice.sayings import CALM, RATED, answer, opened, session_answers, therapy

WEEK = timedelta(days=7)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The clock stands at the last of these."""
    moments = [NOON]
    monkeypatch.setattr(clock, "now", lambda: moments[-1])
    return moments


def choose(ada: Membership, cleo: Client, **kinds: str) -> None:
    for kind, release in kinds.items():
        choose_release(actor=ada, client=cleo, kind=kind, release=release, at=NOON)


def one_more(ada: Membership, cleo: Client, alliance: float, *, comment: str = "") -> Session:
    """The next weekly session: answered by the client, rated by the therapist."""
    start = NOON + WEEK * Session.objects.count()
    session = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=start, at=start)
    form = opened(ada, session)
    submit(form=form, answers=session_answers(alliance), nonce=f"n-{session.pk}", at=form.opened_at, comment=comment)
    rate(session=session, actor=ada, answers=RATED, at=start + timedelta(hours=3))
    return session


def two_rounds(at: list[datetime]) -> None:
    """As the worker runs: one sets the timer, the next finds it up."""
    run_timers(at[-1])
    run_timers(at[-1])


def low_and_the_next(ada: Membership, cleo: Client, at: list[datetime]) -> tuple[Session, Session]:
    """After a calm course a low rating that waits for the next session, and that session, booked."""
    therapy(ada, cleo, CALM)
    choose(ada, cleo, after="next session")
    low = one_more(ada, cleo, 31.25)
    return low, book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=low.starts_at + WEEK, at=at[-1])


def shown(ada: Membership, session: Session) -> bool:
    return visible(ada, CheckIn).filter(session=session, rater="client").exists()


def test_at_once_is_what_holds_until_something_is_chosen(ada: Membership, cleo: Client, at: list[datetime]) -> None:
    assert {choice_of(cleo, kind) for kind in ("before", "after", "comment")} == {"at once"}
    assert shown(ada, one_more(ada, cleo, 75))


def test_an_answer_waits_for_the_next_session_of_the_pair(ada: Membership, cleo: Client, at: list[datetime]) -> None:
    choose(ada, cleo, after="next session")
    first = one_more(ada, cleo, 75)
    at.append(first.starts_at + timedelta(days=2))
    assert not shown(ada, first)
    assert not visible(ada, Score).filter(check_in__session=first, check_in__rater="client").exists()
    coming = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=first.starts_at + WEEK, at=at[-1])
    assert not shown(ada, first)
    at.append(coming.starts_at)
    assert shown(ada, first)
    Session.objects.filter(pk=coming.pk).update(state="cancelled", marked_at=at[-1])
    assert not shown(ada, first)


def test_no_signal_rests_on_an_answer_that_is_not_shown_yet(ada: Membership, cleo: Client, at: list[datetime]) -> None:
    therapy(ada, cleo, CALM)
    choose(ada, cleo, after="next session")
    low = one_more(ada, cleo, 31.25)
    at.append(low.starts_at + timedelta(days=1))
    review(dyad=cleo.dyads.get(), at=at[-1])
    assert not RuptureEpisode.objects.exists()
    course = course_of(ada, low.episode_of_care)
    assert course is not None
    assert course.scores[-1] is None or len(course.scores) == 6
    following = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=low.starts_at + WEEK, at=at[-1])
    at.append(following.starts_at + timedelta(hours=2))
    skip_rating(session=following, actor=ada, at=at[-1])
    assert RuptureEpisode.objects.get().signal_session == low


def test_the_worker_reviews_at_the_minute_the_next_session_begins_and_once(
    ada: Membership, cleo: Client, at: list[datetime]
) -> None:
    low, following = low_and_the_next(ada, cleo, at)
    at.append(following.starts_at - timedelta(minutes=1))
    two_rounds(at)
    assert not RuptureEpisode.objects.exists()
    assert not Due.objects.filter(what=RELEASED).exists()
    at.append(following.starts_at)
    two_rounds(at)
    assert RuptureEpisode.objects.get().signal_session == low
    rang = Due.objects.get(what=RELEASED)
    assert (rang.at, rang.done_at) == (following.starts_at, following.starts_at)
    seen = AuditEntry.objects.count()
    at.append(following.starts_at + timedelta(minutes=1))
    two_rounds(at)
    assert Due.objects.get(what=RELEASED) == rang
    assert AuditEntry.objects.count() == seen


def test_the_worker_waits_anew_for_a_session_that_was_moved_after_it_began(
    ada: Membership, cleo: Client, at: list[datetime]
) -> None:
    low, following = low_and_the_next(ada, cleo, at)
    Session.objects.filter(pk=following.pk).update(state="cancelled", marked_at=following.starts_at)
    at.append(following.starts_at)
    two_rounds(at)
    assert not RuptureEpisode.objects.exists()
    Session.objects.filter(pk=following.pk).update(state="planned", marked_at=None, starts_at=at[-1] + WEEK)
    two_rounds(at)
    assert not RuptureEpisode.objects.exists()
    at.append(at[-1] + WEEK)
    two_rounds(at)
    assert RuptureEpisode.objects.get().signal_session == low


def test_the_worker_reviews_nothing_of_a_trend_and_nothing_of_the_same_session(
    ada: Membership, cleo: Client, at: list[datetime]
) -> None:
    choose(ada, cleo, after="trend")
    first = one_more(ada, cleo, 75)
    choose(ada, cleo, after="next session")
    last = one_more(ada, cleo, 75)
    at.append(last.starts_at + timedelta(days=2))
    two_rounds(at)
    assert first.starts_at < last.starts_at
    assert not Due.objects.filter(what=RELEASED).exists()


def test_a_trend_shows_threes_and_no_single_answer(ada: Membership, cleo: Client, at: list[datetime]) -> None:
    choose(ada, cleo, after="trend")
    sessions = [one_more(ada, cleo, rating) for rating in (75, 68.75, 62.5, 25, 31.25)]
    at.append(sessions[-1].starts_at + WEEK)
    assert not [each for each in sessions if shown(ada, each)]
    assert not RuptureEpisode.objects.exists()
    # (75 + 68.75 + 62.5)/3 = 68.75; the next three are not whole yet
    assert trends_of(ada, cleo.dyads.get()) == (
        "How it was between you, of 100, three answers at a time, on average: 69.",
    )
    one_more(ada, cleo, 43.75)
    assert trends_of(ada, cleo.dyads.get())[0].endswith("on average: 69 and 33.")


def test_a_trend_waits_for_the_prediction_too(ada: Membership, cleo: Client, at: list[datetime]) -> None:
    choose(ada, cleo, after="trend")
    for _ in range(2):
        one_more(ada, cleo, 75)
    (last,) = therapy(ada, cleo, (None,))
    last.check_ins.all().delete()
    answer(ada, last, 25)
    assert trends_of(ada, cleo.dyads.get()) == ("How it was between you, of 100: a trend begins with three answers.",)


def test_what_is_said_before_a_session_is_there_when_it_begins(
    ada: Membership, cleo: Client, at: list[datetime]
) -> None:
    choose(ada, cleo, before="next session")
    start = NOON + WEEK
    session = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=start, at=NOON)
    early = start - timedelta(hours=2)
    form = open_form(token=issue_link(actor=ada, session=session, purpose="before", at=early).token, at=early).form
    submit(form=form, answers={"holdfast-before": {"connected": 3}}, nonce="b", at=early)
    at.append(early)
    assert not shown(ada, session)
    at.append(start)
    assert shown(ada, session)


def test_a_comment_has_a_choice_of_its_own(ada: Membership, cleo: Client, at: list[datetime]) -> None:
    choose(ada, cleo, after="trend", comment="at once")
    session = one_more(ada, cleo, 75, comment="Good.")
    assert visible(ada, Comment).count() == 1
    assert not shown(ada, session)
    choose(ada, cleo, after="at once", comment="next session")
    later = one_more(ada, cleo, 75, comment="Later.")
    at.append(later.starts_at + timedelta(days=1))
    assert shown(ada, later)
    assert visible(ada, Comment).count() == 1


def test_a_choice_holds_from_then_on_and_is_kept(ada: Membership, cleo: Client, at: list[datetime]) -> None:
    first = one_more(ada, cleo, 75)
    choose(ada, cleo, after="trend")
    choose(ada, cleo, after="trend")
    second = one_more(ada, cleo, 75)
    choose(ada, cleo, after="at once")
    assert (shown(ada, first), shown(ada, second)) == (True, False)
    kept = ReleaseChoice.objects.filter(client=cleo).values_list("release", "ended_at")
    assert list(kept) == [("trend", NOON), ("at once", None)]


@pytest.mark.parametrize(
    ("kind", "release"), [("comment", "trend"), ("after", "never"), ("dreams", "at once"), ("after", "")]
)
def test_what_cannot_be_chosen_changes_nothing(kind: str, release: str, ada: Membership, cleo: Client) -> None:
    with pytest.raises(RecordError, match="Choose one of those shown"):
        choose_release(actor=ada, client=cleo, kind=kind, release=release, at=NOON)
    assert not ReleaseChoice.objects.exists()


@pytest.mark.parametrize("who", ["ben", "dan", "rae", "olga"])
def test_others_choose_and_see_nothing(who: str, ada: Membership, cleo: Client, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        choose_release(actor=actor, client=cleo, kind="after", release="trend", at=NOON)
    choose(ada, cleo, after="trend")
    assert not visible(actor, ReleaseChoice).exists()
    assert trends_of(actor, cleo.dyads.get()) == ()


@pytest.mark.parametrize("wrong", [{"ended_at": NOON - WEEK}, {"kind": "comment", "release": "trend"}])
def test_the_database_holds_the_rules_too(wrong: dict[str, object], ada: Membership, cleo: Client) -> None:
    choose(ada, cleo, after="trend")
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseChoice.objects.update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleaseChoice.objects.create(client=cleo, kind="after", release="trend", chosen_at=NOON, recorded_by=ada)
