"""``holdfast rules``: what the rules of published studies would flag, beside what they flag in pure noise."""

import argparse
from typing import TYPE_CHECKING, Any

from holdfast.cli.options import a_range, add_reading, new_verb

if TYPE_CHECKING:
    from holdfast.alliance import RuleAgreement
    from holdfast.interop import RulesTable

EXAMPLES = """  holdfast rules --list
  holdfast rules sessions.csv --range 0:100 -o flags.csv
  holdfast rules sessions.csv --range 0:100 --rule stiles-2004 --rule gumz-2012-1sd -o flags.csv
  holdfast rules sessions.csv --range 0:100 --rule vshape --rule vshape:size=2,within=4 -o flags.csv
  holdfast rules sessions.csv --score srs --range 0:40 --reliability .88 --autocorrelation .3 --format json

A flag is a drop in a rating that a study would have counted, not an observed rupture; no flag is no green light.
"""
PAIRS_IN_WORDS = 3  # with more rules than this, their agreement is a square of kappas


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(
        subparsers,
        "rules",
        does="flag sessions by the rules of published studies, beside each rule's rate on pure noise",
        examples=EXAMPLES,
    )
    verb.add_argument("table", metavar="sessions.csv", nargs="?", help="CSV or Parquet, one row per session")
    verb.add_argument("--list", action="store_true", help="list the rules with their sources, and stop")
    verb.add_argument("--client", default="client", metavar="COL", help="column that says whose session it is")
    verb.add_argument("--session", default="session", metavar="COL", help="column with session numbers, days or dates")
    verb.add_argument("--score", default="alliance", metavar="COL", help="the client's rating, higher is better")
    verb.add_argument("--range", type=a_range, metavar="LOW:HIGH", help="lowest and highest possible score")
    verb.add_argument(
        "--rule",
        action="append",
        default=[],
        metavar="NAME",
        help="a rule, or a rule with settings (size, unit, tolerance, within, rise, needed, sd, reliability) such as "
        "vshape:size=2,within=any; may be repeated (default: all that fit the range)",
    )
    verb.add_argument(
        "--reliability", type=float, metavar="R", help="the scale's own, for rules of reliable change (default: .8)"
    )
    verb.add_argument(
        "--autocorrelation",
        type=float,
        default=0.0,
        metavar="PHI",
        help="of the pure noise, from session to session (default: %(default)s)",
    )
    add_reading(verb, duplicates="refuse", unreadable="refuse")
    verb.add_argument("--format", choices=("csv", "json", "parquet"), help="default: by the file's ending, else csv")
    verb.add_argument("-o", "--output", metavar="FILE", help="where to write it (default: standard output)")
    verb.set_defaults(verb_parser=verb)


def run(arguments: argparse.Namespace) -> int:
    """List the rules; or read, apply, write, and say in short what came out."""
    if arguments.list:
        print("\n".join(listing()))
        return 0
    if arguments.table is None or arguments.range is None:
        arguments.verb_parser.error("name a table and its --range, or ask for --list")
    from holdfast.alliance import Noise
    from holdfast.cli.telling import Working, tell
    from holdfast.interop import Reading, RuleSearch, apply_rules, chosen_format, read_table, write_table

    search = RuleSearch(
        range=arguments.range,
        client=arguments.client,
        session=arguments.session,
        score=arguments.score,
        rules=tuple(arguments.rule),
        reliability=arguments.reliability,
        noise=Noise(autocorrelation=arguments.autocorrelation),
        reading=Reading(duplicates=arguments.duplicates, unreadable=arguments.unreadable),
    )
    chosen_format(arguments.output, format=arguments.format)
    with Working(f"Reading {arguments.table}"):
        table = read_table(arguments.table)
    with Working("Applying the rules"):
        found = apply_rules(table, search)
    with Working("Writing the results"):
        write_table(found.rows, arguments.output, format=arguments.format)
    tell(summary(found))
    return 0


def listing() -> list[str]:
    """Every rule: its name, how far its wording is known, and where it comes from."""
    from holdfast.alliance import list_rules

    width = max(len(spec.name) for spec in list_rules())
    return [
        f"{spec.name:<{width}}  {of if of.endswith(' of') else f'{of}:'} {spec.source}."
        for spec in list_rules()
        for of in (spec.provenance.value,)
    ]


def summary(found: "RulesTable") -> list[str]:
    """What came in, what was left out, what each rule flags beside pure noise, how rules agree, what limits it."""
    from holdfast.cli.telling import left_out_lines

    sessions = found.sessions
    unrated = int((~sessions.rated).sum())
    lines = [f"{sessions.table.source}: {sessions.table.rows:,} rows, {sessions.used:,} used, {unrated:,} not rated."]
    if sessions.left_out:
        lines += ["Left out:", *left_out_lines(sessions.left_out)]
    lines += sessions.notes
    lines += [str(each) for each in found.agreement.rules]
    lines += _agreement(found.agreement)
    lines += [f"Doubt: {doubt}" for doubt in found.doubts]
    if found.simulated:
        lines.append("These data are simulated; the column `simulated` says so in every row.")
    return lines


def _agreement(agreement: "RuleAgreement") -> list[str]:
    """Two or three rules pair by pair in words; more of them as a square of kappas."""
    if len(agreement.rules) <= PAIRS_IN_WORDS:
        return [str(pair) for pair in agreement.pairs]
    names = [each.rule.name for each in agreement.rules]
    width = max(map(len, names)) + 4
    lines = ["Agreement (Cohen's kappa) of every two rules. Above the diagonal: these ratings; below: pure noise."]
    lines.append(" " * width + "".join(f"{number:>6}" for number in range(1, len(names) + 1)))
    for i, name in enumerate(names):
        cells = [
            "     ." if i == j else f"{_two_digits((agreement.kappa if j > i else agreement.chance_kappa)[i, j]):>6}"
            for j in range(len(names))
        ]
        lines.append(f"{i + 1:>2} {name:<{width - 3}}" + "".join(cells))
    return lines


def _two_digits(kappa: float) -> str:
    """Two digits; a dash where neither rule flags anything."""
    return "–" if kappa != kappa else f"{kappa:.2f}"
