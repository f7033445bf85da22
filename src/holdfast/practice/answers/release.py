"""Predict first (decision 0033): when a client's answers after a session may go further than the client's form."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from holdfast.practice.answers.models import CheckIn, Purpose, Rater


def released() -> QuerySet[CheckIn]:
    """All check-ins but what clients answered after sessions that their therapist has neither rated nor skipped.

    Whatever is shown to a therapist, or kept where a therapist reads, is made of these and of nothing else.
    """
    therapists_own = CheckIn.objects.filter(session=OuterRef("session"), rater=Rater.THERAPIST)
    return CheckIn.objects.filter(~Q(rater=Rater.CLIENT, purpose=Purpose.AFTER) | Exists(therapists_own))
