"""``holdfast rules``: what is written, what is said, how it ends."""

from pathlib import Path

import polars as pl
import pytest
from tests.unit.interop.tables import csv, sessions

from holdfast.cli import main


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """sessions.csv of three clients in a folder of its own, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    sessions().write_csv("sessions.csv")
    return Path("sessions.csv")


def test_the_list_names_every_rule_with_its_source(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 21
    assert lines[6].startswith("stiles-2004         our reading of Stiles et al. 2004")
    assert lines[-1].startswith("srs-level-36        published: Duncan et al. 2003")


def test_two_rules_beside_noise_and_beside_each_other(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--range", "0:100", "--rule", "vshape", "--rule", "tukey", "-o", "flags.csv"]
    assert main(["rules", str(file), *words]) == 0
    assert pl.read_csv("flags.csv").columns == ["client", "session", "score", "vshape", "tukey", "note"]
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "sessions.csv: 24 rows, 23 used, 1 not rated."
    assert said[1].startswith("vshape: ")
    assert said[1].count("pure noise") == 2
    assert said[3].startswith("vshape and tukey: both ")
    assert said[-1].startswith("Doubt: Pure noise here is normal")


def test_many_rules_make_a_square(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "--clients", "5", "--sessions", "6", "-o", str(file)]) == 0
    assert main(["rules", str(file), "--range", "0:100", "-o", "flags.parquet"]) == 0
    said = capsys.readouterr().err
    assert "Above the diagonal: these ratings; below: pure noise." in said
    square = said.split("pure noise.\n")[1].splitlines()
    assert square[0].split() == [str(number) for number in range(1, 20)]
    assert square[1].split()[:3] == ["1", "drop-own-sd", "."]
    assert "–" in said
    assert said.endswith("These data are simulated; the column `simulated` says so in every row.\n")


def test_what_was_left_out_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = csv(tmp_path, "client,session,alliance\na,1,50\na,Post,60\na,2,40\n")
    words = ["--range", "0:100", "--rule", "tukey", "--unreadable", "leave-out"]
    assert main(["rules", str(file), *words]) == 0
    assert "  session is not a number (session): row 3" in capsys.readouterr().err.splitlines()


@pytest.mark.parametrize("words", [[], ["sessions.csv"], ["--range", "0:100"]])
def test_a_table_and_a_range_or_the_list(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["rules", *words])
    assert caught.value.code == 2
    assert "name a table and its --range, or ask for --list" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--rule", "moon"], 6),
        (["--reliability", "2"], 6),
        (["--autocorrelation", "1"], 6),
        (["-o", "flags.xlsx"], 5),
    ],
)
def test_it_ends_with_the_code_of_the_trouble(file: Path, words: list[str], code: int) -> None:
    assert main(["rules", str(file), "--range", "0:100", *words]) == code
