"""Who may see messages: a therapist those to her clients, everybody their own. No page shows an address."""

from django.db import models
from django.db.models import Q, QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import allows, rows_of, visible
from holdfast.practice.caseload.models import Client
from holdfast.practice.caseload.rules import own_caseload
from holdfast.practice.messages.models import Attempt, Message, Timetable


@rows_of(Message)
def messages(actor: Membership) -> QuerySet[Message]:
    own = Q(member=actor)
    if actor.role == Membership.Role.THERAPIST:
        own |= Q(client__in=visible(actor, Client))
    return Message.objects.filter(own, practice=actor.practice_id)


@rows_of(Attempt)
def attempts(actor: Membership) -> QuerySet[Attempt]:
    return Attempt.objects.filter(message__in=messages(actor))


@rows_of(Timetable)
def timetables(actor: Membership) -> QuerySet[Timetable]:
    return Timetable.objects.filter(practice=actor.practice_id)


@allows("send again", Message)
def _to_own_client(actor: Membership, row: models.Model) -> bool:
    return isinstance(row, Message) and row.client_id is not None and own_caseload(actor, row)
