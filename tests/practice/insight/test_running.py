"""The practice as a whole, and its settings: for whoever runs it, suppressed where few, in words for everybody else."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client as Browser

from holdfast.practice.accounts.actions import add_person
from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.actions import add_client, book_session
from holdfast.practice.caseload.models import Client
from holdfast.practice.checkins.actions import rate, submit
from holdfast.practice.insight.practice import TOO_FEW, practice_of
from holdfast.practice.ruptures.models import RuptureEpisode
from tests.practice.conftest import NOON
from tests.practice.insight.conftest import Therapy
from tests.practice.remember import remembered
from tests.practice.sayings import RATED, answer, opened

SignedIn = Callable[[Membership | None], Browser]


def said(actor: Membership, weeks: int) -> dict[str, tuple[str, ...]]:
    return {figure.head: figure.said for figure in practice_of(actor, NOON + timedelta(days=7 * weeks)).figures}


@pytest.fixture
@remembered
def eleven(ada: Membership, cleo: Client) -> list[Client]:
    """Eleven clients of five sessions each; three of them drop in the last one; one form in four is left unanswered."""
    clients = [cleo, *(add_client(actor=ada, code=f"C-{n:02d}", name=f"Client {n}", at=NOON) for n in range(2, 12))]
    for week in range(5):
        for place, client in enumerate(clients):
            start = NOON + timedelta(days=7 * week)
            session = book_session(actor=ada, dyad=client.dyads.get(), starts_at=start, at=start)
            answer(ada, session, 50 if week == 4 and place < 3 else 75)
            rate(session=session, actor=ada, answers=RATED, at=start + timedelta(hours=3))
    return clients


def test_nothing_is_shown_of_fewer_than_ten(ada: Membership, olga: Membership, cleo: Client, told: Therapy) -> None:
    found = said(olga, 8)
    assert found["Forms after sessions"] == found["Episodes"] == found["Time to fill in a form"] == (TOO_FEW,)
    assert len(found["Therapies"]) == 1


def test_counts_shares_and_their_intervals(olga: Membership, eleven: list[Client]) -> None:
    found = said(olga, 5)
    # 55 of 55: Wilson's lower end 55/(55 + 1.959964^2) = .9347
    assert found["Forms after sessions"] == ("55 of 55 (100 %; 95 % interval 93 to 100) were answered.",)
    assert found["Forms before sessions"] == (TOO_FEW,)
    assert found["Episodes"] == ("3 episodes opened in 55 rated sessions.", "Closed: " + TOO_FEW)
    assert found["Time to fill in a form"][0].startswith("After sessions: half took ")
    assert found["Therapies"] == ("11 therapies running, none ended in the year.",)
    assert practice_of(olga, NOON + timedelta(days=35)).clients == 11
    RuptureEpisode.objects.update(status="open")
    assert practice_of(olga, NOON + timedelta(days=3000)).clients == 0


def test_the_change_from_first_to_last_with_its_interval(ada: Membership, olga: Membership) -> None:
    changes = []
    for week in range(2):
        for place in range(10):
            if week == 0:
                client = add_client(actor=ada, code=f"C-{place:02d}", name="N N", at=NOON)
            client = Client.objects.get(code=f"C-{place:02d}")
            start = NOON + timedelta(days=7 * week)
            session = book_session(actor=ada, dyad=client.dyads.get(), starts_at=start, at=start)
            form = opened(ada, session, "before", start - timedelta(hours=1))
            value = 2 if week == 0 else 1 if place < 5 else 2
            answers = {
                each["id"]: dict.fromkeys(_items(each["id"], each["version"]), value)
                for each in form.invitation.forms
                if each["id"] == "phq-8"
            }
            submit(form=form, answers=answers, nonce=f"{place}-{week}", at=start - timedelta(minutes=50))
            changes.append(value)
    head = "PHQ-8, from first to last"
    # five fall by 8, five stay: mean -4, SD 4.216370, error 1.333333, qt(.975, 9) = 2.262157: -7.0 to -1.0
    assert said(olga, 2)[head] == ("−4 points on average (95\xa0% interval −7 to −1), 10 therapies.",)


def _items(instrument: str, version: str) -> list[str]:
    from holdfast.instruments import load

    return [item.id for item in load(instrument, version=version).items if item.show_if is None]


@pytest.mark.parametrize("who", ["ada", "ben", "rae"])
def test_only_the_owner_sees_figures(who: str, signed_in: SignedIn, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        practice_of(actor, NOON)
    assert signed_in(actor).get("/practice/").status_code in (403, 404)
    with pytest.raises(PermissionDenied):
        practice_of(None, NOON)


def test_the_owner_of_another_practice_sees_her_own(dan: Membership, eleven: list[Client], signed_in: SignedIn) -> None:
    other = add_person(practice=dan.practice, email="o@example.org", name="O", role="owner", password=None, at=NOON)
    assert practice_of(other, NOON + timedelta(days=35)).clients == 0
    assert b"11 client" not in signed_in(other).get("/practice/").content


def test_settings_are_read_by_all_and_changed_by_whoever_runs_it(
    ada: Membership, olga: Membership, signed_in: SignedIn
) -> None:
    read = signed_in(ada).get("/practice/settings/").content.decode()
    assert "0.6 computed signals" in read
    assert not re.search(r'<form method="post" class="card"', read)
    refused = signed_in(ada).post("/practice/settings/", {"false_alarms_per_20": "1", "exit_address": ""})
    assert refused.status_code in (403, 404)
    ada.practice.refresh_from_db()
    assert ada.practice.false_alarms_per_20 == 0.6
    given = {"false_alarms_per_20": "1", "talk_at": "40", "exit_address": "https://weather.example/"}
    assert signed_in(olga).post("/practice/settings/", given)["Location"] == "/practice/settings/"
    ada.practice.refresh_from_db()
    practice = ada.practice
    assert (practice.false_alarms_per_20, practice.talk_at, practice.exit_address) == (1, 40, given["exit_address"])
    assert set(AuditEntry.objects.filter(person_id=olga.person_id).values_list("verb", flat=True)) >= {
        "practice.set", "practice.signals-set",
    }  # fmt: skip
    assert "A rating of 40 or less" in signed_in(ada).get("/practice/settings/").content.decode()
    emptied = signed_in(olga).post(
        "/practice/settings/", {"false_alarms_per_20": "1", "talk_at": "", "exit_address": ""}
    )
    assert emptied.status_code == 302
    practice.refresh_from_db()
    assert (practice.talk_at, practice.exit_address) == (None, "about:blank")


@pytest.mark.parametrize(
    "wrong",
    [{"false_alarms_per_20": "much"}, {"false_alarms_per_20": "9"}, {"false_alarms_per_20": "1", "talk_at": "101"},
     {"false_alarms_per_20": "1", "exit_address": "javascript:alert(1)"}],
)  # fmt: skip
def test_a_setting_that_cannot_be_is_said_and_kept_on_the_page(
    wrong: dict[str, str], olga: Membership, signed_in: SignedIn
) -> None:
    answer = signed_in(olga).post("/practice/settings/", wrong)
    assert answer.status_code == 422
    assert wrong["false_alarms_per_20"] in answer.content.decode()
    olga.practice.refresh_from_db()
    assert (olga.practice.false_alarms_per_20, olga.practice.talk_at) == (0.6, None)
