"""Goals 25 and 26 of the safety design at the quick tier, each with the mistake that it has to catch.

25: 200 answers that call for a person, the sender killed between commit and send: whom to call in the same answer, the
alert queued, handed over once a sender lives again, escalated on time, at most 1 % sent twice. 26: ten faults of a
gateway and a dead worker, with an injected clock: staff see it within two minutes, the client at the next reload.
"""

import random
import smtplib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.links import issue_link, open_form
from holdfast.practice.answers.models import CheckIn
from holdfast.practice.caseload.actions import add_client, book_session
from holdfast.practice.caseload.models import Client
from holdfast.practice.caseload.sharing import record_consent
from holdfast.practice.checkins.actions import submit
from holdfast.practice.checkins.queries import after
from holdfast.practice.messages import worker
from holdfast.practice.messages.gateways import Envelope, NotReachedError, RefusedError
from holdfast.practice.messages.models import Heartbeat, Message
from holdfast.practice.messages.worker import beat, one_round
from holdfast.practice.safety import actions
from holdfast.practice.safety.models import Alert, Duty
from holdfast.practice.safety.queries import Passing, bars, standing_of
from tests.practice.conftest import NOON
from tests.practice.messages.conftest import Kept
from tests.practice.remember import remembered

N = 200
SOON, LEASE_OVER = timedelta(seconds=10), timedelta(seconds=61)


class Killed(BaseException):
    """kill -9: nobody gets to tidy up."""


@pytest.fixture
@remembered
def clients(duty: Duty, ada: Membership) -> list[Client]:
    """Twenty clients who agreed, each with a session every day."""
    Practice.objects.update(before_forms=["phq-9"])
    ada.practice.refresh_from_db()
    made = []
    for place in range(20):
        client = add_client(actor=ada, code=f"S-{place:02}", name=f"Client {place}", at=NOON)
        record_consent(actor=ada, client=client, purpose="safety", how="session", at=NOON)
        made.append(client)
    return made


