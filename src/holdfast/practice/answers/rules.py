"""Who may see answers: the therapist of an open dyad and a supervisor with whom it is shared, once they are released.

A client who signed in sees what they answered themselves, and nothing of the therapist's but her replies. A link writes
and never reads, so nobody sees anything through one.
"""

from django.db.models import QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import allows, rows_of, visible
from holdfast.practice.answers.models import CheckIn, Comment, Invitation, Rater, ReleaseChoice, Reply, Score
from holdfast.practice.answers.release import released, released_comments
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.caseload.rules import own_caseload, own_or_caseload, running_shares

OWN_OR_CASELOAD = {Membership.Role.THERAPIST, Membership.Role.CLIENT}


@rows_of(Invitation)
def invitations(actor: Membership) -> QuerySet[Invitation]:
    if actor.role not in OWN_OR_CASELOAD:
        return Invitation.objects.none()
    return Invitation.objects.filter(session__in=visible(actor, Session))


@rows_of(CheckIn)
def check_ins(actor: Membership) -> QuerySet[CheckIn]:
    if actor.role == Membership.Role.CLIENT:
        return CheckIn.objects.filter(rater=Rater.CLIENT, session__in=visible(actor, Session))
    return released().filter(session__in=visible(actor, Session))


@rows_of(ReleaseChoice)
def release_choices(actor: Membership) -> QuerySet[ReleaseChoice]:
    if actor.role not in OWN_OR_CASELOAD:
        return ReleaseChoice.objects.none()
    return ReleaseChoice.objects.filter(client__in=visible(actor, Client))


@rows_of(Score)
def scores(actor: Membership) -> QuerySet[Score]:
    return Score.objects.filter(check_in__in=check_ins(actor))


@rows_of(Comment)
def comments(actor: Membership) -> QuerySet[Comment]:
    if actor.role == Membership.Role.CLIENT:
        return Comment.objects.filter(check_in__session__in=visible(actor, Session))
    rows = released_comments().filter(check_in__session__in=visible(actor, Session))
    if actor.role == Membership.Role.SUPERVISOR:
        ticked = running_shares().filter(supervisor=actor, with_comments=True).values("dyad")
        return rows.filter(check_in__session__episode_of_care__dyad__in=ticked)
    return rows


@rows_of(Reply)
def replies(actor: Membership) -> QuerySet[Reply]:
    return Reply.objects.filter(comment__in=comments(actor))


allows("revoke", Invitation)(own_or_caseload)
allows("reply", Comment)(own_caseload)
