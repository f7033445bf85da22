"""The verb `process`: what it says and writes, and what it refuses."""

from pathlib import Path

import polars as pl
import pytest

from holdfast.cli import main


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """sessions.csv of 60 simulated clients in a folder of its own, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    assert main(["simulate", "--clients", "60", "--sessions", "8", "--seed", "2", "-o", "sessions.csv"]) == 0
    return "sessions.csv"


WORDS = ["--outcome", "outcome", "--alliance", "alliance"]


def test_effects_are_said_and_written(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert main(["process", file, *WORDS, "--therapist", "therapist", "-o", "effects.csv"]) == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("sessions.csv: ")
    assert "clients of 5 therapists have both values" in lines[0]
    assert lines[1].startswith("Of the variance of the outcome ")
    assert lines[-1] == "These data are simulated; the column `simulated` says so in every row."
    rows = pl.read_csv("effects.csv")
    assert rows["effect"].to_list() == ["within", "between", "contextual", "therapists", "therapists_contextual"]
    assert rows["simulated"].to_list() == ["yes"] * 5
    assert (rows["low"] < rows["estimate"]).all()
    pl.read_csv(file).drop("simulated").write_csv("plain.csv")
    assert main(["process", "plain.csv", *WORDS, "--trend", "in-model", "--own-slopes", "--autocorrelation"]) == 0
    said = capsys.readouterr()
    assert [line.split(",")[0] for line in said.out.splitlines()] == [
        "effect",
        "within",
        "between",
        "contextual",
        "time",
    ]
    assert "Clients differ in their within effect by an SD of" in said.err
    assert "What is left over hangs together from one step" in said.err
    assert "simulated" not in said.out + said.err


@pytest.mark.parametrize(
    ("rows", "code", "said"),
    [
        (["a,1,50,3,t", "a,1,51,4,t"], 5, "a"),
        (["a,1,50,3,t", "a,2,x,4,t"], 5, "x"),
        (["a,1,50,3,t", "a,2,51,4,t"], 6, "Clients who have both values: 1"),
        (["a,1,50,3,t", "a,2,51,4,"], 5, "Row 3 has no therapist"),
        (["a,1,,3,t", "a,2,51,,t"], 6, "No session has both"),
    ],
)
def test_trouble_is_one_sentence(
    rows: list[str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("few.csv").write_text("\n".join(["client,session,alliance,outcome,therapist", *rows]) + "\n", encoding="utf-8")
    assert main(["process", "few.csv", *WORDS, "--therapist", "therapist", "-o", "effects.csv"]) == code
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1
    assert not Path("effects.csv").exists()
