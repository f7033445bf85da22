"""What a command says while and after it works."""

import time

import pytest

from holdfast.cli import telling
from holdfast.cli.telling import Working, left_out_lines
from holdfast.interop import LeftOut


def test_nothing_is_said_about_what_is_quick(capsys: pytest.CaptureFixture[str]) -> None:
    with Working("Reading") as working:
        working(1, 2)
    assert capsys.readouterr().err == ""


def test_what_takes_long_says_what_it_is_and_how_far(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "SLOW", 0.0)
    with Working("Looking at the sessions") as working:
        while "\N{HORIZONTAL ELLIPSIS}" not in (said := capsys.readouterr().err):
            time.sleep(0.001)
        working(1_000_000, 2_000_000)
        working(2_000_000, 2_000_000)
    assert said == "Looking at the sessions \N{HORIZONTAL ELLIPSIS}\n"
    assert capsys.readouterr().err == "Looking at the sessions: 1,000,000 of 2,000,000\n"


def test_every_row_left_out_is_listed_by_reason() -> None:
    month = {"column": "month", "kind": "session is not a number", "reason": "`Post` is not a number"}
    left_out = [LeftOut(row=row, **month) for row in (3, 7)]
    left_out.append(LeftOut(row=9, column="", kind="empty row", reason="the row is empty"))
    assert left_out_lines(left_out) == ["  session is not a number (month): rows 3 and 7", "  empty row: row 9"]
