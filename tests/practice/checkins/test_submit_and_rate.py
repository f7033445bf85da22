"""One submission, one transaction; the therapist predicts first, once, and only then reads."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.actions import reply
from holdfast.practice.answers.content import open_answers
from holdfast.practice.answers.models import CheckIn, Comment, Invitation, Reply, Score
from holdfast.practice.answers.queries import answered, answers_of, check_ins_of, comments_of, scores_of_sessions
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.audit.queries import verify_chain
from holdfast.practice.caseload.actions import mark_session
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.checkins import actions
from holdfast.practice.checkins.actions import rate, skip_rating, submit
from holdfast.practice.ruptures.models import RuptureEpisode
from tests.practice.conftest import NOON
from tests.practice.sayings import CALM, RATED, answer, opened, session_answers, therapy

LATER = NOON + timedelta(hours=2)


def test_a_submission_leaves_all_its_traces(ada: Membership, cleo: Client) -> None:
    sessions = therapy(ada, cleo, (*CALM, None))
    form = opened(ada, sessions[-1])
    check_in = submit(form=form, answers=session_answers(50), nonce="n", comment="Hm.", at=form.opened_at)
    entry = AuditEntry.objects.get(verb="answers.submitted", object_id=str(check_in.pk))
    assert (entry.person_id, entry.fields) == (None, ["answers", "comment"])
    assert check_in.scores.get(scale="alliance").percent == 50
    assert RuptureEpisode.objects.get().signal_session == sessions[-1]
    assert verify_chain(ada.practice.pk).broken_at is None


def test_when_one_step_fails_nothing_is_kept(
    ada: Membership, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(**_: Any) -> None:
        raise RuntimeError

    skip_rating(session=session, actor=ada, at=session.starts_at)  # so that the form is heard, and reviewed, at once
    form = opened(ada, session)
    log = AuditEntry.objects.count()
    monkeypatch.setattr(actions, "review", fails)
    with pytest.raises(RuntimeError):
        submit(form=form, answers=session_answers(50), nonce="n", comment="Hm.", at=LATER)
    kept = (CheckIn, Score, Comment, RuptureEpisode)
    assert [model.objects.count() for model in kept] == [1, 0, 0, 0]  # the skipped rating
    assert (Invitation.objects.get().state, AuditEntry.objects.count()) == ("open", log)


def test_the_clients_rating_is_hidden_until_the_therapist_has_rated(ada: Membership, session: Session) -> None:
    check_in = answer(ada, session, 50)
    Comment.objects.create(check_in=check_in, sealed_text=b"-", at=LATER)
    assert answered(ada, [session])[session].after
    assert not answered(ada, [session])[session].may_read
    assert check_ins_of(ada, session) == scores_of_sessions(ada, [session]) == comments_of(ada, [session]) == []
    assert answers_of(ada, check_in) == {}
    own = rate(session=session, actor=ada, answers=RATED, at=LATER)
    assert set(check_ins_of(ada, session)) == {check_in, own}
    assert answers_of(ada, check_in) == open_answers(check_in)
    assert {score.scale for score in scores_of_sessions(ada, [session])} >= {"alliance", "bond_predicted"}


def test_what_was_said_before_the_session_is_read_before_it(ada: Membership, session: Session) -> None:
    form = opened(ada, session, purpose="before", at=NOON)
    check_in = submit(form=form, answers={"holdfast-before": {"shared_goal": 4}}, nonce="b", at=NOON)
    assert check_ins_of(ada, session) == [check_in]
    assert answered(ada, [session])[session].before


def test_a_rating_is_locked(ada: Membership, session: Session) -> None:
    first = rate(session=session, actor=ada, answers=RATED, at=LATER)
    with pytest.raises(RecordError, match="the rating is locked"):
        rate(session=session, actor=ada, answers=RATED, at=LATER)
    with pytest.raises(RecordError, match="the rating is locked"):
        skip_rating(session=session, actor=ada, at=LATER)
    assert open_answers(CheckIn.objects.get()) == RATED
    assert (first.author, first.rater, first.purpose) == (ada, "therapist", "after")
    assert Session.objects.get().state == "held"


def test_a_skipped_rating_is_locked_too_and_lets_her_read(ada: Membership, session: Session) -> None:
    check_in = answer(ada, session, 75)
    skip_rating(session=session, actor=ada, at=LATER)
    state = answered(ada, [session])[session]
    assert (state.rated, state.skipped, state.may_read) == (False, True, True)
    assert check_in in check_ins_of(ada, session)
    assert open_answers(CheckIn.objects.get(skipped=True)) == {}
    with pytest.raises(RecordError, match="locked"):
        rate(session=session, actor=ada, answers=RATED, at=LATER)


@pytest.mark.parametrize("state", ["missed", "cancelled"])
def test_what_did_not_take_place_is_not_rated(ada: Membership, session: Session, state: str) -> None:
    mark_session(actor=ada, session=session, state=state, at=NOON)
    with pytest.raises(RecordError, match="did not take place"):
        rate(session=session, actor=ada, answers=RATED, at=LATER)


def test_a_rated_session_was_held(ada: Membership, session: Session) -> None:
    rate(session=session, actor=ada, answers=RATED, at=LATER)
    with pytest.raises(RecordError, match="so it was held"):
        mark_session(actor=ada, session=session, state="missed", at=LATER)


def test_a_comment_is_answered(ada: Membership, session: Session) -> None:
    form = opened(ada, session)
    submit(form=form, answers={}, nonce="n", comment="I felt rushed.", at=LATER)
    with pytest.raises(PermissionDenied):  # not hers to read yet
        reply(actor=ada, comment=Comment.objects.get(), text="Thank you.", at=LATER)
    skip_rating(session=session, actor=ada, at=LATER)
    reply(actor=ada, comment=Comment.objects.get(), text=" Thank you. ", at=LATER)
    (read,) = comments_of(ada, [session])
    assert (read.text, [each.text for each in read.replies]) == ("I felt rushed.", ["Thank you."])
    with pytest.raises(RecordError, match="empty"):
        reply(actor=ada, comment=Comment.objects.get(), text=" ", at=LATER)


@pytest.mark.parametrize("who", ["ben", "dan", "rae", "olga", None])
def test_others_read_and_rate_nothing(
    who: str | None, ada: Membership, session: Session, request: pytest.FixtureRequest
) -> None:
    check_in = submit(form=opened(ada, session), answers=session_answers(75), nonce="n", comment="Hm.", at=LATER)
    skip_rating(session=session, actor=ada, at=LATER)
    reply(actor=ada, comment=Comment.objects.get(), text="Thank you.", at=LATER)
    actor = request.getfixturevalue(who) if who else None
    assert not any(visible(actor, model).exists() for model in (Invitation, CheckIn, Score, Comment, Reply))
    assert check_ins_of(actor, session) == scores_of_sessions(actor, [session]) == comments_of(actor, [session]) == []
    assert answers_of(actor, check_in) == {}
    assert not answered(actor, [session])[session].after
    if actor is None:
        return
    with pytest.raises(PermissionDenied):
        reply(actor=actor, comment=Comment.objects.get(), text="Mine.", at=LATER)
    with pytest.raises(PermissionDenied):
        rate(session=session, actor=actor, answers=RATED, at=LATER)
    with pytest.raises(PermissionDenied):
        skip_rating(session=session, actor=actor, at=LATER)
