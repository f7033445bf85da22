"""The page that only its author opens; and a canary that no other page, chair, log or room ever shows."""

import io
import logging
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, get_resolver
from pypdf import PdfReader

from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.caseload.sharing import record_consent, share
from holdfast.practice.notes import urls
from holdfast.practice.notes.actions import write
from holdfast.practice.notes.models import NoteVersion, ProcessNote
from tests.house.tree import modules, name_of
from tests.practice.insight.conftest import Therapy, told
from tests.practice.insight.conftest import played as played
from tests.practice.notes.test_notes import CANARY, colleague

__all__ = ["told"]

SignIn = Callable[[Membership | None], Browser]
POSTS = {
    "write-process-note": {"text": "x"},
    "change-process-note": {"text": "x", "after": "1"},
    "void-process-note": {"reason": "x"},
}


@pytest.fixture
def note(ada: Membership, told: Therapy) -> ProcessNote:
    return write(actor=ada, dyad=told.client.dyads.get(), text=CANARY, at=told.now)


def address(name: str, note: ProcessNote) -> str:
    keys = {"notes": note.dyad.client_id, "write-process-note": note.dyad.client_id}
    pattern = next(each for each in urls.urlpatterns if each.name == name)
    return "/" + re.sub("<uuid:key>", str(keys.get(name, note.pk)), str(pattern.pattern))


def page(browser: Browser, where: str) -> str:
    answer = browser.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_chairs_below_know_every_address() -> None:
    assert {pattern.name for pattern in urls.urlpatterns} == {"notes", *POSTS}


def test_ada_writes_reads_changes_and_voids(
    note: ProcessNote, ada: Membership, told: Therapy, signed_in: SignIn
) -> None:
    browser, here = signed_in(ada), address("notes", note)
    said = page(browser, here)
    assert "Only you can open this." in said
    assert CANARY in said
    entry = AuditEntry.objects.order_by("seq").last()
    assert (entry.verb, entry.object_id) == ("process-notes.read", str(told.client.pk))  # type: ignore[union-attr]
    assert browser.post(address("write-process-note", note), {"text": "Second."})["Location"] == here
    changed = browser.post(address("change-process-note", note), {"text": "First, anew.", "after": "1"})
    assert changed["Location"] == f"{here}#note-{note.pk}"
    said = page(browser, here)
    assert all(text in said for text in ("Second.", "First, anew.", "Earlier", CANARY))
    assert browser.post(address("void-process-note", note), {"reason": "Not hers."})["Location"] == here
    said = page(browser, here)
    assert "Voided (1)" in said
    assert "Not hers." in said
    assert 'aria-current="page">My notes' in said


def test_an_empty_page_says_what_will_be_there(ada: Membership, cleo: Client, signed_in: SignIn) -> None:
    said = page(signed_in(ada), f"/clients/{cleo.pk}/notes/")
    assert "will stand here: a hunch" in said
    assert "Voided" not in said


def test_what_is_not_accepted_stays_typed_and_changes_nothing(
    note: ProcessNote, ada: Membership, signed_in: SignIn
) -> None:
    browser = signed_in(ada)
    for name, form, sentence in (
        ("write-process-note", {"text": " "}, "Nothing is written yet"),
        ("change-process-note", {"text": "Kept as typed.", "after": "7"}, "changed this note since"),
        ("change-process-note", {"text": "", "after": "1"}, "Nothing is written yet"),
        ("void-process-note", {"reason": " "}, "voided with a reason"),
    ):
        answer = browser.post(address(name, note), form)
        assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
        assert "Kept as typed." not in form.values() or "Kept as typed.</textarea>" in answer.content.decode()
    browser.post(address("void-process-note", note), {"reason": "x"})
    for name in ("change-process-note", "void-process-note"):
        answer = browser.post(address(name, note), POSTS[name])
        assert answer.status_code == 422
    assert NoteVersion.objects.count() == 1


