"""Who may see public pages, requests and calendars: the therapist her own; who runs the practice, that they exist."""

from django.db import models
from django.db.models import QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import allows, rows_of
from holdfast.practice.appointments.models import AppointmentRequest, CalendarFeed, ProposedTime, PublicPage

Role = Membership.Role


@rows_of(PublicPage)
def public_pages(actor: Membership) -> QuerySet[PublicPage]:
    return PublicPage.objects.filter(therapist=actor)


@rows_of(AppointmentRequest)
def requests(actor: Membership) -> QuerySet[AppointmentRequest]:
    """Her own, while she is a therapist here; what they say is opened in the queries, for nobody else."""
    if actor.role != Role.THERAPIST:
        return AppointmentRequest.objects.none()
    return AppointmentRequest.objects.filter(page__therapist=actor)


@rows_of(ProposedTime)
def proposed_times(actor: Membership) -> QuerySet[ProposedTime]:
    return ProposedTime.objects.filter(request__in=requests(actor))


@rows_of(CalendarFeed)
def feeds(actor: Membership) -> QuerySet[CalendarFeed]:
    return CalendarFeed.objects.filter(therapist=actor)


@allows("answer", AppointmentRequest)
def _own(actor: Membership, row: models.Model) -> bool:
    return actor.role == Role.THERAPIST
