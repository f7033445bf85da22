"""Answers kept exactly as they were said, once; scored; sealed; computed again to the same digits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from holdfast.errors import AnswerError, LinkError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import issue_link, open_form, rescore
from holdfast.practice.answers.content import DECLINED, open_answers
from holdfast.practice.answers.models import CheckIn, Comment, Invitation, Score
from holdfast.practice.answers.queries import comments_of
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.checkins.actions import skip_rating, submit
from tests.practice.conftest import NOON
from tests.practice.sayings import RATINGS, answer, opened, session_answers

HOUR = timedelta(hours=1)


def scores() -> list[tuple[Any, ...]]:
    fields = ("check_in", "instrument", "scale", "raw", "percent", "answered", "of", "prorated", "band", "reason")
    return sorted(Score.objects.values_list(*fields), key=str)


def test_what_was_said_comes_back_letter_by_letter(ada: Membership, session: Session) -> None:
    said = session_answers(71.875, tension=2, tension_kind=1, addressed=DECLINED, eased=None)
    check_in = submit(form=opened(ada, session), answers=said, nonce="n", at=NOON)
    assert open_answers(CheckIn.objects.get()) == said
    alliance = check_in.scores.get(scale="alliance")
    assert (alliance.raw, alliance.percent, alliance.answered, alliance.of) == (71.875, 71.875, 8, 8)
    assert check_in.forms == Invitation.objects.get().forms


def test_declined_and_blank_and_not_asked_stay_apart(ada: Membership, session: Session) -> None:
    said = {"holdfast-session": {"bond": DECLINED, "goal": None, "safety": 4}}
    check_in = submit(form=opened(ada, session), answers=said, nonce="n", at=NOON)
    assert open_answers(check_in)["holdfast-session"] == {"bond": DECLINED, "goal": None, "safety": 4}
    alliance = check_in.scores.get(scale="alliance")
    assert (alliance.raw, alliance.percent, alliance.answered) == (None, None, 1)
    assert alliance.reason


def test_a_form_left_empty_is_kept_too(ada: Membership, session: Session) -> None:
    check_in = submit(form=opened(ada, session), answers={}, nonce="n", at=NOON)
    assert open_answers(check_in) == {}
    assert check_in.scores.filter(raw__isnull=False).count() == 0


@pytest.mark.parametrize(
    "said",
    [
        {"holdfast-session": {"bond": 5}},
        {"holdfast-session": {"bond": 2.5}},
        {"holdfast-session": {"nothing": 1}},
        {"holdfast-session": {"bond": "very"}},
        {"phq-8": {"q1": 1}},
    ],
)
def test_an_answer_that_does_not_fit_changes_nothing(ada: Membership, session: Session, said: Any) -> None:
    form = opened(ada, session)
    with pytest.raises(AnswerError):
        submit(form=form, answers=said, nonce="n", at=NOON)
    assert (CheckIn.objects.count(), Score.objects.count()) == (0, 0)
    assert Invitation.objects.get().state == "open"


def test_the_same_form_twice_stores_once_and_thanks_twice(ada: Membership, session: Session) -> None:
    form = opened(ada, session)
    first = submit(form=form, answers=session_answers(75), nonce="n", comment="Once", at=NOON)
    before = (scores(), AuditEntry.objects.count())
    again = submit(form=form, answers=session_answers(25), nonce="n", comment="Twice", at=NOON + HOUR)
    assert again == first
    assert (scores(), AuditEntry.objects.count()) == before
    assert (CheckIn.objects.count(), Comment.objects.count()) == (1, 1)


def test_a_form_resent_long_after_its_hour_is_still_thanked(ada: Membership, session: Session) -> None:
    form = opened(ada, session)
    first = submit(form=form, answers=session_answers(75), nonce="n", at=NOON)
    assert submit(form=form, answers=session_answers(75), nonce="n", at=NOON + 100 * HOUR) == first


@pytest.mark.django_db(transaction=True)
def test_four_workers_with_one_form_store_once(ada: Membership, session: Session) -> None:
    form = opened(ada, session)
    together = Barrier(4)

    def send(_: int) -> Any:
        together.wait()
        try:
            return submit(form=form, answers=session_answers(75), nonce="n", at=NOON).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as workers:
        thanked = list(workers.map(send, range(4)))
    assert thanked == [CheckIn.objects.get().pk] * 4
    assert Score.objects.filter(scale="alliance").count() == 1
    assert AuditEntry.objects.filter(verb="answers.submitted").count() == 1


def test_a_nonce_opens_only_its_own_form(ada: Membership, session: Session) -> None:
    submit(form=opened(ada, session), answers=session_answers(75), nonce="n", at=NOON)
    other = opened(ada, session, purpose="before", at=NOON)
    with pytest.raises(LinkError):
        submit(form=other, answers={}, nonce="n", at=NOON)


def test_a_form_is_refused_after_its_hour_and_after_its_window(ada: Membership, session: Session) -> None:
    form = opened(ada, session, at=NOON)
    with pytest.raises(LinkError):
        submit(form=form, answers=session_answers(75), nonce="n", at=NOON + 2 * HOUR)
    late = issue_link(actor=ada, session=session, purpose="after", at=NOON + 72 * HOUR)
    late_form = open_form(token=late.token, at=NOON + 72 * HOUR).form
    with pytest.raises(LinkError):
        submit(form=late_form, answers=session_answers(75), nonce="n", at=NOON + 72.5 * HOUR)
    assert CheckIn.objects.count() == 0


def test_a_link_taken_back_while_the_form_was_open_takes_no_answers(ada: Membership, session: Session) -> None:
    form = opened(ada, session, at=NOON)
    issue_link(actor=ada, session=session, purpose="after", at=NOON)
    with pytest.raises(LinkError):
        submit(form=form, answers=session_answers(75), nonce="n", at=NOON)


def test_a_comment_is_kept_without_its_edges(ada: Membership, session: Session) -> None:
    submit(form=opened(ada, session), answers={}, nonce="n", comment="  I was late.\n", at=NOON)
    skip_rating(session=session, actor=ada, at=NOON)
    (comment,) = comments_of(ada, [session])
    assert (comment.text, comment.replies) == ("I was late.", ())


@pytest.mark.parametrize("comment", [None, "", "  \n"])
def test_no_comment_is_no_row(ada: Membership, session: Session, comment: str | None) -> None:
    submit(form=opened(ada, session), answers={}, nonce="n", comment=comment, at=NOON)
    assert Comment.objects.count() == 0


def test_scores_are_computed_again_to_the_same_digits(ada: Membership, session: Session) -> None:
    answer(ada, session, 65.625, tension=1)
    submit(form=opened(ada, session, purpose="before"), answers={"phq-8": {f"q{k}": 1 for k in range(1, 8)}},
           nonce="m", at=NOON + HOUR)  # fmt: skip
    before = scores()
    Score.objects.update(raw=1, percent=1, reason="overwritten")
    assert rescore(practice=ada.practice, at=NOON) == len(before)
    assert scores() == before


def test_sealed_columns_hold_no_plain_text(ada: Membership, cleo: Client, session: Session) -> None:
    submit(form=opened(ada, session), answers=session_answers(75), nonce="n", comment="canary-comment", at=NOON)
    with connection.cursor() as cursor:
        rows: list[Any] = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own table names
            rows += cursor.fetchall()
    raw = b" ".join(
        bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode() for row in rows for cell in row
    )
    for canary in (b"canary-comment", b"Quellbach", b"0151 4711", b'"empathy"', b'"bond"'):
        assert canary not in raw


ANSWER = st.one_of(st.none(), st.just(DECLINED), st.integers(0, 4))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.dictionaries(st.sampled_from(RATINGS), ANSWER), times=st.integers(1, 4))
def test_whatever_is_said_however_often_is_stored_once(
    ada: Membership, session: Session, said: dict[str, Any], times: int
) -> None:
    class Undone(Exception):  # noqa: N818 - takes each example back
        pass

    def play() -> None:
        with transaction.atomic():
            form = opened(ada, session)
            kept = {submit(form=form, answers={"holdfast-session": said}, nonce="n", at=NOON) for _ in range(times)}
            assert [open_answers(each) for each in kept] == [{"holdfast-session": said}]
            assert CheckIn.objects.count() == 1
            raise Undone

    with pytest.raises(Undone):
        play()