@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga", "eve"])
@pytest.mark.parametrize("name", ["notes", *POSTS])
def test_others_find_nothing_and_change_nothing(
    name: str, chair: str, note: ProcessNote, ada: Membership, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    actor = colleague(ada, note.dyad.client) if chair == "eve" else request.getfixturevalue(chair)
    browser, before = signed_in(actor), list(NoteVersion.objects.values())
    answer = browser.get(address(name, note)) if name == "notes" else browser.post(address(name, note), POSTS[name])
    assert CANARY not in answer.content.decode()
    if chair == "eve" and name in ("notes", "write-process-note"):
        return  # her own page about the same client
    missing = re.sub(r"/[0-9a-f]{8}-", "/00000000-", address(name, note))
    nowhere = browser.get(missing) if name == "notes" else browser.post(missing, POSTS[name])
    assert (answer.status_code, answer.content) == (404, nowhere.content)
    assert list(NoteVersion.objects.values()) == before


@pytest.mark.parametrize("name", ["notes", *POSTS])
def test_a_stranger_is_asked_to_sign_in(name: str, note: ProcessNote, signed_in: SignIn) -> None:
    browser = signed_in(None)
    answer = browser.get(address(name, note)) if name == "notes" else browser.post(address(name, note), POSTS[name])
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


def test_without_the_token_of_our_form_a_post_does_nothing(note: ProcessNote, ada: Membership) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(ada.person)
    assert {browser.post(address(name, note), POSTS[name]).status_code for name in POSTS} == {403}
    assert NoteVersion.objects.count() == 1


def every_address(told: Therapy) -> list[str]:
    """Every page that can be asked for, for each client, session and episode there is; the notes' own left out."""
    keys = [told.client.pk, told.episode.pk, *Session.objects.values_list("pk", flat=True)]
    found: set[str] = set()
    for pattern in (each for top in get_resolver().url_patterns for each in _inside(top)):
        if pattern.name not in {"notes", *POSTS}:
            found |= {re.sub("<uuid:[a-z]+>", str(key), f"/{pattern.pattern}") for key in keys}
    return sorted(path for path in found if re.fullmatch(r"[/a-z0-9-]*", path))


def _inside(pattern: object) -> list[URLPattern]:
    if isinstance(pattern, URLPattern):
        return [pattern]
    inner = getattr(pattern, "url_patterns", [])
    return [each for one in inner for each in _inside(one)] if str(getattr(pattern, "pattern", "")) == "" else []


@pytest.mark.parametrize("chair", ["ada", "ben", "olga", "eve"])
def test_no_page_but_this_one_shows_the_canary(
    chair: str,
    note: ProcessNote,
    ada: Membership,
    ben: Membership,
    told: Therapy,
    signed_in: SignIn,
    request: pytest.FixtureRequest,
) -> None:
    record_consent(actor=ada, client=told.client, purpose="supervision", how="session", at=told.now)
    until = told.now.replace(month=12)
    share(actor=ada, dyad=note.dyad, supervisor=ben, until=until, with_comments=True, at=told.now)
    actor = colleague(ada, told.client) if chair == "eve" else request.getfixturevalue(chair)
    browser, opened = signed_in(actor), 0
    for path in every_address(told):
        answer = browser.get(path)
        opened += answer.status_code == 200
        assert answer.streaming or CANARY not in words_of(answer), path
    assert opened >= (2 if chair in ("olga", "eve") else 4)


def words_of(answer: HttpResponse) -> str:
    """What an answer says, a PDF too."""
    if answer.headers["Content-Type"] != "application/pdf":
        return str(answer.content.decode())
    said = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert len(said) > 100  # it can be read
    return said


def test_no_log_line_and_no_audit_row_hold_the_text(
    note: ProcessNote, ada: Membership, signed_in: SignIn, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = signed_in(ada)
    for name, form in (
        ("write-process-note", {"text": f"{CANARY} two"}),
        ("change-process-note", {"text": f"{CANARY} three", "after": "1"}),
        ("change-process-note", {"text": f"{CANARY} four", "after": "1"}),
        ("void-process-note", {"reason": f"{CANARY} five"}),
    ):
        browser.post(address(name, note), form)
    page(browser, address("notes", note))
    own = [each.getMessage() for each in caplog.records if not each.name.startswith("django.db")]
    assert own
    assert not [line for line in own if CANARY in line]
    assert CANARY not in repr(list(AuditEntry.objects.values()))


def test_no_other_room_knows_of_them() -> None:
    """No list or export, of today or later, can hold a note: nothing imports this room or names its models."""
    knowing = {
        name_of(path)
        for path in modules()
        if re.search(r"practice[. ]*(?:import )?notes|ProcessNote|NoteVersion|AuthorKey", path.read_text("utf-8"))
    }
    assert {name for name in knowing if not name.startswith("practice/notes/")} == {"practice/urls.py"}


def test_the_page_asks_as_often_for_many_notes_as_for_one(
    note: ProcessNote, ada: Membership, told: Therapy, signed_in: SignIn
) -> None:
    browser = signed_in(ada)

    def asked() -> int:
        page(browser, address("notes", note))
        with CaptureQueriesContext(connection) as caught:
            page(browser, address("notes", note))
        return len(caught.captured_queries)

    one = asked()
    for number in range(5):
        write(actor=ada, dyad=note.dyad, text=f"{number}", at=told.now)
    assert asked() == one
