"""``holdfast simulate``: therapies that nobody had, to try things on."""

import argparse
from typing import Any

from holdfast.cli.options import a_seed, new_verb

EXAMPLES = """  holdfast simulate --clients 60 --sessions 12 --seed 1 -o sessions.csv
  holdfast simulate --clients 1000 --sessions 20 --seed 7 -o sessions.parquet --truth ruptures.csv
"""


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(subparsers, "simulate", does="make up sessions; every row says `simulated`", examples=EXAMPLES)
    verb.add_argument("--clients", type=int, default=60, metavar="N", help="how many clients (default: %(default)s)")
    verb.add_argument("--sessions", type=int, default=12, metavar="T", help="sessions each (default: %(default)s)")
    verb.add_argument(
        "--seed", type=a_seed, default=1, metavar="S", help="the same seed gives the same table (default: %(default)s)"
    )
    verb.add_argument(
        "--truth",
        metavar="FILE",
        help="also write the planted ruptures: onset, kind, form, depth, acknowledged, repaired",
    )
    verb.add_argument("--format", choices=("csv", "json", "parquet"), help="default: by the file's ending, else csv")
    verb.add_argument("-o", "--output", metavar="FILE", help="where to write it (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Make the sessions and write them."""
    from holdfast.cli.telling import Working, tell
    from holdfast.interop import chosen_format, frame_of, write_table
    from holdfast.simulate import simulate_sessions

    chosen_format(arguments.output, format=arguments.format)
    if arguments.truth:
        chosen_format(arguments.truth, format=None)
    with Working("Making up sessions"):
        made = simulate_sessions(clients=arguments.clients, sessions=arguments.sessions, seed=arguments.seed)
        write_table(frame_of(made.columns), arguments.output, format=arguments.format)
        if arguments.truth:
            write_table(frame_of(made.ruptures), arguments.truth)
    held, planted = len(made.columns["client"]), len(made.ruptures["client"])
    tell(
        [
            f"{held:,} simulated sessions; the column `simulated` says so in every row. "
            f"{planted:,} ruptures were planted; who left has no further rows."
        ]
    )
    return 0
