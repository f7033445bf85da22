"""Five minutes through the simulated practice, stop by stop, as each of its people: one tap, no password.

Only in a practice that says it is simulated and asks for no second factor; anywhere else these addresses are not there.
"""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.practice.accounts.middleware import ROLE
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.accounts.second_factor import let_in
from holdfast.practice.caseload.models import Client
from holdfast.practice.caseload.own_page import give_page
from holdfast.practice.demo.stories import EMAIL, SUPERVISOR
from holdfast.practice.demo.visit import fresh_link
from holdfast.practice.lib import clock
from holdfast.practice.ruptures.models import RuptureEpisode

AS = {
    "ada": (EMAIL, Membership.Role.THERAPIST),
    "ben": (SUPERVISOR, Membership.Role.SUPERVISOR),
    "owner": (EMAIL, Membership.Role.OWNER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One look: as whom, at what, and why."""

    number: int
    key: str
    who: str
    head: str
    text: str
    tap: str


@cache
def stops() -> tuple[Stop, ...]:
    raw = tomllib.loads((Path(__file__).parent / "tour.toml").read_text(encoding="utf-8"))
    return tuple(Stop(number=place, **each) for place, each in enumerate(raw["stops"], start=1))


def in_the_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Nothing of this exists in a real practice."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        practice = Practice.objects.first()
        if practice is None or not practice.is_simulated or settings.SECOND_FACTOR:
            raise Http404
        return view(request, practice, *args, **kwargs)

    return wrapped


@require_safe
@in_the_demo
def tour(request: HttpRequest, practice: Practice) -> HttpResponse:
    return render(request, "demo/tour.html", {"stops": stops(), "practice": practice})


@require_POST
@in_the_demo
def look(request: HttpRequest, practice: Practice, key: str) -> HttpResponse:
    """To one stop, as whoever looks there."""
    stop = next((each for each in stops() if each.key == key), None)
    if stop is None:
        raise Http404
    logout(request)
    if stop.key == "form":
        return redirect(f"/f#{fresh_link(practice=practice, at=clock.now()).token}")
    if stop.who == "client":
        let_in(request, _his_page(practice))
    elif stop.who in AS:
        email, role = AS[stop.who]
        let_in(request, Membership.objects.select_related("practice", "person").get(person__email=email, role=role))
        request.session[ROLE] = role.value
    return redirect(_address(practice, stop.key))


def _his_page(practice: Practice) -> Membership:
    """The client of the story, with a page of his own."""
    client = _told(practice)
    if client.membership is None:
        ada = Membership.objects.get(practice=practice, person__email=EMAIL, role=Membership.Role.THERAPIST)
        give_page(actor=ada, client=client, at=clock.now())
        client.refresh_from_db()
    membership = client.membership
    if membership is None:
        raise Http404
    return membership


def _told(practice: Practice) -> Client:
    return Client.objects.get(practice=practice, code="C-02")


def _address(practice: Practice, key: str) -> str:
    client = _told(practice)
    plain = {
        "today": "today",
        "mine": "mine",
        "supervision": "supervision",
        "practice": "practice",
        "requests": "requests",
    }
    if key in plain:
        return reverse(plain[key])
    if key == "help":
        return reverse("public-page", args=["ada-quist"])
    if key == "episode":
        episode = RuptureEpisode.objects.filter(dyad__client=client).order_by("number").first()
        return reverse("episodes") if episode is None else reverse("episode", args=[episode.pk])
    names = {"course": "client", "together": "together", "formulation": "formulation"}
    return reverse(names[key], args=[client.pk])
