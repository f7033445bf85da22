"""Who may see answers: the therapist of an open dyad, and the client's after-session answers only after her own rating.

A link writes and never reads, so nobody sees anything through one.
"""

from django.db import models
from django.db.models import QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import allows, rows_of, visible
from holdfast.practice.answers.models import CheckIn, Comment, Invitation, Reply, Score
from holdfast.practice.answers.release import released
from holdfast.practice.caseload.models import Session


@rows_of(Invitation)
def invitations(actor: Membership) -> QuerySet[Invitation]:
    return Invitation.objects.filter(session__in=visible(actor, Session))


@rows_of(CheckIn)
def check_ins(actor: Membership) -> QuerySet[CheckIn]:
    return released().filter(session__in=visible(actor, Session))


@rows_of(Score)
def scores(actor: Membership) -> QuerySet[Score]:
    return Score.objects.filter(check_in__in=check_ins(actor))


@rows_of(Comment)
def comments(actor: Membership) -> QuerySet[Comment]:
    return Comment.objects.filter(check_in__in=check_ins(actor))


@rows_of(Reply)
def replies(actor: Membership) -> QuerySet[Reply]:
    return Reply.objects.filter(comment__in=comments(actor))


@allows("revoke", Invitation)
@allows("reply", Comment)
def _own_caseload(actor: Membership, row: models.Model) -> bool:
    """Whoever may see these rows is the therapist of an open dyad."""
    return True
