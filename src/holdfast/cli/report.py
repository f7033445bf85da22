"""``holdfast report``: one HTML file about a caseload, for a team meeting."""

import argparse
from datetime import date
from typing import Any

from holdfast.cli.options import a_range, add_prior, add_reading, add_table, chosen_prior, new_verb
from holdfast.cli.ruptures import SAID, add_dial

EXAMPLES = """  holdfast report sessions.csv --outcome outcome --alliance alliance --range 0:100 -o report.html
  holdfast report sessions.csv --outcome outcome --alliance alliance --range 0:100 \\
    --therapist-score therapist_alliance --predicted predicted -o report.html
  holdfast report sessions.csv --client id --session date --outcome phq9 --outcome-range 0:27 -o report.html

The file needs no network. It names every client by the id of the table: keep it as you keep the table.
"""


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(subparsers, "report", does="write a self-contained HTML report on a caseload", examples=EXAMPLES)
    add_table(verb)
    verb.add_argument(
        "--outcome", required=True, metavar="COL", help="how the client is doing, such as a symptom score"
    )
    verb.add_argument("--alliance", metavar="COL", help="the client's rating of the session, higher is better")
    for word, what in SAID.items():
        verb.add_argument(f"--{word}", metavar="COL", help=what)
    verb.add_argument("--range", type=a_range, metavar="LOW:HIGH", help="lowest and highest alliance score")
    verb.add_argument("--outcome-range", type=a_range, metavar="LOW:HIGH", help="lowest and highest outcome score")
    verb.add_argument(
        "--higher-is", choices=("worse", "better"), default="worse", help="of the outcome (default: %(default)s)"
    )
    verb.add_argument(
        "--reliability",
        type=float,
        metavar="R",
        help="of the outcome, for reliable change (default: first with second scores, from 20 clients on)",
    )
    add_dial(verb)
    add_prior(verb)
    verb.add_argument("--title", default="Caseload report")
    add_reading(verb, duplicates="first", unreadable="leave-out")
    verb.add_argument("-o", "--output", required=True, metavar="FILE", help="where to write it, such as report.html")


def run(arguments: argparse.Namespace) -> int:
    """Read, look, write the page, and say in short what was left out."""
    from pathlib import Path

    from holdfast.alliance.signals import Budget
    from holdfast.cli.telling import Working, left_out_lines, tell
    from holdfast.interop import Reading, read_table, write_whole
    from holdfast.report import ReportRequest, caseload_report, report_from_table

    today = date.today()
    request = ReportRequest(
        outcome=arguments.outcome,
        made_on=f"{today.day} {today:%B %Y}",
        alliance=arguments.alliance,
        **{name: getattr(arguments, name) for name in (word.replace("-", "_") for word in SAID)},
        client=arguments.client,
        session=arguments.session,
        range=arguments.range,
        outcome_range=arguments.outcome_range,
        higher_is=arguments.higher_is,
        reliability=arguments.reliability,
        title=arguments.title,
        prior=chosen_prior(arguments.prior, range=arguments.range if arguments.alliance else arguments.outcome_range),
        budget=Budget(per_20=arguments.false_alarms_per_20, reports=arguments.reports),
        talk_at=arguments.talk_at,
        reading=Reading(duplicates=arguments.duplicates, unreadable=arguments.unreadable),
    )
    with Working(f"Reading {arguments.table}"):
        table = read_table(arguments.table)
    with Working("Looking at the sessions") as working:
        made = report_from_table(table, request, told=working)
    with Working("Writing the report"):
        page = caseload_report(made.report).encode()
        write_whole(Path(arguments.output), lambda file: file.write(page))
    report = made.report
    tell([f"{report.intake.source}: {report.intake.rows:,} rows, {report.intake.used:,} used."])
    tell(["Left out:", *left_out_lines(made.sessions.left_out)] if made.sessions.left_out else [])
    tell(report.intake.notes)
    tell(f"Doubt: {doubt}" for doubt in made.doubts)
    tell([f"{arguments.output}: {len(report.clients):,} clients."])
    return 0
