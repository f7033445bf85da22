"""The loader refuses what breaks a rule of the format; it says which, and lists what it knows."""

from pathlib import Path

import pytest
from tests.unit.instruments.files import GOOD, broken, write

from holdfast.errors import InstrumentError
from holdfast.instruments import load

WORDING = GOOD[GOOD.index("[wording.en]") :]
LOINC = '[[codes]]\ntarget = "panel"\nsystem = "http://loinc.org"\nsource = "read"\ncode = '

REFUSED = {
    "unknown key": (
        broken('title = "Tiny"', 'title = "Tiny"\ncolour = "red"'),
        "unknown keys: colour. Known keys: id, ",
    ),
    "unknown key of a scale": (broken('method = "sum"', 'method = "sum"\nweights = [1]'), "unknown keys: weights"),
    "threshold without count": (broken('method = "sum"', 'method = "sum"\nthreshold = 1'), "unknown keys: threshold"),
    "unknown item": (
        broken('items = ["q1", "q2"]', 'items = ["q1", "q9"]'),
        "Scale `total` names items that do not exist: q9. Known items: q1, q2.",
    ),
    "item twice in a scale": (broken('items = ["q1", "q2"]', 'items = ["q1", "q1"]'), "names no item, or one twice"),
    "scale of nothing": (broken('items = ["q1", "q2"]', "items = []"), "names no item, or one twice"),
    "bands out of order": (broken("at_least = 6", "at_least = 2"), "has its bands out of order: 2, 2"),
    "band off the scale": (broken("at_least = 6", "at_least = 9"), "off its range: 9. The scale runs from 0 to 8."),
    "cut-off off the scale": (broken("value = 4", "value = -1"), "off its range: -1"),
    "missing right": (broken('holder = "nobody"\n', ""), "Table `rights` lacks `holder`. Add `holder`."),
    "empty licence": (broken('"CC0-1.0"', '" "'), "has no text in `licence`"),
    "no rights at all": (
        GOOD.replace(GOOD[GOOD.index("[rights]") : GOOD.index("[answers]")], ""),
        "The file lacks `rights`",
    ),
    "unknown ship code": (broken('ship = "yes"', 'ship = "maybe"'), "Known: yes, yes-nd, structure-only."),
    "structure-only with words": (broken('ship = "yes"', 'ship = "structure-only"'), "is structure-only and yet holds"),
    "structure-only with a text": (
        broken('ship = "yes"', 'ship = "structure-only"').replace(WORDING, ""),
        "is structure-only and yet holds words",
    ),
    "text without a wording": (GOOD.replace(WORDING, ""), "lacks `en`"),
    "a text missing": (broken('text = { en = "Two." }', ""), "lacks the text in en of: q2"),
    "not checked": (broken('checked_against = "itself"', ""), "is marked as verified without `checked_against`"),
    "hash changed": (broken('"itself"', '"itself"\nsha256 = "00"'), "but `sha256` records 00"),
    "not altered, no hash": (broken('ship = "yes"', 'ship = "yes-nd"'), "may not be altered and has no `sha256`"),
    "too few labels": (broken(', "e"]', "]"), "gives 4 labels to the answers `default`. Give 5 of them"),
    "labels of no set": (broken('["a", "b", "c", "d", "e"]', '{ x = ["a"] }'), "lacks `default`"),
    "figure without source": (
        broken('status = "secondary"\nsource = "made up"', 'status = "secondary"'),
        "lacks `source`",
    ),
    "figure that drives a flag": (
        broken('source = "made up"', 'source = "made up"\ndrives_flag = true'),
        "drives a flag with the status secondary",
    ),
    "figure of no scale": (broken('scale = "total"', 'scale = "x"'), "the scale `x`, which does not exist"),
    "unknown kind of figure": (broken('"cutoff"', '"norm"'), "Known: cutoff, rci"),
    "norm for project items": (
        broken('"tiny"', '"holdfast-tiny"'),
        "gives a norm, a figure or a band to project items",
    ),
    "project items called validated": (
        GOOD.replace(GOOD[GOOD.index("[[figures]]") : GOOD.index("[wording.en]")], "").replace(
            '"tiny"', '"holdfast-tiny"'
        ),
        "calls project items validated",
    ),
    "false check digit": (GOOD + LOINC + '"88082-5"\n', "whose check digit should be 3"),
    "nobody read the code": (GOOD + LOINC + '"71969-0"\n', "which nobody has read at its source"),
    "another form's code": (GOOD + LOINC + '"93373-9"\n', "which nobody has read at its source"),
    "code of nothing": (GOOD + LOINC.replace("panel", "q7") + '"44249-1"\n', "Known: panel, q1, q2, total."),
    "item twice": (broken('id = "q2"', 'id = "q1"'), "repeats the id `q1`"),
    "scale named like an item": (broken('id = "total"', 'id = "q1"'), "repeats the id `q1`. Taken: q1, q2."),
    "item id": (broken('id = "q2"', 'id = "Q 2"'), "It has to look like"),
    "unknown answers": (broken('gist = "two"', 'gist = "two"\nanswers = "x"'), "Known: default."),
    "condition on a later item": (broken('"q1 >= 1"', '"q2 >= 1"'), "Items before it: q1."),
    "condition in other words": (broken('"q1 >= 1"', '"q1 is 1"'), "tension >= 1"),
    "answers upside down": (broken("highest = 4", "highest = 0"), "`lowest` has to be below `highest`"),
    "unknown method": (broken('"sum"', '"median"'), "Known: sum, mean, count, table."),
    "multiply by nothing": (broken('"sum"', '"sum"\nmultiply = 0'), "`multiply` has to be above 0"),
    "short table": (broken('"sum"', '"table"\ntable = [1, 2]'), "It needs one for each of the 9 whole sums."),
    "prorated count": (broken('"sum"', '"count"\nthreshold = 1\nmax_missing = 1'), "prorates a count"),
    "all may be missing": (broken('"sum"', '"sum"\nmax_missing = 2'), "`max_missing` runs from 0 to 1."),
    "half a gap": (broken('"sum"', '"sum"\nmax_missing = 0.5'), "Write a whole number."),
    "secondary key without source": (broken('key_status = "verified"', 'key_status = "secondary"'), "`key_source`"),
    "no key status": (broken('key_status = "verified"\n', ""), "lacks `key_status`"),
    "unknown rater": (broken('rater = "client"', 'rater = "friend"'), "Known: client, therapist."),
    "unknown occasion": (broken('["after"]', '["always"]'), "has the occasions always. Known: before"),
    "no occasion": (broken('["after"]', "[]"), "has the occasions none"),
    "number in quotation marks": (broken("lowest = 0", 'lowest = "0"'), "has no number in `lowest`"),
    "flag in quotation marks": (broken("validated = true", 'validated = "yes"'), "neither true nor false"),
    "text as a number": (broken('title = "Tiny"', "title = 1"), "has no text in `title`"),
    "list of numbers as texts": (broken('["after"]', "[1]"), "has no list of texts in `occasions`"),
    "list of texts as numbers": (broken("[5, 10]", '["5"]'), "has no list of numbers in `seconds`"),
    "date in quotation marks": (broken("2026-11-23", '"2026-11-23"'), "has no date in `evidence_date`"),
    "table as text": (GOOD.replace("[rights]", 'rights = "x"\n[old]'), "Table `rights` is not a table"),
    "list of tables as text": (
        'figures = "x"\n' + GOOD.replace("[[figures]]", "[[old]]"),
        "Write each as [[figures]].",
    ),
    "no items": (
        GOOD.replace(GOOD[GOOD.index("[[items]]") : GOOD.index("[wording.en]")], ""),
        "Add at least one [[items]].",
    ),
    "version": (broken('version = "1.0"', 'version = "one"'), "It has to look like"),
    "not TOML": ("id = ", "cannot be read as TOML"),
}


