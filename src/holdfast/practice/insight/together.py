"""The pages of supervision: what the therapist shares, what the supervisor reads, and what both say."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from holdfast.errors import RecordError
from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.pages import actor_of, note_read, page, there
from holdfast.practice.caseload.models import Consent
from holdfast.practice.caseload.sharing import (
    end_share,
    record_consent,
    say_in_supervision,
    settle,
    share,
    withdraw_consent,
)
from holdfast.practice.insight.forms import ConsentForm, ShareForm, TextForm
from holdfast.practice.insight.supervision import share_of, supervision_list, supervision_of, word_of
from holdfast.practice.lib import clock


@require_safe
@staff_only
def supervision(request: HttpRequest) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    note_read(actor=actor, target=actor, at=at)
    return page(request, "insight/supervision", here="supervision", lines=supervision_list(actor, at))


@require_safe
@staff_only
def client_supervision(request: HttpRequest, key: UUID) -> HttpResponse:
    return _page(request, key)


@require_POST
@staff_only
def give_consent(request: HttpRequest, key: UUID) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    found = there(supervision_of(actor, key, at))
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _page(request, key, consenting=form)
    try:
        record_consent(
            actor=actor,
            client=found.client.client,
            purpose=Consent.Purpose.SUPERVISION,
            how=form.cleaned_data["how"],
            at=at,
        )
    except RecordError as error:
        return _page(request, key, wrong=str(error))
    return redirect("client-supervision", key=key)


@require_POST
@staff_only
def take_consent_back(request: HttpRequest, key: UUID) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    found = there(supervision_of(actor, key, at))
    withdraw_consent(actor=actor, consent=there(found.consent), at=at)
    return redirect("client-supervision", key=key)


@require_POST
@staff_only
def start_share(request: HttpRequest, key: UUID) -> HttpResponse:
    actor, at = actor_of(request), clock.now()
    found = there(supervision_of(actor, key, at))
    form = ShareForm(request.POST, supervisors=found.supervisors)
    if not form.is_valid():
        return _page(request, key, sharing=form)
    given = form.cleaned_data
    try:
        share(
            actor=actor,
            dyad=found.client.dyad,
            supervisor=form.supervisor_chosen(),
            until=form.until(),
            with_comments=given["with_comments"],
            at=at,
        )
    except RecordError as error:
        form.add_error(None, str(error))
        return _page(request, key, sharing=form)
    return redirect("client-supervision", key=key)


@require_POST
@staff_only
def stop_share(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = there(share_of(actor, key))
    end_share(actor=actor, share=row, at=clock.now())
    return redirect("client-supervision", key=row.dyad.client_id)


@require_POST
@staff_only
def say(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = there(share_of(actor, key))
    form = TextForm(request.POST)
    if not form.is_valid():
        return _page(request, row.dyad.client_id, saying=(row.pk, form))
    say_in_supervision(actor=actor, share=row, text=form.cleaned_data["text"], at=clock.now())
    return redirect("client-supervision", key=row.dyad.client_id)


@require_POST
@staff_only
def settle_word(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = there(word_of(actor, key))
    settle(actor=actor, word=row, at=clock.now())
    return redirect("client-supervision", key=row.share.dyad.client_id)


def _page(request: HttpRequest, key: UUID, **filled: Any) -> HttpResponse:
    """One client's supervision; a form that was not accepted comes back as it was filled in."""
    actor, at = actor_of(request), clock.now()
    found = there(supervision_of(actor, key, at))
    note_read(actor=actor, target=found.client.client, at=at)
    return page(
        request,
        "insight/client_supervision",
        here="clients" if found.is_own else "supervision",
        status=422 if filled else 200,
        page=found,
        consenting=filled.get("consenting") or ConsentForm(),
        sharing=filled.get("sharing") or ShareForm(supervisors=found.supervisors),
        saying=filled.get("saying"),
        wrong=filled.get("wrong", ""),
    )
