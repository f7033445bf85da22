"""``holdfast ruptures``: which ratings were lower than expected, and what became of it."""

import argparse
from typing import TYPE_CHECKING, Any

from holdfast.cli.options import a_range, add_prior, add_reading, add_table, chosen_prior, new_verb

if TYPE_CHECKING:
    from holdfast.interop import RuptureTable

EXAMPLES = """  holdfast ruptures sessions.csv --range 0:100 -o flags.csv
  holdfast ruptures sessions.csv --client id --session date --score srs --range 0:40 --duplicates last -o flags.csv
  holdfast ruptures sessions.csv --range 0:100 --prior prior.toml -o flags.csv
  holdfast ruptures sessions.csv --range 0:100 --therapist-score therapist_alliance --format json

A signal is an unusual drop in a rating, not an observed rupture; no signal is no green light.
"""


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(
        subparsers,
        "ruptures",
        does="compare each rating with what the earlier ones lead one to expect",
        examples=EXAMPLES,
    )
    add_table(verb)
    verb.add_argument("--score", default="alliance", metavar="COL", help="the client's rating, higher is better")
    verb.add_argument(
        "--therapist-score",
        metavar="COL",
        help="the therapist's rating, on the same scale; looked at beside the client's",
    )
    verb.add_argument(
        "--range", type=a_range, required=True, metavar="LOW:HIGH", help="lowest and highest possible score"
    )
    verb.add_argument(
        "--alpha",
        type=float,
        default=0.02,
        help="share of sessions with an acute signal when nothing has happened (default: %(default)s)",
    )
    add_prior(verb)
    verb.add_argument(
        "--hindsight",
        action="store_true",
        help="add hindsight_p and hindsight_probability, which use later sessions too; for looking back only",
    )
    add_reading(verb, duplicates="refuse", unreadable="refuse")
    verb.add_argument("--format", choices=("csv", "json", "parquet"), help="default: by the file's ending, else csv")
    verb.add_argument("-o", "--output", metavar="FILE", help="where to write it (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Read, look, write, and say in short what came out."""
    from holdfast.cli.telling import Working, tell
    from holdfast.interop import (
        Columns,
        Reading,
        RuptureSearch,
        chosen_format,
        find_ruptures,
        read_table,
        write_table,
    )

    search = RuptureSearch(
        range=arguments.range,
        columns=Columns(
            client=arguments.client,
            session=arguments.session,
            score=arguments.score,
            therapist_score=arguments.therapist_score,
        ),
        alpha=arguments.alpha,
        prior=chosen_prior(arguments.prior, range=arguments.range),
        hindsight=arguments.hindsight,
        reading=Reading(duplicates=arguments.duplicates, unreadable=arguments.unreadable),
    )
    chosen_format(arguments.output, format=arguments.format)
    with Working(f"Reading {arguments.table}"):
        table = read_table(arguments.table)
    with Working("Looking at the sessions") as working:
        found = find_ruptures(table, search, told=working)
    with Working("Writing the results"):
        write_table(found.rows, arguments.output, format=arguments.format)
    tell(summary(found))
    return 0


def summary(found: "RuptureTable") -> list[str]:
    """What came in, what was left out, what was found, and what limits it."""
    from holdfast.cli.telling import left_out_lines

    sessions = found.sessions
    unrated = int((~sessions.rated).sum())
    lines = [f"{sessions.table.source}: {sessions.table.rows:,} rows, {sessions.used:,} used, {unrated:,} not rated."]
    if found.left_out:
        lines += ["Left out:", *left_out_lines(found.left_out)]
    lines += sessions.notes
    for name, finding in found.findings.items():
        who = "Client" if name == "score" else "Therapist"
        acute, erosion = int((finding.signal == 1).sum()), int((finding.signal == 2).sum())
        lines.append(
            f"{who}: {acute:,} acute and {erosion:,} erosion signals in {finding.monitored:,} monitored sessions; if "
            f"nothing had happened, chance alone would give about {finding.expected_by_chance:,.1f} (acute "
            f"{100 * finding.rule.alpha:g} % of sessions, erosion one in {finding.rule.run_length:g})."
        )
        lines.append(f"{who}: {finding.prior.sentence[:1].lower()}{finding.prior.sentence[1:]}")
    lines.append(_episodes(found))
    if found.back is not None:
        lines.append(f"Hindsight uses later sessions: for looking back only. {found.back.regimes.source}")
    lines += [f"Doubt: {doubt}" for doubt in found.doubts]
    if found.simulated:
        lines.append("These data are simulated; the column `simulated` says so in every row.")
    return lines


def _episodes(found: "RuptureTable") -> str:
    """How many episodes there were, and how they stand at the end."""
    counts = found.findings["score"].episode_counts
    stand = ", ".join(f"{status} {count:,}" for status, count in counts.items())
    return f"Rupture episodes (by the client's ratings): {sum(counts.values()):,}{f' ({stand})' if stand else ''}."
