"""The one write of the reading pages: that somebody read them."""

from datetime import datetime

from django.db import models, transaction

from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.actions import record


@transaction.atomic
def note_read(*, actor: Membership, target: models.Model, at: datetime) -> None:
    """Put a look at a client's record on the log, before the page is sent: no log, no page."""
    record(f"{target._meta.model_name}.read", actor=actor, practice=actor.practice, target=target, at=at)
