"""The verb `gains`: what it says and writes, and what it refuses."""

from pathlib import Path

import polars as pl
import pytest

from holdfast.cli import main

SCORES = (30, 31, 30, 18, 17, 18, 25)


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    rows = [f"a,{number},{score}" for number, score in enumerate(SCORES, start=1)]
    Path("sessions.csv").write_text("\n".join(["client,session,outcome", *rows, "b,1,20", "b,2,"]) + "\n")
    return "sessions.csv"


def test_gains_are_said_and_written(table: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gains", table, "--cut", "7", "-o", "gains.csv"]) == 0
    said = capsys.readouterr().err
    assert "1 sudden gain of 1 clients in 4 steps that could be told; 1 reversed later." in said
    assert "at least 7 points and 25 % of the score before and lasting" in said
    assert "For 1 of 2 clients no step could be told" in said
    assert pl.read_csv("gains.csv").rows() == [("a", 3, 4, 30.0, 18.0, 12.0, 2.4, "yes")]
    assert main(["gains", table, "--sd", "6", "--reliability", "0.9", "--losses", "--no-share", "--unadjusted"]) == 0
    told = capsys.readouterr()
    assert told.out.strip() == "client,session_before,session_after,before,after,magnitude,proportion,reversed"
    assert "0 sudden losses" in told.err


def test_simulated_data_say_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["simulate", "--clients", "40", "--sessions", "12", "--seed", "3", "-o", "sessions.csv"]) == 0
    words = ["--score", "alliance", "--higher-is-better", "--no-share", "--cut", "10", "--choose", "largest"]
    assert main(["gains", "sessions.csv", *words, "-o", "gains.csv"]) == 0
    rows = pl.read_csv("gains.csv")
    assert set(rows["simulated"]) == {"yes"}
    assert rows["client"].is_unique().all()
    assert "These data are simulated" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 6, "How large is large?"),
        (["--cut", "7", "--sd", "6", "--reliability", ".9"], 6, "How large is large?"),
        (["--sd", "6"], 6, "How large is large?"),
        (["--sd", "6", "--reliability", "1.2"], 6, "The reliability is 1.2"),
        (["--cut", "-7"], 6, "The cut is -7"),
        (["--cut", "7", "--score", "bdi"], 5, "bdi"),
    ],
)
def test_trouble_is_one_sentence_and_writes_nothing(
    words: list[str], code: int, said: str, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["gains", table, *words, "-o", "gains.csv"]) == code
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1
    assert not Path("gains.csv").exists()
