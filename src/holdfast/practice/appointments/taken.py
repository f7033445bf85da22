"""Whether a time is still free in a therapist's calendar, and whose turn it is when two answer at once."""

from datetime import datetime, timedelta

from django.db.models import F

from holdfast.practice.appointments.models import AppointmentRequest, ProposedTime, PublicPage
from holdfast.practice.caseload.models import Session

LENGTH = timedelta(minutes=Session._meta.get_field("minutes").default)
"""How long a first appointment is reckoned: as any session for which nothing else was said."""
LONGEST = timedelta(minutes=600)


def in_turn(page: PublicPage) -> None:
    """Whoever comes second to a therapist's times waits here until the first has committed. Changes nothing."""
    PublicPage.objects.filter(pk=page.pk).update(updated_at=F("updated_at"))


def is_taken(request: AppointmentRequest, starts_at: datetime) -> bool:
    """Whether a session of the therapist, or a time that somebody else chose, overlaps a first appointment then."""
    therapist, ends_at = request.page.therapist_id, starts_at + LENGTH
    near = Session.objects.filter(
        episode_of_care__dyad__therapist=therapist,
        state__in=[Session.State.PLANNED, Session.State.HELD],
        starts_at__gt=starts_at - LONGEST,
        starts_at__lt=ends_at,
    )
    if any(each.starts_at + timedelta(minutes=each.minutes) > starts_at for each in near):
        return True
    others = ProposedTime.objects.filter(
        is_chosen=True, request__state=AppointmentRequest.State.CHOSEN, request__page__therapist=therapist
    )
    return others.exclude(request=request).filter(starts_at__gt=starts_at - LENGTH, starts_at__lt=ends_at).exists()


def still_free(request: AppointmentRequest, at: datetime) -> list[ProposedTime]:
    """The proposed times that are to come and that nobody has taken meanwhile."""
    return [each for each in request.times.all() if each.starts_at > at and not is_taken(request, each.starts_at)]
