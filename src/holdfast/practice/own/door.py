"""The door of a client's own page: opened with a PIN or a passkey, set up through a link that opens once."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from holdfast.errors import LinkError, TooManyTriesError
from holdfast.practice.accounts import passkeys, ways_in
from holdfast.practice.accounts.limits import source_of
from holdfast.practice.accounts.models import NOWHERE, Membership, Person
from holdfast.practice.accounts.queries import membership_of
from holdfast.practice.accounts.second_factor import let_in
from holdfast.practice.lib import clock
from holdfast.practice.lib.origin import from_our_page
from holdfast.practice.own.frame import (
    is_fresh,
    own_of,
    set_device_cookie,
    show_stranger,
    words_before_the_door,
)
from holdfast.practice.own.start import start

SETTING_UP = "setting-up"
"""Where the browser's session keeps whose page is being set up, and until when."""


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """The client's own page, or its door: which says nothing about whose it is."""
    own = own_of(request)
    if own is not None:
        return start(request, own)
    if getattr(request, "membership", None) is not None:  # signed in, but the practice or the record is closed
        logout(request)
        return show_stranger(request, "closed", status=404, is_shut=True)
    return _door(request)


@require_safe
def begin(request: HttpRequest) -> HttpResponse:
    """The same bytes for everybody: the token stands in the fragment, which never reaches us."""
    return show_stranger(request, "begin")


def closed(request: HttpRequest) -> HttpResponse:
    return show_stranger(request, "closed", status=404)


@from_our_page(closed)
def begin_open(request: HttpRequest) -> HttpResponse:
    """Only this deliberate tap uses the link up."""
    token, code = request.POST.get("token", ""), request.POST.get("code", "")
    try:
        link = ways_in.open_set_up(
            at=clock.now(), token=token or None, code=None if token else code, address=source_of(request)
        )
    except TooManyTriesError:
        return show_stranger(request, "closed", status=429, waits=True)
    except LinkError:
        return closed(request)
    logout(request)
    request.session[SETTING_UP] = [str(link.membership_id), link.expires_at.timestamp()]
    return redirect("mine-ways")


@require_safe
def ways(request: HttpRequest) -> HttpResponse:
    return closed(request) if _setting_up(request) is None else _ways(request)


@require_POST
def keep_pin(request: HttpRequest) -> HttpResponse:
    membership = _setting_up(request)
    if membership is None:
        return closed(request)
    pin = request.POST.get("pin", "")
    try:
        if pin != request.POST.get("again", ""):
            raise ways_in.PinRefused("twice")
        secret = ways_in.add_device(membership=membership, pin=pin, at=clock.now())
    except ways_in.PinRefused as error:
        return _ways(request, wrong=f"pin_{error.why}")
    return set_device_cookie(_let_in(request, membership.person, redirect("mine")), secret)


@require_POST
def open_with_pin(request: HttpRequest) -> HttpResponse:
    try:
        person = ways_in.person_behind(secret=_secret(request), pin=request.POST.get("pin", ""), at=clock.now())
    except ways_in.PinRefused as error:
        return _door(request, wrong=f"pin_{error.why}", status=429 if error.why == "busy" else 422)
    answer = _let_in(request, person, redirect("mine"))
    return set_device_cookie(answer, _secret(request)) if answer.status_code == 302 else answer


@require_POST
def passkey_asked(request: HttpRequest) -> HttpResponse:
    """The first half of signing in: a challenge. Names nobody."""
    if not passkeys.can_be_used(request):
        return _not_taken(request)
    return JsonResponse(dict(passkeys.begin_signing_in(request)))


@require_POST
def passkey_shown(request: HttpRequest) -> HttpResponse:
    """The second half: whoever holds the key is in."""
    try:
        person = passkeys.finish_signing_in(request, response=_json(request), at=clock.now())
    except LinkError:
        return _not_taken(request)
    answer = _let_in(request, person, JsonResponse({"onward": "/mine/"}))
    return answer if answer.status_code == 200 else _not_taken(request)


