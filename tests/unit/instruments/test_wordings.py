"""Words are shown only when they may be, and when somebody checked them."""

from datetime import date
from pathlib import Path

import pytest
from tests.unit.instruments.files import broken, write

from holdfast.errors import InstrumentError, RightsError
from holdfast.instruments import list_instruments, load
from holdfast.instruments.codes import SEEN_LOINC, check_digit, loinc_problem
from holdfast.instruments.wordings import wording_hash

LOCAL = """licensee = "Ada's practice"
licence_reference = "contract 12"
expires = 2027-12-31

[text]
q1 = "first line"
q2 = "second line"
q3 = "third line"
q4 = "fourth line"

[wording]
instruction = "Mark a place on each line."
labels = ["low", "high"]
wording_verified = true
checked_against = "the licensed form"
checked_on = 2026-11-23
checked_by = "Ada"
"""


def test_shipped_words_are_checked_and_hashed() -> None:
    shipped = [(one, language) for one in list_instruments() for language in one.wordings]
    assert {one.id for one, _ in shipped} == {one.id for one in list_instruments()} - {"core-10", "wai-sr", "srs"}
    for instrument, language in shipped:
        wording = instrument.wording(language)
        assert wording.checked_on is not None
        assert wording.checked_on >= date(2026, 11, 23)
        assert wording.checked_by == "the Holdfast founders"
        labels = [wording.labels[name] for name in instrument.answers]
        texts = [wording.text[item.id] for item in instrument.items]
        assert wording.sha256 == wording_hash(wording.instruction, texts, labels)


def test_words_in_circulation_that_are_wrong_do_not_ship() -> None:
    phq, gad = load("phq-9").wording(), load("gad-7").wording()
    assert load("phq-8").wording().text == {
        item: text for item, text in phq.text.items() if item in load("phq-8").scale("total").items
    }
    assert dict(load("gad-2").wording().text) == {item: gad.text[item] for item in ("q1", "q2")}
    assert phq.text["q9"] == "Thoughts that you would be better off dead or of hurting yourself in some way"


def test_every_point_of_project_forms_is_labelled_but_the_shared_goal() -> None:
    for instrument in list_instruments():
        if instrument.id.startswith("holdfast-"):
            labels = instrument.wording().labels
            assert {name for name, one in instrument.answers.items() if len(labels[name]) != one.points} <= {"steps"}


@pytest.mark.parametrize("name", ["core-10", "wai-sr", "srs"])
def test_structure_only_has_no_words(name: str) -> None:
    with pytest.raises(RightsError) as refused:
        load(name).wording()
    assert str(refused.value) == (
        f"The wording of `{name}` may not be distributed. "
        f"Put your licensed copy in the practice's instrument folder, as {name}-1.0.en.wording.toml."
    )


def test_a_practice_supplies_its_licensed_words(tmp_path: Path) -> None:
    write(tmp_path, LOCAL, name="srs-1.0.en.wording.toml")
    wording = load("srs", folders=[tmp_path]).wording(folders=[tmp_path / "none", tmp_path])
    assert wording.text["q1"] == "first line"
    assert wording.labels["default"] == ("low", "high")
    assert (wording.licensee, wording.licence_reference, wording.expires) == (
        "Ada's practice",
        "contract 12",
        date(2027, 12, 31),
    )


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('q4 = "fourth line"\n', "", "Table `text` lacks `q4`"),
        ('q4 = "fourth line"', 'q4 = "x"\nq5 = "y"', "unknown keys: q5"),
        ('licensee = "Ada\'s practice"\n', "", "The file lacks `licensee`"),
        ("licensee = ", 'owner = "x"\nlicensee = ', "unknown keys: owner"),
    ],
)
def test_licensed_words_follow_the_format(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    write(tmp_path, LOCAL.replace(old, new), name="srs-1.0.en.wording.toml")
    with pytest.raises(InstrumentError) as refused:
        load("srs").wording(folders=[tmp_path])
    assert sentence in str(refused.value)


def test_words_nobody_checked_are_never_administered(tmp_path: Path) -> None:
    write(tmp_path, broken("wording_verified = true", "wording_verified = false"))
    with pytest.raises(RightsError, match="has not been checked against its source"):
        load("tiny", folders=[tmp_path]).wording()
    write(
        tmp_path, LOCAL.replace("wording_verified = true", "wording_verified = false"), name="srs-1.0.en.wording.toml"
    )
    with pytest.raises(RightsError, match="has not been checked against its source"):
        load("srs").wording(folders=[tmp_path])


@pytest.mark.parametrize("language", ["fr", "../en"])
def test_unknown_language(language: str, tmp_path: Path) -> None:
    with pytest.raises(InstrumentError) as refused:
        load("demo5").wording(language, folders=[tmp_path])
    assert str(refused.value).endswith(f"in the language {language}. Known languages: de, en.")


def test_check_digit_of_loinc() -> None:
    assert [check_digit(digits) for digits in ("12345", "44249", "88082")] == [5, 1, 3]
    assert loinc_problem("44249-1") is None
    assert loinc_problem("LA6568-5") is None
    assert loinc_problem("LA0000-0") is not None
    numeric = [code.split("-") for code in SEEN_LOINC if not code.startswith("LA")]
    assert all(check_digit(digits) == int(check) for digits, check in numeric)
