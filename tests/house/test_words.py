"""What the source may not contain: open ends, machine paths, shortcuts, words beyond our wording boundary."""

import re

from tests.house.tree import ROOT, SOURCE, modules, name_of

OPEN_ENDS = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
SHORTCUTS = re.compile(r"\bmark_safe\b|\|safe\b|\bpickle\b|\.extra\(|\.raw\(|\beval\(|\bexec\(")
SHORTCUTS_WITH_REASON = {
    "practice/insight/markup.py: mark_safe": "our own drawings, whose every word is escaped where they are drawn",
}

BEYOND = re.compile(
    r"\b(risk|likely to|detected|diagnos\w+|alarm|critical|urgent|recommended|successfully|invalid|please)\b"
    r"|!(?=\s|<|$)",
    re.IGNORECASE,
)
BEYOND_WITH_REASON = {
    "false-alarm": "the statistical term, explained where it stands",
    "false alarm": "the statistical term, explained where it stands",
    "does not diagnose": "the statement of what Holdfast is not",
}


def test_no_open_ends() -> None:
    found = [
        f"{name_of(path)}:{number}"
        for path in modules()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if OPEN_ENDS.search(line)
    ]
    assert found == []


def test_no_shortcuts_around_safety() -> None:
    files = [*modules(), *SOURCE.rglob("*.html")]
    found = {
        f"{path.relative_to(SOURCE)}: {hit.group()}"
        for path in files
        for hit in SHORTCUTS.finditer(path.read_text(encoding="utf-8"))
    }
    assert found - set(SHORTCUTS_WITH_REASON) == set()


def test_pages_stay_within_the_wording_boundary() -> None:
    """Every statement is what was answered, compared with what, by which rule; never a risk, an alarm, an order."""
    templates = sorted((SOURCE / "practice" / "templates").rglob("*.html"))
    assert templates
    found = []
    for path in templates:
        text = re.sub(
            r"{#.*?#}|{%.*?%}|{{.*?}}|<!--.*?-->|<!doctype[^>]*>", " ", path.read_text(encoding="utf-8"), flags=re.S
        )
        for phrase in BEYOND_WITH_REASON:
            text = re.sub(phrase, " ", text, flags=re.I)
        found += [f"{path.name}: {hit.group()!r}" for hit in BEYOND.finditer(text)]
    assert found == []


def test_nothing_names_a_path_of_one_machine() -> None:
    pattern = re.compile(r"(?<![A-Za-z0-9_./])/(work|farm|root|home)/")
    files = [*modules(), *(ROOT / "tests").rglob("*.py"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]
    found = [
        f"{path.relative_to(ROOT)}"
        for path in files
        if path.name != "test_words.py" and pattern.search(path.read_text("utf-8"))
    ]
    assert found == []
