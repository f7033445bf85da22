"""Languages are files: complete, in their own words, all the way from the link to the thanks."""

import json
import re
from datetime import timedelta
from pathlib import Path
from string import Formatter

import pytest
from django.test import Client as Browser

from holdfast.errors import SettingsError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import issue_link
from holdfast.practice.answers.models import CheckIn
from holdfast.practice.caseload.actions import set_language
from holdfast.practice.caseload.models import Session
from holdfast.practice.checkins import questions, views
from holdfast.practice.checkins.questions import FOLDER
from holdfast.practice.lib import clock
from holdfast.practice.lib.words import Words, languages

OURS = {"HTTP_ORIGIN": "http://testserver"}
ENGLISH_ONLY = ("Leave this page", "Send", "Next", "Back", "therapist", "Thank you", "rather not say", "question")
HEALTH = ("depress", "angst", "symptom", "diagnos", "krank", "praxis für", "klinik")


@pytest.fixture
def german(ada: Membership, session: Session, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Cleo's form after her session, opened in German."""
    at = session.starts_at + timedelta(hours=1)
    monkeypatch.setattr(clock, "now", lambda: at)
    set_language(actor=ada, client=session.episode_of_care.dyad.client, language="de", at=at)
    link = issue_link(actor=ada, session=session, purpose="after", at=at)
    assert {form["language"] for form in link.invitation.forms} == {"de"}
    browser = Browser()
    assert browser.post("/f/open", {"token": link.token, "language": "de"}, **OURS).status_code == 302
    return browser


def sentences(words: Words) -> list[str]:
    return [*words.words.values(), *words.script.values()]


def parts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("language", languages(FOLDER))
def test_every_language_says_everything_with_the_same_parts(language: str) -> None:
    words, english = languages(FOLDER)[language], languages(FOLDER)["en"]
    for mine, theirs in ((words.words, english.words), (words.script, english.script)):
        assert set(mine) == set(theirs)
        assert {key: parts(text) for key, text in mine.items()} == {key: parts(text) for key, text in theirs.items()}
    assert all(text.strip() == text and text for text in sentences(words))
    assert not [text for text in sentences(words) if "!" in text]
    assert not [text for text in sentences(words) for word in HEALTH if word in text.lower()]


def test_a_form_is_german_from_the_door_to_the_thanks(german: Browser) -> None:
    door = german.get("/f/de")
    form = german.get("/f/form")
    for answer in (door, form, german.get("/f/who?language=de"), german.get("/f/thanks?language=de")):
        text = re.sub(r"<[^>]*>|&#x27;", " ", answer.content.decode().replace("English", ""))
        assert not [word for word in ENGLISH_ONLY if re.search(rf"\b{word}\b", text)]
        assert '<html lang="de" dir="ltr">' in answer.content.decode()
    text = form.content.decode()
    assert "Wir haben an etwas gearbeitet, das mir wichtig ist." in text
    script = re.search(r'data-words="([^"]*)"', text)
    assert script is not None
    assert json.loads(script[1].replace("&quot;", '"').replace("&#x27;", "'"))["sending"] == "Wird gesendet …"
    hidden = dict(re.findall(r'name="(form|nonce)" value="([^"]*)"', text))
    wrong = german.post("/f/form", hidden, **OURS)
    assert "Noch ist nichts markiert." in wrong.content.decode()
    done = german.post("/f/form", {**hidden, "holdfast-session.bond": "3"}, **OURS)
    assert done["Location"] == "/f/thanks?language=de"
    assert CheckIn.objects.get().forms[0]["language"] == "de"


def test_a_closed_form_is_the_same_bytes_for_every_reason_in_each_language(db: None) -> None:
    english = {Browser().post("/f/open", {"token": token}, **OURS).content for token in ("", "x" * 27)}
    german = {Browser().post("/f/open", {"token": t, "language": "de"}, **OURS).content for t in ("", "x" * 27)}
    assert len(english) == len(german) == 1
    assert english != german
    unknown = Browser().post("/f/open", {"token": "", "language": "../../x"}, **OURS).content
    assert {unknown} == english


def test_the_door_offers_the_other_languages_and_no_more(db: None) -> None:
    assert b'href="/f/de" lang="de"' in Browser().get("/f").content
    assert b'href="/f" lang="en"' in Browser().get("/f/de").content
    assert Browser().get("/f/xx").status_code == 404


def test_a_language_written_from_right_to_left_turns_the_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    for name in ("en", "de"):
        (tmp_path / f"{name}.toml").write_text((FOLDER / f"{name}.toml").read_text(encoding="utf-8"), encoding="utf-8")
    right = (FOLDER / "en.toml").read_text(encoding="utf-8").replace('"ltr"', '"rtl"').replace('"English"', '"עברית"')
    (tmp_path / "he.toml").write_text(right, encoding="utf-8")
    monkeypatch.setattr(questions, "FOLDER", tmp_path)
    monkeypatch.setattr(views, "FOLDER", tmp_path)
    assert '<html lang="he" dir="rtl">' in Browser().get("/f/who?language=he").content.decode()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("send = ", "sent = "), "send, sent"),
        (('direction = "ltr"', 'direction = "up"'), "no direction"),
    ],
)
def test_a_language_that_is_not_whole_is_refused(change: tuple[str, str], says: str, tmp_path: Path) -> None:
    whole = (FOLDER / "en.toml").read_text(encoding="utf-8")
    (tmp_path / "en.toml").write_text(whole, encoding="utf-8")
    (tmp_path / "xx.toml").write_text(whole.replace(*change, 1), encoding="utf-8")
    with pytest.raises(SettingsError, match=says):
        languages(tmp_path)
