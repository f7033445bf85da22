"""Who may see and change the caseload: a therapist, while the dyad is open. When it closes, everything closes."""

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import allows, may, rows_of
from holdfast.practice.caseload.models import Client, Dyad, EpisodeOfCare, Session


def demand(actor: Membership | None, verb: str, row: models.Model) -> Membership:
    """The actor, when the policy lets them do this; otherwise PermissionDenied, which says nothing of the row."""
    if actor is None or not may(actor, verb, row):
        raise PermissionDenied
    return actor


def demand_therapist(actor: Membership) -> None:
    """Taking on a new client needs no row yet, only the role."""
    if actor.role != Membership.Role.THERAPIST or actor.state != Membership.State.ACTIVE:
        raise PermissionDenied


@rows_of(Dyad)
def dyads(actor: Membership) -> QuerySet[Dyad]:
    if actor.role != Membership.Role.THERAPIST:
        return Dyad.objects.none()
    return Dyad.objects.filter(therapist=actor, closed_at=None, client__practice=actor.practice_id)


@rows_of(Client)
def clients(actor: Membership) -> QuerySet[Client]:
    return Client.objects.filter(pk__in=dyads(actor).values("client"))


@rows_of(EpisodeOfCare)
def episodes_of_care(actor: Membership) -> QuerySet[EpisodeOfCare]:
    return EpisodeOfCare.objects.filter(dyad__in=dyads(actor))


@rows_of(Session)
def sessions(actor: Membership) -> QuerySet[Session]:
    return Session.objects.filter(episode_of_care__dyad__in=dyads(actor))


@allows("book", Dyad)
@allows("end care", EpisodeOfCare)
@allows("mark", Session)
@allows("issue link", Session)
@allows("rate", Session)
def _own_caseload(actor: Membership, row: models.Model) -> bool:
    """Whoever may see these rows is the therapist of an open dyad, and may work on them."""
    return True
