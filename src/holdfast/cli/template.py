"""``holdfast template``: attachment over the sessions, and, exploratory, whether the bond carries over."""

import argparse
from typing import TYPE_CHECKING, Any

from holdfast.cli.options import add_reading, add_table, new_verb

if TYPE_CHECKING:
    from holdfast.alliance.attachment import AttachmentChange, RelationalTemplate
    from holdfast.interop.attachment import TemplateTable

EXAMPLES = """  holdfast template sessions.csv -o clients.csv
  holdfast template sessions.csv --felt empathy --avoidance ecr_avoidance --reliability 0.8 -o clients.csv

The table has a row for each session; attachment stands in those in which it was measured. Carry-over is exploratory.
"""


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(
        subparsers,
        "template",
        does="say how attachment changed, and, exploratory, whether what is felt here carries over",
        examples=EXAMPLES,
    )
    add_table(verb)
    verb.add_argument("--felt", default="alliance", metavar="COL", help="felt responsiveness of the therapist")
    verb.add_argument(
        "--avoidance", default="attachment_avoidance", metavar="COL", help="attachment avoidance of others"
    )
    verb.add_argument("--anxiety", metavar="COL", help="attachment anxiety, if it was measured")
    verb.add_argument(
        "--reliability",
        type=float,
        default=0.65,
        metavar="R",
        help="of the attachment scores (default: %(default)s, a 30-day retest of ECR-RS about a partner)",
    )
    add_reading(verb, duplicates="refuse", unreadable="refuse")
    verb.add_argument("--format", choices=("csv", "json", "parquet"), help="default: by the file's ending, else csv")
    verb.add_argument("-o", "--output", metavar="FILE", help="the table of clients (default: standard output)")


def run(arguments: argparse.Namespace) -> int:
    """Read, compare, write, and say what came out."""
    from holdfast.cli.telling import Working, tell
    from holdfast.interop import Reading, chosen_format, read_table, write_table
    from holdfast.interop.attachment import TemplateSearch, find_template

    search = TemplateSearch(
        client=arguments.client,
        session=arguments.session,
        felt=arguments.felt,
        avoidance=arguments.avoidance,
        anxiety=arguments.anxiety,
        reliability=arguments.reliability,
        reading=Reading(duplicates=arguments.duplicates, unreadable=arguments.unreadable),
    )
    chosen_format(arguments.output, format=arguments.format)
    with Working(f"Reading {arguments.table}"):
        table = read_table(arguments.table)
    with Working("Comparing"):
        found = find_template(table, search)
    write_table(found.rows, arguments.output, format=arguments.format)
    tell(lines_of(found))
    return 0


def lines_of(found: "TemplateTable") -> list[str]:
    """What changed, and the exploratory comparison."""
    lines = [
        f"{found.sessions.table.source}: {found.sessions.table.rows:,} rows, {len(found.sessions.clients):,} clients."
    ]
    lines += [_change(name, change) for name, change in found.changes.items()]
    if found.template is None:
        lines.append(f"Carry-over: not computed. {found.why_none}")
    else:
        lines += _template(found.template)
    lines += [f"Doubt: {doubt}" for doubt in found.doubts]
    if found.simulated:
        lines.append("These data are simulated; the column `simulated` says so in every row.")
    return lines


def _change(name: str, change: "AttachmentChange") -> str:
    """One dimension over all clients."""
    mean = change.mean_change
    higher, lower = int((change.direction > 0).sum()), int((change.direction < 0).sum())
    return (
        f"{name.capitalize()}: from first to last {mean.value:+.2f} points on average (95 % interval {mean.low:+.2f} "
        f"to {mean.high:+.2f}); {lower} clients reliably lower, {higher} reliably higher (beyond "
        f"{change.reliable_points:.2f} points)."
    )


def _template(seen: "RelationalTemplate") -> list[str]:
    """Carry-over beside none."""
    return [
        f"Carry-over (exploratory): {seen.carry_over:.3g} per session (95 % interval {seen.low:.3g} to "
        f"{seen.high:.3g}); shuffled courses fit as well in {100 * seen.chance:.1f} of 100 cases.",
        f"Beside no carry-over, clients left out are foretold by {seen.gain.value:+.4f} better (squared SDs per "
        f"measurement; 95 % interval {seen.gain.low:+.4f} to {seen.gain.high:+.4f}).",
    ]
