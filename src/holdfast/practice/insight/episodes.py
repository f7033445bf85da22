"""The pages of rupture episodes: the list, and one of them as a piece of work."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from holdfast.errors import RecordError
from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.pages import actor_of, note_read, page, there
from holdfast.practice.insight import queries
from holdfast.practice.insight.figures import KINDS, STATUS, in_ratings
from holdfast.practice.insight.forms import ClosingForm, TextForm
from holdfast.practice.insight.markup import figure
from holdfast.practice.insight.queries import EpisodePage
from holdfast.practice.lib import clock
from holdfast.practice.ruptures.actions import acknowledge, close, note, reopen, take_back, talk_about
from holdfast.practice.ruptures.attempts import plan, tell
from holdfast.practice.ruptures.models import Attempt, RuptureEpisode

STANDS = (("open", "Open"), ("closed", "Closed"))


@require_safe
@staff_only
def episodes(request: HttpRequest) -> HttpResponse:
    """All of them, or those of one standing and one kind, chosen by plain links."""
    actor = actor_of(request)
    note_read(actor=actor, target=actor, at=clock.now())
    every = queries.episodes(actor)
    stands, kind = request.GET.get("stands", ""), request.GET.get("kind", "")
    lines = [line for line in every if stands not in dict(STANDS) or (line.row.status == "open") == (stands == "open")]
    lines = [line for line in lines if kind not in RuptureEpisode.Kind.values or line.row.kind == kind]
    return page(
        request,
        "insight/episodes",
        here="episodes",
        lines=lines,
        every=len(every),
        stands=stands,
        kind=kind,
        standings=STANDS,
        kinds=[(each.value, KINDS[each]) for each in RuptureEpisode.Kind],
        dial=actor.practice.false_alarms_per_20,
    )


@require_safe
@staff_only
def episode(request: HttpRequest, key: UUID) -> HttpResponse:
    return _page(request, _found(request, key))


@require_POST
@staff_only
def acknowledge_episode(request: HttpRequest, key: UUID) -> HttpResponse:
    acknowledge(actor=actor_of(request), episode=_found(request, key).row, at=clock.now())
    return redirect("episode", key=key)


@require_POST
@staff_only
def talked(request: HttpRequest, key: UUID) -> HttpResponse:
    talk_about(actor=actor_of(request), episode=_found(request, key).row, at=clock.now())
    return redirect("episode", key=key)


@require_POST
@staff_only
def undo(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _found(request, key)
    try:
        take_back(actor=actor_of(request), episode=found.row, at=clock.now())
    except RecordError as error:
        return _page(request, found, wrong=str(error))
    return redirect("episode", key=key)


@require_POST
@staff_only
def plan_attempt(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _found(request, key)
    strategy, text = request.POST.get("strategy", ""), request.POST.get("text", "")
    try:
        plan(actor=actor_of(request), episode=found.row, strategy=strategy, text=text, at=clock.now())
    except RecordError as error:
        return _page(request, found, planning=(text, str(error)))
    return redirect("episode", key=key)


@require_POST
@staff_only
def tell_attempt(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    attempt = there(queries.attempt(actor, key))
    text = request.POST.get("text", "")
    try:
        tell(actor=actor, attempt=attempt, judgement=request.POST.get("judgement", ""), text=text, at=clock.now())
    except RecordError as error:
        return _page(request, _found(request, attempt.episode_id), telling=(attempt.pk, text, str(error)))
    return redirect("episode", key=attempt.episode_id)


@require_POST
@staff_only
def add_note(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _found(request, key)
    form = TextForm(request.POST)
    if not form.is_valid():
        return _page(request, found, noting=form)
    note(actor=actor_of(request), episode=found.row, text=form.cleaned_data["text"], at=clock.now())
    return redirect("episode", key=key)


@require_POST
@staff_only
def close_episode(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _found(request, key)
    form = ClosingForm(request.POST)
    if not form.is_valid():
        return _page(request, found, closing=form)
    given = form.cleaned_data
    try:
        close(actor=actor_of(request), episode=found.row, status=given["status"], text=given["text"], at=clock.now())
    except RecordError as error:
        return _page(request, found, wrong=str(error))
    return redirect("episode", key=key)


@require_POST
@staff_only
def reopen_episode(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _found(request, key)
    try:
        reopen(actor=actor_of(request), episode=found.row, at=clock.now())
    except RecordError as error:
        return _page(request, found, wrong=str(error))
    return redirect("episode", key=key)


def _found(request: HttpRequest, key: UUID) -> EpisodePage:
    return there(queries.episode(actor_of(request), key, clock.now()))


def _page(request: HttpRequest, found: EpisodePage, **filled: Any) -> HttpResponse:
    """One episode, put on the log first. A form that was not accepted comes back as it was filled in."""
    note_read(actor=actor_of(request), target=found.row, at=clock.now())
    return page(
        request,
        "insight/episode",
        here="episodes",
        status=422 if filled else 200,
        page=found,
        figure=figure(found.figure) if found.figure else "",
        noting=filled.get("noting") or TextForm(),
        closing=filled.get("closing") or ClosingForm(),
        closing_open="closing" in filled,
        planning=filled.get("planning"),
        telling=filled.get("telling"),
        judgements=Attempt.Judgement.choices,
        standing=STATUS[RuptureEpisode.Status(found.row.status)],
        in_ratings=in_ratings(found.row),
        wrong=filled.get("wrong", ""),
    )
