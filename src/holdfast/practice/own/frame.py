"""How a page of a client is put together: whose it is, in which words, and that it was read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import formats, timezone, translation

from holdfast.practice.accounts.adapters import STARTED
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.pages import note_read
from holdfast.practice.caseload.models import Client
from holdfast.practice.caseload.queries import OpenedClient, clients_of
from holdfast.practice.insight.answers import Phrases
from holdfast.practice.lib import clock
from holdfast.practice.lib.words import DEFAULT, Words, languages

FOLDER = Path(__file__).parent / "words"
PLACES = (
    ("mine", "place_start"),
    ("mine-answers", "place_answers"),
    ("mine-goals", "place_goals"),
    ("mine-choices", "place_choices"),
    ("mine-keys", "place_keys"),
)
FRESH_SECONDS = 5 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """The client who asks, with the therapists they work or worked with: open pairs first, then the newest."""

    actor: Membership
    client: Client
    pairs: tuple[OpenedClient, ...]
    words: Words

    def say(self, key: str, **parts: object) -> str:
        return self.words.say(key, **parts)

    @property
    def phrases(self) -> Phrases:
        """What is said where an answer has no words of its own."""
        return Phrases(**{key: self.words.words[key] for key in ("not_answered", "rather_not", "of_most")})

    def day(self, at: datetime) -> str:
        return in_language(self.words, "day_format", at)

    def time(self, at: datetime) -> str:
        return in_language(self.words, "time_format", at)


OwnView = Callable[[HttpRequest, Own], HttpResponse]


def own_of(request: HttpRequest) -> Own | None:
    """Nobody for strangers, for whoever works here, and where the practice or the record is closed to its client."""
    actor: Membership | None = getattr(request, "membership", None)
    if actor is None or actor.role != Membership.Role.CLIENT:
        return None
    pairs = sorted(clients_of(actor), key=lambda each: each.dyad.opened_at, reverse=True)
    pairs.sort(key=lambda each: each.dyad.closed_at is not None)
    if not pairs:
        return None
    client = pairs[0].client
    return Own(actor=actor, client=client, pairs=tuple(pairs), words=words_in(client.language))


def own_page(view: OwnView) -> Callable[[HttpRequest], HttpResponse]:
    """Hand the view its client; everybody else stands before the door."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        own = own_of(request)
        return redirect("mine") if own is None else view(request, own)

    return wrapped


def is_fresh(request: HttpRequest) -> bool:
    """Whether the page was opened with PIN or passkey within the last five minutes."""
    started = request.session.get(STARTED)
    return started is not None and 0 <= clock.now().timestamp() - started < FRESH_SECONDS


def words_in(language: str) -> Words:
    known = languages(FOLDER)
    return known.get(language, known[DEFAULT])


def words_before_the_door(request: HttpRequest) -> Words:
    """Nobody is known yet: the first language of the browser that there are words in."""
    known = languages(FOLDER)
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].strip().split("-")[0].lower()
        if code in known:
            return known[code]
    return known[DEFAULT]


def in_language(words: Words, pattern: str, at: datetime) -> str:
    """A day or a time on the practice's clock, with the names of that language."""
    with translation.override(words.language):
        return formats.date_format(timezone.localtime(at), words.words[pattern])


def show(request: HttpRequest, template: str, own: Own, *, here: str, status: int = 200, **shown: Any) -> HttpResponse:
    """A template that extends ``own/frame.html``, put on the log first."""
    note_read(actor=own.actor, target=own.client, at=clock.now())
    frame = {
        "own": own,
        "words": own.words,
        "here": here,
        "own_places": [(address, own.words.words[key]) for address, key in PLACES],
        "exit_address": own.client.practice.exit_address,
    }
    return render(request, f"own/{template}.html", frame | shown, status=status)


def show_stranger(request: HttpRequest, template: str, *, status: int = 200, **shown: Any) -> HttpResponse:
    """The same before the door: nobody's name, nobody's language but the browser's."""
    words = words_before_the_door(request)
    return render(request, f"own/{template}.html", {"words": words, **shown}, status=status)


def set_device_cookie(answer: HttpResponse, secret: str) -> HttpResponse:
    """What this browser has; the PIN is what its owner knows."""
    answer.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        secret,
        max_age=settings.DEVICE_COOKIE_AGE,
        httponly=True,
        secure=settings.TLS,
        samesite="Strict",
    )
    return answer
