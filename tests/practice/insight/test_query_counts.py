"""However many clients there are, a page asks the database as often as for one."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.actions import add_client, book_session
from holdfast.practice.caseload.models import Client
from holdfast.practice.checkins.actions import rate
from holdfast.practice.lib import clock
from holdfast.practice.ruptures.models import RuptureEpisode
from tests.practice.conftest import NOON
from tests.practice.sayings import RATED, answer

FRAME = (
    "django_session", "accounts_person", "accounts_membership", "audit_auditentry", "SAVEPOINT", "COUNT(*)",
    "safety_alert", "pg_advisory_xact_lock",
)  # fmt: skip
"""Who asks, that it was read (on PostgreSQL under the lock of the log), the counts of the navigation and the bars: the
same on every page."""


def asked(sign_in: Callable[[], Browser], path: str, monkeypatch: pytest.MonkeyPatch, *, week: int) -> list[str]:
    monkeypatch.setattr(clock, "now", lambda: NOON + timedelta(days=7 * week - 3))
    browser = sign_in()  # anew: ten hours end a browser session
    browser.get(path)
    with CaptureQueriesContext(connection) as caught:
        assert browser.get(path).status_code == 200
    said = [query["sql"] for query in caught.captured_queries]
    return [sql for sql in said if not any(word in sql.split(" WHERE ")[0] for word in FRAME)]


def meet(actor: Membership, clients: list[Client], weeks: range, rating: float = 75) -> None:
    """Every client week by week, so that no link is older than the newest time on record."""
    for week in weeks:
        for client in clients:
            start = NOON + timedelta(days=7 * week)
            session = book_session(actor=actor, dyad=client.dyads.get(), starts_at=start, at=start)
            answer(actor, session, rating if week < weeks[-1] else 50)
            rate(session=session, actor=actor, answers=RATED, at=start + timedelta(hours=3))


@pytest.mark.parametrize("path", ["/today/", "/clients/", "/episodes/"])
def test_a_list_asks_as_often_for_six_clients_as_for_one(
    path: str,
    ada: Membership,
    cleo: Client,
    signed_in: Callable[[Membership | None], Browser],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser = partial(signed_in, ada)
    meet(ada, [cleo], range(4))
    one = asked(browser, path, monkeypatch, week=4)
    others = [add_client(actor=ada, code=f"C-0{number}", name=f"Client {number}", at=NOON) for number in range(2, 7)]
    meet(ada, others, range(4, 8))
    assert RuptureEpisode.objects.count() > 1
    assert len(asked(browser, path, monkeypatch, week=8)) == len(one) <= 8


def test_the_page_of_a_client_asks_as_often_for_a_long_therapy_as_for_a_short_one(
    ada: Membership,
    cleo: Client,
    signed_in: Callable[[Membership | None], Browser],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    browser, path = partial(signed_in, ada), f"/clients/{cleo.pk}/"
    meet(ada, [cleo], range(4))
    short = asked(browser, path, monkeypatch, week=4)
    meet(ada, [cleo], range(4, 9))
    assert len(asked(browser, path, monkeypatch, week=9)) == len(short) <= 12
