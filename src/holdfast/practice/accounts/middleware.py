"""Who asks: the membership behind a request, read from the database each time."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse

from holdfast.practice.accounts.adapters import STARTED
from holdfast.practice.accounts.models import Membership, Person
from holdfast.practice.accounts.queries import memberships_of
from holdfast.practice.lib import clock

OWN_PAGE = "/mine/"
"""Where clients are at home. They are strangers everywhere else, and whoever works here is a stranger there."""

ROLE = "role"
"""Where the browser's session keeps the role that somebody with several works in."""


class MembershipMiddleware:
    """Sets ``request.membership`` (None for strangers) and the other ``request.roles`` of the same person.

    Ends a browser session after its longest time.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.membership, request.roles = None, []  # type: ignore[attr-defined]
        if request.path.startswith("/f") and not request.path.startswith("/f/staff"):
            return self.get_response(request)  # client pages know no staff session, and touch none
        if isinstance(request.user, Person):
            started = request.session.setdefault(STARTED, clock.now().timestamp())
            if clock.now().timestamp() - started > settings.SESSION_LONGEST:
                logout(request)
            else:
                rows = memberships_of(request.user)
                if any(row.role == Membership.Role.CLIENT for row in rows) != request.path.startswith(OWN_PAGE):
                    request.user = AnonymousUser()
                    return self.get_response(request)
                chosen = [row for row in rows if row.role == request.session.get(ROLE)] or rows
                request.membership = chosen[0] if chosen else None  # type: ignore[attr-defined]
                request.roles = [row for row in rows if row not in chosen[:1]]  # type: ignore[attr-defined]
                if request.membership is None:  # type: ignore[attr-defined]
                    logout(request)  # suspended, left or not yet active: the revocation holds from this request
        return self.get_response(request)


def membership(request: HttpRequest) -> dict[str, Any]:
    """For templates: the membership and its practice."""
    found = getattr(request, "membership", None)
    return {
        "membership": found,
        "practice": found.practice if found else None,
        "other_roles": getattr(request, "roles", []),
        "idle_minutes": settings.SESSION_COOKIE_AGE // 60,
        "tour_is_on": not settings.SECOND_FACTOR,
    }


def staff_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Send strangers to the sign-in page; what a member may see is decided in the queries."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if getattr(request, "membership", None) is None:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return wrapped
