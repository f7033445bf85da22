"""The duty, the consent it rests on, and the page on which a person says: I have read this."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from holdfast.errors import RecordError
from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.pages import actor_of, note_read, page, there
from holdfast.practice.accounts.policy import may, visible
from holdfast.practice.caseload.consents import newest
from holdfast.practice.caseload.models import Consent
from holdfast.practice.caseload.queries import OpenedClient, client_of, consent_of, sessions_of
from holdfast.practice.caseload.sharing import record_consent, withdraw_consent
from holdfast.practice.lib import clock
from holdfast.practice.reading.forms import DAYS, DutyForm
from holdfast.practice.reading.queries import statement_of, waiting_of
from holdfast.practice.safety.actions import end_duty, read_alert, set_duty
from holdfast.practice.safety.contacts import countries
from holdfast.practice.safety.models import Alert, Duty
from holdfast.practice.safety.queries import bars, duty_of
from holdfast.report.words import listed

SAFETY = Consent.Purpose.SAFETY


@require_http_methods(["GET", "POST"])
@staff_only
def duty(request: HttpRequest) -> HttpResponse:
    """Everybody reads who has the duty; whoever runs the practice gives it."""
    actor, at = actor_of(request), clock.now()
    kept, people = duty_of(actor.practice), _people(actor)
    form = DutyForm(request.POST, people=people) if request.method == "POST" else DutyForm.of(kept, people)
    if request.method == "POST" and form.is_valid():
        try:
            set_duty(actor=actor, terms=form.terms(), at=at)
        except RecordError as error:
            form.add_error(None, str(error))
        else:
            return redirect("duty")
    found = countries()[kept.country] if kept else None
    return page(
        request,
        "reading/duty",
        here="settings",
        status=422 if form.errors else 200,
        form=form,
        kept=kept,
        days=_days(kept) if kept else "",
        contacts=found,
        lines=found.said("en") if found else (),
        may_set=may(actor, "set", actor.practice),
    )


@require_POST
@staff_only
def stop_duty(request: HttpRequest) -> HttpResponse:
    end_duty(actor=actor_of(request), at=clock.now())
    return redirect("duty")


@require_safe
@staff_only
def waiting(request: HttpRequest, key: UUID) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    found = there(waiting_of(actor, key, at))
    note_read(actor=actor, target=found.session.episode_of_care.dyad.client, at=at)
    return page(request, "reading/waiting", here="", found=found)


@require_POST
@staff_only
def have_read(request: HttpRequest, key: UUID) -> HttpResponse:
    """The only thing that closes it."""
    actor = actor_of(request)
    alert = there(visible(actor, Alert).filter(pk=key).select_related("practice").first())
    read_alert(actor=actor, alert=alert, at=clock.now())
    return page(request, "reading/read", here="")


@require_http_methods(["GET", "POST"])
@staff_only
def client_safety(request: HttpRequest, key: UUID) -> HttpResponse:
    """Whether this client is asked: on their consent, which names who reads."""
    actor, at, wrong = actor_of(request), clock.now(), ""
    found = _own_client(actor, key)
    kept = duty_of(actor.practice)
    held = consent_of(actor, found.client, SAFETY)
    if request.method == "POST":
        try:
            if kept is None:
                raise RecordError("Nobody reads these answers yet. Whoever runs the practice sets that first.")
            record_consent(
                actor=actor,
                client=found.client,
                purpose=SAFETY,
                how=request.POST.get("how", ""),
                language=found.client.language,
                at=at,
            )
        except RecordError as error:
            wrong = str(error)
        else:
            return redirect("client-safety", key=key)
    note_read(actor=actor, target=found.client, at=at)
    return page(
        request,
        "reading/client",
        here="clients",
        status=422 if wrong else 200,
        client=found.client,
        name=found.name,
        consent=held,
        text=_text(kept, found.client.language) if kept else "",
        language=found.client.language,
        statement=statement_of(actor, sessions_of(actor, found.dyad)),
        ways=[(each.value, each.label.capitalize()) for each in (Consent.How.IN_SESSION, Consent.How.ON_PAPER)],
        kept=kept,
        wrong=wrong,
    )


@require_POST
@staff_only
def client_safety_back(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = _own_client(actor, key)
    withdraw_consent(actor=actor, consent=there(consent_of(actor, found.client, SAFETY)), at=clock.now())
    return redirect("client-safety", key=key)


def bars_of(request: HttpRequest) -> dict[str, Any]:
    """For templates: what every page of the practice has to say at its head. Looked up only where a page shows it."""
    actor = getattr(request, "membership", None)
    return {"bars": SimpleLazyObject(lambda: bars(actor, clock.now()))}


def _own_client(actor: Membership, key: UUID) -> OpenedClient:
    return there(client_of(actor, key) if actor.role == Membership.Role.THERAPIST else None)


def _people(actor: Membership) -> list[Membership]:
    rows = Membership.objects.filter(practice=actor.practice_id, state=Membership.State.ACTIVE)
    rows = rows.exclude(role__in=[Membership.Role.CLIENT, Membership.Role.RESEARCHER])
    return list(rows.select_related("person").order_by("person__name", "role"))


def _days(kept: Duty) -> str:
    return listed([DAYS[day] for day in kept.weekdays])


GERMAN_DAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def _text(kept: Duty, language: str) -> str:
    """The text of consent, with the names and hours of the duty in it."""
    known = newest(SAFETY).text
    spoken = language if language in known else "en"
    days = ", ".join(GERMAN_DAYS[day] for day in kept.weekdays) if spoken == "de" else _days(kept)
    return known[spoken].format(
        responder=kept.responder.person.name,
        substitute=kept.substitute.person.name,
        days=days,
        opens=f"{kept.opens:%H:%M}",
        closes=f"{kept.closes:%H:%M}",
        hours=kept.within_hours,
        phone=kept.phone,
    )
