"""What somebody who tries the demonstration needs: a password of their own and a check-in link that works now."""

import base64
from datetime import datetime, timedelta

from django.db import transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.actions import Link, issue_link
from holdfast.practice.answers.links import CLOSES_AFTER, MEETS, OPENS_BEFORE
from holdfast.practice.answers.models import CheckIn, Purpose, Rater
from holdfast.practice.caseload.actions import book_session
from holdfast.practice.caseload.models import Dyad, Session
from holdfast.practice.demo.stories import EMAIL, VISITOR
from holdfast.practice.lib.keys import keyring


def password() -> str:
    """A password that belongs to these keys: the same at each start, different in each folder, stored nowhere."""
    letters = base64.b32encode(keyring().derive("holdfast demonstration password")).decode().lower()
    return "-".join(letters[place : place + 4] for place in range(0, 16, 4))


@transaction.atomic
def fresh_link(*, practice: Practice, at: datetime) -> Link:
    """A link for the form after a session that opens now; a session is booked when none is waiting for its form."""
    ada = Membership.objects.get(practice=practice, role=Membership.Role.THERAPIST, person__email=EMAIL)
    dyad = visible(ada, Dyad).filter(client__code=VISITOR).first()
    if dyad is None:
        raise RecordError("The simulated client {code} is gone. Remove the folder and start again.", code=VISITOR)
    session = _waiting(ada, dyad, at)
    if session is None:
        session = book_session(actor=ada, dyad=dyad, starts_at=at.replace(second=0, microsecond=0), at=at)
    return issue_link(actor=ada, session=session, purpose=Purpose.AFTER, at=at)


def _waiting(ada: Membership, dyad: Dyad, at: datetime) -> Session | None:
    answered = CheckIn.objects.filter(rater=Rater.CLIENT, purpose=Purpose.AFTER).values("session")
    rows = visible(ada, Session).filter(
        episode_of_care__dyad=dyad,
        state__in=MEETS,
        starts_at__lte=at + OPENS_BEFORE,
        starts_at__gte=at - CLOSES_AFTER + timedelta(hours=1),
    )
    return rows.exclude(pk__in=answered).order_by("number").last()
