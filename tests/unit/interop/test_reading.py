"""Files as people really save them."""

from pathlib import Path

import polars as pl
import pytest

from holdfast.errors import TableError
from holdfast.interop import read_table

PLAIN = {"client": ["007", "Müller"], "score": ["2,5", None]}

REAL_LIFE = {
    "a byte-order mark, semicolons and Windows line ends": "\ufeffclient;score\r\n007;2,5\r\nMüller;\r\n".encode(),
    "tabs": "client\tscore\n007\t2,5\nMüller\t\n".encode(),
    "bars": "client|score\n007|2,5\nMüller|\n".encode(),
    "commas and quoted cells": 'client,score\n007,"2,5"\n"Müller",\n'.encode(),
    "a comma in a quoted name of a column": '"client";"score"\n"007";"2,5"\nMüller;\n'.encode(),
    "Windows-1252": "client;score\n007;2,5\nMüller;\n".encode("cp1252"),
    "UTF-16, as spreadsheets save text": "client\tscore\r\n007\t2,5\r\nMüller\t\r\n".encode("utf-16"),
    "line ends of an old Mac": "client;score\r007;2,5\rMüller;\r".encode(),
    "no line end at the end": "client;score\n007;2,5\nMüller;".encode(),
    "spaces around the names": " client ; score \n007;2,5\nMüller;\n".encode(),
    "a short row": "client;score\n007;2,5\nMüller\n".encode(),
}


@pytest.mark.parametrize("data", REAL_LIFE.values(), ids=REAL_LIFE)
def test_a_table_reads_the_same_however_it_was_saved(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "sessions.csv"
    file.write_bytes(data)
    table = read_table(file)
    assert table.frame.to_dict(as_series=False) == PLAIN
    assert (table.source, table.first_row, table.rows) == ("sessions.csv", 2, 2)


@pytest.mark.parametrize(
    ("text", "first_row"),
    [("sep=;\r\nclient;score\r\n1;2\r\n", 3), ("\n\nclient,score\n1,2\n", 4), ("sep=\n\nclient,score\n1,2\n", 4)],
)
def test_lines_before_the_header_count(tmp_path: Path, text: str, first_row: int) -> None:
    file = tmp_path / "sessions.csv"
    file.write_text(text, newline="")
    table = read_table(file)
    assert table.frame.to_dicts() == [{"client": "1", "score": "2"}]
    assert table.row(0) == first_row


def test_blank_lines_keep_their_place(tmp_path: Path) -> None:
    file = tmp_path / "sessions.csv"
    file.write_text("client,score\n1,2\n\n3,4\n")
    table = read_table(file)
    assert table.frame["client"].to_list() == ["1", None, "3"]
    assert table.row(2) == 4


def test_a_nameless_column_is_called_by_its_place(tmp_path: Path) -> None:
    file = tmp_path / "sessions.csv"
    file.write_text(",client,\n1,2,3\n")
    assert read_table(file).columns == ["column 1", "client", "column 3"]


@pytest.mark.parametrize("name", ["sessions.parquet", "sessions.PQ"])
def test_parquet_keeps_its_types(tmp_path: Path, name: str) -> None:
    frame = pl.DataFrame({"client": ["007"], "score": [2.5]})
    frame.write_parquet(tmp_path / name)
    table = read_table(str(tmp_path / name))
    assert table.frame.equals(frame)
    assert table.first_row == 1


REFUSED = {
    "": "sessions.csv is empty. Give a table with a header and a row per session.",
    " \r\n\r\n": "sessions.csv is empty. Give a table with a header and a row per session.",
    "client,score\n": "sessions.csv has a header and no rows. Give a table with a row per session.",
    "a,a\n1,2\n": "sessions.csv has two columns called `a`. Give each column a name of its own.",
    "a,b\n1,2\n\n3,4,5\n": "Row 4 of sessions.csv has 3 cells, but the header names 2 columns. "
    "Quote cells that hold the sign between columns.",
    'a,b\n"1,2\n': "sessions.csv has a quotation mark that opens and does not close. Close it, or take it out.",
}


@pytest.mark.parametrize(("text", "sentence"), REFUSED.items())
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    file = tmp_path / "sessions.csv"
    file.write_text(text, newline="")
    with pytest.raises(TableError) as caught:
        read_table(file)
    assert str(caught.value) == sentence


def test_a_file_that_is_not_there_not_readable_or_not_parquet(tmp_path: Path) -> None:
    (tmp_path / "words.parquet").write_text("words")
    for name, words in (
        ("none.csv", "There is no file"),
        ("", "cannot be read"),
        ("words.parquet", "is not a Parquet"),
    ):
        with pytest.raises(TableError, match=words):
            read_table(tmp_path / name)
