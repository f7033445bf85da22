"""``holdfast process``: alliance and outcome within clients, between clients, and between therapists."""

import argparse
from typing import TYPE_CHECKING, Any

from holdfast.cli.options import add_reading, add_table, new_verb

if TYPE_CHECKING:
    from holdfast.interop import ProcessTable

EXAMPLES = """  holdfast process sessions.csv --outcome outcome --alliance alliance
  holdfast process sessions.csv --outcome outcome --alliance alliance --therapist therapist -o effects.csv

Effects are points of outcome per point of alliance, in the same session. They say what goes together,
not what causes what.
"""


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(
        subparsers, "process", does="tell alliance and outcome within clients from between clients", examples=EXAMPLES
    )
    add_table(verb)
    verb.add_argument("--outcome", required=True, metavar="COL", help="how the client is doing")
    verb.add_argument("--alliance", required=True, metavar="COL", help="the rating of the alliance")
    verb.add_argument("--therapist", metavar="COL", help="column that says whose client it is; adds that level")
    verb.add_argument(
        "--trend",
        choices=("kept", "from-alliance", "in-model"),
        default="kept",
        help="leave a course over time as it is, take each client's own line from the alliance, or put time with a "
        "slope of each client's own in the model (default: %(default)s)",
    )
    verb.add_argument("--own-slopes", action="store_true", help="let clients differ in their within effect")
    verb.add_argument(
        "--autocorrelation", action="store_true", help="let what is left over hang together from session to session"
    )
    add_reading(verb, duplicates="refuse", unreadable="refuse")
    verb.add_argument("--format", choices=("csv", "json", "parquet"), help="default: by the file's ending, else csv")
    verb.add_argument("-o", "--output", metavar="FILE", help="the table of effects (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Read, fit, write, and say what came out."""
    from holdfast.cli.telling import Working, tell
    from holdfast.interop import ProcessColumns, Reading, chosen_format, find_within_between, read_table, write_table
    from holdfast.process import ProcessModel, Trend

    columns = ProcessColumns(
        client=arguments.client,
        session=arguments.session,
        alliance=arguments.alliance,
        outcome=arguments.outcome,
        therapist=arguments.therapist,
    )
    chosen_format(arguments.output, format=arguments.format)
    with Working(f"Reading {arguments.table}"):
        table = read_table(arguments.table)
    reading = Reading(duplicates=arguments.duplicates, unreadable=arguments.unreadable)
    model = ProcessModel(
        trend=Trend(arguments.trend),
        own_slopes=arguments.own_slopes,
        autocorrelation=arguments.autocorrelation,
    )
    with Working("Fitting the model"):
        found = find_within_between(table, columns, model=model, reading=reading)
    write_table(found.rows, arguments.output, format=arguments.format)
    tell(summary(found))
    return 0


def summary(found: "ProcessTable") -> list[str]:
    """What came in, what was found with its interval, and what limits it."""
    from holdfast.cli.telling import left_out_lines

    sessions, effects = found.sessions, found.effects
    therapists = f" of {effects.therapist_count:,} therapists" if effects.therapist_count else ""
    lines = [
        f"{sessions.table.source}: {sessions.table.rows:,} rows; {effects.sessions:,} sessions of {effects.clients:,} "
        f"clients{therapists} have both values, {effects.left_out:,} do not."
    ]
    if found.left_out:
        lines += ["Left out:", *left_out_lines(found.left_out)]
    lines += [*sessions.notes, *effects.summary()]
    lines += [f"Doubt: {doubt}" for doubt in effects.doubts]
    if found.simulated:
        lines.append("These data are simulated; the column `simulated` says so in every row.")
    return lines
