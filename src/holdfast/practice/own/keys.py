"""The keys to a client's own page, what they can take with them, and who looked at their record."""

import json
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from holdfast.practice.accounts import passkeys, ways_in
from holdfast.practice.accounts.models import Device, Membership, Passkey, Person
from holdfast.practice.audit.actions import record
from holdfast.practice.audit.queries import reads_of
from holdfast.practice.caseload.queries import sessions_of
from holdfast.practice.lib import clock
from holdfast.practice.lib.secrets import digest
from holdfast.practice.own.door import ask_again
from holdfast.practice.own.export import export_of
from holdfast.practice.own.frame import Own, is_fresh, own_page, show

READS_SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A device or a passkey, in words."""

    key: UUID
    words: str
    used: str
    is_this: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody looked at the record."""

    day: str
    name: str
    role: str


@require_safe
@own_page
def keys(request: HttpRequest, own: Own) -> HttpResponse:
    return show(
        request,
        "keys",
        own,
        here="mine-keys",
        keys=_keys(request, own),
        passkeys=passkeys.can_be_used(request) and is_fresh(request),
        looks=looks_at(own)[:READS_SHOWN],
        script=json.dumps(dict(own.words.script), ensure_ascii=False),
    )


@require_POST
@own_page
def end_key(request: HttpRequest, own: Own) -> HttpResponse:
    """Take one away. The one in use goes with its browser session."""
    devices, made = ways_in.ways_of(own.actor.person)
    every: list[Device | Passkey] = [*devices, *made]
    found: Device | Passkey | None = next((each for each in every if str(each.pk) == request.POST.get("key")), None)
    if found is None:
        raise Http404
    ways_in.end_way(actor=own.actor, way=found, at=clock.now())
    if _is_this(request, found):
        logout(request)
    return redirect("mine-keys")


@require_POST
@own_page
def take_everything(request: HttpRequest, own: Own) -> HttpResponse:
    """The export: made now, in memory, and put on the log before it is sent."""
    if not is_fresh(request):
        return ask_again(request)
    at = clock.now()
    made = export_of(own, looks_at(own), at)
    record("client.exported", actor=own.actor, practice=own.client.practice, target=own.client, at=at)
    answer = HttpResponse(made, content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{at:%Y-%m-%d}.zip"'
    return answer


def looks_at(own: Own) -> list[Look]:
    """Everybody but the client who opened their record, newest first: one look per person and day is said once."""
    ids = {str(own.client.pk), *(str(each.dyad.pk) for each in own.pairs)}
    ids |= {str(session.pk) for each in own.pairs for session in sessions_of(own.actor, each.dyad)}
    rows = [row for row in reads_of(own.client.practice_id, ids) if row.role != Membership.Role.CLIENT]
    names = dict(Person.objects.filter(pk__in={row.person_id for row in rows}).values_list("pk", "name"))
    looks = [
        Look(
            day=own.day(row.at),
            name=names.get(row.person_id, "") if row.person_id else "",
            role=own.say(f"role_{row.role}"),
        )
        for row in rows
    ]
    return list(dict.fromkeys(looks))


def _keys(request: HttpRequest, own: Own) -> list[Key]:
    devices, made = ways_in.ways_of(own.actor.person)
    ways: list[tuple[str, Device | Passkey]] = [("keys_device", each) for each in devices]
    ways += [("keys_passkey", each) for each in made]
    return [
        Key(
            key=each.pk,
            words=own.say(words, day=own.day(each.added_at)),
            used=own.say("keys_used", day=own.day(each.last_used_at)) if each.last_used_at else "",
            is_this=_is_this(request, each),
        )
        for words, each in ways
    ]


def _is_this(request: HttpRequest, way: Device | Passkey) -> bool:
    secret = request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "")
    return isinstance(way, Device) and bool(secret) and way.secret_hash == digest(secret)
