"""Files appear whole or not at all."""

import io
import json
import sys
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl
import pytest

from holdfast.errors import TableError
from holdfast.interop import chosen_format, frame_of, read_table, write_table, write_whole

FRAME = pl.DataFrame({"client": ["007", "Ann; B,"], "score": [2.5, None]})


@pytest.mark.parametrize("name", ["flags.csv", "flags.CSV"])
def test_csv(tmp_path: Path, name: str) -> None:
    write_table(FRAME, tmp_path / name)
    assert (tmp_path / name).read_text(encoding="utf-8") == 'client,score\n007,2.5\n"Ann; B,",\n'


def test_parquet_and_json(tmp_path: Path) -> None:
    write_table(FRAME, tmp_path / "flags.parquet")
    write_table(FRAME, str(tmp_path / "flags.json"))
    assert read_table(tmp_path / "flags.parquet").frame.equals(FRAME)
    assert json.loads((tmp_path / "flags.json").read_text()) == FRAME.to_dicts()


def test_a_given_format_counts_more_than_the_ending(tmp_path: Path) -> None:
    write_table(FRAME, tmp_path / "flags.txt", format="csv")
    assert (tmp_path / "flags.txt").read_text().startswith("client,score")


@pytest.mark.parametrize("path", [None, "-"])
def test_standard_output(path: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.TextIOWrapper(io.BytesIO())
    monkeypatch.setattr(sys, "stdout", screen)
    write_table(FRAME, path)
    assert screen.buffer.getvalue().startswith(b"client,score\n007")  # type: ignore[attr-defined]


def test_an_ending_that_names_no_format() -> None:
    with pytest.raises(TableError, match=r"flags.xlsx has no ending that names a format. End it in .csv, .json"):
        chosen_format("flags.xlsx")


def test_an_error_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "flags.csv"
    file.write_text("before")

    def fail(half: BinaryIO) -> None:
        half.write(b"half a ta")
        raise OSError("the disk is full")

    with pytest.raises(TableError, match=r"flags.csv cannot be written: the disk is full. Name another place."):
        write_whole(file, fail)
    assert file.read_text() == "before"
    assert list(tmp_path.iterdir()) == [file]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TableError, match=r"cannot be written: No such file or directory"):
        write_table(FRAME, tmp_path / "none" / "flags.csv")


def test_arrays_as_a_frame() -> None:
    frame = frame_of({"client": np.array(["a", "b"]), "alliance": np.array([1.0, np.nan])})
    assert frame.to_dicts() == [{"client": "a", "alliance": 1.0}, {"client": "b", "alliance": None}]
