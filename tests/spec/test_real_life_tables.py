"""Tables as people bring them, each with what the command makes of it. Reads as a manual."""

from pathlib import Path

import pytest

from holdfast.cli import main

PLAIN = "client,session,alliance\n007,1,80\n007,2,79\n007,3,81\n007,4,40\n"
FLAGGED = ["", "", "", "acute"]

TAKEN = {
    "as it should be": (PLAIN, FLAGGED),
    "Windows line ends": (PLAIN.replace("\n", "\r\n"), FLAGGED),
    "a byte-order mark": ("\ufeff" + PLAIN, FLAGGED),
    "semicolons and decimal commas": (PLAIN.replace(",", ";").replace("79", "79,5"), FLAGGED),
    "tabs": (PLAIN.replace(",", "\t"), FLAGGED),
    "dates": (
        "client,session,alliance\n007,2024-01-01,80\n007,2024-01-08,79\n007,2024-01-15,81\n007,2024-01-22,40\n",
        FLAGGED,
    ),
    "German dates": (
        "client;session;alliance\n007;1.1.2024;80\n007;8.1.2024;79\n007;15.1.2024;81\n007;22.1.2024;40\n",
        FLAGGED,
    ),
    "rows in any order": ("client,session,alliance\n007,4,40\n007,2,79\n007,1,80\n007,3,81\n", ["acute", "", "", ""]),
    "a session that was not rated": (PLAIN.replace("007,4", "007,4,\n007,5"), ["", "", "", "", "acute"]),
    "a gap in the session numbers": (PLAIN.replace("007,4", "007,9"), FLAGGED),
    "one client, one session": ("client,session,alliance\n007,1,80\n", [""]),
    "blank lines at the end": (PLAIN + "\n\n", [*FLAGGED, "", ""]),
    "a column of notes": (
        'client,note,session,alliance\n007,well,1,80\n007,"a, b",2,79\n007,,3,81\n007,x,4,40\n',
        FLAGGED,
    ),
}

REFUSED = {
    "an empty file": ("", "sessions.csv is empty. Give a table with a header and a row per session."),
    "a header alone": (
        "client,session,alliance\n",
        "sessions.csv has a header and no rows. Give a table with a row per session.",
    ),
    "a column by another name": (
        PLAIN.replace("alliance", "srs"),
        "sessions.csv has no column `alliance`. Its columns are: client, session, srs.",
    ),
    "a repeated session": (
        PLAIN + "007,2,70\n",
        "Client 007 has two rows for session 2 in sessions.csv (rows 3 and 6). Keep one for each session, or pass "
        "`--duplicates first`, `last` or `mean`.",
    ),
    "text where a number should be": (
        PLAIN.replace("79", "good"),
        "Row 3 of sessions.csv holds `good` in column `alliance`, where a number should be. Write a number or leave "
        "the cell empty, or pass `--unreadable leave-out`.",
    ),
    "a word among session numbers": (
        PLAIN.replace("007,2", "007,Post-Rx"),
        "Row 3 of sessions.csv holds `Post-Rx` in column `session`, where the session's number should be. Write a "
        "number, or pass `--unreadable leave-out`.",
    ),
    "a rating off the scale": (
        PLAIN.replace("79", "790"),
        "Row 3 of sessions.csv holds `790` in column `alliance`, but the score runs from 0 to 100. Correct the cell "
        "or the range, or pass `--unreadable leave-out`.",
    ),
    "infinity": (
        PLAIN.replace("79", "inf"),
        "Row 3 of sessions.csv holds `inf` in column `alliance`, where a number should be. Write a number or leave "
        "the cell empty, or pass `--unreadable leave-out`.",
    ),
    "a row that is too long": (
        PLAIN.replace("79", "7,9"),
        "Row 3 of sessions.csv has 4 cells, but the header names 3 columns. Quote cells that hold the sign between "
        "columns.",
    ),
}


def _flags(folder: Path, text: str, *words: str) -> list[dict[str, str]]:
    """The rows that the command writes."""
    (folder / "sessions.csv").write_text(text, encoding="utf-8", newline="")
    out = folder / "flags.csv"
    assert main(["ruptures", str(folder / "sessions.csv"), "--range", "0:100", "-o", str(out), *words]) == 0
    names, *rows = [line.split(",") for line in out.read_text(encoding="utf-8").splitlines()]
    return [dict(zip(names, row, strict=False)) for row in rows]


@pytest.mark.parametrize(("text", "signals"), TAKEN.values(), ids=TAKEN)
def test_taken_as_it_is(tmp_path: Path, text: str, signals: list[str]) -> None:
    rows = _flags(tmp_path, text)
    assert [row["signal"] for row in rows] == signals
    assert {row["client"] for row in rows} <= {"007", ""}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.values(), ids=REFUSED)
def test_refused_in_one_sentence(tmp_path: Path, text: str, sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sessions.csv"
    file.write_text(text, encoding="utf-8", newline="")
    assert main(["ruptures", str(file), "--range", "0:100", "-o", str(tmp_path / "flags.csv")]) == 5
    assert capsys.readouterr().err == f"holdfast: {sentence}\n"
    assert not (tmp_path / "flags.csv").exists()


def test_left_out_when_asked_and_said_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = PLAIN.replace("007,2,79", "007,Post-Rx,79") + "007,3,70\n"
    rows = _flags(tmp_path, text, "--unreadable", "leave-out", "--duplicates", "first")
    assert rows[1]["note"] == "`Post-Rx` is not a number"
    assert rows[4]["note"] == "session 3 of client 007: this row repeats it; used is row 4"
    assert rows[1]["expected"] == rows[4]["expected"] == ""
    said = capsys.readouterr().err
    assert "session is not a number (session): row 3" in said
    assert "repeated session (session): row 6" in said