def answers(ada: Membership, clients: list[Client], count: int) -> Iterator[tuple[CheckIn, int, bool]]:
    """Forms sent one after the other: the check-in, the answer, and whether whom to call stood in the same answer."""
    chance = random.Random(25)
    for place in range(count):
        client = clients[place % len(clients)]
        at = NOON + timedelta(days=7 * (place // len(clients)), seconds=place)
        session = book_session(actor=ada, dyad=client.dyads.get(), starts_at=at, at=at)
        form = open_form(token=issue_link(actor=ada, session=session, purpose="before", at=at).token, at=at).form
        value = chance.randint(1, 3)
        check_in = submit(form=form, answers={"phq-9": {"q9": value}}, nonce=f"n{place}", at=at)
        form.invitation.refresh_from_db()
        page = after(form, at)
        yield check_in, value, page is not None and bool(page.help.lines)


def test_goal_25_two_hundred_answers_none_unalerted(
    clients: list[Client], ada: Membership, post: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance, seen = random.Random(9), Counter[str]()
    settled = worker.settle
    for check_in, _, with_contacts in answers(ada, clients, N):
        seen["contacts"] += with_contacts
        seen["alerts"] += Alert.objects.filter(check_in=check_in).count()
        at = check_in.submitted_at
        kill = chance.random()
        if kill < 0.5:  # the sender dies before it has sent
            monkeypatch.setattr("holdfast.practice.messages.worker.gateway", _dies)
        elif kill < 0.505:  # or after sending, before it could write that down: the one way to send twice
            monkeypatch.setattr(worker, "settle", _dies)
        if kill < 0.505:
            with pytest.raises(Killed), transaction.atomic():
                one_round(at + SOON)
            _undo_rollback_of_the_claim(check_in, at)
        monkeypatch.setattr("holdfast.practice.messages.worker.gateway", lambda channel: post)
        monkeypatch.setattr(worker, "settle", settled)
        while one_round(at + LEASE_OVER):
            pass
        standing = standing_of(check_in.pk, at + LEASE_OVER)
        seen["handed over"] += standing is not None and standing.passing is Passing.PASSED
    twice = sum(count - 1 for count in Counter(each.message_id for each in post.sent).values())
    assert (seen["contacts"], seen["alerts"], seen["handed over"]) == (N, N, N)
    assert twice <= N // 100
    assert {each.body for each in post.sent} <= {
        "A form is waiting for you. Please sign in.",
        "A setting is waiting for you. Please sign in.",
    }


def _dies(*_: object, **__: object) -> None:
    raise Killed


def _undo_rollback_of_the_claim(check_in: CheckIn, at: datetime) -> None:
    """A killed process keeps its lease; here the claim was rolled back with it, so it is put back."""
    alert = Alert.objects.get(check_in=check_in)
    Message.objects.filter(about=alert.pk, state=Message.State.WAITING).update(lease_until=at + SOON)


def test_goal_25_control_an_alert_queued_after_the_commit_is_lost(
    clients: list[Client], ada: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mistake: the alert is raised once the answers are stored. A kill in between leaves answers without one."""
    kept = actions.raise_alert

    def later(**given: object) -> None:
        transaction.on_commit(lambda: kept(**given))  # type: ignore[arg-type]

    monkeypatch.setattr("holdfast.practice.answers.actions.raise_alert", later)
    (check_in, _, _), *_ = answers(ada, clients, 1)
    assert not Alert.objects.filter(check_in=check_in).exists()


def test_goal_25_every_one_is_escalated_on_time(
    clients: list[Client], ada: Membership, olga: Membership, post: Kept
) -> None:
    """Unread, each is with the substitute after two reading hours and with the owner after four."""
    sent = [check_in for check_in, _, _ in answers(ada, clients, 20)]
    for hours, stage in ((2, 1), (4, 2)):
        at = NOON + timedelta(hours=hours, seconds=30)
        while one_round(at):
            pass
        assert set(Alert.objects.filter(check_in__in=sent).values_list("stage", flat=True)) == {stage}
    assert {each.address for each in post.sent} >= {olga.person.email}


FAULTS: dict[str, Exception] = {
    "connection refused": ConnectionRefusedError(),
    "no route": OSError(113, "No route to host"),
    "time-out": TimeoutError(),
    "greylisted": NotReachedError("4xx"),
    "refused for ever": RefusedError("5xx"),
    "closed in the middle": smtplib.SMTPServerDisconnected("gone"),
    "no greeting": smtplib.SMTPConnectError(554, "no"),
    "authentication": smtplib.SMTPAuthenticationError(535, "no"),
    "nonsense": ValueError("not SMTP at all"),
    "bad certificate": RuntimeError("certificate"),
}


@pytest.mark.parametrize("fault", list(FAULTS))
def test_goal_26_a_gateway_that_fails_is_seen_by_both_sides(
    fault: str, clients: list[Client], ada: Membership, ben: Membership, post: Kept
) -> None:
    beat(NOON)
    (check_in, _, _), *_ = answers(ada, clients, 1)
    post.broken = FAULTS[fault]
    one_round(NOON + timedelta(seconds=2))
    within = NOON + timedelta(seconds=3)
    standing = standing_of(check_in.pk, within)
    assert standing is not None
    assert standing.passing is Passing.FAILED
    assert bars(ben, within).cannot_pass
    assert bars(ada, within).cannot_pass


def test_goal_26_a_dead_worker_is_seen_within_two_minutes(
    clients: list[Client], ada: Membership, ben: Membership
) -> None:
    beat(NOON)
    (check_in, _, _), *_ = answers(ada, clients, 1)
    soon, later = NOON + timedelta(seconds=30), NOON + timedelta(seconds=90)
    assert _passing(check_in, soon) is Passing.NOT_YET
    assert _passing(check_in, later) is Passing.FAILED
    assert bars(ben, later).cannot_pass
    Heartbeat.objects.update(at=later)  # the control: a sign of life alone does not make it "passed on"
    assert _passing(check_in, later) is Passing.FAILED


def test_goal_26_control_swallowed_exceptions_would_pass_for_sent(
    clients: list[Client], ada: Membership, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    """The mistake: a gateway that swallows its failure. Nothing in the practice can see that, so ours never does."""
    settings.MAIL_GATEWAY = "kept"  # type: ignore[attr-defined]

    class Swallows:
        def send(self, envelope: Envelope) -> None:
            """Failed, and said nothing."""

    monkeypatch.setattr("holdfast.practice.messages.worker.gateway", lambda channel: Swallows())
    beat(NOON)
    (check_in, _, _), *_ = answers(ada, clients, 1)
    one_round(NOON)
    assert _passing(check_in, NOON) is Passing.PASSED


def _passing(check_in: CheckIn, at: datetime) -> Passing:
    standing = standing_of(check_in.pk, at)
    assert standing is not None
    return standing.passing
