"""Licensed words on the page of questionnaires: loaded, checked, refused in one sentence, taken out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser

from holdfast.practice.accounts.actions import add_person
from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import issue_link
from holdfast.practice.answers.licensed import LARGEST
from holdfast.practice.answers.offers import offer
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Session
from tests.practice.conftest import NOON, PASSWORD

SignedIn = Callable[[Membership | None], Browser]
NAME = "srs-1.0.en.wording.toml"
WORDS = """licensee = "the practice at the harbour"
licence_reference = "letter of 3 May"
expires = 2027-12-31
[text]
q1 = "made-up line one"
q2 = "made-up line two"
q3 = "made-up line three"
q4 = "made-up line four"
[wording]
instruction = "made-up instruction"
labels = ["left end", "right end"]
wording_verified = true
checked_against = "our form"
checked_on = 2026-05-01
checked_by = "Ada"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.INSTRUMENT_FOLDERS = [tmp_path / "instruments"]
    return tmp_path / "instruments"


def send(browser: Browser, words: str | bytes = WORDS, *, name: str = "words.toml", **fields: str) -> Any:
    content = words.encode() if isinstance(words, str) else words
    given = {"instrument": "srs", "language": "en", "file": SimpleUploadedFile(name, content), **fields}
    return browser.post("/practice/words/", given)


@pytest.fixture
def adam(olga: Membership) -> Membership:
    return add_person(practice=olga.practice, email="adam@example.org", name="Adam", role="administrator",
                      password=PASSWORD, at=NOON)  # fmt: skip


@pytest.mark.parametrize("who", ["olga", "adam"])
def test_whoever_runs_the_practice_loads_words_and_takes_them_out(
    who: str, signed_in: SignedIn, folder: Path, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    browser = signed_in(actor)
    assert send(browser)["Location"] == "/practice/forms/"
    assert [path.name for path in folder.iterdir()] == [NAME]
    assert offer("srs", occasion="after").wording.text["q1"] == "made-up line one"
    said = browser.get("/practice/forms/").content.decode()
    assert "licensed to the practice at the harbour (letter of 3 May), until 31 December 2027" in said
    gone = {"instrument": "srs", "language": "en", "do": "remove"}
    assert browser.post("/practice/words/", gone)["Location"] == "/practice/forms/"
    assert list(folder.iterdir()) == []
    assert "None are loaded." in browser.get("/practice/forms/").content.decode()
    rows = AuditEntry.objects.filter(verb__startswith="wording.").order_by("seq")
    assert [(row.verb, row.person_id, row.fields) for row in rows] == [
        ("wording.loaded", actor.person_id, [NAME]), ("wording.removed", actor.person_id, [NAME]),
    ]  # fmt: skip
    again = browser.post("/practice/words/", gone)
    assert (again.status_code, "no such words" in again.content.decode()) == (422, True)


@pytest.mark.parametrize("name", ["../../evil.py", "/etc/passwd", "demo5-1.0.toml", "srs-1.0.de.wording.toml"])
def test_the_uploads_own_name_is_never_used(name: str, olga: Membership, signed_in: SignedIn, folder: Path) -> None:
    assert send(signed_in(olga), name=name).status_code == 302
    assert [path.name for path in folder.parent.rglob("*") if path.is_file()] == [NAME]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (WORDS.replace('q4 = "made-up line four"\n', ""), "q4"),
        (WORDS.replace("wording_verified = true", "wording_verified = false"), "has not been checked"),
        (WORDS.replace("2027-12-31", "2020-12-31"), "ended on 2020-12-31"),
        (WORDS.replace('licensee = "the practice at the harbour"\n', ""), "licensee"),
        (WORDS + "run = 'os.system'\n", "run"),
        ("import os\nos.system('x')", "cannot be read as TOML"),
        (b"\xff\xfe\x00", "cannot be read as TOML"),
        ("a = " + "[" * 30000, "cannot be read as TOML"),
        ("a = " + "9" * 6000, "cannot be read as TOML"),
        ("#" * (LARGEST + 1), "larger than 64 KB"),
        ("", "lacks `text`"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence_and_nothing_is_kept(
    words: str | bytes, says: str, olga: Membership, signed_in: SignedIn, folder: Path
) -> None:
    answer = send(signed_in(olga), words)
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert not folder.exists()
    assert not AuditEntry.objects.filter(verb__startswith="wording.").exists()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"instrument": "phq-8"}, "ships without them"),
        ({"instrument": "../srs"}, "ships without them"),
        ({"language": "../../en"}, "two or three small letters"),
        ({"language": ""}, "two or three small letters"),
        ({"file": ""}, "No file was chosen"),
    ],
)
def test_only_a_known_questionnaire_in_a_language(
    fields: dict[str, str], says: str, olga: Membership, signed_in: SignedIn, folder: Path
) -> None:
    answer = send(signed_in(olga), **fields)
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    assert not folder.exists()


def test_words_are_not_replaced_in_passing(olga: Membership, signed_in: SignedIn, folder: Path) -> None:
    browser = signed_in(olga)
    send(browser)
    answer = send(browser, WORDS.replace("line one", "another line"))
    assert (answer.status_code, "there already" in answer.content.decode()) == (422, True)
    assert "made-up line one" in (folder / NAME).read_text()


def test_words_in_which_somebody_was_asked_stay(
    ada: Membership, olga: Membership, session: Session, signed_in: SignedIn, folder: Path
) -> None:
    browser = signed_in(olga)
    send(browser)
    browser.post("/practice/forms/", {"occasion": "after", "after": ["srs", "holdfast-session"]})
    ada.refresh_from_db()
    link = issue_link(actor=ada, session=Session.objects.get(pk=session.pk), purpose="after", at=NOON)
    assert "srs" in [each["id"] for each in link.invitation.forms]
    answer = browser.post("/practice/words/", {"instrument": "srs", "language": "en", "do": "remove"})
    assert (answer.status_code, "so they stay" in answer.content.decode()) == (422, True)
    assert (folder / NAME).is_file()


@pytest.mark.parametrize("chair", ["ada", "ben", "dan", "rae"])
@pytest.mark.parametrize("do", ["load", "remove"])
def test_nobody_else_loads_or_removes(
    do: str, chair: str, olga: Membership, signed_in: SignedIn, folder: Path, request: pytest.FixtureRequest
) -> None:
    if do == "remove":
        send(signed_in(olga))
    assert send(signed_in(request.getfixturevalue(chair)), do=do).status_code == 404
    assert folder.exists() == (do == "remove")
    assert "Load these words" not in signed_in(request.getfixturevalue(chair)).get("/practice/forms/").content.decode()
    assert "Load these words" in signed_in(olga).get("/practice/forms/").content.decode()


def test_a_stranger_is_asked_to_sign_in(signed_in: SignedIn, db: None) -> None:
    answer = send(signed_in(None))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")
