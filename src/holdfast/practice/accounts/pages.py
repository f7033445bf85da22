"""How a page of a member is put together, in whatever room it stands: who asks, what is there, and that it was read."""

from datetime import datetime
from typing import Any, TypeVar

from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.actions import record

Found = TypeVar("Found")


def actor_of(request: HttpRequest) -> Membership:
    membership: Membership = request.membership  # type: ignore[attr-defined]
    return membership


def there(found: Found | None) -> Found:
    """What was found; "not there" and "not yours" are the same."""
    if found is None:
        raise Http404
    return found


def page(request: HttpRequest, template: str, *, here: str, status: int = 200, **shown: Any) -> HttpResponse:
    """A template that extends ``page.html``. ``here`` names the entry of the navigation that is marked."""
    return render(request, f"{template}.html", {"here": here, **shown}, status=status)


@transaction.atomic
def note_read(*, actor: Membership, target: models.Model, at: datetime) -> None:
    """Put a look at a client's record on the log, before the page is sent: no log, no page."""
    record(f"{target._meta.model_name}.read", actor=actor, practice=actor.practice, target=target, at=at)
