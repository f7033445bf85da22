"""Goal 24, quick tier: every kind, language and sample name says nothing to an onlooker; senders and hosts neither."""

import pytest
from django.core.checks import run_checks

from holdfast.practice.lib.words import languages
from holdfast.practice.messages.words import CLIENT_KINDS, KINDS, STAFF_KINDS, TEXTS, tells, words_in

NAMES = ("Cleo Quellbach", "Ada Quist", "Oak Street", "Ben", "C-01")
PARTS = {"link": "https://forms.example.org/f#Zx9_kq-2Lw7", "when": "Monday 4 May, 15:00"}


def rendered(kind: str, language: str) -> str:
    return words_in(language).say(kind, **PARTS)


@pytest.mark.parametrize("language", languages(TEXTS))
@pytest.mark.parametrize("kind", KINDS)
def test_no_message_tells_an_onlooker_anything(kind: str, language: str) -> None:
    for text in (rendered(kind, language), words_in(language).say("subject")):
        without_link = text.replace(PARTS["link"], "")
        assert tells(text.replace(PARTS["link"], "forms.example.org")) == ()
        assert not [name for name in NAMES for part in name.split() if part in without_link]
        assert "!" not in text
        assert text.isprintable()


def test_there_is_a_sentence_for_every_kind_and_no_other() -> None:
    assert set(words_in("en").words) == {"subject", *CLIENT_KINDS, *STAFF_KINDS}


@pytest.mark.parametrize(
    "text",
    [
        "Oak Street Practice: your form is ready.",
        "Ihre Praxis: das Formular ist bereit.",
        "Your PHQ is ready.",
        "Your answers need a look.",
        "Reminder of your therapy session.",
        "forms.oak-therapy.example",
        "Your score is in.",
    ],
)
def test_control_a_telling_sentence_is_caught(text: str) -> None:
    assert tells(text)


def test_a_word_inside_another_word_is_not_taken_for_it() -> None:
    assert tells("A form is waiting for you. Please sign in.") == ()


def test_a_telling_sender_or_host_is_named_at_start(settings: object, db: None) -> None:
    assert not [each for each in run_checks(databases=["default"]) if each.id == "practice.W001"]
    settings.SENDER = "praxis-am-ufer@example.org"  # type: ignore[attr-defined]
    settings.FORM_ADDRESS = "https://oak-therapy.example"  # type: ignore[attr-defined]
    found = [each for each in run_checks(databases=["default"]) if each.id == "practice.W001"]
    assert [each.msg.split(" ")[0] for each in found] == ["HOLDFAST_SENDER", "HOLDFAST_FORM_ADDRESS"]
