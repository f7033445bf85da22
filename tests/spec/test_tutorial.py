"""The tutorial does what it says, word for word."""

from pathlib import Path

import polars as pl
import pytest
from tests.spec.pages import blocks, commands

from holdfast.cli import main

PAGE = "tutorials/from-a-table-to-a-report.md"


def _follow(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every command of the tutorial in an empty folder with its answers."""
    monkeypatch.chdir(folder)
    (answers,) = blocks(PAGE, "csv")
    (folder / "answers.csv").write_text(answers)
    for words in commands(PAGE):
        assert main(words) == 0


def test_its_commands_write_what_it_describes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _follow(tmp_path, monkeypatch)
    flags = pl.read_csv("flags.csv", infer_schema_length=None)
    described = ["score", "expected", "low", "high", "p", "signal", "episode", "status", "note"]
    assert flags.columns == ["client", "session", *described, "simulated"]
    assert {"acute", "erosion"} <= set(flags["signal"].drop_nulls())
    assert {"open", "repaired", "partly", "not"} >= set(flags["status"].drop_nulls())
    assert "Team meeting" in Path("report.html").read_text(encoding="utf-8")
    assert pl.read_csv("scores.csv")["total_note"].to_list() == [None, "prorated from 4 of 5 answers"]
    said = capsys.readouterr()
    assert "chance alone would give about" in said.err
    assert "demo5 1.0" in said.out


def test_its_python_gives_what_the_command_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _follow(tmp_path, monkeypatch)
    (lines,) = blocks(PAGE, "python")
    names: dict[str, pl.DataFrame] = {}
    exec(lines, names)  # noqa: S102 - the page's own lines
    flags = pl.read_csv("flags.csv", infer_schema_length=None)
    assert names["flags"]["signal"].equals(flags["signal"])
    assert names["scores"]["total"].to_list() == pl.read_csv("scores.csv")["total"].to_list()
    assert "acute" in capsys.readouterr().out
