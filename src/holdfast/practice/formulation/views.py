"""The page of a formulation, and every post on it: one action each, then back to where the result stands."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from holdfast.errors import RecordError
from holdfast.practice.accounts.middleware import staff_only
from holdfast.practice.accounts.pages import actor_of, there
from holdfast.practice.formulation import actions
from holdfast.practice.formulation.forms import EntryForm, GoalForm
from holdfast.practice.formulation.models import FormulationEntry, Part, SharedGoal
from holdfast.practice.formulation.pages import formulation_page
from holdfast.practice.formulation.queries import (
    Formulation,
    entries_named,
    entry_of,
    formulation_of,
    goal_of,
    worked_session_of,
)
from holdfast.practice.lib import clock


@require_safe
@staff_only
def formulation(request: HttpRequest, key: UUID) -> HttpResponse:
    return formulation_page(request, _found(request, key))


@require_POST
@staff_only
def add_entry(request: HttpRequest, key: UUID) -> HttpResponse:
    found = _built(request, key)
    given = request.POST.get("part", "")
    if given not in Part.values:
        raise Http404
    part = Part(given)
    form = EntryForm.new(part, request.POST)
    if form.is_valid():
        try:
            made = actions.add_entry(
                actor=actor_of(request), dyad=found.client.dyad, saying=form.saying(), at=clock.now()
            )
        except RecordError as error:
            form.add_error("text", str(error))
        else:
            return _back(key, f"entry-{made.pk}")
    return formulation_page(request, found, part=(part, form))


@require_POST
@staff_only
def change_entry(request: HttpRequest, key: UUID) -> HttpResponse:
    row = there(entry_of(actor_of(request), key))
    found = _built(request, row.dyad.client_id)
    read = next(each for each in found.entries if each.row.pk == row.pk)
    form = EntryForm.of(read, request.POST)
    if form.is_valid():
        after = form.cleaned_data["after"] or 0
        try:
            actions.change_entry(actor=actor_of(request), entry=row, saying=form.saying(), after=after, at=clock.now())
        except RecordError as error:
            form = EntryForm.of(read, request.POST.dict() | {"after": read.now.number})
            form.add_error("text", str(error))
        else:
            return _back(row.dyad.client_id, f"entry-{key}")
    return formulation_page(request, found, entry=(key, form))


@require_POST
@staff_only
def set_aside(request: HttpRequest, key: UUID) -> HttpResponse:
    row = there(entry_of(actor_of(request), key))
    actions.set_aside(actor=actor_of(request), entry=row, at=clock.now())
    return _back(row.dyad.client_id, "parts")


@require_POST
@staff_only
def bring_back(request: HttpRequest, key: UUID) -> HttpResponse:
    row = there(entry_of(actor_of(request), key))
    actions.bring_back(actor=actor_of(request), entry=row, at=clock.now())
    return _back(row.dyad.client_id, f"entry-{key}")


@require_POST
@staff_only
def add_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    found, form = _built(request, key), GoalForm.new(request.POST)
    if form.is_valid():
        text = form.cleaned_data["text"]
        try:
            actions.begin_goal(actor=actor_of(request), dyad=found.client.dyad, text=text, at=clock.now())
        except RecordError as error:
            form.add_error("text", str(error))
        else:
            return _back(key, "goals")
    return formulation_page(request, found, new_goal=form)


@require_POST
@staff_only
def reword_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    row = there(goal_of(actor_of(request), key))
    found = _built(request, row.dyad.client_id)
    read = next(each for each in found.goals if each.row.pk == row.pk)
    form = GoalForm.of(read, request.POST)
    if form.is_valid():
        given = form.cleaned_data
        try:
            actions.reword_goal(
                actor=actor_of(request), goal=row, text=given["text"], after=given["after"] or 0, at=clock.now()
            )
        except RecordError as error:
            form = GoalForm.of(read, request.POST.dict() | {"after": read.now.number})
            form.add_error("text", str(error))
        else:
            return _back(row.dyad.client_id, "goals")
    return formulation_page(request, found, goal=(key, form))


@require_POST
@staff_only
def end_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    row = there(goal_of(actor_of(request), key))
    try:
        actions.end_goal(actor=actor_of(request), goal=row, state=request.POST.get("state", ""), at=clock.now())
    except RecordError as error:
        return formulation_page(request, _built(request, row.dyad.client_id), wrong=str(error))
    return _back(row.dyad.client_id, "goals")


@require_POST
@staff_only
def take_up_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    row = there(goal_of(actor_of(request), key))
    actions.take_up_goal(actor=actor_of(request), goal=row, at=clock.now())
    return _back(row.dyad.client_id, "goals")


@require_POST
@staff_only
def link_goal(request: HttpRequest, key: UUID) -> HttpResponse:
    actor = actor_of(request)
    row = there(goal_of(actor, key))
    chosen = entries_named(actor, row, request.POST.getlist("entry"))
    actions.link_goal(actor=actor, goal=row, entries=chosen, at=clock.now())
    return _back(row.dyad.client_id, "goals")


@require_POST
@staff_only
def worked_on(request: HttpRequest, key: UUID) -> HttpResponse:
    """One tap: a session worked on a goal or an entry, or it did not after all."""
    actor = actor_of(request)
    session = there(worked_session_of(actor, key))
    act = actions.not_worked_on if request.POST.get("back") else actions.work_on
    client = session.episode_of_care.dyad.client_id
    try:
        act(actor=actor, session=session, on=_named(request), at=clock.now())
    except RecordError as error:
        return formulation_page(request, _built(request, client), wrong=str(error))
    return redirect(f"{reverse('formulation', args=[client])}?session={key}#worked-on")


def _named(request: HttpRequest) -> FormulationEntry | SharedGoal:
    """The goal or the entry whose key was sent."""
    actor = actor_of(request)
    goal, entry = _key(request.POST.get("goal", "")), _key(request.POST.get("entry", ""))
    if goal is not None:
        return there(goal_of(actor, goal))
    return there(entry_of(actor, there(entry)))


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _found(request: HttpRequest, client: UUID) -> Formulation:
    return there(formulation_of(actor_of(request), client, clock.now()))


def _built(request: HttpRequest, client: UUID) -> Formulation:
    """The formulation, for somebody who builds it; for whoever only reads it there is nothing to post to."""
    found = _found(request, client)
    if not found.may_build:
        raise Http404
    return found


def _back(client: UUID, place: str) -> HttpResponse:
    return redirect(f"{reverse('formulation', args=[client])}#{place}")
