"""The summary and the paper form as PDF: what their pages say, for the same people, under names that tell nothing."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client as Browser
from pypdf import PdfReader

from holdfast.instruments import list_instruments
from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.insight.catalogue import preview
from holdfast.practice.insight.letter import PARTS, READERS, summary
from holdfast.practice.insight.written import written
from tests.practice.insight.conftest import WORDS, Therapy

SignedIn = Callable[[Membership | None], Browser]
IDS = [each.id for each in list_instruments()]


def joined(text: str) -> str:
    return re.sub(r"\s+", "", text)


def read(answer: object) -> PdfReader:
    assert answer["Content-Type"] == "application/pdf"  # type: ignore[index]
    return PdfReader(io.BytesIO(answer.content))  # type: ignore[attr-defined]


def text_of(answer: object) -> str:
    return joined("".join(page.extract_text() for page in read(answer).pages))


@pytest.mark.parametrize("reader", READERS)
def test_the_file_says_what_the_page_says(reader: str, told: Therapy, ada: Membership, signed_in: SignedIn) -> None:
    every = "&".join(f"part={each}" for each in PARTS)
    found = summary(ada, told.client.pk, list(PARTS))
    assert found is not None
    words = written(found, reader=reader, actor=ada, at=told.now)
    said = [words.title, words.lead, words.close]
    for section in words.sections:
        said += [section.heading, *section.lines, *section.items, section.fine, *(each.text for each in section.quotes)]
        said += [each.summary for each in section.figures]
        said += [part for fact in section.facts for part in fact]
    browser, path = signed_in(ada), f"/clients/{told.client.pk}/summary/"
    made = text_of(browser.get(f"{path}pdf/?reader={reader}&{every}"))
    html = browser.get(f"{path}?reader={reader}&{every}").content.decode()
    plain = joined(re.sub(r"<[^>]*>", "", html.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")))
    assert len(said) > 15
    assert [each for each in said if joined(each) not in made] == []
    assert [each for each in said if joined(each) not in plain] == []


def test_only_what_was_chosen(told: Therapy, ada: Membership, signed_in: SignedIn) -> None:
    made = text_of(signed_in(ada).get(f"/clients/{told.client.pk}/summary/pdf/?reader=client&part=course"))
    assert joined(WORDS) not in made
    assert "Hiddenuntilrated" not in made
    assert "asratedaftersessions" in made
    assert "reasontoask" not in made


def test_the_name_tells_nothing_and_nobody_on_the_way_keeps_it(
    told: Therapy, ada: Membership, signed_in: SignedIn
) -> None:
    answer = signed_in(ada).get(f"/clients/{told.client.pk}/summary/pdf/?reader=colleague")
    assert answer["Content-Disposition"] == f'attachment; filename="summary-{told.now:%Y-%m-%d}.pdf"'
    assert answer["Cache-Control"] == "no-store"
    assert "nosniff" in answer["X-Content-Type-Options"]
    entry = AuditEntry.objects.get(verb="client.read")
    assert entry.person_id == ada.person_id


def test_simulated_stands_on_every_page(told: Therapy, ada: Membership, signed_in: SignedIn) -> None:
    path = f"/clients/{told.client.pk}/summary/pdf/?reader=supervision"
    ada.practice.is_simulated = False
    ada.practice.save(update_fields=["is_simulated"])
    assert "Simulated" not in text_of(signed_in(ada).get(path))
    ada.practice.is_simulated = True
    ada.practice.save(update_fields=["is_simulated"])
    pages = read(signed_in(ada).get(path)).pages
    assert all("Simulated: nobody in it is a real person." in page.extract_text() for page in pages)


@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga", None])
def test_others_get_no_summary(
    chair: str | None, told: Therapy, signed_in: SignedIn, request: pytest.FixtureRequest
) -> None:
    log = AuditEntry.objects.filter(verb="client.read").count()
    answer = signed_in(request.getfixturevalue(chair) if chair else None).get(f"/clients/{told.client.pk}/summary/pdf/")
    assert answer.status_code == (404 if chair else 302)
    assert b"%PDF" not in answer.content
    assert "Quellbach" not in answer.content.decode()
    assert AuditEntry.objects.filter(verb="client.read").count() == log


@pytest.mark.parametrize("name", IDS)
def test_each_form_is_on_paper_or_its_page_says_why_not(name: str, ada: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ada)
    found = preview(name, "en")
    assert found is not None
    answer = browser.get(f"/practice/forms/{name}/pdf/")
    if found.form is None:
        assert answer["Location"] == f"/practice/forms/{name}/?language=en"
        assert not answer.content
        return
    made = text_of(answer)
    assert answer["Content-Disposition"] == f'attachment; filename="{name}-{found.instrument.version}-en.pdf"'
    assert [each.text for each in found.form.questions if joined(each.text) not in made] == []
    assert [each for each in found.form.notices if joined(each) not in made] == []
    assert all(found.code in page.extract_text() for page in read(answer).pages)


@pytest.mark.parametrize("chair", ["ada", "ben", "dan", "rae", "olga", None])
def test_whoever_sees_the_page_gets_the_paper(
    chair: str | None, signed_in: SignedIn, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(chair) if chair else None)
    page, paper = (browser.get(f"/practice/forms/holdfast-session/{end}") for end in ("", "pdf/"))
    assert paper.status_code == page.status_code
    assert (b"%PDF" in paper.content) is (page.status_code == 200)


def test_the_screen_for_paper_shows_the_same_code_and_numbers(
    told: Therapy, ada: Membership, signed_in: SignedIn
) -> None:
    html = signed_in(ada).get(f"/sessions/{told.coming.pk}/paper/before/").content.decode()
    for code in re.findall(r">([a-z0-9-]+ [0-9.]+ en) as PDF<", html):
        name = code.split()[0]
        assert f'<p class="soft small">{code}</p>' in html
        paper = text_of(signed_in(ada).get(f"/practice/forms/{name}/pdf/?language=en"))
        found = preview(name, "en")
        assert found is not None
        assert found.form is not None
        for number, question in enumerate(found.form.questions, 1):
            assert joined(f"{number}.{question.text}") in paper
            assert f"<legend>{number}. " in html
    assert " en as PDF<" in html


def test_a_form_in_german_and_no_form_in_a_language_without_words(ada: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ada)
    made = browser.get("/practice/forms/holdfast-session/pdf/?language=de")
    assert "aufderselbenSeite" in text_of(made)
    assert read(made).root_object["/Lang"] == "de"
    assert browser.get("/practice/forms/phq-8/pdf/?language=de").status_code == 302
    assert browser.get("/practice/forms/no-such/pdf/").status_code == 404
    odd = browser.get("/practice/forms/holdfast-session/pdf/?language=../%0d%0aX: y")
    assert odd.status_code == 302
    assert "\n" not in odd["Location"]


ARABIC = """
instruction = "اقرأ كل جملة."
labels = ["أبدا", "أحيانا", "غالبا", "دائما"]
wording_verified = true
checked_against = "a form written for this test"
checked_on = 2026-11-27
checked_by = "Ada"
"""
FORM = """
id = "calm1"
version = "1.0"
title = "Calm #panic"
seconds = [5, 10]
validated = false
rater = "client"
occasions = ["before"]
[rights]
holder = "the practice"
licence = "CC0-1.0"
ship = "yes"
source = "written for this test"
[answers]
lowest = 0
highest = 3
[[items]]
id = "q1"
gist = "calm"
text = { en = "I was *calm* #read(x).", ar = "كنت هادئا" }
[wording.en]
instruction = "Read on."
labels = ["Never", "Seldom", "Often", "Always"]
wording_verified = VERIFIED
checked_against = "a form written for this test"
checked_on = 2026-11-27
checked_by = "Ada"
[wording.ar]""" + ARABIC.replace("\n\n", "\n")


def test_a_form_from_right_to_left(ada: Membership, signed_in: SignedIn, tmp_path: Path, settings: object) -> None:
    settings.INSTRUMENT_FOLDERS = [tmp_path]  # type: ignore[attr-defined]
    (tmp_path / "calm1-1.0.toml").write_text(FORM.replace("VERIFIED", "true"), encoding="utf-8")
    browser = signed_in(ada)
    answer = browser.get("/practice/forms/calm1/pdf/?language=ar")
    made, places = read(answer), {}

    def note(text: str, cm: list[float], tm: list[float], *_: object) -> None:
        places[text.strip()] = cm[4] + tm[4]

    made.pages[0].extract_text(visitor_text=note)
    assert made.root_object["/Lang"] == "ar"
    found = text_of(answer)
    for said in ("كنت", "هادئا", "اقرأ", "كل", "جملة", "أبدا", "دائما"):
        assert said in found or said[::-1] in found, said
    first, last = (next(at for text, at in places.items() if word in (text, text[::-1])) for word in ("أبدا", "دائما"))
    assert first > last  # the first answer stands on the right
    assert 'dir="rtl"' in browser.get("/practice/forms/calm1/?language=ar").content.decode()
    assert joined("1.I was *calm* #read(x).") in text_of(browser.get("/practice/forms/calm1/pdf/"))


def test_words_that_nobody_checked_are_in_no_file(
    ada: Membership, signed_in: SignedIn, tmp_path: Path, settings: object
) -> None:
    settings.INSTRUMENT_FOLDERS = [tmp_path]  # type: ignore[attr-defined]
    (tmp_path / "calm1-1.0.toml").write_text(FORM.replace("VERIFIED", "false"), encoding="utf-8")
    answer = signed_in(ada).get("/practice/forms/calm1/pdf/")
    assert answer.status_code in (302, 404)
    assert b"%PDF" not in answer.content
