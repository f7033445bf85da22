"""``holdfast score``: answers in, scores out, by the instrument's own rule."""

import argparse
from pathlib import Path
from typing import Any

from holdfast.cli.options import UNREADABLE, new_verb

EXAMPLES = """  holdfast score demo5 answers.csv -o scores.csv
  holdfast score phq-9 answers.csv --format json

answers.csv has a column for each item, named by its id (`holdfast instruments demo5` lists them); an empty cell is a
missing answer. Other columns, such as client and session, are kept.
"""


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(subparsers, "score", does="score a table of answers", examples=EXAMPLES)
    verb.add_argument("id", metavar="ID", help="the instrument; `holdfast instruments` lists them")
    verb.add_argument("table", metavar="answers.csv", help="CSV or Parquet, one row per filled-in form")
    verb.add_argument("--version", metavar="V", help="of the instrument (default: the newest)")
    verb.add_argument(
        "--folder", action="append", default=[], type=Path, metavar="DIR", help="a folder with instruments of your own"
    )
    verb.add_argument(
        "--unreadable",
        choices=UNREADABLE,
        default="refuse",
        help="words for points: stop, or count them as missing and say so (default: %(default)s)",
    )
    verb.add_argument("--format", choices=("csv", "json", "parquet"), help="default: by the file's ending, else csv")
    verb.add_argument("-o", "--output", metavar="FILE", help="where to write it (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Read, score, write, and say what limits the scores."""
    from holdfast.cli.telling import Working, left_out_lines, tell
    from holdfast.instruments import load
    from holdfast.interop import Reading, chosen_format, read_table, score_table, write_table

    instrument = load(arguments.id, version=arguments.version, folders=arguments.folder)
    chosen_format(arguments.output, format=arguments.format)
    with Working(f"Reading {arguments.table}"):
        table = read_table(arguments.table)
    with Working("Scoring"):
        found = score_table(table, instrument, reading=Reading(unreadable=arguments.unreadable))
    with Working("Writing the scores"):
        write_table(found.rows, arguments.output, format=arguments.format)
    tell([f"{table.source}: {table.rows:,} rows scored with {instrument.id} {instrument.version}."])
    tell(["Counted as missing:", *left_out_lines(found.left_out)] if found.left_out else [])
    tell(f"Doubt: {doubt}" for doubt in found.doubts)
    return 0