@require_POST
def passkey_wanted(request: HttpRequest) -> HttpResponse:
    """The first half of making one: while setting up, or signed in a moment ago."""
    membership = _may_add(request)
    if membership is None or not passkeys.can_be_used(request):
        return _not_taken(request)
    words = words_before_the_door(request)
    return JsonResponse(dict(passkeys.begin_adding(request, person=membership.person, called=words.words["title"])))


@require_POST
def passkey_made(request: HttpRequest) -> HttpResponse:
    membership = _may_add(request)
    if membership is None:
        return _not_taken(request)
    try:
        passkeys.finish_adding(request, membership=membership, response=_json(request), at=clock.now())
    except LinkError:
        return _not_taken(request)
    if getattr(request, "membership", None) is not None:
        return JsonResponse({"onward": "/mine/keys/"})
    answer = _let_in(request, membership.person, JsonResponse({"onward": "/mine/"}))
    return answer if answer.status_code == 200 else _not_taken(request)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("mine")


@from_our_page(closed)
def leave(request: HttpRequest) -> HttpResponse:
    """Quick exit: signed out, the page dropped. Without script the page that comes back moves on by itself."""
    own = own_of(request)
    address = own.client.practice.exit_address if own else NOWHERE
    logout(request)
    answer = render(request, "checkins/left.html", {"exit_address": address})
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def ask_again(request: HttpRequest) -> HttpResponse:
    """What was asked for needs PIN or passkey given just now: signed out, and before the door."""
    logout(request)
    return _door(request, again=True, status=403)


def _door(request: HttpRequest, *, wrong: str = "", again: bool = False, status: int = 200) -> HttpResponse:
    words = words_before_the_door(request)
    return show_stranger(
        request,
        "door",
        status=status,
        knows_device=ways_in.is_known(_secret(request)),
        passkeys=passkeys.can_be_used(request),
        again=again,
        wrong=words.words[wrong] if wrong else "",
        script=json.dumps(dict(words.script), ensure_ascii=False),
    )


def _ways(request: HttpRequest, *, wrong: str = "") -> HttpResponse:
    words = words_before_the_door(request)
    return show_stranger(
        request,
        "ways",
        status=422 if wrong else 200,
        passkeys=passkeys.can_be_used(request),
        wrong=words.words[wrong] if wrong else "",
        script=json.dumps(dict(words.script), ensure_ascii=False),
    )


def _not_taken(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"sentence": words_before_the_door(request).words["passkey_no"]}, status=422)


def _setting_up(request: HttpRequest) -> Membership | None:
    """Whose page this browser is setting up, within the link's quarter of an hour."""
    key, until = request.session.get(SETTING_UP, (None, 0.0))
    if key is None or clock.now().timestamp() > until:
        return None
    rows = Membership.objects.filter(pk=key, role=Membership.Role.CLIENT, state=Membership.State.ACTIVE)
    return rows.select_related("practice", "person").first()


def _may_add(request: HttpRequest) -> Membership | None:
    own = own_of(request)
    if own is not None:
        return own.actor if is_fresh(request) else None
    return _setting_up(request)


def _let_in(request: HttpRequest, person: Person, onward: HttpResponse) -> HttpResponse:
    """Sign a client in for ten quiet minutes; the door again for anybody else."""
    membership = membership_of(person)
    if membership is None or membership.role != Membership.Role.CLIENT:
        return closed(request)
    let_in(request, membership)
    request.session.pop(SETTING_UP, None)
    request.session.set_expiry(settings.CLIENT_SESSION_AGE)
    return onward


def _secret(request: HttpRequest) -> str:
    return request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")


def _json(request: HttpRequest) -> Mapping[str, Any]:
    try:
        given = json.loads(request.body)
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}
