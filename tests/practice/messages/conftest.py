"""A gateway that keeps what it is given, and one for every way of going wrong."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.contact import SafeContact, set_contact
from holdfast.practice.caseload.models import Client
from holdfast.practice.messages.gateways import Envelope
from holdfast.practice.messages.worker import one_round
from tests.practice.conftest import NOON
from tests.practice.remember import remembered

BY_MAIL = SafeContact(channel="email", address="c.q@example.org")


class Kept:
    """Takes everything, and breaks when told to."""

    sent: list[Envelope]
    broken: Exception | None

    def __init__(self) -> None:
        self.sent, self.broken = [], None

    def send(self, envelope: Envelope) -> None:
        if self.broken is not None:
            raise self.broken
        self.sent.append(envelope)


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch, settings: object) -> Kept:
    """The gateway of both channels, in memory."""
    kept = Kept()
    settings.MAIL_GATEWAY = settings.TEXT_GATEWAY = "kept"  # type: ignore[attr-defined]
    settings.FORM_ADDRESS = "https://forms.example.org"  # type: ignore[attr-defined]
    monkeypatch.setattr("holdfast.practice.messages.worker.gateway", lambda channel: kept)
    return kept


@pytest.fixture
@remembered
def written_to(ada: Membership, cleo: Client) -> Client:
    """Cleo, who said that an e-mail is safe."""
    set_contact(actor=ada, client=cleo, contact=BY_MAIL, at=NOON)
    return cleo


@pytest.fixture
def work() -> Callable[[datetime], None]:
    """The worker until there is nothing left to do at this time."""

    def until_still(at: datetime) -> None:
        for _ in range(50):
            if not one_round(at):
                return
        raise AssertionError("the worker finds no end")

    return until_still


def hours(count: float) -> timedelta:
    return timedelta(hours=count)
