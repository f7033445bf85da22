"""``holdfast congruence``: client and therapist of the same sessions, side by side."""

import argparse
from typing import TYPE_CHECKING, Any

from holdfast.cli.options import a_range, add_reading, add_table, new_verb

if TYPE_CHECKING:
    from holdfast.alliance.pair import Attunement, Congruence, PairSurface
    from holdfast.interop import PairTable
    from holdfast.stats import Estimate

EXAMPLES = """  holdfast congruence sessions.csv --range 0:100 -o dyads.csv
  holdfast congruence sessions.csv --range 0:100 --predicted predicted --outcome outcome -o dyads.csv

Every value of a single dyad is pulled towards the others and has its interval; none of them is a grade.
"""


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(
        subparsers,
        "congruence",
        does="set client's and therapist's ratings of the same sessions side by side",
        examples=EXAMPLES,
    )
    add_table(verb)
    verb.add_argument("--client-score", default="alliance", metavar="COL", help="the client's rating")
    verb.add_argument(
        "--therapist-score", default="therapist_alliance", metavar="COL", help="the therapist's, on the same scale"
    )
    verb.add_argument("--predicted", metavar="COL", help="the therapist's prediction of the client's rating")
    verb.add_argument("--outcome", metavar="COL", help="how the client is doing; lower is better unless said")
    verb.add_argument("--higher-is-better", action="store_true", help="a higher outcome is a better one")
    verb.add_argument("--bias-force", action="store_true", help="count the therapist's previous rating too")
    verb.add_argument(
        "--range", type=a_range, required=True, metavar="LOW:HIGH", help="lowest and highest possible rating"
    )
    add_reading(verb, duplicates="refuse", unreadable="refuse")
    verb.add_argument("--format", choices=("csv", "json", "parquet"), help="default: by the file's ending, else csv")
    verb.add_argument("-o", "--output", metavar="FILE", help="the table of dyads (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Read, compare, write, and say what came out."""
    from holdfast.cli.telling import Working, tell
    from holdfast.interop import (
        PairColumns,
        PairSearch,
        Reading,
        chosen_format,
        find_congruence,
        read_table,
        write_table,
    )

    search = PairSearch(
        range=arguments.range,
        columns=PairColumns(
            client=arguments.client,
            session=arguments.session,
            client_score=arguments.client_score,
            therapist_score=arguments.therapist_score,
            predicted=arguments.predicted,
            outcome=arguments.outcome,
        ),
        higher_is_better=arguments.higher_is_better,
        bias_force=arguments.bias_force,
        reading=Reading(duplicates=arguments.duplicates, unreadable=arguments.unreadable),
    )
    chosen_format(arguments.output, format=arguments.format)
    with Working(f"Reading {arguments.table}"):
        table = read_table(arguments.table)
    with Working("Comparing the two sides"):
        found = find_congruence(table, search)
    write_table(found.rows, arguments.output, format=arguments.format)
    tell(summary(found))
    return 0


def summary(found: "PairTable") -> list[str]:
    """What came in, what was found with its interval, and what limits it."""
    from holdfast.cli.telling import left_out_lines

    sessions = found.sessions
    lines = [f"{sessions.table.source}: {sessions.table.rows:,} rows, {len(sessions.clients):,} dyads."]
    if found.left_out:
        lines += ["Left out:", *left_out_lines(found.left_out)]
    lines += sessions.notes
    doubts: list[str] = []
    if found.congruence:
        lines += congruence_lines(found.congruence)
        doubts += found.congruence.doubts
    if found.attunement:
        lines += attunement_lines(found.attunement)
        doubts += found.attunement.doubts
    swing = sorted(found.consistency.swing.tolist())
    lines.append(
        f"Consistency: a client's usual swing from session to session is {swing[len(swing) // 2]:.2g} points for the "
        f"client in the middle, {swing[0]:.2g} to {swing[-1]:.2g} over all; higher is less steady."
    )
    doubts += found.consistency.doubts
    if found.surface:
        lines += surface_lines(found.surface)
        doubts += found.surface.doubts
    lines += [f"Not computed. {why}" for why in found.not_computed]
    lines += [f"Doubt: {doubt}" for doubt in dict.fromkeys(doubts)]
    if found.simulated:
        lines.append("These data are simulated; the column `simulated` says so in every row.")
    return lines


def told(found: "Estimate", *, sign: bool = False) -> str:
    """A value with its interval."""
    form = "{:+.2f} ({:+.2f} to {:+.2f})" if sign else "{:.2f} ({:.2f} to {:.2f})"
    return form.format(found.value, found.low, found.high)


def congruence_lines(found: "Congruence") -> list[str]:
    """Who rates higher, whether the two move together, whether that rises, and what was published."""
    implied = ", ".join(f"{each.value:.2f} at {share:g}" for share, each in found.implied.items())
    lines = [
        f"Directional discrepancy: therapists rate {told(found.directional_discrepancy, sign=True)} points against "
        f"their clients; dyads differ by {told(found.discrepancy_sd)} (SD; {found.centring_sd:.2f} of it would come "
        "from centring alone).",
        "Temporal congruence: when the client's rating moves by one point, the therapist's moves by "
        f"{told(found.temporal_congruence)}; dyads differ by {told(found.congruence_sd)} (SD). As a correlation within "
        f"dyads: {found.within_correlation:.2f}.",
        f"If the client's changes had a reliability below 1, the congruence would be {implied}.",
        f"More congruent dyads and the discrepancy: correlation {found.correlation:.2f} over dyads.",
    ]
    if found.rise:
        lines.append(f"Over time: the congruence changes by {told(found.rise, sign=True)} per doubling of the session.")
    if found.bias_force:
        lines.append(f"Carried over from the therapist's previous rating: {told(found.bias_force)} of a point.")
    lines += [
        "Published beside it: 213 clients of 49 therapists, substantial temporal congruence, therapists lower, more "
        "congruent dyads with the larger discrepancy (Atzil-Slonim et al. 2015); 109 clients of 62 therapists, "
        "congruence rises over time (Bar-Kalifa, Atzil-Slonim 2018).",
    ]
    return lines


def attunement_lines(found: "Attunement") -> list[str]:
    """How far predictions lie from ratings, whether they come nearer, and against the client's usual."""
    return [
        f"Predictions: {told(found.bias, sign=True)} points against the rating that followed; at the first session "
        f"they miss by {told(found.first_miss)} points, and the miss changes by {told(found.narrowing, sign=True)} per "
        "doubling of the session.",
        f"Against the client's usual: the squared miss is smaller by the share {told(found.skill.overall)} than that "
        "of always predicting the client's mean until then (0: no nearer, 1: exact).",
    ]


def surface_lines(found: "PairSurface") -> list[str]:
    """The shape on outcome, and the five conditions of a congruence effect."""
    shape = found.surface.shape
    lines = [
        f"Outcome (turned so that higher is better) over both ratings, less {found.centre:.1f}: along agreement, slope "
        f"a1 {told(shape['a1'], sign=True)}, curvature a2 {_small(shape['a2'])}; along disagreement, slope a3 "
        f"{told(shape['a3'], sign=True)}, curvature a4 {_small(shape['a4'])}; {100 * found.surface.explained:.1f} % "
        "of the variance."
    ]
    held = sum(each.agrees for each in found.conditions)
    each = "; ".join(f"{one.says}: {'within' if one.agrees else 'not'}" for one in found.conditions)
    return [*lines, f"A congruence effect needs all five, of which {held} agree with the intervals: {each}."]


def _small(found: "Estimate") -> str:
    """Curvatures are small numbers: three digits that count."""
    return f"{found.value:+.3g} ({found.low:+.3g} to {found.high:+.3g})"
