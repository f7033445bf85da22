"""One submission, one transaction: answers kept, scores made, episodes reviewed, the act on record."""

from datetime import datetime

from django.db import transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import OpenedForm, issue_link, keep, keep_rating, open_form
from holdfast.practice.answers.content import Answers, client_of
from holdfast.practice.answers.links import WaitedForm
from holdfast.practice.answers.models import CheckIn, OpenForm, Purpose, Rater
from holdfast.practice.answers.release import released
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.actions import mark_session
from holdfast.practice.caseload.models import Session
from holdfast.practice.caseload.rules import demand
from holdfast.practice.ruptures.actions import review


@transaction.atomic
def submit(
    *, form: OpenForm | WaitedForm, answers: Answers, nonce: str, at: datetime, comment: str | None = None
) -> CheckIn:
    """Keep what the client said; sending the same form twice changes nothing and returns the same check-in."""
    check_in, is_first = keep(form=form, answers=answers, nonce=nonce, at=at, comment=comment)
    if is_first:
        if (
            check_in.purpose == Purpose.AFTER and released().filter(pk=check_in.pk).exists()
        ):  # else nothing is heard of it
            review(dyad=check_in.session.episode_of_care.dyad, at=at)
        practice = client_of(check_in).practice
        fields = ["answers", "comment"] if comment and comment.strip() else ["answers"]
        verb = "answers.submitted" if isinstance(form, OpenForm) else "answers.submitted-later"
        record(verb, actor=None, practice=practice, target=check_in, at=at, fields=fields)
    return check_in


def begin_own(*, actor: Membership, session: Session, purpose: str, at: datetime) -> OpenedForm:
    """Open a client's form on the device on which they signed in, through a link of its own that nobody sees."""
    link = issue_link(actor=actor, session=session, purpose=purpose, at=at)
    return open_form(token=link.token, at=at)


def hand_over(*, actor: Membership, session: Session, purpose: str, at: datetime) -> OpenedForm:
    """Open a client's form on the device that the therapist holds, through a link of its own that nobody sees."""
    link = issue_link(actor=actor, session=session, purpose=purpose, at=at)
    opened = open_form(token=link.token, at=at)
    record("device.handed-over", actor=actor, practice=actor.practice, target=opened.form.invitation, at=at)
    return opened


@transaction.atomic
def enter_from_paper(
    *, actor: Membership, session: Session, purpose: str, answers: Answers, comment: str, at: datetime
) -> CheckIn:
    """Put in what a client answered on paper. What they say of the session only once the therapist has predicted it.

    Raises RecordError for an earlier try, AnswerError for what the form does not offer.
    """
    demand(actor, "issue link", session)
    if purpose == Purpose.AFTER and not session.check_ins.filter(rater=Rater.THERAPIST).exists():
        raise RecordError("Predict and rate session {number} first; then put in the paper.", number=session.number)
    link = issue_link(actor=actor, session=session, purpose=purpose, at=at)
    form = open_form(token=link.token, at=at).form
    check_in = submit(form=form, answers=answers, comment=comment, nonce=f"paper-{link.invitation.pk}", at=at)
    record("answers.entered-from-paper", actor=actor, practice=actor.practice, target=check_in, at=at)
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
