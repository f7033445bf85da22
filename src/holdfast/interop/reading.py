"""Tables from files, as people really save them."""

import codecs
import csv
import io
from pathlib import Path

import polars as pl
from polars.exceptions import PolarsError

from holdfast.errors import TableError
from holdfast.interop.table import Table

SEPARATORS = (";", "\t", ",", "|")
PARQUET = (".parquet", ".pq")


def read_table(path: Path | str) -> Table:
    """A CSV or Parquet file as a table; no cell of a CSV file is changed or guessed at.

    Rule: UTF-8 (with or without a mark), UTF-16 with a mark, else Windows-1252; columns apart by semicolon, tab, comma
    or bar, whichever is commonest in the header; `sep=` lines, quoted cells and any line end are understood.
    Raises TableError when the file is missing, empty, holds a header alone, or has rows longer than its header.
    """
    path = Path(path)
    try:
        if path.suffix.lower() in PARQUET:
            table = Table(frame=_read_parquet(path), source=path.name)
        else:
            table = _read_csv(path.read_bytes(), source=path.name)
    except FileNotFoundError:
        raise TableError("There is no file {source}. Check its name and folder.", source=str(path)) from None
    except OSError as error:
        why = error.strerror or str(error)
        raise TableError("{source} cannot be read: {why}. Give a file.", source=str(path), why=why) from None
    if not table.rows:
        raise TableError("{source} has a header and no rows. Give a table with a row per session.", source=path.name)
    return table


def _read_parquet(path: Path) -> pl.DataFrame:
    """A Parquet file, by polars' own reader."""
    try:
        return pl.read_parquet(path)
    except PolarsError:
        raise TableError(
            "{source} is not a Parquet file, or is damaged. Save it again, or give CSV.", source=path.name
        ) from None


def _read_csv(data: bytes, *, source: str) -> Table:
    """The bytes of a CSV file as a table of text."""
    text, first_row = _as_utf8(data), 2
    separator = None
    if text[:4].lower() == b"sep=":
        line, _, text = text.partition(b"\n")
        separator, first_row = line[4:].strip(b"\r").decode()[:1] or None, 3
    if not text.strip():
        raise TableError("{source} is empty. Give a table with a header and a row per session.", source=source)
    blank = len(text) - len(text.lstrip(b"\r\n"))
    first_row += text[:blank].count(b"\n")
    text = text[blank:]
    names, separator = _header(text, separator)
    _refuse_repeated(names, source)
    try:
        frame = pl.read_csv(text, separator=separator, infer_schema=False)
    except PolarsError:
        raise _damaged(text, separator, source, first_row) from None
    return Table(frame=_named(frame, names), source=source, first_row=first_row)


def _as_utf8(data: bytes) -> bytes:
    """The same text as UTF-8 without a mark, lines ended by a newline at least."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        data = data.decode("utf-16", errors="replace").encode()
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            data = data.decode("cp1252", errors="replace").encode()
    return data if b"\n" in data else data.replace(b"\r", b"\n")


def _header(text: bytes, separator: str | None) -> tuple[list[str], str]:
    """The names in the first line, and the sign between them."""
    line = text[: text.find(b"\n") if b"\n" in text else len(text)].decode().rstrip("\r")
    outside = "".join(line.split('"')[::2])
    separator = separator or max(SEPARATORS, key=outside.count)
    return [name.strip() for name in next(csv.reader(io.StringIO(line), delimiter=separator))], separator


def _refuse_repeated(names: list[str], source: str) -> None:
    """A name may stand once in a header."""
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise TableError(
            "{source} has two columns called `{column}`. Give each column a name of its own.",
            source=source,
            column=twice[0],
        )


def _named(frame: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """The frame under the names of its header; a nameless column is called by its place."""
    full = [name or f"column {place}" for place, name in enumerate(names, 1)]
    return frame.rename(dict(zip(frame.columns, full, strict=False)))


def _damaged(text: bytes, separator: str, source: str, first_row: int) -> TableError:
    """Where a file that polars could not read goes wrong; looked for row by row, only then."""
    width = None
    for place, row in enumerate(csv.reader(io.StringIO(text.decode()), delimiter=separator)):
        width = width or len(row)
        if len(row) > width:
            return TableError(
                "Row {row} of {source} has {found} cells, but the header names {wanted} columns. "
                "Quote cells that hold the sign between columns.",
                row=place + first_row - 1,
                source=source,
                found=len(row),
                wanted=width,
            )
    return TableError(
        "{source} has a quotation mark that opens and does not close. Close it, or take it out.", source=source
    )
