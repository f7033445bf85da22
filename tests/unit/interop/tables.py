"""Small tables for the tests of the border."""

from pathlib import Path

import numpy as np
import polars as pl

from holdfast.interop import Table

RATINGS = (
    (80.0, 82.0, 79.0, 81.0, 80.0, 50.0, 78.0, 81.0),
    (60.0, 61.0, 59.0, 62.0, 60.0, 61.0, 60.0, 59.0),
    (70.0, np.nan, 72.0, 71.0, 70.0, 69.0, 71.0, 70.0),
)
"""Three clients, eight sessions: one plain drop in the sixth session of the first, and one session not rated."""


def sessions() -> pl.DataFrame:
    """The ratings as a long table, client by client."""
    return pl.DataFrame(
        {
            "client": [f"0{client}" for client in range(1, 4) for _ in range(8)],
            "session": [number for _ in range(3) for number in range(1, 9)],
            "alliance": [rating for row in RATINGS for rating in row],
        }
    ).with_columns(pl.col("alliance").fill_nan(None))


def long_table(text: str, *, source: str = "sessions.csv") -> Table:
    """A table from lines of cells apart by spaces, `_` for an empty cell; the first line names the columns."""
    names, *rows = [line.split() for line in text.strip().splitlines()]
    cells = [[None if cell == "_" else cell for cell in row] for row in rows]
    schema = dict.fromkeys(names, pl.String)
    return Table(frame=pl.DataFrame(cells, schema=schema, orient="row"), source=source, first_row=2)


def csv(folder: Path, text: str, *, name: str = "sessions.csv") -> Path:
    """A file with this text."""
    file = folder / name
    file.write_text(text, encoding="utf-8", newline="")
    return file
