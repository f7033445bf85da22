"""The formulation on its page: what Ada reads, adds, changes and taps; what everybody else is refused."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern

from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.actions import add_client, book_session
from holdfast.practice.formulation import urls
from holdfast.practice.formulation.actions import Saying, add_entry, change_entry, set_aside
from holdfast.practice.formulation.models import (
    EntryVersion,
    FormulationEntry,
    GoalLink,
    GoalVersion,
    SessionWork,
    SharedGoal,
)
from tests.practice.formulation.conftest import GOAL, ROOT, SKILL, Built
from tests.practice.sayings import therapy

FRAME = re.compile(
    r'FROM "(django_session|accounts_person|accounts_membership|audit_auditentry|safety_alert)"'
    r"|audit_auditentry|django_session|SAVEPOINT|pg_advisory|COUNT\(|BEGIN"
)
"""Who asks, that it was read, and the counts of the navigation: the same on every page."""
SignIn = Callable[[Membership | None], Browser]
SECRETS = ("Quellbach", "C-01", ROOT, SKILL, GOAL)
MODELS = (FormulationEntry, EntryVersion, SharedGoal, GoalVersion, GoalLink, SessionWork)
POSTS = {
    "add-entry": {"part": "strengths", "text": "x"},
    "add-goal": {"text": "x"},
    "change-entry": {"kind": "loss", "text": "x", "after": "1"},
    "set-aside": {},
    "bring-back": {},
    "reword-goal": {"text": "x", "after": "1"},
    "end-goal": {"state": "reached"},
    "take-up-goal": {},
    "link-goal": {},
    "worked-on": {"back": "yes"},
}


def path(built: Built) -> str:
    return f"/clients/{built.client.pk}/formulation/"


def address(name: str, built: Built) -> str:
    keys = {"formulation": built.client.pk, "add-entry": built.client.pk, "add-goal": built.client.pk,
            "change-entry": built.root.pk, "set-aside": built.root.pk, "bring-back": built.root.pk,
            "worked-on": built.sessions[3].pk}  # fmt: skip
    pattern = next(each for each in urls.urlpatterns if each.name == name)
    return "/" + re.sub("<uuid:key>", str(keys.get(name, built.goal.pk)), str(pattern.pattern))


def posted(name: str, built: Built) -> dict[str, object]:
    return {**POSTS[name], **({"goal": built.goal.pk} if name == "worked-on" else {})}


def everything() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def page(browser: Browser, where: str, status: int = 200) -> str:
    answer = browser.get(where)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_chairs_below_know_every_address() -> None:
    names = {pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}
    assert names == {"formulation", *POSTS}


def test_ada_reads_it_all_and_the_look_is_on_the_log(built: Built, ada: Membership, signed_in: SignIn) -> None:
    browser, log = signed_in(ada), AuditEntry.objects.count()
    said = page(browser, path(built))
    assert [
        text for text in (ROOT, SKILL, GOAL, "Quellbach", "An early bond", "Helped a little") if text not in said
    ] == []
    assert "2 entries and 1 goal, last written on" in said
    assert "2 sessions worked on it" in said
    assert "not because of it" in said
    entry = AuditEntry.objects.order_by("seq").last()
    assert (AuditEntry.objects.count(), entry.verb, entry.person_id) == (log + 1, "client.read", ada.person_id)  # type: ignore[union-attr]
    assert f'href="{path(built)}" aria-current="page"' in said
    assert f'href="{path(built)}"' in page(browser, f"/clients/{built.client.pk}/")


def test_an_empty_page_says_what_will_be_there(ada: Membership, built: Built, signed_in: SignIn) -> None:
    other = add_client(actor=ada, code="C-02", name="Bo", at=built.now)
    said = page(signed_in(ada), f"/clients/{other.pk}/formulation/")
    assert "Nothing is written yet. The two of you can begin anywhere." in said
    assert "What can be built on: people, abilities" in said
    assert "Once you have met, one tap" in said
    assert "Once sessions are linked to goals and entries" in said


def test_adding_changing_and_looking_back(built: Built, ada: Membership, signed_in: SignIn) -> None:
    browser = signed_in(ada)
    answer = browser.post(address("add-entry", built), {"part": "coping", "text": "Walking.", "worked": "helped"})
    made = FormulationEntry.objects.latest("begun_at")
    assert answer["Location"] == f"{path(built)}#entry-{made.pk}"
    changed = {"kind": "relating", "text": "I wait to be asked.", "after": "1"}
    assert browser.post(address("change-entry", built), changed)["Location"] == f"{path(built)}#entry-{built.root.pk}"
    said = page(browser, path(built))
    assert all(text in said for text in ("Walking.", "I wait to be asked.", "A way of relating", "Earlier", ROOT))
    browser.post(address("set-aside", built))
    assert "Set aside (1)" in page(browser, path(built))
    browser.post(address("bring-back", built))
    assert "Set aside (" not in page(browser, path(built))


def test_goals_from_beginning_to_end(built: Built, ada: Membership, signed_in: SignIn) -> None:
    browser = signed_in(ada)
    assert browser.post(address("add-goal", built), {"text": "To sleep."})["Location"] == f"{path(built)}#goals"
    browser.post(address("reword-goal", built), {"text": "To say it early.", "after": "1"})
    browser.post(address("link-goal", built), {"entry": [built.root.pk, "nonsense"]})
    assert GoalLink.objects.get().entry == built.root
    said = page(browser, path(built))
    assert "To say it early." in said
    assert "Has to do with “At home nobody asked" in said
    browser.post(address("end-goal", built), {"state": "reached"})
    said = page(browser, path(built))
    assert "Reached or let go (1)" in said
    browser.post(address("take-up-goal", built))
    assert "Reached or let go" not in page(browser, path(built))
    wrong = browser.post(address("end-goal", built), {"state": "won"})
    assert (wrong.status_code, "reached or let go. Choose" in wrong.content.decode()) == (422, True)


@pytest.mark.parametrize(
    ("name", "form", "sentence"),
    [
        ("add-entry", {"part": "roots", "kind": "loss", "text": " "}, "Nothing is written yet"),
        ("add-entry", {"part": "roots", "text": "Kept as typed."}, "Choose what it is"),
        ("add-entry", {"part": "coping", "text": "Kept as typed."}, "Say how it worked"),
        ("add-goal", {"text": " "}, "Nothing is written yet"),
        ("change-entry", {"kind": "", "text": "Kept as typed.", "after": "1"}, "Choose what it is"),
        ("reword-goal", {"text": " ", "after": "1"}, "Nothing is written yet"),
    ],
)
def test_what_is_not_accepted_stays_typed_and_changes_nothing(
    name: str, form: dict[str, str], sentence: str, built: Built, ada: Membership, signed_in: SignIn
) -> None:
    before = everything()
    answer = signed_in(ada).post(address(name, built), form)
    said = answer.content.decode()
    assert (answer.status_code, sentence in said) == (422, True)
    assert form["text"] == " " or "Kept as typed.</textarea>" in said
    assert everything() == before


def test_who_was_overtaken_sees_the_newer_words_and_can_keep_their_own(
    built: Built, ada: Membership, signed_in: SignIn
) -> None:
    browser = signed_in(ada)
    change_entry(actor=ada, entry=built.root, saying=Saying(kind="loss", text="Newer."), after=1, at=built.now)
    mine = {"kind": "loss", "text": "Mine.", "after": "1"}
    answer = browser.post(address("change-entry", built), mine)
    said = answer.content.decode()
    assert (answer.status_code, "changed this since" in said, "Newer." in said, "Mine.</textarea>" in said) == (
        422, True, True, True,
    )  # fmt: skip
    assert 'name="after" value="2"' in said
    assert browser.post(address("change-entry", built), mine | {"after": "2"}).status_code == 302
    goal = {"text": "Mine.", "after": "0"}
    answer = browser.post(address("reword-goal", built), goal)
    assert (answer.status_code, 'name="after" value="1"' in answer.content.decode()) == (422, True)


def test_a_closed_record_says_so_and_keeps_what_was_typed(built: Built, ada: Membership, signed_in: SignIn) -> None:
    built.client.state = "left"
    built.client.save()
    for name in ("add-entry", "add-goal"):
        answer = signed_in(ada).post(address(name, built), {"part": "upkeep", "text": "Kept as typed."})
        assert (answer.status_code, "closed or restricted" in answer.content.decode()) == (422, True)
        assert "Kept as typed.</textarea>" in answer.content.decode()


def test_one_tap_says_what_a_session_worked_on_and_a_second_takes_it_back(
    built: Built, ada: Membership, signed_in: SignIn
) -> None:
    browser, first = signed_in(ada), built.sessions[0]
    said = page(browser, f"{path(built)}?session={first.pk}")
    assert "Session 1, 4 May: what did you work on?" in said
    assert 'aria-pressed="true"' not in said
    answer = browser.post(f"/sessions/{first.pk}/worked-on/", {"entry": built.root.pk})
    assert answer["Location"] == f"{path(built)}?session={first.pk}#worked-on"
    assert page(browser, answer["Location"]).count('aria-pressed="true"') == 1
    browser.post(f"/sessions/{first.pk}/worked-on/", {"entry": built.root.pk, "back": "yes"})
    assert 'aria-pressed="true"' not in page(browser, f"{path(built)}?session={first.pk}")
    assert "Session 6, 8 June: what did you work on?" in page(browser, path(built) + "?session=nonsense")


def test_a_session_to_come_is_refused_and_named_things_must_be_there(
    built: Built, ada: Membership, signed_in: SignIn
) -> None:
    browser = signed_in(ada)
    start = built.now + timedelta(days=3)
    coming = book_session(actor=ada, dyad=built.dyad, starts_at=start, at=built.now)
    answer = browser.post(f"/sessions/{coming.pk}/worked-on/", {"goal": built.goal.pk})
    assert (answer.status_code, "has not begun" in answer.content.decode()) == (422, True)
    for sent in ({}, {"goal": coming.pk}, {"entry": "x"}):
        assert browser.post(f"/sessions/{coming.pk}/worked-on/", sent).status_code == 404
    assert browser.post(address("add-entry", built), {"part": "mood", "text": "x"}).status_code == 404


def test_what_was_set_aside_can_still_be_taken_back_from_its_session(
    built: Built, ada: Membership, signed_in: SignIn
) -> None:
    browser, last = signed_in(ada), built.sessions[-1]
    browser.post(f"/sessions/{last.pk}/worked-on/", {"entry": built.skill.pk})
    set_aside(actor=ada, entry=built.skill, at=built.now)
    said = page(browser, path(built))
    assert said.count('class="tap"') == 3
    assert "A coping skill, set aside" in said


def test_the_session_leads_to_what_it_worked_on(built: Built, ada: Membership, signed_in: SignIn) -> None:
    said = page(signed_in(ada), f"/sessions/{built.sessions[0].pk}/")
    assert f"{path(built)}?session={built.sessions[0].pk}#worked-on" in said


@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga"])
@pytest.mark.parametrize("name", ["formulation", *POSTS])
def test_others_find_nothing_and_change_nothing(
    name: str, chair: str, built: Built, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    browser, before = signed_in(request.getfixturevalue(chair)), everything()
    ask = browser.get if name == "formulation" else browser.post
    sent = {} if name == "formulation" else posted(name, built)
    foreign = ask(address(name, built), sent)
    missing = ask(re.sub(r"/[0-9a-f]{8}-", "/00000000-", address(name, built)), sent)
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert not [secret for secret in SECRETS if secret in foreign.content.decode()]
    assert everything() == before


@pytest.mark.parametrize("name", ["formulation", *POSTS])
def test_a_stranger_is_asked_to_sign_in(name: str, built: Built, signed_in: SignIn) -> None:
    browser, before = signed_in(None), everything()
    answer = browser.get(address(name, built)) if name == "formulation" else browser.post(address(name, built))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")
    assert everything() == before


def test_without_the_token_of_our_form_a_post_does_nothing(built: Built, ada: Membership) -> None:
    browser, before = Browser(enforce_csrf_checks=True), everything()
    browser.force_login(ada.person)
    assert {browser.post(address(name, built), posted(name, built)).status_code for name in POSTS} == {403}
    assert everything() == before


def test_a_full_page_asks_the_database_as_often_as_a_short_one(
    built: Built, ada: Membership, signed_in: SignIn
) -> None:
    browser = signed_in(ada)

    def asked() -> int:
        browser.get(path(built))
        with CaptureQueriesContext(connection) as caught:
            page(browser, path(built))
        return sum(not FRAME.search(query["sql"]) for query in caught.captured_queries)

    short = asked()
    for number in range(6):
        add_entry(actor=ada, dyad=built.dyad, saying=Saying(kind="upkeep", text=f"{number}"), at=built.now)
        therapy(ada, built.client, (75,))
    assert asked() == short <= 8