@pytest.mark.parametrize("why", REFUSED)
def test_refused(tmp_path: Path, why: str) -> None:
    text, sentence = REFUSED[why]
    write(tmp_path, text)
    with pytest.raises(InstrumentError) as refused:
        load("tiny", folders=[tmp_path])
    assert sentence in str(refused.value)
    assert str(refused.value).startswith("tiny-1.0.toml")


def test_the_good_file_is_read(tmp_path: Path) -> None:
    write(tmp_path)
    tiny = load("tiny", folders=[tmp_path])
    assert (tiny.scale("total").lowest, tiny.scale("total").highest) == (0, 8)
    assert [band.label for band in tiny.scale("total").bands] == ["some", "much"]
    assert str(tiny.item("q2").show_if) == "q1 >= 1"
    assert tiny.notices == ()


def test_words_that_may_not_be_altered_bring_their_licence(tmp_path: Path) -> None:
    write(tmp_path, broken('ship = "yes"', 'ship = "yes-nd"'))
    with pytest.raises(InstrumentError, match="Record ") as refused:
        load("tiny", folders=[tmp_path])
    found = str(refused.value).rsplit("Record ", 1)[1].rstrip(".")
    path = write(tmp_path, broken('ship = "yes"', 'ship = "yes-nd"') + f'sha256 = "{found}"\n')
    with pytest.raises(InstrumentError, match=r"Put it beside the file as tiny-1\.0\.LICENSE"):
        load("tiny", folders=[tmp_path])
    path.with_suffix(".LICENSE").write_text("as it is", encoding="utf-8")
    tiny = load("tiny", folders=[tmp_path])
    assert tiny.rights.translations == "approved only"
    assert tiny.wording().sha256 == found


def test_lines_have_labels_at_their_ends(tmp_path: Path) -> None:
    line = broken("highest = 4", "highest = 4\nwhole = false").replace('["a", "b", "c", "d", "e"]', '["a", "e"]')
    write(tmp_path, line)
    assert load("tiny", folders=[tmp_path]).wording().labels["default"] == ("a", "e")
    write(tmp_path, line.replace('["a", "e"]', '["a", "b", "c"]'))
    with pytest.raises(InstrumentError, match="Give 2 of them, for the ends"):
        load("tiny", folders=[tmp_path])
