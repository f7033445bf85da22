"""Nothing written drifts: links lead somewhere, commands exist, decisions have a status, one version."""

import re
from pathlib import Path

import pytest

from holdfast import errors
from tests.house.tree import ROOT, modules

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
KINDS = ("tutorials", "how-to", "explanation", "reference", "decisions")


@pytest.mark.parametrize("document", PAGES, ids=lambda document: document.relative_to(ROOT).as_posix())
def test_every_link_leads_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    targets = [target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    inside = [target for target in targets if target and "://" not in target and not target.startswith("mailto:")]
    gone = [target for target in inside if not (document.parent / target).exists()]
    assert gone == []


def test_there_are_pages_of_every_kind() -> None:
    assert [kind for kind in KINDS if not list((ROOT / "docs" / kind).glob("*.md"))] == []


def test_every_decision_is_numbered_once_and_has_a_status() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [page.name[:4] for page in pages]
    assert len(numbers) == len(set(numbers)) > 5
    bare = [
        page.name
        for page in pages
        if not re.search(
            r"status\W{0,4}\s*:?\W{0,4}\s*(accepted|deprecated|superseded)", page.read_text(encoding="utf-8"), re.I
        )
    ]
    assert bare == []


def test_every_make_word_in_the_documents_exists() -> None:
    words = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.M))
    said = {
        word
        for page in PAGES
        for word in re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), flags=re.M)
    }
    assert {"demo", "test", "check"} <= said <= words


def test_the_version_stands_in_the_changelog_alone() -> None:
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.M)
    assert versions
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("[tool.hatch.version]")[0]
    assert 'dynamic = ["version"]' in project
    assert not re.search(r"^version\s*=", project, flags=re.M)


def test_ci_says_the_words_of_the_readme() -> None:
    ci = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert all(f"make {word}" in ci and f"make {word}" in readme for word in ("check", "test"))


def test_every_error_and_every_start_check_is_in_the_reference() -> None:
    page = (ROOT / "docs" / "reference" / "errors.md").read_text(encoding="utf-8")
    found = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.HoldfastError)
    ]
    told = {(kind.__name__, kind.exit_code) for kind in found}
    assert len(told) == 10
    assert {pair for pair in told if f"| `{pair[0]}` | {pair[1]} |" not in page} == set()
    checks = {
        found for path in modules() for found in re.findall(r"practice\.[EW]\d{3}", path.read_text(encoding="utf-8"))
    }
    assert checks
    assert {found for found in checks if f"| {found} |" not in page} == set()
