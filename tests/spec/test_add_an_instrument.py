"""The how-to page on adding an instrument, followed to the letter: two files, and no Python."""

import csv
import re
from pathlib import Path

import pytest

from holdfast.instruments import list_instruments, load
from holdfast.scoring import score

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "add-an-instrument.md"
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
INSTRUMENT, WORDS = (text for kind, text in BLOCKS if kind == "toml")
CASES = next(text for kind, text in BLOCKS if kind == "csv")
PYTHON = next(text for kind, text in BLOCKS if kind == "python")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inner = tmp_path / "instruments"
    inner.mkdir()
    (inner / "calm3-1.0.toml").write_text(INSTRUMENT, encoding="utf-8")
    (inner / "calm3-1.0.cases.csv").write_text(CASES, encoding="utf-8")
    (inner / "srs-1.0.en.wording.toml").write_text(WORDS, encoding="utf-8")
    return inner


def test_it_is_listed_and_loaded(folder: Path) -> None:
    assert "calm3" in [one.id for one in list_instruments(folders=[folder])]
    calm = load("calm3", folders=[folder])
    assert (calm.scale("calm").lowest, calm.scale("calm").highest) == (0, 12)


def test_its_cases_hold(folder: Path) -> None:
    calm = load("calm3", folders=[folder])
    rows = list(csv.DictReader((folder / "calm3-1.0.cases.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == 8
    for row in rows:
        answers = {item.id: float(row[item.id]) if row[item.id] else None for item in calm.items}
        expected = float(row["calm"]) if row["calm"] else None
        assert score(calm, answers).scores["calm"].raw == expected, row["why"]


def test_the_lines_of_python_say_what_they_give(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder.parent)
    names: dict[str, object] = {}
    checked = 0
    for line in PYTHON.splitlines():
        code, _, comment = line.partition("  # ")
        if comment:
            assert str(eval(code, names)) == comment.strip()  # noqa: S307 - the page's own lines
            checked += 1
        else:
            exec(line, names)  # noqa: S102 - the page's own lines
    assert checked == 2


def test_licensed_words_are_found(folder: Path) -> None:
    wording = load("srs", folders=[folder]).wording("en", folders=[folder])
    assert wording.text["q4"] == "the fourth"
    assert wording.licensee == "the practice at the harbour"
