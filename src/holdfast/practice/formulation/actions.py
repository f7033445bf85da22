"""Building a formulation together: every change is a new version, and nothing is overwritten.

The actor is either of the two: the therapist, or the client, who signed in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.actions import REFUSES_NEW
from holdfast.practice.caseload.models import Dyad, Session
from holdfast.practice.caseload.rules import demand
from holdfast.practice.caseload.sealing import open_text, seal_text
from holdfast.practice.formulation.models import (
    EntryVersion,
    FormulationEntry,
    GoalLink,
    GoalVersion,
    Kind,
    SessionWork,
    SharedGoal,
    Worked,
)

BUILD = "build formulation"
EARLY = timedelta(hours=1)
EMPTY = "Nothing is written yet. Write it first."
CHANGED = (
    "Somebody changed this since you opened the page. What it says now stands above; "
    "look at it, then keep yours if it still fits."
)
NO_SESSION = "This session has not begun, or did not take place. Say what a session worked on once you meet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What an entry says: its kind, its words, and of a coping skill how it worked."""

    kind: str
    text: str
    worked: str = ""


@transaction.atomic
def add_entry(*, actor: Membership, dyad: Dyad, saying: Saying, at: datetime) -> FormulationEntry:
    """Begin an entry, with its first version."""
    demand(actor, BUILD, dyad)
    _demand_running(dyad)
    said = _checked(saying)
    entry = FormulationEntry.objects.create(dyad=dyad, begun_at=at, begun_by=actor)
    _say(actor, entry, said, number=1, at=at)
    record("formulation.begun", actor=actor, practice=actor.practice, target=entry, at=at)
    return entry


@transaction.atomic
def change_entry(
    *, actor: Membership, entry: FormulationEntry, saying: Saying, after: int, at: datetime
) -> FormulationEntry:
    """Say it anew; the same words change nothing.

    ``after``: the number of the version that the author had before them. Raises RecordError when there is a newer one.
    """
    demand(actor, BUILD, entry)
    _demand_running(entry.dyad)
    said, last = _checked(saying), entry.versions.latest("number")
    if Kind(last.kind).part != Kind(said.kind).part:
        raise RecordError("An entry stays in its part. Set it aside and write it where it belongs.")
    before = open_text(client=entry.dyad.client, row=last, column="sealed_text")
    if (last.kind, last.worked, before) == (said.kind, said.worked, said.text):
        return entry
    if last.number != after:
        raise RecordError(CHANGED)
    _say(actor, entry, said, number=last.number + 1, at=at)
    record("formulation.changed", actor=actor, practice=actor.practice, target=entry, at=at)
    return entry


@transaction.atomic
def set_aside(*, actor: Membership, entry: FormulationEntry, at: datetime) -> FormulationEntry:
    """Keep an entry and no longer show it."""
    demand(actor, BUILD, entry)
    if entry.set_aside_at is None:
        entry.set_aside_at, entry.set_aside_by = at, actor
        entry.save(update_fields=["set_aside_at", "set_aside_by"])
        record("formulation.set-aside", actor=actor, practice=actor.practice, target=entry, at=at)
    return entry


@transaction.atomic
def bring_back(*, actor: Membership, entry: FormulationEntry, at: datetime) -> FormulationEntry:
    """Show an entry again that was set aside."""
    demand(actor, BUILD, entry)
    if entry.set_aside_at is not None:
        entry.set_aside_at = entry.set_aside_by = None
        entry.save(update_fields=["set_aside_at", "set_aside_by"])
        record("formulation.brought-back", actor=actor, practice=actor.practice, target=entry, at=at)
    return entry


@transaction.atomic
def begin_goal(*, actor: Membership, dyad: Dyad, text: str, at: datetime) -> SharedGoal:
    """Put down a goal that the two agreed on."""
    demand(actor, BUILD, dyad)
    _demand_running(dyad)
    text = _written(text)
    goal = SharedGoal.objects.create(dyad=dyad, begun_at=at, begun_by=actor)
    _word(actor, goal, text, number=1, at=at)
    record("goal.begun", actor=actor, practice=actor.practice, target=goal, at=at)
    return goal


@transaction.atomic
def reword_goal(*, actor: Membership, goal: SharedGoal, text: str, after: int, at: datetime) -> SharedGoal:
    """Say a goal in other words; ``after`` as for an entry."""
    demand(actor, BUILD, goal)
    _demand_running(goal.dyad)
    text, last = _written(text), goal.versions.latest("number")
    if open_text(client=goal.dyad.client, row=last, column="sealed_text") == text:
        return goal
    if last.number != after:
        raise RecordError(CHANGED)
    _word(actor, goal, text, number=last.number + 1, at=at)
    record("goal.reworded", actor=actor, practice=actor.practice, target=goal, at=at)
    return goal


