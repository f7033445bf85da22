"""``holdfast calibrate``: where new clients' ratings are expected to lie, learned from an archive of the same score."""

import argparse
from typing import TYPE_CHECKING, Any

from holdfast.cli.options import a_range, a_step, add_reading, add_table, new_verb

if TYPE_CHECKING:
    from holdfast.alliance import Prior

EXAMPLES = """  holdfast calibrate archive.csv --range 0:100 -o prior.toml
  holdfast calibrate archive.csv --client id --session date --score srs --range 0:40 --step 0.1 -o prior.toml
  holdfast ruptures sessions.csv --range 0:100 --prior prior.toml -o flags.csv

The file says what each number means, on how many ratings it rests, and how well it is known. It holds no client.
"""


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(
        subparsers, "calibrate", does="learn from an archive what is expected of new ratings", examples=EXAMPLES
    )
    add_table(verb)
    verb.add_argument("--score", default="alliance", metavar="COL", help="the client's rating, higher is better")
    verb.add_argument(
        "--range", type=a_range, required=True, metavar="LOW:HIGH", help="lowest and highest possible score"
    )
    verb.add_argument(
        "--step", type=a_step, metavar="S", help="distance between neighbouring scores, such as 1 for whole numbers"
    )
    add_reading(verb, duplicates="refuse", unreadable="refuse")
    verb.add_argument("-o", "--output", required=True, metavar="FILE", help="where to write it, such as prior.toml")


def run(arguments: argparse.Namespace) -> int:
    """Read, learn, write, and say how well it is known."""
    from holdfast.alliance import RatingScale
    from holdfast.cli.telling import Working, left_out_lines, tell
    from holdfast.interop import Reading, SessionShape, read_sessions, read_table, write_prior
    from holdfast.interop.looking import learn_from

    low, high = arguments.range
    RatingScale(low=low, high=high, step=arguments.step)
    shape = SessionShape(
        client=arguments.client,
        session=arguments.session,
        scores={"score": arguments.score},
        ranges={"score": arguments.range},
    )
    reading = Reading(duplicates=arguments.duplicates, unreadable=arguments.unreadable)
    with Working(f"Reading {arguments.table}"):
        sessions = read_sessions(read_table(arguments.table), shape, reading=reading)
    with Working("Learning from the archive"):
        prior = learn_from(sessions, "score", range=arguments.range, step=arguments.step)
    write_prior(prior, arguments.output)
    tell([f"{sessions.table.source}: {sessions.table.rows:,} rows, {sessions.used:,} used."])
    tell(["Left out:", *left_out_lines(sessions.left_out)] if sessions.left_out else [])
    tell([*sessions.notes, *summary(prior), f"{arguments.output}: written."])
    return 0


def summary(prior: "Prior") -> list[str]:
    """Where the prior comes from, its numbers with their intervals, and what limits it."""
    from holdfast.alliance.learn import WORDS

    lines = [prior.sentence]
    for name, word in WORDS.items():
        interval = prior.intervals.get(name)
        known = f" (95 % interval {interval[0]:.4g} to {interval[1]:.4g})" if interval else ""
        lines.append(f"  {word}: {getattr(prior, name):.4g}{known}")
    return [*lines, *(f"Doubt: {doubt}" for doubt in prior.doubts)]
