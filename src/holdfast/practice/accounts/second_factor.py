"""A second factor before the first page of data, for everybody who signs in."""

from collections.abc import Callable
from typing import Any

from allauth.account.signals import user_logged_in
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_used
from django.conf import settings
from django.contrib.auth import login, logout
from django.db.models.signals import post_save
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from holdfast.practice.accounts.actions import note_second_factor, note_sign_in
from holdfast.practice.accounts.adapters import STARTED
from holdfast.practice.accounts.models import Membership, Person
from holdfast.practice.accounts.queries import membership_of
from holdfast.practice.lib import clock

GIVEN = "second_factor"
"""Where a browser session remembers whose second factor was given in it."""

SETTING_UP = frozenset(
    {"mfa_activate_totp", "account_reauthenticate", "mfa_reauthenticate", "account_logout", "sign-out"}
)
"""Pages that stay open while the second factor is missing. None of them shows a record."""


@receiver(authenticator_used)
def remember(request: HttpRequest, user: Person, **_: Any) -> None:
    request.session[GIVEN] = str(user.pk)


@receiver(post_save, sender=Authenticator)
def put_on_record(instance: Authenticator, *, created: bool, **_: Any) -> None:
    """In the transaction that stores the new authenticator; the code just entered counts for this browser session."""
    if not created or instance.type != Authenticator.Type.TOTP:
        return
    remember(context.request, instance.user)
    membership = membership_of(instance.user)
    if membership is not None:
        note_second_factor(membership=membership, at=clock.now())


@receiver(user_logged_in)
def put_sign_in_on_record(request: HttpRequest, user: Person, **_: Any) -> None:
    request.session[STARTED] = clock.now().timestamp()
    membership = membership_of(user)
    if membership is not None:
        note_sign_in(membership=membership, at=clock.now())


def let_in(request: HttpRequest, membership: Membership) -> None:
    """Sign somebody in whose way in is two factors at once: a passkey, or a device and its PIN."""
    login(request, membership.person, backend="django.contrib.auth.backends.ModelBackend")
    request.session[STARTED] = clock.now().timestamp()
    remember(request, membership.person)
    note_sign_in(membership=membership, at=clock.now())


def has_second_factor(person: Person) -> bool:
    return Authenticator.objects.filter(user=person, type=Authenticator.Type.TOTP).exists()


class SecondFactorMiddleware:
    """Sends everybody without a second factor to the page that sets one up, and signs out who skipped theirs."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        if getattr(request, "membership", None) is None:
            return None
        is_client = request.membership.role == Membership.Role.CLIENT  # type: ignore[attr-defined]
        if not settings.SECOND_FACTOR and not is_client:
            return None
        if request.resolver_match is not None and request.resolver_match.view_name in SETTING_UP:
            return None
        if not is_client and not has_second_factor(request.membership.person):  # type: ignore[attr-defined]
            return redirect("mfa_activate_totp")
        if request.session.get(GIVEN) != str(request.membership.person_id):  # type: ignore[attr-defined]
            logout(request)
            return redirect("mine" if is_client else "sign-in")
        return None
