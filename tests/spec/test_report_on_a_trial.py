"""The how-to's commands on the public files themselves, where a folder with them is given."""

import os
from pathlib import Path

import pytest
from tests.spec.pages import commands

from holdfast.cli import main

PAGE = "how-to/report-on-a-trial.md"
FOLDER = os.environ.get("HOLDFAST_TEST_DATA", "")
WANTED = {
    "enrichd_bdi.csv": ("5,342 of 5,452 rows", "436 clients", "session 119 of client 11"),
    "reframed_phq9.csv": ("1,952 of 2,265 rows", "202 clients", "`Post-Rx` is not a number"),
}


def test_the_page_has_a_command_for_each_file() -> None:
    assert [words[1] for words in commands(PAGE)] == list(WANTED)


@pytest.mark.skipif(not FOLDER, reason="HOLDFAST_TEST_DATA names no folder with the public trial files")
@pytest.mark.parametrize("words", commands(PAGE), ids=lambda words: words[1])
def test_the_report_says_what_came_in(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    verb, file, *options = words
    assert main([verb, str(Path(FOLDER) / file), *options]) == 0
    page = Path(options[-1]).read_text(encoding="utf-8")
    for said in WANTED[file]:
        assert said in page
    assert "Left out:" in capsys.readouterr().err
    assert main(["ruptures", str(Path(FOLDER) / file), *options[:4], "--score", options[5], "--range", "0:63"]) == 5
