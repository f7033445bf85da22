"""Shared goals and the formulation, as the client builds them: the same record that the therapist works on."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from holdfast.errors import RecordError
from holdfast.practice.accounts.pages import there
from holdfast.practice.caseload.queries import OpenedClient
from holdfast.practice.formulation import actions
from holdfast.practice.formulation.actions import CHANGED, Saying
from holdfast.practice.formulation.forms import LONGEST
from holdfast.practice.formulation.models import KINDS, Kind, Part, SharedGoal, Worked
from holdfast.practice.formulation.moved import BEFORE_FORM
from holdfast.practice.formulation.queries import (
    Formulation,
    ReadEntry,
    ReadGoal,
    ReadVersion,
    entry_of,
    formulation_in,
    goal_of,
)
from holdfast.practice.lib import clock
from holdfast.practice.own.frame import Own, own_page, show


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A goal or an entry as the page shows it: what it says now, who said it, and what was typed and not taken."""

    key: UUID
    text: str
    told: str
    number: int
    state: str = ""
    kind: str = ""
    kind_words: str = ""
    worked: str = ""
    worked_words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartShown:
    part: str
    words: str
    entries: tuple[Thing, ...]
    aside: tuple[Thing, ...]
    kinds: tuple[tuple[str, str], ...]
    asks_worked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairShown:
    """One pair's goals and formulation."""

    dyad: UUID
    therapist: str
    is_open: bool
    goals: tuple[Thing, ...]
    ended: tuple[Thing, ...]
    parts: tuple[PartShown, ...]


class NotTaken(Exception):  # noqa: N818 - a sentence for the page
    """What was typed is not taken; ``key`` is the sentence that says why."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


@require_http_methods(["GET", "POST"])
@own_page
def goals(request: HttpRequest, own: Own) -> HttpResponse:
    wrong = ""
    if request.method == "POST":
        try:
            _act(request, own, clock.now())
        except NotTaken as error:
            wrong = own.say(error.key, most=LONGEST)
        except RecordError as error:
            wrong = own.say("changed_since" if str(error) == CHANGED else "ended_therapy")
        else:
            return redirect(reverse("mine-goals"))
    return show(
        request,
        "goals",
        own,
        here="mine-goals",
        status=422 if wrong else 200,
        wrong=wrong,
        typed=request.POST,
        pairs=[_pair(own, each, formulation_in(own.actor, each, clock.now())) for each in own.pairs],
        several=len(own.pairs) > 1,
        worked=[(each.value, own.say(f"worked_{each.value}")) for each in Worked],
        asks_goal=BEFORE_FORM in own.client.practice.before_forms,
    )


def _act(request: HttpRequest, own: Own, at: datetime) -> None:
    acts: dict[str, Callable[[dict[str, Any]], object]] = {
        "add-goal": lambda on: actions.begin_goal(dyad=_dyad(request, own).dyad, text=_text(request), **on),
        "reword": lambda on: actions.reword_goal(
            goal=_goal(request, own), text=_text(request), after=_after(request), **on
        ),
        "reached": lambda on: actions.end_goal(goal=_goal(request, own), state=SharedGoal.State.REACHED, **on),
        "let-go": lambda on: actions.end_goal(goal=_goal(request, own), state=SharedGoal.State.LET_GO, **on),
        "take-up": lambda on: actions.take_up_goal(goal=_goal(request, own), **on),
        "add-entry": lambda on: actions.add_entry(dyad=_dyad(request, own).dyad, saying=_saying(request), **on),
        "change-entry": lambda on: actions.change_entry(
            entry=there(entry_of(own.actor, _key(request))), saying=_saying(request), after=_after(request), **on
        ),
        "aside": lambda on: actions.set_aside(entry=there(entry_of(own.actor, _key(request))), **on),
        "back": lambda on: actions.bring_back(entry=there(entry_of(own.actor, _key(request))), **on),
    }
    act = acts.get(request.POST.get("do", ""))
    if act is None:
        raise Http404
    act({"actor": own.actor, "at": at})


def _dyad(request: HttpRequest, own: Own) -> OpenedClient:
    return there(next((each for each in own.pairs if str(each.dyad.pk) == request.POST.get("dyad")), None))


def _goal(request: HttpRequest, own: Own) -> SharedGoal:
    return there(goal_of(own.actor, _key(request)))


def _key(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("key", ""))
    except ValueError:
        raise Http404 from None


def _after(request: HttpRequest) -> int:
    given = request.POST.get("after", "")
    return int(given) if given.isascii() and given.isdigit() else 0


def _text(request: HttpRequest) -> str:
    text = request.POST.get("text", "").strip()
    if not text:
        raise NotTaken("write_first")
    if len(text) > LONGEST:
        raise NotTaken("too_long")
    return text


def _saying(request: HttpRequest) -> Saying:
    kind, worked = request.POST.get("kind", ""), request.POST.get("worked", "")
    if kind not in Kind.values or (kind == Kind.COPING and worked not in Worked.values):
        raise NotTaken("choose_both")
    return Saying(kind=kind, text=_text(request), worked=worked)


def _pair(own: Own, pair: OpenedClient, found: Formulation) -> PairShown:
    shown = [_of_goal(own, each) for each in found.goals]
    return PairShown(
        dyad=pair.dyad.pk,
        therapist=pair.dyad.therapist.person.name,
        is_open=pair.dyad.closed_at is None,
        goals=tuple(each for each in shown if not each.state),
        ended=tuple(each for each in shown if each.state),
        parts=tuple(_part(own, found, part) for part in Part),
    )


def _part(own: Own, found: Formulation, part: Part) -> PartShown:
    return PartShown(
        part=part.value,
        words=own.say(f"part_{part.value}"),
        entries=tuple(_of_entry(own, each) for each in found.in_part(part)),
        aside=tuple(_of_entry(own, each) for each in found.in_part(part, aside=True)),
        kinds=tuple((kind.value, own.say(f"kind_{kind.value}")) for kind in KINDS[part]),
        asks_worked=part == Part.COPING,
    )


def _of_goal(own: Own, read: ReadGoal) -> Thing:
    words = {SharedGoal.State.REACHED: "goal_is_reached", SharedGoal.State.LET_GO: "goal_is_let_go"}
    key = words.get(SharedGoal.State(read.row.state))
    return Thing(
        key=read.row.pk,
        text=read.now.text,
        told=_told(own, read.now),
        number=read.now.number,
        state=own.say(key) if key else "",
    )


def _of_entry(own: Own, read: ReadEntry) -> Thing:
    now = read.now
    return Thing(
        key=read.row.pk,
        text=now.text,
        told=_told(own, now),
        number=now.number,
        kind=now.kind,
        kind_words=own.say(f"kind_{now.kind}"),
        worked=now.worked,
        worked_words=own.say(f"worked_{now.worked}") if now.worked else "",
    )


def _told(own: Own, version: ReadVersion) -> str:
    who = own.say("you") if version.author == own.actor.person.name else version.author
    return own.say("wording_by", who=who, day=own.day(version.at))
