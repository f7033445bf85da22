"""The navigation: which places a role has, and what is counted beside them, on whatever page it stands."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from holdfast.practice.accounts.models import Membership
from holdfast.practice.appointments.queries import waiting as requests_waiting
from holdfast.practice.insight.queries import open_episodes

Role = Membership.Role
THERAPIST, SUPERVISOR = frozenset({Role.THERAPIST}), frozenset({Role.SUPERVISOR})
OWNER, ADMINISTRATOR = frozenset({Role.OWNER}), frozenset({Role.ADMINISTRATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One entry: ``here`` is what a page says to be marked, ``address`` the name of a URL."""

    here: str
    words: str
    address: str
    roles: frozenset[str]
    count: int = 0
    counted: str = ""


def places(actor: Membership | None) -> tuple[Place, ...]:
    """The places of the actor's role, in order: at most five, so that they fit at the foot of a phone."""
    if actor is None:
        return ()
    all_places = (
        Place(here="today", words="Today", address="today", roles=THERAPIST),
        Place(here="clients", words="Clients", address="clients", roles=THERAPIST),
        Place(
            here="calendar",
            words="Calendar",
            address="calendar",
            roles=THERAPIST,
            count=requests_waiting(actor),
            counted="requests wait",
        ),
        Place(here="supervision", words="Supervision", address="supervision", roles=SUPERVISOR),
        Place(here="practice", words="Practice", address="practice", roles=OWNER),
        Place(here="settings", words="Settings", address="settings", roles=OWNER | ADMINISTRATOR),
        Place(
            here="episodes",
            words="Episodes",
            address="episodes",
            roles=THERAPIST | SUPERVISOR,
            count=open_episodes(actor),
            counted="open",
        ),
        Place(here="account", words="Account", address="mfa_index", roles=frozenset({Role.RESEARCHER})),
    )
    return tuple(place for place in all_places if actor.role in place.roles)


def navigation(request: HttpRequest) -> dict[str, Any]:
    """For templates; counted only where a page shows it."""
    actor = getattr(request, "membership", None)
    return {"places": SimpleLazyObject(lambda: places(actor))}
