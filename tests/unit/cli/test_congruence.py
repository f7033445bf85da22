"""The verb `congruence`: what it says and writes, on made-up sessions and on too few."""

from pathlib import Path

import polars as pl
import pytest

from holdfast.cli import main


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """sessions.csv of 40 simulated clients in a folder of its own, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    assert main(["simulate", "--clients", "40", "--sessions", "8", "--seed", "2", "-o", "sessions.csv"]) == 0
    return "sessions.csv"


def test_everything_is_said_and_written(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--predicted", "predicted", "--outcome", "outcome", "--bias-force", "-o", "dyads.csv"]
    capsys.readouterr()
    assert main(["congruence", file, "--range", "0:100", *words]) == 0
    said = capsys.readouterr().err
    lines = said.splitlines()
    assert lines[0] == "sessions.csv: 319 rows, 40 dyads."
    openings = [
        "Directional discrepancy: therapists rate -",
        "Temporal congruence: when the client's rating moves by one point",
        "If the client's changes had a reliability below 1",
        "More congruent dyads and the discrepancy",
        "Over time: the congruence changes by",
        "Carried over from the therapist's previous rating",
        "Published beside it: 213 clients of 49 therapists",
        "Predictions: ",
        "Against the client's usual: ",
        "Consistency: ",
        "Outcome (turned so that higher is better)",
        "A congruence effect needs all five",
    ]
    assert [line[: len(opening)] for line, opening in zip(lines[1:], openings, strict=False)] == openings
    assert said.endswith("These data are simulated; the column `simulated` says so in every row.\n")
    dyads = pl.read_csv("dyads.csv")
    assert dyads.height == 40
    assert dyads["simulated"].to_list() == ["yes"] * 40
    for name in ("discrepancy", "congruence", "prediction_bias", "narrowing", "skill", "swing", "place"):
        known = dyads.drop_nulls(f"{name}_low")
        assert (known[f"{name}_low"] <= known[name]).all()
        assert (known[name] <= known[f"{name}_high"]).all()


def test_two_ratings_alone(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    pl.read_csv(file).drop("simulated").write_csv("plain.csv")
    assert main(["congruence", "plain.csv", "--range", "0:100"]) == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0].startswith(
        "client,sessions,discrepancy,discrepancy_low,discrepancy_high,congruence"
    )
    assert "simulated" not in said.out
    assert "Predictions: " not in said.err
    assert "Carried over" not in said.err


def test_too_little_is_said_and_nothing_breaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("few.csv").write_text(
        "client,session,alliance,therapist_alliance,predicted,outcome\na,1,50,60,,\na,2,x,60,,\n", encoding="utf-8"
    )
    words = ["--predicted", "predicted", "--outcome", "outcome", "--unreadable", "leave-out", "-o", "dyads.csv"]
    assert main(["congruence", "few.csv", "--range", "0:100", *words]) == 0
    said = capsys.readouterr().err
    assert "Not computed. Congruence: Within dyads the ratings of one rater never change." in said
    assert "Not computed. Predictions: No session has both a prediction and a rating." in said
    assert "Not computed. Outcome: No session has both ratings and an outcome." in said
    assert "Left out:\n  score is not a number (alliance): row 3" in said
    assert pl.read_csv("dyads.csv").columns[:3] == ["client", "sessions", "swing"]
