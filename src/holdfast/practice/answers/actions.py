"""Answers kept, scored, commented on and replied to. Links have their own file; their verbs are offered here too."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import IntegrityError, transaction

from holdfast.errors import LinkError, RecordError
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.content import (
    Answers,
    calls_for_a_person,
    client_of,
    open_answers,
    scores_of,
    seal_answers,
)
from holdfast.practice.answers.links import (
    CLOSED,
    Link,
    OpenedForm,
    WaitedForm,
    end_link,
    exit_form,
    issue_link,
    open_form,
    revoke_link,
    takes,
)
from holdfast.practice.answers.models import CheckIn, Comment, Invitation, Kind, OpenForm, Purpose, Rater, Reply, Score
from holdfast.practice.answers.offers import SETS, as_offered, offer, offers
from holdfast.practice.answers.release import choice_of
from holdfast.practice.audit.actions import record
from holdfast.practice.audit.queries import latest
from holdfast.practice.caseload.models import Session
from holdfast.practice.caseload.rules import demand
from holdfast.practice.caseload.sealing import seal_text
from holdfast.practice.safety.actions import raise_alert
from holdfast.practice.safety.queries import duty_of

__all__ = [
    "Link",
    "OpenedForm",
    "choose_forms",
    "exit_form",
    "issue_link",
    "keep",
    "keep_rating",
    "open_form",
    "reply",
    "rescore",
    "revoke_link",
]


@transaction.atomic
def keep(
    *, form: OpenForm | WaitedForm, answers: Answers, nonce: str, at: datetime, comment: str | None = None
) -> tuple[CheckIn, bool]:
    """Keep what was said, exactly as it was said, with its scores. The same nonce again changes nothing.

    Returns the check-in and whether it is new. The link is spent with it.
    """
    if CheckIn.objects.filter(nonce=nonce).exists():
        return _again(nonce, form)
    invitation = Invitation.objects.select_related("session", "client__practice").get(pk=form.invitation_id)
    if not takes(form, invitation, latest(at)):
        return _again(nonce, form)  # another worker may have kept it since the look above
    check_in = CheckIn(
        session=invitation.session,
        rater=Rater.CLIENT,
        purpose=invitation.purpose,
        invitation=invitation,
        forms=[each.reference for each in as_offered(invitation.forms, occasion=invitation.purpose)],
        nonce=nonce,
        release=choice_of(invitation.client, Kind(invitation.purpose)),
        submitted_at=at,
    )
    try:
        with transaction.atomic():
            _store(check_in, answers)
    except IntegrityError:  # the same form, sent twice at the same moment
        return _again(nonce, form)
    end_link(invitation, Invitation.State.SUBMITTED, actor=None, at=at)
    if calls_for_a_person(check_in.forms, answers):
        raise_alert(practice=invitation.client.practice, check_in=check_in.pk, at=at)
    if comment and comment.strip():
        _keep_comment(check_in, comment.strip(), at)
    return check_in, True


def _again(nonce: str, form: OpenForm | WaitedForm) -> tuple[CheckIn, bool]:
    """What this form left when it was sent before. A nonce opens only the form it belongs to."""
    known = CheckIn.objects.filter(nonce=nonce, invitation=form.invitation_id).first()
    if known is None:
        raise LinkError(CLOSED)
    return known, False


def _store(check_in: CheckIn, answers: Answers) -> None:
    check_in.sealed_answers = seal_answers(check_in, answers)
    scores = scores_of(check_in, answers)
    check_in.save(force_insert=True)
    Score.objects.bulk_create(scores)


def _keep_comment(check_in: CheckIn, text: str, at: datetime) -> None:
    comment = Comment(check_in=check_in, release=choice_of(client_of(check_in), Kind.COMMENT), at=at)
    comment.sealed_text = seal_text(text, client=client_of(check_in), row=comment, column="sealed_text")
    comment.save(force_insert=True)


@transaction.atomic
def keep_rating(*, actor: Membership, session: Session, answers: Answers | None, at: datetime) -> CheckIn:
    """Keep a therapist's rating and predictions of one session, once and for all; None: she rates it not."""
    demand(actor, "rate", session)
    if session.state in (Session.State.MISSED, Session.State.CANCELLED):
        raise RecordError("Session {number} did not take place, so it is not rated.", number=session.number)
    if session.check_ins.filter(rater=Rater.THERAPIST).exists():
        raise RecordError("Session {number} is rated already, and the rating is locked.", number=session.number)
    forms, _ = offers(actor.practice, occasion="therapist")
    check_in = CheckIn(
        session=session,
        rater=Rater.THERAPIST,
        purpose=Purpose.AFTER,
        author=actor,
        forms=[each.reference for each in forms],
        nonce=uuid4().hex,
        skipped=answers is None,
        submitted_at=at,
    )
    if answers is None:
        check_in.save(force_insert=True)
    else:
        _store(check_in, answers)
    return check_in


@transaction.atomic
def reply(*, actor: Membership, comment: Comment, text: str, at: datetime) -> Reply:
    """Answer a client's comment."""
    demand(actor, "reply", comment)
    if not text.strip():
        raise RecordError("The reply is empty. Write it first.")
    answer = Reply(comment=comment, author=actor, at=at)
    answer.sealed_text = seal_text(text.strip(), client=client_of(comment.check_in), row=answer, column="sealed_text")
    answer.save(force_insert=True)
    record("comment.replied", actor=actor, practice=actor.practice, target=answer, at=at)
    return answer


@transaction.atomic
def choose_forms(
    *, practice: Practice, occasion: str, ids: Sequence[str], at: datetime, actor: Membership | None = None
) -> Practice:
    """Set which forms are asked on one occasion. Raises InstrumentError for one that may not be shown.

    actor: None at the console, which needs no leave of the policy.
    """
    if actor is not None:
        demand(actor, "set", practice)
    if occasion not in SETS:
        raise RecordError("Forms are chosen for one of: {known}.", known=", ".join(SETS))
    read = duty_of(practice) is not None
    for instrument_id in ids:
        offer(instrument_id, occasion=occasion, asks_safety=read)
    if not ids and occasion != Purpose.MONTHLY:
        raise RecordError("A set holds one form at least. Choose one.")
    setattr(practice, SETS[occasion], list(dict.fromkeys(ids)))
    practice.save(update_fields=[SETS[occasion]])
    record("forms.chosen", actor=actor, practice=practice, target=practice, at=at, fields=[SETS[occasion]])
    return practice


@transaction.atomic
def rescore(*, practice: Practice, at: datetime) -> int:
    """Throw every score of a practice away and compute it again from the answers. Returns how many were made."""
    check_ins = CheckIn.objects.filter(session__episode_of_care__dyad__client__practice=practice, skipped=False)
    Score.objects.filter(check_in__in=check_ins).delete()
    made = 0
    for check_in in check_ins.select_related("session__episode_of_care__dyad__client"):
        made += len(Score.objects.bulk_create(scores_of(check_in, open_answers(check_in))))
    record("scores.recomputed", actor=None, practice=practice, target=practice, at=at)
    return made
