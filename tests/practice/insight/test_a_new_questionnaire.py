"""Another set is chosen in the middle of a therapy: a course of its own beside the old one, and nothing joins them."""

import math
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import choose_forms
from holdfast.practice.caseload.actions import book_session
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.checkins.actions import submit
from holdfast.practice.insight.care import care_of
from holdfast.practice.insight.figures import outcome_figures
from holdfast.practice.lib import clock
from tests.practice.conftest import NOON
from tests.practice.sayings import opened

ITEMS = {"phq-8": 8, "gad-7": 7}
NEW = "New questionnaire since session 3. PHQ-8 was answered until session 2 and has a course of its own; nothing joins"


@pytest.fixture
def changed(ada: Membership, olga: Membership, cleo: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Two sessions with PHQ-8, then the owner chooses GAD-7, then two more."""
    for week, form, each in ((0, "phq-8", 2), (1, "phq-8", 1), (2, "gad-7", 3), (3, "gad-7", 1)):
        at = NOON + timedelta(days=7 * week)
        monkeypatch.setattr(clock, "now", lambda at=at: at + timedelta(hours=4))
        if [form] != ada.practice.before_forms:
            choose_forms(practice=ada.practice, occasion="before", ids=[form], actor=olga, at=at)
        session = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=at + timedelta(hours=3), at=at)
        open_form = opened(ada, session, "before", at + timedelta(hours=1))
        answers = {form: {f"q{number}": each for number in range(1, ITEMS[form] + 1)}}
        submit(form=open_form, answers=answers, nonce=f"n{week}", at=open_form.opened_at)
    return cleo


def test_two_courses_stand_side_by_side_and_neither_goes_on_in_the_other(changed: Client, ada: Membership) -> None:
    care = care_of(ada, changed.dyads.get())
    new, old = outcome_figures(care, ada.practice.before_forms)
    assert (new.title, old.title) == ("GAD-7", "PHQ-8")
    assert [None if math.isnan(value) else value for value in new.values] == [None, None, 21, 7]
    assert [None if math.isnan(value) else value for value in old.values] == [16, 8, None, None]
    assert NEW in new.summary
    assert "New questionnaire" not in old.summary
    assert new.summary.startswith("GAD-7: 21 before session 3, 7 before session 4.")


@pytest.mark.parametrize("chair", ["ada", "ben", "dan", "rae", "olga"])
def test_the_page_says_so_to_whom_it_belongs_and_to_nobody_else(
    chair: str, changed: Client, signed_in: Callable[..., Browser], request: pytest.FixtureRequest
) -> None:
    answer = signed_in(request.getfixturevalue(chair)).get(f"/clients/{changed.pk}/")
    text = answer.content.decode()
    assert (answer.status_code == 200, NEW in text) == ((True, True) if chair == "ada" else (False, False))
    if chair == "ada":
        assert "The other forms before sessions" not in text


def test_a_form_that_goes_on_is_no_new_one_and_one_that_joins_it_breaks_nothing(
    changed: Client, ada: Membership, olga: Membership
) -> None:
    at = clock.now() + timedelta(days=7)
    choose_forms(practice=ada.practice, occasion="before", ids=["gad-7", "phq-8"], actor=olga, at=at)
    session = book_session(actor=ada, dyad=changed.dyads.get(), starts_at=at + timedelta(hours=3), at=at)
    form = opened(ada, session, "before", at + timedelta(hours=1))
    said = {name: {f"q{number}": 1 for number in range(1, items + 1)} for name, items in ITEMS.items()}
    submit(form=form, answers=said, nonce="both", at=form.opened_at)
    care = care_of(ada, changed.dyads.get())
    assert Session.objects.count() == 5
    assert not [each for each in outcome_figures(care, ada.practice.before_forms) if "New" in each.summary]
