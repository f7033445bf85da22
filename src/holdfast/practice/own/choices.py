"""A client's own hand on their record: what is shown when, how they are written to, what they agreed to, open links."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from holdfast.errors import RecordError
from holdfast.practice.accounts.pages import there
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.links import revoke_link
from holdfast.practice.answers.models import Invitation, Kind, Release, ReleaseChoice
from holdfast.practice.answers.release import choose_releases, kinds_asked
from holdfast.practice.caseload.contact import EMAIL, NONE, TEXT, contact_of, set_contact
from holdfast.practice.caseload.models import Consent
from holdfast.practice.caseload.sharing import withdraw_consent
from holdfast.practice.lib import clock
from holdfast.practice.own.door import ask_again
from holdfast.practice.own.frame import Own, is_fresh, own_page, show

Row = TypeVar("Row", bound=models.Model)


class AskAgain(Exception):  # noqa: N818 - the door opens once more
    """This needs PIN or passkey given within the last five minutes."""


@require_http_methods(["GET", "POST"])
@own_page
def choices(request: HttpRequest, own: Own) -> HttpResponse:
    wrong = ""
    if request.method == "POST":
        act = ACTS.get(request.POST.get("do", ""))
        if act is None:
            raise Http404
        try:
            act(request, own, clock.now())
        except AskAgain:
            return ask_again(request)
        except RecordError:
            wrong = own.say("contact_wrong")
        else:
            return redirect("mine-choices")
    kept = contact_of(own.client)
    typed = request.POST if wrong else None
    return show(
        request,
        "choices",
        own,
        here="mine-choices",
        status=422 if wrong else 200,
        wrong=wrong,
        kinds=_kinds(own),
        contact=typed or {name: getattr(kept, name) for name in ("channel", "address", "earliest", "latest")},
        channels=[(each, own.say(f"contact_{each}")) for each in (EMAIL, TEXT, NONE)],
        consents=_consents(own),
        links=_links(own),
    )


def _release(request: HttpRequest, own: Own, at: datetime) -> None:
    chosen = {kind.value: request.POST.get(kind.value, "") for kind in kinds_asked(own.client.practice)}
    choose_releases(actor=own.actor, client=own.client, chosen=chosen, at=at)


def _contact(request: HttpRequest, own: Own, at: datetime) -> None:
    if not is_fresh(request):
        raise AskAgain

    def given(name: str) -> str:
        return request.POST.get(name, "").strip()

    contact = replace(
        contact_of(own.client),
        channel=given("channel"),
        address=given("address"),
        earliest=given("earliest"),
        latest=given("latest"),
    )
    set_contact(actor=own.actor, client=own.client, contact=contact, at=at)


def _withdraw(request: HttpRequest, own: Own, at: datetime) -> None:
    withdraw_consent(actor=own.actor, consent=_named(request, own, Consent), at=at)


def _close_link(request: HttpRequest, own: Own, at: datetime) -> None:
    row = _named(request, own, Invitation)
    if row.state == Invitation.State.OPEN:
        revoke_link(actor=own.actor, invitation=row, at=at)


ACTS: Mapping[str, Callable[[HttpRequest, Own, datetime], None]] = {
    "release": _release,
    "contact": _contact,
    "withdraw": _withdraw,
    "close-link": _close_link,
}


def _named(request: HttpRequest, own: Own, model: type[Row]) -> Row:
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        raise Http404 from None
    return there(visible(own.actor, model).filter(pk=key).first())


def _kinds(own: Own) -> list[tuple[str, str, str, list[tuple[str, str]]]]:
    now = dict(visible(own.actor, ReleaseChoice).filter(ended_at=None).values_list("kind", "release"))
    return [
        (
            kind.value,
            own.say(f"kind_of_{kind.value}"),
            now.get(kind.value, Release.AT_ONCE),
            [
                (each.value, own.say(f"release_{each.value.replace(' ', '_')}"))
                for each in Release
                if (kind, each) != (Kind.COMMENT, Release.TREND)
            ],
        )
        for kind in kinds_asked(own.client.practice)
    ]


def _consents(own: Own) -> list[tuple[UUID, str, bool]]:
    rows = visible(own.actor, Consent).filter(client=own.client)
    return [(row.pk, _consent(own, row), row.withdrawn_at is None) for row in rows]


def _consent(own: Own, row: Consent) -> str:
    what = own.say(f"consent_{row.purpose}")
    if row.withdrawn_at is None:
        return own.say("consent_since", what=what, day=own.day(row.given_at))
    return own.say("consent_backed", what=what, day=own.day(row.given_at), end=own.day(row.withdrawn_at))


def _links(own: Own) -> list[tuple[UUID, str]]:
    rows = visible(own.actor, Invitation).filter(state=Invitation.State.OPEN, closes_at__gte=clock.now())
    return [
        (row.pk, own.say("link_line", number=row.session.number, day=own.time(row.closes_at)))
        for row in rows.select_related("session")
    ]
