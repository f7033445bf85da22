"""One submission, one transaction: answers kept, scores made, episodes reviewed, the act on record."""

from datetime import datetime

from django.db import transaction

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import keep, keep_rating
from holdfast.practice.answers.content import Answers, client_of
from holdfast.practice.answers.models import CheckIn, OpenForm, Purpose
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.actions import mark_session
from holdfast.practice.caseload.models import Session
from holdfast.practice.ruptures.actions import review


@transaction.atomic
def submit(*, form: OpenForm, answers: Answers, nonce: str, at: datetime, comment: str | None = None) -> CheckIn:
    """Keep what the client said; sending the same form twice changes nothing and returns the same check-in."""
    check_in, is_first = keep(form=form, answers=answers, nonce=nonce, at=at, comment=comment)
    if is_first:
        if check_in.purpose == Purpose.AFTER:  # nothing else holds a rating of the alliance
            review(dyad=check_in.session.episode_of_care.dyad, at=at)
        practice = client_of(check_in).practice
        fields = ["answers", "comment"] if comment and comment.strip() else ["answers"]
        record("answers.submitted", actor=None, practice=practice, target=check_in, at=at, fields=fields)
    return check_in


@transaction.atomic
def rate(*, session: Session, actor: Membership, answers: Answers, at: datetime) -> CheckIn:
    """Keep the therapist's rating and her prediction, locked from here on; the client's rating may be seen after it."""
    check_in = keep_rating(actor=actor, session=session, answers=answers, at=at)
    if session.state == Session.State.PLANNED:
        mark_session(actor=actor, session=session, state=Session.State.HELD, at=at)
    review(dyad=session.episode_of_care.dyad, at=at)
    record("session.rated", actor=actor, practice=actor.practice, target=check_in, at=at, fields=["answers"])
    return check_in


@transaction.atomic
def skip_rating(*, session: Session, actor: Membership, at: datetime) -> CheckIn:
    """The therapist does not rate this session. That is locked too, and the client's rating may be seen after it."""
    check_in = keep_rating(actor=actor, session=session, answers=None, at=at)
    review(dyad=session.episode_of_care.dyad, at=at)
    record("session.rating-skipped", actor=actor, practice=actor.practice, target=check_in, at=at)
    return check_in
