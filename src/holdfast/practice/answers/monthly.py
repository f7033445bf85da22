"""When the monthly form is due: with the first session, then with each that begins 28 days or more after the last one.

The last one is the last session for which a link was made or a message is planned, whether it was answered or not: who
leaves it out is not asked again the week after.
"""

from datetime import timedelta

from holdfast.practice.answers.models import Invitation, Purpose
from holdfast.practice.caseload.models import Session
from holdfast.practice.messages.models import Message

MONTH = timedelta(days=28)


def is_monthly_due(session: Session) -> bool:
    """Whether this session is one that the monthly form comes with."""
    earlier = Session.objects.filter(
        episode_of_care__dyad__client=session.episode_of_care.dyad.client_id,
        starts_at__gt=session.starts_at - MONTH,
        starts_at__lt=session.starts_at,
    )
    keys = list(earlier.values_list("pk", flat=True))
    asked = Invitation.objects.filter(session__in=keys, purpose=Purpose.MONTHLY).exists()
    planned = Message.objects.filter(about__in=keys, key__startswith="monthly ").exclude(state=Message.State.DROPPED)
    return not asked and not planned.exists()
