"""What the database itself refuses of a formulation."""

from datetime import timedelta
from typing import Any

import pytest

from holdfast.practice.accounts.models import Membership
from holdfast.practice.formulation.models import (
    KINDS,
    EntryVersion,
    FormulationEntry,
    GoalLink,
    GoalVersion,
    Kind,
    SessionWork,
    SharedGoal,
)
from tests.practice.caseload.test_constraints import copy_of, refuses
from tests.practice.formulation.conftest import Built


def test_every_kind_belongs_to_one_part() -> None:
    assert sorted(kind for kinds in KINDS.values() for kind in kinds) == sorted(Kind)
    assert [len(kinds) for kinds in KINDS.values()] == [5, 1, 1, 1]


@pytest.mark.parametrize("changes", ["nobody", "too early", "no time"])
def test_an_entry_is_set_aside_by_somebody_later(changes: str, ada: Membership, built: Built) -> None:
    wrong: dict[str, dict[str, Any]] = {
        "nobody": {"set_aside_at": built.now},
        "too early": {"set_aside_at": built.root.begun_at - timedelta(days=1), "set_aside_by": ada},
        "no time": {"set_aside_by": ada},
    }
    rows = FormulationEntry.objects.filter(pk=built.root.pk)
    refuses("entry_set_aside_by_somebody_after_it_was_begun", lambda: rows.update(**wrong[changes]))


@pytest.mark.parametrize("changes", [{"kind": "mood"}, {"kind": "loss", "worked": "helped"}, {"kind": "coping"},
                                     {"kind": "coping", "worked": "fine"}])  # fmt: skip
def test_a_kind_is_known_and_a_skill_says_how_it_worked(changes: dict[str, str], built: Built) -> None:
    rows = EntryVersion.objects.filter(entry=built.root)
    refuses("entry_kind_is_known_and_a_skill_says_how_it_worked", lambda: rows.update(**changes))


def test_versions_are_numbered_once_from_one(built: Built) -> None:
    entry, goal = built.root.versions.get(), built.goal.versions.get()
    refuses("entry_version_number_once", copy_of(entry).save)
    refuses("goal_version_number_once", copy_of(goal).save)
    refuses("entry_versions_start_at_one", lambda: EntryVersion.objects.filter(pk=entry.pk).update(number=0))
    refuses("goal_versions_start_at_one", lambda: GoalVersion.objects.update(number=0))


@pytest.mark.parametrize("state", ["open", "reached", "let go", "lost"])
def test_a_goal_that_ended_says_when_and_by_whom(state: str, ada: Membership, built: Built) -> None:
    ended = {"state": state, "ended_at": built.now} if state != "lost" else {"state": state}
    refuses("goal_state_and_time_of_ending_agree", lambda: SharedGoal.objects.update(**ended))
    untimed = {"state": "reached", "ended_by": ada}
    refuses("goal_state_and_time_of_ending_agree", lambda: SharedGoal.objects.update(**untimed))
    early = {"state": "reached", "ended_by": ada, "ended_at": built.goal.begun_at - timedelta(days=1)}
    refuses("goal_state_and_time_of_ending_agree", lambda: SharedGoal.objects.update(**early))


def test_links_stand_once(ada: Membership, built: Built) -> None:
    link = GoalLink.objects.create(goal=built.goal, entry=built.root, author=ada, at=built.now)
    refuses("goal_and_entry_linked_once", copy_of(link).save)
    work = SessionWork.objects.earliest("at")
    refuses("session_worked_on_a_goal_once", copy_of(work).save)
    other = copy_of(work, goal_id=None, entry_id=built.root.pk)
    other.save()
    refuses("session_worked_on_an_entry_once", copy_of(other).save)


def test_a_session_works_on_a_goal_or_an_entry(built: Built) -> None:
    rows = SessionWork.objects.all()
    refuses("session_worked_on_a_goal_or_an_entry", lambda: rows.update(goal=None))
    refuses("session_worked_on_a_goal_or_an_entry", lambda: rows.update(entry=built.root))


def test_rows_say_what_they_are(ada: Membership, built: Built) -> None:
    link = GoalLink(goal=built.goal, entry=built.root, author=ada, at=built.now)
    rows = [
        built.root,
        built.root.versions.get(),
        built.goal,
        built.goal.versions.get(),
        link,
        SessionWork.objects.first(),
    ]
    assert all(str(row) and "quiet" not in str(row) for row in rows)
