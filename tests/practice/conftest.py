"""The cast: Ada, a therapist; Cleo, her client; Ben, her supervisor; Dan, of another practice; Rae; Olga, the owner."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts import limits
from holdfast.practice.accounts.actions import add_person, create_practice
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.caseload.actions import add_client, book_session
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.lib import clock
from tests.practice.remember import (
    pytest_fixture_setup,
    pytest_runtest_call,
    pytest_runtest_setup,
    remembered,
)

__all__ = ["pytest_fixture_setup", "pytest_runtest_call", "pytest_runtest_setup"]  # hooks of this folder

PASSWORD = "a long enough password"
NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick_hashing(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def rested_limits() -> None:
    limits.bucket.refill()


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The clock stands at noon of one day."""
    monkeypatch.setattr(clock, "now", lambda: NOON)
    return NOON


@pytest.fixture
@remembered
def practice(db: None) -> Practice:
    return create_practice(name="Oak Street", at=NOON)


@pytest.fixture
@remembered
def other_practice(db: None) -> Practice:
    return create_practice(name="Elm Road", at=NOON)


def _person(practice: Practice, name: str, role: str) -> Membership:
    return add_person(
        practice=practice,
        email=f"{name.lower()}@{practice.pk}.example.org",
        name=name,
        role=role,
        password=PASSWORD,
        at=NOON,
    )


@pytest.fixture
@remembered
def ada(practice: Practice) -> Membership:
    return _person(practice, "Ada", "therapist")


@pytest.fixture
@remembered
def ben(practice: Practice) -> Membership:
    return _person(practice, "Ben", "supervisor")


@pytest.fixture
@remembered
def olga(practice: Practice) -> Membership:
    return _person(practice, "Olga", "owner")


@pytest.fixture
@remembered
def rae(practice: Practice) -> Membership:
    return _person(practice, "Rae", "researcher")


@pytest.fixture
@remembered
def dan(other_practice: Practice) -> Membership:
    return _person(other_practice, "Dan", "therapist")


@pytest.fixture
@remembered
def cleo(ada: Membership) -> Client:
    """Ada's client, with a dyad and a running episode of care."""
    return add_client(actor=ada, code="C-01", name="Cleo Quellbach", contact={"phone": "0151 4711"}, at=NOON)


@pytest.fixture
@remembered
def session(ada: Membership, cleo: Client) -> Session:
    """Cleo's first session, at noon of the day on which the clock stands."""
    return book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=NOON, at=NOON)


@pytest.fixture
def signed_in() -> Callable[[Membership | None], Browser]:
    """A browser in which this person is signed in (nobody for None)."""

    def browser(membership: Membership | None) -> Browser:
        client = Browser()
        if membership is not None:
            client.force_login(membership.person)
        return client

    return browser
