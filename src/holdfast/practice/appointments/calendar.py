"""The calendar's own verbs: a session moves together with its open links."""

from datetime import datetime

from django.db import transaction

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.links import move_links
from holdfast.practice.caseload.actions import move_session
from holdfast.practice.caseload.models import Session


@transaction.atomic
def move(*, actor: Membership, session: Session, starts_at: datetime, at: datetime) -> Session:
    """Another time for a planned session; the links that are open keep their place around it."""
    moved = move_session(actor=actor, session=session, starts_at=starts_at, at=at)
    move_links(session=moved, at=at)
    return moved
