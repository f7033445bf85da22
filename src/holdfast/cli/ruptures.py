"""``holdfast ruptures``: which ratings were lower than expected, and what became of it."""

import argparse
from typing import TYPE_CHECKING, Any

from holdfast.cli.options import a_range, add_prior, add_reading, add_table, chosen_prior, new_verb

if TYPE_CHECKING:
    from holdfast.alliance import Calibration
    from holdfast.interop import RuptureTable
    from holdfast.interop.listening import Heard

EXAMPLES = """  holdfast ruptures sessions.csv --range 0:100 -o flags.csv
  holdfast ruptures sessions.csv --client id --session date --score srs --range 0:40 --duplicates last -o flags.csv
  holdfast ruptures sessions.csv --range 0:100 --prior prior.toml -o flags.csv
  holdfast ruptures sessions.csv --range 0:100 --therapist-score therapist_alliance --predicted predicted -o flags.csv
  holdfast ruptures sessions.csv --range 0:40 --score srs --false-alarms-per-20 1 --talk-at 36 --format json

A signal is an unusual session, not an observed rupture; no signal is no green light.
"""

SAID = {
    "therapist-score": "the therapist's rating, on the same scale",
    "predicted": "the therapist's guess of the client's rating",
    "client-tension": "tension reported by the client: an amount, 0 none",
    "therapist-tension": "tension reported by the therapist: an amount, 0 none",
    "client-way": "its way by the client: 1 pulling away, 2 pushing against, 3 both, 4 not sure",
    "therapist-way": "its way by the therapist",
    "therapist": "who the therapist is; with another one the course begins anew",
}


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(
        subparsers,
        "ruptures",
        does="compare what was said in each session with what the earlier ones lead one to expect",
        examples=EXAMPLES,
    )
    add_table(verb)
    verb.add_argument("--score", default="alliance", metavar="COL", help="the client's rating, higher is better")
    for word, what in SAID.items():
        verb.add_argument(f"--{word}", metavar="COL", help=what)
    verb.add_argument(
        "--range", type=a_range, required=True, metavar="LOW:HIGH", help="lowest and highest possible score"
    )
    verb.add_argument(
        "--facets", nargs="+", default=(), metavar="COL", help="sides of the relationship, to say which of them fell"
    )
    add_dial(verb)
    add_prior(verb)
    verb.add_argument(
        "--hindsight",
        action="store_true",
        help="add hindsight_p and hindsight_probability, which use later sessions too; for looking back only",
    )
    add_reading(verb, duplicates="refuse", unreadable="refuse")
    verb.add_argument("--format", choices=("csv", "json", "parquet"), help="default: by the file's ending, else csv")
    verb.add_argument("-o", "--output", metavar="FILE", help="where to write it (default: standard output)")


def add_dial(verb: argparse.ArgumentParser) -> None:
    """How many false alarms are put up with, what counts as reported, and the fixed cut-off."""
    verb.add_argument(
        "--false-alarms-per-20",
        type=float,
        default=0.6,
        metavar="N",
        help="signals of all kinds to expect in 20 sessions when nothing has happened (default: %(default)s)",
    )
    verb.add_argument(
        "--reports",
        choices=("rare", "said"),
        default="rare",
        help="reported tension is a signal of its own where it is rare enough for that, or whenever it was said "
        "(default: %(default)s)",
    )
    verb.add_argument(
        "--talk-at", type=float, metavar="SCORE", help="mark ratings at or below it as worth talking about; no signal"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read, look, write, and say in short what came out."""
    from holdfast.alliance.signals import Budget
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
            **{name: getattr(arguments, name) for name in (word.replace("-", "_") for word in SAID)},
            facets=tuple(arguments.facets),
        ),
        budget=Budget(per_20=arguments.false_alarms_per_20, reports=arguments.reports),
        talk_at=arguments.talk_at,
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
    lines += _signals(found.heard)
    for name, finding in found.findings.items():
        who = "Client" if name == "score" else "Therapist"
        lines.append(f"{who}: {finding.prior.sentence[:1].lower()}{finding.prior.sentence[1:]}")
    lines.append(_episodes(found))
    if found.back is not None:
        lines.append(f"Hindsight uses later sessions: for looking back only. {found.back.regimes.source}")
    lines += [f"Doubt: {doubt}" for doubt in found.doubts]
    if found.simulated:
        lines.append("These data are simulated; the column `simulated` says so in every row.")
    return lines


def _signals(heard: "Heard") -> list[str]:
    """Each kind of signal beside what chance alone would give, and how far the stated rate is kept."""
    lines = []
    for kind, found in heard.kinds.items():
        rate = getattr(heard.rates, kind)
        if rate > 0.0:
            lines.append(
                f"{kind.capitalize()}: {int(found.sum()):,} in {heard.monitored:,} monitored sessions; if nothing had "
                f"happened, chance alone would give about {rate * heard.monitored:,.1f} at most "
                f"({100 * rate:.3g} % of sessions)."
            )
        elif found.any():
            lines.append(f"{kind.capitalize()}: {int(found.sum()):,} sessions in which it was said; no chance rate.")
    for source, rule in heard.tension_rules.items():
        who = "Clients" if source == "client_tension" else "Therapists"
        if rule.any_rate is not None:
            share = rule.any_rate
            lines.append(
                f"{who} report some tension in {100 * share.estimate:.1f} % of sessions without another signal "
                f"(95 % interval {100 * share.low:.1f} to {100 * share.high:.1f})."
            )
    if heard.talk.any() or heard.talk_expected:
        lines.append(
            f"Worth talking about (fixed cut-off, no signal): {int(heard.talk.sum()):,} sessions; by each person's own "
            f"history about {heard.talk_expected:,.0f} were to be expected."
        )
    return lines + calibration_lines(heard.calibration)


def calibration_lines(seen: "Calibration") -> list[str]:
    """How often tails fell below the stated rate."""
    if not seen.observed.of:
        return []
    line = (
        f"Calibration: {seen.per_100:.2f} of 100 monitored sessions lie below the stated {100 * seen.nominal:.3g} % "
        f"(95 % interval {100 * seen.observed.low:.2f} to {100 * seen.observed.high:.2f}); real ruptures count too."
    )
    if seen.held_out is None:
        return [line]
    return [
        line,
        f"A threshold of p < {seen.threshold:.4g} would keep the rate on this table (split conformal; tried out on the "
        f"other half of the clients: {100 * seen.held_out.estimate:.2f} of 100).",
    ]


def _episodes(found: "RuptureTable") -> str:
    """How many episodes there were, and how they stand at the end."""
    counts = found.findings["score"].episode_counts
    stand = ", ".join(f"{status} {count:,}" for status, count in counts.items())
    return f"Rupture episodes (by the client's ratings): {sum(counts.values()):,}{f' ({stand})' if stand else ''}."