@transaction.atomic
def end_goal(*, actor: Membership, goal: SharedGoal, state: str, at: datetime) -> SharedGoal:
    """The two say that a goal is reached, or let it go."""
    demand(actor, BUILD, goal)
    if state not in (SharedGoal.State.REACHED, SharedGoal.State.LET_GO):
        raise RecordError("A goal is reached or let go. Choose one of the two.")
    if goal.state != state:
        goal.state, goal.ended_at, goal.ended_by = SharedGoal.State(state), at, actor
        goal.save(update_fields=["state", "ended_at", "ended_by"])
        record("goal.ended", actor=actor, practice=actor.practice, target=goal, at=at)
    return goal


@transaction.atomic
def take_up_goal(*, actor: Membership, goal: SharedGoal, at: datetime) -> SharedGoal:
    """Take a goal up again that was reached or let go."""
    demand(actor, BUILD, goal)
    if goal.state != SharedGoal.State.OPEN:
        goal.state, goal.ended_at, goal.ended_by = SharedGoal.State.OPEN, None, None
        goal.save(update_fields=["state", "ended_at", "ended_by"])
        record("goal.taken-up", actor=actor, practice=actor.practice, target=goal, at=at)
    return goal


@transaction.atomic
def link_goal(*, actor: Membership, goal: SharedGoal, entries: Iterable[FormulationEntry], at: datetime) -> SharedGoal:
    """Say which entries a goal has to do with: these, and no others."""
    demand(actor, BUILD, goal)
    wanted = {entry.pk: entry for entry in entries}
    if any(entry.dyad_id != goal.dyad_id for entry in wanted.values()):
        raise RecordError("A goal is linked to entries of the same formulation. Choose among those.")
    linked = {link.entry_id: link for link in goal.links.all()}
    for key in linked.keys() - wanted.keys():
        linked[key].delete()
    for key in wanted.keys() - linked.keys():
        GoalLink.objects.create(goal=goal, entry=wanted[key], author=actor, at=at)
    if linked.keys() != wanted.keys():
        record("goal.linked", actor=actor, practice=actor.practice, target=goal, at=at)
    return goal


@transaction.atomic
def work_on(*, actor: Membership, session: Session, on: FormulationEntry | SharedGoal, at: datetime) -> None:
    """A session worked on this; saying so twice changes nothing."""
    _demand_pair(actor, session, on)
    took_no_place = session.state in (Session.State.MISSED, Session.State.CANCELLED)
    if took_no_place or at < session.starts_at - EARLY:
        raise RecordError(NO_SESSION)
    _, is_new = SessionWork.objects.get_or_create(session=session, **_target(on), defaults={"author": actor, "at": at})
    if is_new:
        record("session.worked-on", actor=actor, practice=actor.practice, target=session, at=at, fields=[*_target(on)])


@transaction.atomic
def not_worked_on(*, actor: Membership, session: Session, on: FormulationEntry | SharedGoal, at: datetime) -> None:
    """Take that back."""
    _demand_pair(actor, session, on)
    deleted, _ = SessionWork.objects.filter(session=session, **_target(on)).delete()
    if deleted:
        record("session.not-worked-on", actor=actor, practice=actor.practice, target=session, at=at)


def _demand_pair(actor: Membership, session: Session, on: FormulationEntry | SharedGoal) -> None:
    """Both must be open to the actor and belong to one dyad."""
    demand(actor, "say what was worked on", session)
    demand(actor, BUILD, on)
    if session.episode_of_care.dyad_id != on.dyad_id:
        raise RecordError("This session belongs to another therapy. Choose one of the same two people.")


def _target(on: FormulationEntry | SharedGoal) -> dict[str, FormulationEntry | SharedGoal]:
    return {"goal": on} if isinstance(on, SharedGoal) else {"entry": on}


def _demand_running(dyad: Dyad) -> None:
    if dyad.client.state in REFUSES_NEW:
        raise RecordError("This client's record is closed or restricted. Nothing new can be written.")


def _written(text: str) -> str:
    if not text.strip():
        raise RecordError(EMPTY)
    return text.strip()


def _checked(saying: Saying) -> Saying:
    """A known kind, words, and for a coping skill how it worked."""
    if saying.kind not in Kind.values:
        raise RecordError("An entry is one of: {known}.", known=", ".join(Kind.values))
    is_skill = saying.kind == Kind.COPING
    if is_skill and saying.worked not in Worked.values:
        raise RecordError("Say how the skill worked, or that it was not tried yet.")
    return Saying(kind=saying.kind, text=_written(saying.text), worked=saying.worked if is_skill else "")


def _say(actor: Membership, entry: FormulationEntry, said: Saying, *, number: int, at: datetime) -> None:
    row = EntryVersion(entry=entry, number=number, kind=said.kind, worked=said.worked, author=actor, at=at)
    row.sealed_text = seal_text(said.text, client=entry.dyad.client, row=row, column="sealed_text")
    row.save(force_insert=True)


def _word(actor: Membership, goal: SharedGoal, text: str, *, number: int, at: datetime) -> None:
    row = GoalVersion(goal=goal, number=number, author=actor, at=at)
    row.sealed_text = seal_text(text, client=goal.dyad.client, row=row, column="sealed_text")
    row.save(force_insert=True)
