"""What the database itself refuses of links, check-ins and scores, whatever the code above it does."""

from datetime import timedelta
from typing import Any

import pytest

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import issue_link
from holdfast.practice.answers.models import CheckIn, Comment, Invitation, OpenForm, Score
from holdfast.practice.caseload.models import Session
from holdfast.practice.checkins.actions import rate
from tests.practice.caseload.test_constraints import copy_of, refuses
from tests.practice.conftest import NOON
from tests.practice.remember import remembered
from tests.practice.sayings import RATED, answer, opened


@pytest.fixture
@remembered
def check_in(ada: Membership, session: Session) -> CheckIn:
    return answer(ada, session, 75)


def test_one_open_link_per_client_and_purpose(ada: Membership, session: Session) -> None:
    link = issue_link(actor=ada, session=session, purpose="after", at=NOON).invitation
    twin = copy_of(link, token_hash="a", code_hmac="b")
    refuses("one_open_link_per_client_and_purpose", twin.save)
    copy_of(link, token_hash="a", code_hmac="b", state="replaced", ended_at=NOON).save()
    assert Invitation.objects.count() == 2


@pytest.mark.parametrize("same", ["token_hash", "code_hmac"])
def test_secrets_are_never_shared(ada: Membership, session: Session, same: str) -> None:
    link = issue_link(actor=ada, session=session, purpose="after", at=NOON).invitation
    fresh = {"token_hash": "a", "code_hmac": "b", "purpose": "before", same: getattr(link, same)}
    refuses(same, copy_of(link, **fresh).save)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("link_closes_after_it_opens", {"closes_at": NOON - timedelta(days=9)}),
        ("link_purpose_is_known", {"purpose": "during"}),
        ("link_state_and_time_of_ending_agree", {"state": "exited"}),
        ("link_state_and_time_of_ending_agree", {"ended_at": NOON}),
        ("link_state_and_time_of_ending_agree", {"state": "lost", "ended_at": NOON}),
    ],
)
def test_the_facts_of_a_link_belong_together(
    ada: Membership, session: Session, name: str, facts: dict[str, Any]
) -> None:
    issue_link(actor=ada, session=session, purpose="after", at=NOON)
    refuses(name, lambda: Invitation.objects.update(**facts))


def test_an_opened_form_ends_after_it_began_and_is_one_per_link(ada: Membership, session: Session) -> None:
    form = opened(ada, session)
    refuses("open_form_ends_after_it_opened", lambda: OpenForm.objects.update(expires_at=form.opened_at))
    refuses("invitation_id", copy_of(form, cookie_hash="a").save)


@pytest.mark.parametrize(
    ("same", "name"),
    [("nonce", "nonce"), ("invitation_id", "invitation_id"), ("purpose", "one_check_in_per_rater_and_purpose")],
)
def test_a_check_in_is_stored_once(ada: Membership, check_in: CheckIn, same: str, name: str) -> None:
    other = issue_link(actor=ada, session=check_in.session, purpose="before", at=NOON).invitation
    fresh = {"nonce": "another", "invitation_id": other.pk, "purpose": "before", same: getattr(check_in, same)}
    refuses(name, copy_of(check_in, **fresh).save)


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("check_in_comes_from_a_link_or_an_author", {"invitation": None}),
        ("check_in_comes_from_a_link_or_an_author", {"rater": "therapist"}),
        ("check_in_holds_answers_unless_skipped", {"sealed_answers": None}),
        ("check_in_comes_from_a_link_or_an_author", {"skipped": True, "sealed_answers": None}),
    ],
)
def test_the_facts_of_a_check_in_belong_together(check_in: CheckIn, name: str, facts: dict[str, Any]) -> None:
    refuses(name, lambda: CheckIn.objects.update(**facts))


def test_a_rating_has_an_author_and_holds_answers_unless_skipped(ada: Membership, session: Session) -> None:
    rate(session=session, actor=ada, answers=RATED, at=NOON)
    refuses("check_in_comes_from_a_link_or_an_author", lambda: CheckIn.objects.update(author=None))
    refuses("check_in_comes_from_a_link_or_an_author", lambda: CheckIn.objects.update(purpose="before"))
    refuses("check_in_holds_answers_unless_skipped", lambda: CheckIn.objects.update(skipped=True))


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("score_counts_its_items", {"answered": 99}),
        ("no_score_says_why", {"raw": None, "percent": None}),
        ("no_score_says_why", {"raw": None, "reason": "Too many gaps."}),
    ],
)
def test_the_facts_of_a_score_belong_together(check_in: CheckIn, name: str, facts: dict[str, Any]) -> None:
    refuses(name, lambda: Score.objects.update(**facts))


def test_one_score_per_scale_and_one_comment_per_check_in(check_in: CheckIn) -> None:
    refuses("one_score_per_scale", copy_of(check_in.scores.get(scale="alliance")).save)
    comment = Comment.objects.create(check_in=check_in, sealed_text=b"-", at=NOON)
    refuses("check_in_id", copy_of(comment).save)
