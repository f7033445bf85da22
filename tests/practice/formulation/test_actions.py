"""Building a formulation: versions, setting aside, goals, links, and what sessions worked on."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import may, visible
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.actions import add_client, book_session, mark_session
from holdfast.practice.caseload.models import Client, Dyad, Session
from holdfast.practice.formulation.actions import (
    BUILD,
    Saying,
    add_entry,
    begin_goal,
    bring_back,
    change_entry,
    end_goal,
    link_goal,
    not_worked_on,
    reword_goal,
    set_aside,
    take_up_goal,
    work_on,
)
from holdfast.practice.formulation.models import (
    EntryVersion,
    FormulationEntry,
    GoalLink,
    GoalVersion,
    SessionWork,
    SharedGoal,
)
from holdfast.practice.formulation.queries import formulation_of
from tests.practice.formulation.conftest import GOAL, ROOT, SKILL, Built

MODELS = (FormulationEntry, EntryVersion, SharedGoal, GoalVersion, GoalLink, SessionWork)
HOUR = timedelta(hours=1)


def read(ada: Membership, built: Built) -> tuple[str, list[str], str]:
    """What the root says now and said before, and what the goal says."""
    found = formulation_of(ada, built.client.pk, built.now)
    assert found is not None
    root = next(each for each in found.entries if each.row == built.root)
    return root.now.text, [each.text for each in root.versions[1:]], found.goals[0].now.text


def test_every_change_is_a_new_version_and_the_old_one_stays(ada: Membership, built: Built) -> None:
    saying = Saying(kind="relating", text=" I wait until somebody asks. ")
    change_entry(actor=ada, entry=built.root, saying=saying, after=1, at=built.now)
    reword_goal(actor=ada, goal=built.goal, text="To say it early.", after=1, at=built.now)
    assert read(ada, built) == ("I wait until somebody asks.", [ROOT], "To say it early.")
    assert list(built.root.versions.values_list("number", "kind", "author")) == [
        (1, "attachment", ada.pk), (2, "relating", ada.pk),
    ]  # fmt: skip
    assert built.goal.versions.count() == 2


def test_the_same_words_change_nothing(ada: Membership, built: Built) -> None:
    log = AuditEntry.objects.count()
    change_entry(actor=ada, entry=built.root, saying=Saying(kind="attachment", text=ROOT), after=9, at=built.now)
    reword_goal(actor=ada, goal=built.goal, text=f" {GOAL}\n", after=9, at=built.now)
    set_aside(actor=ada, entry=built.root, at=built.now)
    set_aside(actor=ada, entry=built.root, at=built.now + HOUR)
    assert (built.root.versions.count(), built.goal.versions.count(), built.root.set_aside_at) == (1, 1, built.now)
    assert AuditEntry.objects.count() == log + 1


def test_who_did_not_see_the_newest_version_overwrites_nothing(ada: Membership, built: Built) -> None:
    change_entry(actor=ada, entry=built.root, saying=Saying(kind="loss", text="Newer."), after=1, at=built.now)
    with pytest.raises(RecordError, match="changed this since"):
        change_entry(actor=ada, entry=built.root, saying=Saying(kind="loss", text="Mine."), after=1, at=built.now)
    reword_goal(actor=ada, goal=built.goal, text="Newer.", after=1, at=built.now)
    with pytest.raises(RecordError, match="changed this since"):
        reword_goal(actor=ada, goal=built.goal, text="Mine.", after=1, at=built.now)
    assert read(ada, built)[0] == "Newer."


def test_texts_rest_sealed(built: Built) -> None:
    rows = [*EntryVersion.objects.all(), *GoalVersion.objects.all()]
    assert len(rows) == 3
    assert not [row for row in rows for text in (ROOT, SKILL, GOAL) if text.encode() in bytes(row.sealed_text)]


@pytest.mark.parametrize(
    ("saying", "sentence"),
    [
        (Saying(kind="loss", text="  "), "Nothing is written"),
        (Saying(kind="mood", text="x"), "An entry is one of"),
        (Saying(kind="coping", text="x"), "how the skill worked"),
        (Saying(kind="coping", text="x", worked="wonderfully"), "how the skill worked"),
    ],
)
def test_what_an_entry_needs(saying: Saying, sentence: str, ada: Membership, built: Built) -> None:
    with pytest.raises(RecordError, match=sentence):
        add_entry(actor=ada, dyad=built.dyad, saying=saying, at=built.now)
    assert FormulationEntry.objects.count() == 2


def test_an_entry_stays_in_its_part_and_only_a_skill_says_how_it_worked(ada: Membership, built: Built) -> None:
    with pytest.raises(RecordError, match="stays in its part"):
        change_entry(actor=ada, entry=built.root, saying=Saying(kind="strength", text="x"), after=1, at=built.now)
    made = add_entry(
        actor=ada, dyad=built.dyad, saying=Saying(kind="strength", text="x", worked="helped"), at=built.now
    )
    assert made.versions.get().worked == ""
    with pytest.raises(RecordError, match="Nothing is written"):
        begin_goal(actor=ada, dyad=built.dyad, text=" ", at=built.now)


def test_what_is_set_aside_is_kept_and_comes_back(ada: Membership, built: Built) -> None:
    set_aside(actor=ada, entry=built.root, at=built.now)
    found = formulation_of(ada, built.client.pk, built.now)
    assert found is not None
    assert [each.row for each in found.current] == [built.skill]
    assert [each.now.text for each in found.entries if each.is_aside] == [ROOT]
    bring_back(actor=ada, entry=built.root, at=built.now)
    bring_back(actor=ada, entry=built.root, at=built.now)
    assert read(ada, built)[0] == ROOT
    assert AuditEntry.objects.filter(verb="formulation.brought-back").count() == 1


def test_a_goal_is_reached_let_go_and_taken_up_again(ada: Membership, built: Built) -> None:
    for state in ("reached", "let go"):
        end_goal(actor=ada, goal=built.goal, state=state, at=built.now)
        assert (built.goal.state, built.goal.ended_by) == (state, ada)
    with pytest.raises(RecordError, match="reached or let go"):
        end_goal(actor=ada, goal=built.goal, state="open", at=built.now)
    take_up_goal(actor=ada, goal=built.goal, at=built.now)
    take_up_goal(actor=ada, goal=built.goal, at=built.now)
    assert (built.goal.state, built.goal.ended_at) == ("open", None)
    assert AuditEntry.objects.filter(verb="goal.taken-up").count() == 1


def test_a_goal_is_linked_to_these_entries_and_no_others(ada: Membership, built: Built) -> None:
    link_goal(actor=ada, goal=built.goal, entries=[built.root, built.skill], at=built.now)
    link_goal(actor=ada, goal=built.goal, entries=[built.skill], at=built.now)
    link_goal(actor=ada, goal=built.goal, entries=[built.skill], at=built.now)
    assert list(GoalLink.objects.values_list("entry", flat=True)) == [built.skill.pk]
    assert AuditEntry.objects.filter(verb="goal.linked").count() == 2


def test_a_session_worked_on_something_once_and_it_can_be_taken_back(ada: Membership, built: Built) -> None:
    session = built.sessions[0]
    work_on(actor=ada, session=session, on=built.root, at=built.now)
    work_on(actor=ada, session=session, on=built.root, at=built.now)
    assert SessionWork.objects.filter(session=session).count() == 1
    not_worked_on(actor=ada, session=session, on=built.root, at=built.now)
    not_worked_on(actor=ada, session=session, on=built.root, at=built.now)
    assert not SessionWork.objects.filter(session=session).exists()
    assert AuditEntry.objects.filter(verb="session.worked-on", object_id=str(session.pk)).count() == 1
    assert AuditEntry.objects.filter(verb="session.not-worked-on").count() == 1


def test_a_session_that_did_not_begin_or_take_place_worked_on_nothing(ada: Membership, built: Built) -> None:
    coming = book_session(actor=ada, dyad=built.dyad, starts_at=built.now + 2 * HOUR, at=built.now)
    with pytest.raises(RecordError, match="has not begun"):
        work_on(actor=ada, session=coming, on=built.goal, at=built.now)
    work_on(actor=ada, session=coming, on=built.goal, at=built.now + HOUR)
    missed = book_session(actor=ada, dyad=built.dyad, starts_at=built.now, at=built.now)
    mark_session(actor=ada, session=missed, state="missed", at=built.now)
    with pytest.raises(RecordError, match="did not take place"):
        work_on(actor=ada, session=missed, on=built.goal, at=built.now)


def test_two_formulations_of_one_therapist_do_not_mix(ada: Membership, built: Built) -> None:
    other = add_client(actor=ada, code="C-02", name="Bo", at=built.now)
    dyad = other.dyads.get()
    entry = add_entry(actor=ada, dyad=dyad, saying=Saying(kind="loss", text="Another."), at=built.now)
    with pytest.raises(RecordError, match="same formulation"):
        link_goal(actor=ada, goal=built.goal, entries=[entry], at=built.now)
    with pytest.raises(RecordError, match="another therapy"):
        work_on(actor=ada, session=built.sessions[0], on=entry, at=built.now)
    found = formulation_of(ada, other.pk, built.now)
    assert found is not None
    assert [each.now.text for each in found.entries] == ["Another."]
    assert not found.goals


@pytest.mark.parametrize("state", ["suspended", "left"])
def test_a_closed_or_restricted_record_takes_nothing_new(state: str, ada: Membership, built: Built) -> None:
    Client.objects.update(state=state)
    dyad, entry, goal = Dyad.objects.get(), FormulationEntry.objects.get(pk=built.root.pk), SharedGoal.objects.get()
    with pytest.raises(RecordError, match="closed or restricted"):
        add_entry(actor=ada, dyad=dyad, saying=Saying(kind="loss", text="x"), at=built.now)
    with pytest.raises(RecordError, match="closed or restricted"):
        change_entry(actor=ada, entry=entry, saying=Saying(kind="loss", text="x"), after=1, at=built.now)
    with pytest.raises(RecordError, match="closed or restricted"):
        begin_goal(actor=ada, dyad=dyad, text="x", at=built.now)
    with pytest.raises(RecordError, match="closed or restricted"):
        reword_goal(actor=ada, goal=goal, text="x", after=1, at=built.now)


def _acts(actor: Membership, built: Built) -> list[object]:
    session: Session = built.sessions[0]
    saying = Saying(kind="loss", text="x")
    return [
        lambda: add_entry(actor=actor, dyad=built.dyad, saying=saying, at=built.now),
        lambda: change_entry(actor=actor, entry=built.root, saying=saying, after=1, at=built.now),
        lambda: set_aside(actor=actor, entry=built.root, at=built.now),
        lambda: bring_back(actor=actor, entry=built.root, at=built.now),
        lambda: begin_goal(actor=actor, dyad=built.dyad, text="x", at=built.now),
        lambda: reword_goal(actor=actor, goal=built.goal, text="x", after=1, at=built.now),
        lambda: end_goal(actor=actor, goal=built.goal, state="reached", at=built.now),
        lambda: take_up_goal(actor=actor, goal=built.goal, at=built.now),
        lambda: link_goal(actor=actor, goal=built.goal, entries=[built.root], at=built.now),
        lambda: work_on(actor=actor, session=session, on=built.root, at=built.now),
        lambda: not_worked_on(actor=actor, session=built.sessions[3], on=built.goal, at=built.now),
    ]


@pytest.mark.parametrize("who", ["ben", "dan", "rae", "olga"])
def test_nobody_else_sees_or_builds_anything(who: str, built: Built, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(who)
    assert [model.__name__ for model in MODELS if visible(actor, model).exists()] == []
    assert not [row for row in (built.dyad, built.root, built.goal) if may(actor, BUILD, row)]
    assert formulation_of(actor, built.client.pk, built.now) is None
    before = [list(model.objects.order_by("pk").values()) for model in MODELS]
    for act in _acts(actor, built):
        with pytest.raises(PermissionDenied):
            act()  # type: ignore[operator]
    assert [list(model.objects.order_by("pk").values()) for model in MODELS] == before


def test_it_closes_with_the_dyad(ada: Membership, built: Built) -> None:
    assert [model.__name__ for model in MODELS if visible(ada, model).exists()] == [
        "FormulationEntry", "EntryVersion", "SharedGoal", "GoalVersion", "SessionWork",
    ]  # fmt: skip
    Dyad.objects.update(closed_at=built.now)
    assert not [model for model in MODELS if visible(ada, model).exists()]
    with pytest.raises(PermissionDenied):
        set_aside(actor=ada, entry=built.root, at=built.now)
