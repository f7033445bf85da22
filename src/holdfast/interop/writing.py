"""Tables into files: whole or not at all."""

import io
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Literal

import numpy as np
import polars as pl

from holdfast.errors import TableError

Format = Literal["csv", "json", "parquet"]
ENDINGS: dict[str, Format] = {".csv": "csv", ".json": "json", ".parquet": "parquet", ".pq": "parquet"}


def frame_of(columns: Mapping[str, Any]) -> pl.DataFrame:
    """Arrays of one length as a frame; nan becomes missing."""
    return pl.DataFrame({name: np.asarray(values) for name, values in columns.items()}).fill_nan(None)


def write_table(frame: pl.DataFrame, path: Path | str | None, *, format: Format | None = None) -> None:  # noqa: A002
    """Write CSV, JSON (a list of rows) or Parquet; the file's ending decides unless a format is given.

    Rule: UTF-8, commas, decimal points; missing is an empty cell (null in JSON). The file appears under its name when
    it is complete, so an error changes nothing. A path of None or "-" is standard output.
    Raises TableError for an unknown ending or a place that cannot be written.
    """
    chosen = chosen_format(path, format=format)
    if path is None or str(path) == "-":
        whole = io.BytesIO()  # written by Python, so that a reader who stops early is noticed as a closed pipe
        _write(frame, whole, chosen)
        sys.stdout.buffer.write(whole.getbuffer())
        sys.stdout.buffer.flush()
        return
    write_whole(Path(path), lambda file: _write(frame, file, chosen))


def chosen_format(path: Path | str | None, *, format: Format | None = None) -> Format:  # noqa: A002
    """The format that will be written: as given, else by the file's ending, else CSV on standard output.

    Raises TableError for another ending, so that it can be asked before long work.
    """
    if format is not None:
        return format
    if path is None or str(path) == "-":
        return "csv"
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        raise TableError(
            "{path} has no ending that names a format. End it in .csv, .json or .parquet, or pass `--format`.",
            path=str(path),
        )
    return ENDINGS[ending]


def write_whole(path: Path, write: Callable[[BinaryIO], object]) -> None:
    """Let `write` fill a file beside the path, then put it in the path's place. Raises TableError if it cannot."""
    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o666 & ~_mask())
        Path(temporary).replace(path)
    except OSError as error:
        why = error.strerror or str(error)
        raise TableError("{path} cannot be written: {why}. Name another place.", path=str(path), why=why) from None
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _mask() -> int:
    """The permissions that this user takes from new files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _write(frame: pl.DataFrame, file: BinaryIO, chosen: Format) -> None:
    """The frame in one of the formats."""
    if chosen == "csv":
        frame.write_csv(file)
    elif chosen == "json":
        file.write(frame.write_json().encode() + b"\n")
    else:
        frame.write_parquet(file)
