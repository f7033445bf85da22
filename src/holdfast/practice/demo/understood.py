"""What two of the simulated pairs understood together, and in which sessions they worked on it."""

from dataclasses import dataclass, field
from datetime import datetime

from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.models import Dyad, Session
from holdfast.practice.formulation.actions import (
    Saying,
    add_entry,
    begin_goal,
    change_entry,
    end_goal,
    link_goal,
    set_aside,
    work_on,
)
from holdfast.practice.formulation.models import FormulationEntry, SharedGoal

GOAL = "goal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A goal, or an entry of a kind: begun after one session, worked on in some, said anew after one.

    ends: after which session a goal was reached, or an entry set aside. links: names of entries, for a goal.
    """

    kind: str
    text: str
    begun: int
    sessions: tuple[int, ...] = ()
    worked: str = ""
    anew: tuple[int, str, str] = (0, "", "")
    ends: int = 0
    links: tuple[str, ...] = ()


UNDERSTOOD: dict[str, dict[str, Thing]] = {
    "C-02": {
        "quiet": Thing(
            kind="attachment",
            text="At home it was quiet when something was wrong. Nobody asked, and I learned to go quiet too.",
            begun=3,
            sessions=(3, 8, 9),
        ),
        "burden": Thing(kind="thought", text="If I need something I am a burden.", begun=4, sessions=(4, 6, 8, 10)),
        "grandmother": Thing(
            kind="loss",
            text="My grandmother died when I was eleven. She was the one who asked.",
            begun=5,
            sessions=(5,),
        ),
        "alone": Thing(
            kind="upkeep",
            text="I go quiet, so people think that all is well, so nobody asks, so I am alone with it.",
            begun=5,
            sessions=(6, 9),
            anew=(9, "I go quiet, people think all is well and do not ask, and then I am sure that I am a burden.", ""),
        ),
        "music": Thing(kind="strength", text="I hear what others feel before they say it. And I make music.", begun=4),
        "sister": Thing(kind="strength", text="My sister, since we spoke in spring.", begun=10),
        "saying": Thing(
            kind="coping",
            text="Saying one sentence before I go quiet: “I need a moment.”",
            worked="untried",
            begun=6,
            sessions=(8, 10, 11),
            anew=(10, "Saying one sentence before I go quiet: “I need a moment.” At work too, last week.", "helped"),
        ),
        "running": Thing(kind="coping", text="Running in the evening.", worked="partly", begun=2),
        "lists": Thing(kind="coping", text="Lists of what went well.", worked="not", begun=2, sessions=(3,), ends=6),
        "speak": Thing(
            kind=GOAL,
            text="To say what I need to the people who matter, before I go quiet.",
            begun=2,
            sessions=(4, 6, 8, 10, 11),
            links=("quiet", "alone"),
        ),
        "sleep": Thing(kind=GOAL, text="To sleep through most nights.", begun=1, sessions=(2, 3), ends=9),
    },
    "C-01": {
        "steady": Thing(kind="strength", text="I keep going, and I come on time.", begun=2),
        "criticism": Thing(
            kind="relating", text="I expect criticism and agree before it comes.", begun=4, sessions=(5, 7)
        ),
        "speak": Thing(kind=GOAL, text="To say no without a long explanation.", begun=3, sessions=(5, 7, 8)),
    },
}


@dataclass(kw_only=True)
class Understanding:
    """One pair's formulation on its way."""

    made: dict[str, FormulationEntry | SharedGoal] = field(default_factory=dict)

    def after(self, actor: Membership, session: Session, at: datetime) -> None:
        """What the two put down after one session."""
        dyad, number = session.episode_of_care.dyad, session.number
        for name, thing in UNDERSTOOD.get(dyad.client.code, {}).items():
            if thing.begun == number:
                self.made[name] = _begin(actor, dyad, thing, at)
            if number in thing.sessions:
                work_on(actor=actor, session=session, on=self.made[name], at=at)
            if number == thing.anew[0]:
                self._say_anew(actor, name, thing, at)
            if number == thing.ends:
                self._end(actor, name, at)
            self._link(actor, name, thing, at)

    def _say_anew(self, actor: Membership, name: str, thing: Thing, at: datetime) -> None:
        entry = self.made[name]
        if isinstance(entry, FormulationEntry):
            saying = Saying(kind=thing.kind, text=thing.anew[1], worked=thing.anew[2])
            change_entry(actor=actor, entry=entry, saying=saying, after=1, at=at)

    def _end(self, actor: Membership, name: str, at: datetime) -> None:
        row = self.made[name]
        if isinstance(row, SharedGoal):
            end_goal(actor=actor, goal=row, state=SharedGoal.State.REACHED, at=at)
        else:
            set_aside(actor=actor, entry=row, at=at)

    def _link(self, actor: Membership, name: str, thing: Thing, at: datetime) -> None:
        """A goal is linked once all that it has to do with is there."""
        goal = self.made.get(name)
        entries = [self.made.get(each) for each in thing.links]
        found = [each for each in entries if isinstance(each, FormulationEntry)]
        if isinstance(goal, SharedGoal) and thing.links and len(found) == len(thing.links):
            link_goal(actor=actor, goal=goal, entries=found, at=at)


def _begin(actor: Membership, dyad: Dyad, thing: Thing, at: datetime) -> FormulationEntry | SharedGoal:
    if thing.kind == GOAL:
        return begin_goal(actor=actor, dyad=dyad, text=thing.text, at=at)
    return add_entry(
        actor=actor, dyad=dyad, saying=Saying(kind=thing.kind, text=thing.text, worked=thing.worked), at=at
    )
