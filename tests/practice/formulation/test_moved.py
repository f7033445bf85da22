"""What stood before and since: counted, beside the work, never made up from too little."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.models import Score
from holdfast.practice.caseload.actions import book_session
from holdfast.practice.caseload.models import Session
from holdfast.practice.checkins.actions import submit
from holdfast.practice.formulation.actions import begin_goal
from holdfast.practice.formulation.moved import Measure, measures_of, worked_on
from holdfast.practice.formulation.queries import formulation_of
from tests.practice.formulation.conftest import Built
from tests.practice.sayings import answer, opened

SESSIONS = [Session(number=number) for number in range(1, 9)]


def series(*values: float | None, ahead: bool) -> Measure:
    said = {each.pk: value for each, value in zip(SESSIONS, values, strict=False) if value is not None}
    return Measure(name="x", scale="", ahead=ahead, values=said)


def beside(measure: Measure, *numbers: int) -> tuple[tuple[float, ...], tuple[float, ...]]:
    found = worked_on("words", "", {SESSIONS[number - 1].pk for number in numbers}, SESSIONS, [measure])
    assert found is not None
    return found.beside[0].before, found.beside[0].since


def test_a_form_before_the_first_such_session_belongs_to_the_time_before() -> None:
    values = (10, 11, 12, 13, 14, 15, 16, 17)
    assert beside(series(*values, ahead=True), 5, 7) == ((12, 13, 14), (15, 16, 17))
    assert beside(series(*values, ahead=False), 7, 5) == ((11, 12, 13), (15, 16, 17))
    assert beside(series(*values, ahead=True), 1) == ((10,), (15, 16, 17))
    assert beside(series(*values, ahead=False), 1) == ((), (15, 16, 17))
    assert beside(series(*values, ahead=True), 8) == ((15, 16, 17), ())


def test_sessions_without_an_answer_are_passed_over_and_counted_as_missing() -> None:
    assert beside(series(10, None, 12, None, 14, None, 16, ahead=False), 4) == ((10, 12), (14, 16))


def test_with_too_few_answers_there_is_no_mean() -> None:
    keys = {SESSIONS[3].pk}
    full = worked_on("w", "", keys, SESSIONS, [series(1, 2, 4, 4, 5, 6, ahead=False)])
    few = worked_on("w", "", keys, SESSIONS, [series(None, None, 4, 4, 5, 6, ahead=False)])
    assert full is not None
    assert few is not None
    assert (full.beside[0].is_enough, full.beside[0].before_shown, full.beside[0].since_shown) == (True, "2.3", "5")
    assert (few.beside[0].is_enough, len(few.beside[0].before), len(few.beside[0].since)) == (False, 1, 3)
    assert worked_on("w", "", {uuid4()}, SESSIONS, []) is None


def score(form: str, scale: str, raw: float | None, *, version: str = "1.0", day: int = 0, **where: str) -> Score:
    check_in = SimpleNamespace(rater="client", purpose="before", submitted_at=day, session_id=day, **where)
    return SimpleNamespace(instrument=form, version=version, scale=scale, raw=raw, check_in=check_in)  # type: ignore[return-value]


def test_the_first_form_of_the_practice_that_was_answered_says_how_they_are_doing() -> None:
    rows = [score("phq-8", "total", 12, day=1), score("gad-2", "total", 3, day=1), score("phq-8", "total", None, day=2)]
    (measure,) = measures_of(rows, ["holdfast-before", "core-10", "phq-8", "gad-2"])
    assert (measure.name, measure.scale, measure.values) == ("PHQ-8", "0 to 24, lower is better", {1: 12})
    assert measures_of([], ["phq-8"]) == ()


def test_another_version_is_another_course(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [
        score("holdfast-before", "goal_progress", 2, day=1, version="0.9"),
        score("holdfast-before", "goal_progress", 5, day=3),
        score("holdfast-before", "connection", 50, day=3),
    ]
    (measure,) = measures_of(rows, [])
    assert (measure.name, measure.scale, measure.values) == ("Goal rating", "0 to 10, higher is better", {3: 5})
    assert (measure.is_validated, measure.notices) == (False, ("Project items, not validated.",))


def before(ada: Membership, session: Session, goal: int, distress: int) -> None:
    """What the client answers before a session."""
    form = opened(ada, session, "before", session.starts_at - timedelta(hours=1))
    answers = {
        "holdfast-before": {"shared_goal": goal, "connected": 2},
        "phq-8": {f"q{number}": distress for number in range(1, 9)},
    }
    answers = {each["id"]: answers[each["id"]] for each in form.invitation.forms if each["id"] in answers}
    at = session.starts_at - timedelta(minutes=30)
    submit(form=form, answers=answers, nonce=f"before-{session.pk}", at=at)


def test_what_we_worked_on_and_what_moved(ada: Membership, built: Built) -> None:
    after = built.now
    for week in range(2):
        start = after + timedelta(days=7 * week)
        session = book_session(actor=ada, dyad=built.dyad, starts_at=start, at=start - timedelta(hours=2))
        before(ada, session, goal=3 + week, distress=1)
    found = formulation_of(ada, built.client.pk, after + timedelta(days=30))
    assert found is not None
    (goal,) = found.moved.goals
    assert [session.number for session in goal.sessions] == [4, 6]
    assert goal.last.number == 6
    shown = {each.name: (each.before, each.since) for each in goal.beside}
    assert shown == {
        "PHQ-8": ((), (8, 8)),
        "Goal rating": ((), (3, 4)),
        "Alliance": ((75, 78.125, 75), (78.125, 75, 78.125)),
    }
    (focus,) = found.moved.focuses
    assert (focus.words, len(focus.sessions)) == ("Our relationship", 6)
    assert (found.moved.entries, found.moved.untouched) == ((), 2)
    assert [value for _, value in found.rated] == [3, 4]


def test_with_several_goals_the_page_does_not_guess_which_was_rated(
    ada: Membership, built: Built, signed_in: Callable[[Membership | None], Browser]
) -> None:
    session = book_session(actor=ada, dyad=built.dyad, starts_at=built.now, at=built.now - timedelta(hours=2))
    before(ada, session, goal=3, distress=1)
    browser, path = signed_in(ada), f"/clients/{built.client.pk}/formulation/"
    one = browser.get(path).content.decode()
    assert "from 0 to 10: 3 before session 7." in one
    assert "does not say which" not in one
    begin_goal(actor=ada, dyad=built.dyad, text="Another.", at=built.now)
    two = browser.get(path).content.decode()
    assert "does not say which one; you have 2" in two
    assert "does not say which of your goals they meant" in two


def test_a_rating_that_is_not_released_is_in_no_mean(ada: Membership, built: Built) -> None:
    hidden = book_session(actor=ada, dyad=built.dyad, starts_at=built.now, at=built.now)
    answer(ada, hidden, 3.125)
    found = formulation_of(ada, built.client.pk, built.now + timedelta(days=1))
    assert found is not None
    assert found.sessions[0] == hidden
    assert [each.since for each in found.moved.goals[0].beside if each.name == "Alliance"] == [(78.125, 75, 78.125)]
