"""What Cleo and Ada understand after six sessions: a root, a skill, a goal, and what they worked on."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.models import Client, Dyad, Session
from holdfast.practice.formulation.actions import Saying, add_entry, begin_goal, work_on
from holdfast.practice.formulation.models import FormulationEntry, SharedGoal
from holdfast.practice.lib import clock
from tests.practice.conftest import NOON
from tests.practice.remember import remembered
from tests.practice.sayings import CALM, therapy

ROOT = "At home nobody asked, so I stopped saying."
SKILL = "Counting my breath on the stairs."
GOAL = "To say what I need before I go quiet."


@dataclass
class Built:
    """What there is to look at."""

    client: Client
    dyad: Dyad
    sessions: list[Session]
    root: FormulationEntry
    skill: FormulationEntry
    goal: SharedGoal
    now: datetime


@pytest.fixture
def built(done: Built, monkeypatch: pytest.MonkeyPatch) -> Built:
    """The clock stands a day after the sixth session; sessions 4 and 6 worked on the goal."""
    monkeypatch.setattr(clock, "now", lambda: done.now)
    return done


@pytest.fixture
@remembered
def done(ada: Membership, cleo: Client) -> Built:
    """What the pair wrote down until then."""
    sessions, dyad = therapy(ada, cleo, CALM), cleo.dyads.get()
    now = sessions[-1].starts_at + timedelta(days=1)
    root = add_entry(actor=ada, dyad=dyad, saying=Saying(kind="attachment", text=ROOT), at=NOON)
    skill = add_entry(actor=ada, dyad=dyad, saying=Saying(kind="coping", text=SKILL, worked="partly"), at=NOON)
    goal = begin_goal(actor=ada, dyad=dyad, text=GOAL, at=NOON)
    for number in (4, 6):
        work_on(actor=ada, session=sessions[number - 1], on=goal, at=now)
    return Built(client=cleo, dyad=dyad, sessions=sessions, root=root, skill=skill, goal=goal, now=now)
