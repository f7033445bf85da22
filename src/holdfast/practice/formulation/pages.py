"""How the page of a formulation is put together: what the query found, with a form in each place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from holdfast.practice.accounts.pages import actor_of, note_read, page
from holdfast.practice.caseload.models import Session
from holdfast.practice.formulation.forms import EntryForm, GoalForm
from holdfast.practice.formulation.models import Part
from holdfast.practice.formulation.moved import BEFORE_FORM, SIDE
from holdfast.practice.formulation.queries import Formulation, ReadEntry, ReadGoal
from holdfast.practice.lib import clock

ABOUT = {
    Part.ROOTS: "Where it comes from: early bonds, losses, trauma, ways of thinking or relating that once made sense.",
    Part.UPKEEP: "What happens again and again today, and what makes it hard to change.",
    Part.STRENGTHS: "What can be built on: people, abilities, values, whatever has carried so far.",
    Part.COPING: "What was tried against it, and how it worked.",
}
TOP = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryPlace:
    """One entry with its form. ``is_open``: the form was not accepted and stands open."""

    read: ReadEntry
    form: EntryForm
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartPlace:
    """One of the four cards."""

    part: Part
    about: str
    entries: tuple[EntryPlace, ...]
    aside: tuple[ReadEntry, ...]
    form: EntryForm
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GoalPlace:
    """One goal with its form, and the entries it may be linked to, each with whether it is."""

    read: ReadGoal
    form: GoalForm
    is_open: bool
    choices: tuple[tuple[ReadEntry, bool], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One goal or entry that a session may have worked on."""

    field: str
    key: UUID
    words: str
    is_on: bool


def formulation_page(request: HttpRequest, found: Formulation, **filled: Any) -> HttpResponse:
    """The page, put on the log first.

    ``filled`` holds a form that was not accepted: ``entry`` or ``goal`` (its key and the form), ``part`` (the same for
    a new entry), ``new_goal``, or a sentence as ``wrong``.
    """
    note_read(actor=actor_of(request), target=found.client.client, at=clock.now())
    chosen = _chosen(found.sessions, request.GET.get("session", ""))
    return page(
        request,
        "formulation/formulation",
        here="clients",
        status=422 if filled else 200,
        page=found,
        parts=[_part(found, part, filled) for part in Part],
        goals=[_goal(found, each, filled) for each in found.open_goals],
        ended=[each for each in found.goals if not each.is_open],
        new_goal=filled.get("new_goal") or GoalForm.new(),
        new_goal_open="new_goal" in filled,
        asks_goal=BEFORE_FORM in found.client.client.practice.before_forms,
        line=_line([value for _, value in found.rated]),
        chosen=chosen,
        choices=_choices(found, chosen),
        side=SIDE,
        wrong=filled.get("wrong", ""),
    )


def _part(found: Formulation, part: Part, filled: dict[str, Any]) -> PartPlace:
    new, entry = filled.get("part", (None, None)), filled.get("entry", (None, None))
    return PartPlace(
        part=part,
        about=ABOUT[part],
        entries=tuple(
            EntryPlace(
                read=each,
                form=entry[1] if entry[0] == each.row.pk else EntryForm.of(each),
                is_open=entry[0] == each.row.pk,
            )
            for each in found.in_part(part)
        ),
        aside=found.in_part(part, aside=True),
        form=new[1] if new[0] == part else EntryForm.new(part),
        is_open=new[0] == part,
    )


def _goal(found: Formulation, read: ReadGoal, filled: dict[str, Any]) -> GoalPlace:
    goal = filled.get("goal", (None, None))
    linked = {each.row.pk for each in read.linked}
    offered = [each for each in found.entries if not each.is_aside or each.row.pk in linked]
    return GoalPlace(
        read=read,
        form=goal[1] if goal[0] == read.row.pk else GoalForm.of(read),
        is_open=goal[0] == read.row.pk,
        choices=tuple((each, each.row.pk in linked) for each in offered),
    )


def _chosen(sessions: Sequence[Session], key: str) -> Session | None:
    """The session that was asked for, or the last one that has begun."""
    return next((each for each in sessions if str(each.pk) == key), sessions[0] if sessions else None)


def _choices(found: Formulation, chosen: Session | None) -> list[Choice]:
    """Everything current, and what the session is linked to already."""
    if chosen is None:
        return []
    every: list[tuple[str, ReadGoal | ReadEntry, bool]] = [("goal", each, each.is_open) for each in found.goals]
    every += [("entry", each, not each.is_aside) for each in found.entries]
    made = [
        (shown, Choice(field=field, key=each.row.pk, words=each.now.text, is_on=(chosen.pk, each.row.pk) in found.work))
        for field, each, shown in every
    ]
    return [choice for shown, choice in made if shown or choice.is_on]


def _line(values: Sequence[float]) -> str:
    """The goal's ratings as a path no larger than a word; the sentence beside it says the numbers."""
    if len(values) < 2:
        return ""
    step = 200 / (len(values) - 1)
    return "M" + " ".join(f"{place * step:.1f} {28 - 26 * value / TOP:.1f}" for place, value in enumerate(values))
