"""A form on the device in the room, and one filled in on paper: locked, predicted first, on record."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client as Browser

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.content import open_answers
from holdfast.practice.answers.models import CheckIn, Invitation
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Session
from holdfast.practice.checkins.actions import enter_from_paper, rate, skip_rating
from holdfast.practice.lib import clock
from tests.practice.conftest import NOON
from tests.practice.sayings import RATED, session_answers

SignedIn = Callable[[Membership | None], Browser]
LATER = NOON + timedelta(hours=2)


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)


def test_the_device_shows_the_form_and_knows_nobody(ada: Membership, session: Session, signed_in: SignedIn) -> None:
    tablet = signed_in(ada)
    assert b"Hand over this device" in tablet.get(f"/sessions/{session.pk}/").content
    answer = tablet.post(f"/sessions/{session.pk}/device/", {"purpose": "after"})
    assert answer["Location"] == "/f/form"
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    form = tablet.get("/f/form")
    assert form.status_code == 200
    assert "Quellbach" not in form.content.decode()
    for path in ("/today/", f"/sessions/{session.pk}/", "/clients/"):
        assert tablet.get(path)["Location"].startswith("/sign-in/")
    assert AuditEntry.objects.filter(verb="device.handed-over").count() == 1


def test_a_device_cannot_be_handed_over_for_what_is_answered(
    ada: Membership, session: Session, signed_in: SignedIn
) -> None:
    skip_rating(session=session, actor=ada, at=LATER)
    enter_from_paper(actor=ada, session=session, purpose="after", answers=session_answers(75), comment="", at=LATER)
    answer = signed_in(ada).post(f"/sessions/{session.pk}/device/", {"purpose": "after"})
    assert (answer.status_code, "answered already" in answer.content.decode()) == (422, True)
    assert signed_in(ada).post(f"/sessions/{session.pk}/device/", {"purpose": "x"}).status_code == 422


def test_paper_waits_for_the_prediction(ada: Membership, session: Session, signed_in: SignedIn) -> None:
    desk, path = signed_in(ada), f"/sessions/{session.pk}/paper/after/"
    assert b"comes after your own prediction" in desk.get(path).content
    given = {"holdfast-session.bond": "3", "comment": "In a hurry."}
    early = desk.post(path, given)
    assert (early.status_code, "Predict and rate session 1 first" in early.content.decode()) == (422, True)
    assert not Invitation.objects.exists()
    rate(session=session, actor=ada, answers=RATED, at=LATER)
    empty = desk.post(path, {})
    assert (empty.status_code, "Nothing is marked yet" in empty.content.decode()) == (422, True)
    wrong = desk.post(path, {**given, "holdfast-session.bond": "9"})
    assert (wrong.status_code, "In a hurry." in wrong.content.decode()) == (422, True)
    assert desk.post(path, given)["Location"] == f"/sessions/{session.pk}/"
    kept = CheckIn.objects.get(rater="client")
    assert open_answers(kept)["holdfast-session"] == {"bond": 3}
    assert kept.comment is not None
    assert AuditEntry.objects.get(verb="answers.entered-from-paper").person_id == ada.person_id
    assert b"in already" in desk.get(path).content


def test_paper_before_the_session_needs_no_prediction(ada: Membership, session: Session, signed_in: SignedIn) -> None:
    path = f"/sessions/{session.pk}/paper/before/"
    assert signed_in(ada).post(path, {"holdfast-before.connected": "declined"}).status_code == 302
    assert open_answers(CheckIn.objects.get())["holdfast-before"] == {"connected": "declined"}
    assert signed_in(ada).get(f"/sessions/{session.pk}/paper/sometime/").status_code == 404


@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga", None])
def test_others_hand_over_and_put_in_nothing(
    chair: str | None, session: Session, signed_in: SignedIn, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(chair) if chair else None
    browser = signed_in(actor)
    for answer in (
        browser.post(f"/sessions/{session.pk}/device/", {"purpose": "after"}),
        browser.get(f"/sessions/{session.pk}/paper/before/"),
        browser.post(f"/sessions/{session.pk}/paper/before/", {"holdfast-before.connected": "3"}),
    ):
        assert answer.status_code == (404 if chair else 302)
        assert "Quellbach" not in answer.content.decode()
    with pytest.raises(PermissionDenied):
        enter_from_paper(actor=actor, session=session, purpose="before", answers={}, comment="", at=LATER)  # type: ignore[arg-type]
    assert not CheckIn.objects.exists()


def test_paper_that_comes_twice_changes_nothing(ada: Membership, session: Session) -> None:
    skip_rating(session=session, actor=ada, at=LATER)
    answers = session_answers(75)
    enter_from_paper(actor=ada, session=session, purpose="after", answers=answers, comment="", at=LATER)
    with pytest.raises(RecordError, match="answered already"):
        enter_from_paper(actor=ada, session=session, purpose="after", answers=answers, comment="", at=LATER)
    assert CheckIn.objects.filter(rater="client").count() == 1
