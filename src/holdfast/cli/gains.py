"""``holdfast gains``: sudden gains and losses."""

import argparse
from typing import TYPE_CHECKING, Any

from holdfast.cli.options import add_reading, add_table, new_verb

if TYPE_CHECKING:
    from holdfast.interop import GainTable
    from holdfast.outcome import GainCriteria

EXAMPLES = """  holdfast gains sessions.csv --score bdi --cut 7 -o gains.csv
  holdfast gains sessions.csv --score outcome --sd 5.2 --reliability 0.89 --choose largest -o gains.csv
  holdfast gains sessions.csv --score alliance --higher-is-better --no-share --losses -o losses.csv

A sudden gain is a large and lasting step. Some come up by chance; none is explained by being found.
"""


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(subparsers, "gains", does="find sudden gains and losses from session to session", examples=EXAMPLES)
    add_table(verb)
    verb.add_argument("--score", default="outcome", metavar="COL", help="the score (default: %(default)s)")
    verb.add_argument("--higher-is-better", action="store_true", help="a higher score is a better one")
    verb.add_argument("--losses", action="store_true", help="find steps for the worse instead")
    verb.add_argument("--cut", type=float, metavar="POINTS", help="the first criterion: how large a step has to be")
    verb.add_argument("--sd", type=float, help="with --reliability, in place of --cut: a step beyond measurement error")
    verb.add_argument("--reliability", type=float, help="reliability of the score, 0 to 1")
    verb.add_argument(
        "--share", type=float, default=0.25, help="the second: as a share of the score before (default: %(default)s)"
    )
    verb.add_argument("--no-share", action="store_true", help="leave the second criterion out")
    verb.add_argument("--unadjusted", action="store_true", help="the third with 2.776 however many sessions were rated")
    verb.add_argument(
        "--reversal-from",
        choices=("next", "second"),
        default="next",
        help="from which session after a gain it can be reversed (default: %(default)s)",
    )
    verb.add_argument(
        "--ruled-out",
        action="store_true",
        help="count a step that fails one of the first two as decided, even where too little was seen for the third",
    )
    verb.add_argument(
        "--choose",
        choices=("all", "first", "last", "largest", "smallest"),
        default="all",
        help="which of a client's gains are kept (default: %(default)s)",
    )
    add_reading(verb, duplicates="refuse", unreadable="refuse")
    verb.add_argument("--format", choices=("csv", "json", "parquet"), help="default: by the file's ending, else csv")
    verb.add_argument("-o", "--output", metavar="FILE", help="the table of gains (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Read, look, write, and say what came out."""
    from holdfast.cli.telling import Working, tell
    from holdfast.interop import GainSearch, Reading, chosen_format, find_gains, read_table, write_table
    from holdfast.outcome import Choice

    search = GainSearch(
        client=arguments.client,
        session=arguments.session,
        score=arguments.score,
        higher_is="better" if arguments.higher_is_better else "worse",
        kind="loss" if arguments.losses else "gain",
        criteria=criteria_of(arguments),
        choice=Choice(arguments.choose),
        reading=Reading(duplicates=arguments.duplicates, unreadable=arguments.unreadable),
    )
    chosen_format(arguments.output, format=arguments.format)
    with Working(f"Reading {arguments.table}"):
        table = read_table(arguments.table)
    found = find_gains(table, search)
    write_table(found.rows, arguments.output, format=arguments.format)
    tell(summary(found))
    return 0


def criteria_of(arguments: argparse.Namespace) -> "GainCriteria":
    """The criteria as asked for; a cut of one's own, or one from SD and reliability. Raises MethodError without."""
    from holdfast.errors import MethodError
    from holdfast.outcome import GainCriteria
    from holdfast.stats import smallest_reliable_difference

    cut, sd, reliability = arguments.cut, arguments.sd, arguments.reliability
    if (cut is None) == (sd is None) or (sd is None) != (reliability is None):
        raise MethodError("How large is large? Give --cut in points, or --sd together with --reliability.")
    return GainCriteria(
        cut=cut if cut is not None else smallest_reliable_difference(sd, reliability),
        share=None if arguments.no_share else arguments.share,
        adjusted=not arguments.unadjusted,
        reversal_from=arguments.reversal_from,
        rules_out=arguments.ruled_out,
    )


def summary(found: "GainTable") -> list[str]:
    """What came in, what was found by which rule, and what limits it."""
    from holdfast.cli.telling import left_out_lines

    gains, sessions = found.gains, found.sessions
    rule, word = gains.criteria, {"gain": "gains", "loss": "losses"}[gains.kind]
    lines = [f"{sessions.table.source}: {sessions.table.rows:,} rows, {len(sessions.clients):,} clients."]
    if found.left_out:
        lines += ["Left out:", *left_out_lines(found.left_out)]
    lines += sessions.notes
    parts = [f"{rule.cut:.4g} points"] if rule.cut is not None else []
    parts += [f"{100 * rule.share:g} % of the score before"] if rule.share is not None else []
    critical = "critical value for the sessions seen" if rule.adjusted else "critical value 2.776"
    lines.append(f"Sudden {word}: at least {' and '.join([*parts, f'lasting ({critical})'])}.")
    count, steps = len(gains.client), int(gains.decided.sum())
    lines.append(
        f"{count:,} sudden {word if count != 1 else gains.kind} of {gains.clients:,} clients in {steps:,} steps that "
        f"could be told; {int(gains.reversed.sum()):,} reversed later."
    )
    lines += [f"Doubt: {doubt}" for doubt in gains.doubts]
    if found.simulated:
        lines.append("These data are simulated; the column `simulated` says so in every row.")
    return lines
