"""Which forms may be shown: worded, made for the occasion, and without an item that calls for a person."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from holdfast.errors import AnswerError, InstrumentError, RecordError, RightsError
from holdfast.instruments import load
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.actions import choose_forms, issue_link
from holdfast.practice.answers.models import Score
from holdfast.practice.answers.offers import offer, offers
from holdfast.practice.answers.queries import offers_behind
from holdfast.practice.caseload.models import Session
from holdfast.practice.checkins.actions import submit
from tests.practice.conftest import NOON
from tests.practice.sayings import opened

LICENCE = """licensee = "Oak Street"
licence_reference = "order 4711"

[text]
{texts}

[wording]
instruction = "Words of the licensed copy."
labels = [{labels}]
wording_verified = true
checked_against = "the licensed copy of the practice"
"""


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """The practice's instrument folder, empty."""
    settings.INSTRUMENT_FOLDERS = [tmp_path]
    return tmp_path


def supply(folder: Path, instrument_id: str, *, labels: int) -> None:
    """Put the practice's wording of a structure-only instrument where it belongs."""
    instrument = load(instrument_id)
    texts = "\n".join(f'{item.id} = "Licensed sentence {item.id}."' for item in instrument.items)
    names = ", ".join(f'"Label {place}"' for place in range(labels))
    name = f"{instrument.id}-{instrument.version}.en.wording.toml"
    (folder / name).write_text(LICENCE.format(texts=texts, labels=names), encoding="utf-8")


@pytest.mark.parametrize("instrument_id", ["phq-9", "core-10"])
def test_a_form_with_a_safety_item_waits_for_a_responder(practice: Practice, instrument_id: str) -> None:
    with pytest.raises(InstrumentError, match="asks about safety"):
        choose_forms(practice=practice, occasion="before", ids=[instrument_id], at=NOON)
    practice.refresh_from_db()
    assert practice.before_forms == ["phq-8", "gad-2", "holdfast-before"]


@pytest.mark.parametrize("instrument_id", ["wai-sr", "srs"])
def test_words_that_may_not_ship_are_asked_for(folder: Path, practice: Practice, instrument_id: str) -> None:
    with pytest.raises(RightsError, match="licensed copy"):
        choose_forms(practice=practice, occasion="after", ids=["holdfast-session", instrument_id], at=NOON)


@pytest.mark.parametrize(("instrument_id", "labels", "said", "raw"), [("srs", 2, 8.5, 34.0), ("wai-sr", 5, 4, None)])
def test_they_work_once_the_practice_supplies_them(
    folder: Path, ada: Membership, session: Session, instrument_id: str, labels: int, said: float, raw: float | None
) -> None:
    supply(folder, instrument_id, labels=labels)
    choose_forms(practice=ada.practice, occasion="after", ids=["holdfast-session", instrument_id], at=NOON)
    form = opened(ada, session)
    licensed = offers_behind(form)[1]
    assert licensed.wording.text[licensed.instrument.items[0].id].startswith("Licensed sentence")
    answers = {instrument_id: {item.id: said for item in licensed.instrument.items}}
    check_in = submit(form=form, answers=answers, nonce="n", at=NOON)
    assert check_in.forms[1] == licensed.reference
    total = Score.objects.filter(check_in=check_in, instrument=instrument_id).order_by("scale").last()
    assert total is not None
    assert total.answered == total.of
    assert raw is None or total.raw == raw


def test_a_practice_may_bring_an_instrument_of_its_own(folder: Path, practice: Practice) -> None:
    shipped = Path(str(load.__code__.co_filename)).parent / "data" / "holdfast-before-1.0.toml"
    text = shipped.read_text(encoding="utf-8").replace('id = "holdfast-before"', 'id = "oak-before"', 1)
    (folder / "oak-before-1.0.toml").write_text(text, encoding="utf-8")
    choose_forms(practice=practice, occasion="before", ids=["oak-before"], at=NOON)
    good, left_out = offers(practice, occasion="before")
    assert [each.instrument.id for each in good] == ["oak-before"]
    assert left_out == ()


@pytest.mark.parametrize(
    ("occasion", "instrument_id"),
    [("before", "holdfast-session"), ("after", "holdfast-session-therapist"), ("therapist", "holdfast-session")],
)
def test_a_form_belongs_to_its_occasion(occasion: str, instrument_id: str) -> None:
    with pytest.raises(InstrumentError, match="not made for this occasion"):
        offer(instrument_id, occasion=occasion)


def test_an_unknown_form_is_named(practice: Practice) -> None:
    with pytest.raises(InstrumentError, match="No instrument called `wai-x`"):
        choose_forms(practice=practice, occasion="before", ids=["wai-x"], at=NOON)
    with pytest.raises(RecordError, match="before, after, monthly, therapist"):
        choose_forms(practice=practice, occasion="midnight", ids=["gad-2"], at=NOON)


def test_what_cannot_be_shown_is_left_out_of_the_link(folder: Path, ada: Membership, session: Session) -> None:
    Practice.objects.update(after_forms=["srs", "holdfast-session"])
    ada.practice.refresh_from_db()
    made = issue_link(actor=ada, session=session, purpose="after", at=NOON)
    assert [form["id"] for form in made.invitation.forms] == ["holdfast-session"]
    Practice.objects.update(before_forms=["core-10"])
    ada.practice.refresh_from_db()
    with pytest.raises(InstrumentError, match="No form can be offered before"):
        issue_link(actor=ada, session=session, purpose="before", at=NOON)


def test_a_line_takes_any_place_and_a_rating_only_points(folder: Path, ada: Membership, session: Session) -> None:
    supply(folder, "srs", labels=2)
    choose_forms(practice=ada.practice, occasion="after", ids=["srs"], at=NOON)
    form = opened(ada, session)
    with pytest.raises(AnswerError):
        submit(form=form, answers={"srs": {"q1": 10.1}}, nonce="n", at=NOON)


def test_the_console_shows_and_chooses_the_sets(
    practice: Practice, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Practice.objects.update(after_forms=["holdfast-session", "srs"])
    call_command("forms", before=["gad-2", "holdfast-before"])
    shown = capsys.readouterr().out
    assert "before: gad-2, holdfast-before" in shown
    assert "left out: The wording of `srs` may not be distributed." in shown
    practice.refresh_from_db()
    assert practice.before_forms == ["gad-2", "holdfast-before"]
