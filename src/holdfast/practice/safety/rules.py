"""Who may see the duty and what waits: the two it names, the therapist of the client, the owner once it reaches them.

A duty is held by name, so whichever role its holder works in at the moment, it is theirs.
"""

from django.db import models
from django.db.models import Q, QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import allows, rows_of, visible
from holdfast.practice.caseload.models import Session
from holdfast.practice.safety.models import Alert, Duty

Role = Membership.Role


@rows_of(Duty)
def duties(actor: Membership) -> QuerySet[Duty]:
    """Everybody who works here knows who reads."""
    rows = Duty.objects.filter(practice=actor.practice_id)
    return rows.none() if actor.role == Role.CLIENT else rows


@rows_of(Alert)
def alerts(actor: Membership) -> QuerySet[Alert]:
    """While it is open: the responder, the substitute once it went on to them, the owner once it reached them.

    The therapist of an open dyad sees it also when it has been read.
    """
    if actor.role == Role.CLIENT:
        return Alert.objects.none()
    still_open = Q(read_at=None)
    seen = still_open & Q(practice__duty__responder__person=actor.person_id)
    seen |= still_open & Q(practice__duty__substitute__person=actor.person_id, stage__gte=Alert.Stage.SUBSTITUTE)
    if actor.role == Role.OWNER:
        seen |= still_open & Q(stage=Alert.Stage.OWNER)
    if actor.role == Role.THERAPIST:
        seen |= Q(check_in__session__in=visible(actor, Session))
    return Alert.objects.filter(seen, practice=actor.practice_id)


@allows("read", Alert)
def _whoever_sees_it(actor: Membership, row: models.Model) -> bool:
    return actor.role != Role.CLIENT
