"""Ben reads, Ada is his substitute, Olga owns; Cleo agreed, and her forms ask."""

from collections.abc import Callable
from datetime import datetime, time

import pytest

from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.links import issue_link, open_form
from holdfast.practice.answers.models import CheckIn, OpenForm
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.caseload.sharing import record_consent
from holdfast.practice.checkins.actions import submit
from holdfast.practice.messages.worker import beat
from holdfast.practice.safety.actions import DutyTerms, set_duty
from holdfast.practice.safety.models import Duty
from tests.practice.conftest import NOON
from tests.practice.messages.conftest import post as post
from tests.practice.messages.conftest import work as work
from tests.practice.remember import remembered

ITEM = "q9"
EVERY_DAY = (0, 1, 2, 3, 4)


def terms(responder: Membership, substitute: Membership, **other: object) -> DutyTerms:
    usual: dict[str, object] = {
        "responder": responder, "substitute": substitute, "opens": time(9), "closes": time(17), "weekdays": EVERY_DAY,
        "within_hours": 6, "phone": "030 1234567", "country": "DE",
    }  # fmt: skip
    return DutyTerms(**(usual | other))  # type: ignore[arg-type]


@pytest.fixture
@remembered
def duty(olga: Membership, ada: Membership, ben: Membership) -> Duty:
    return set_duty(actor=olga, terms=terms(ben, ada), at=NOON)


@pytest.fixture
@remembered
def asked(duty: Duty, ada: Membership, cleo: Client) -> Client:
    """Cleo agreed, and the practice asks PHQ-9."""
    Practice.objects.update(before_forms=["phq-9", "holdfast-before"])
    record_consent(actor=ada, client=cleo, purpose="safety", how="session", at=NOON)
    cleo.refresh_from_db()
    ada.practice.refresh_from_db()
    return cleo


@pytest.fixture
def form(asked: Client, ada: Membership, session: Session) -> OpenForm:
    """Her form before the session, opened at noon, with a worker alive."""
    beat(NOON)
    return open_form(token=issue_link(actor=ada, session=session, purpose="before", at=NOON).token, at=NOON).form


Say = Callable[..., CheckIn]


@pytest.fixture
def say(form: OpenForm) -> Say:
    """Send the form with this answer to the question (None: left out)."""

    def sent(value: int | str | None, at: datetime = NOON) -> CheckIn:
        answers = {"phq-9": {f"q{place}": 0 for place in range(1, 9)} | {ITEM: value}}
        return submit(form=form, answers=answers, nonce="n", at=at)

    return sent
