"""``holdfast instruments``: which questionnaires are known, and the facts of one."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from holdfast.cli.options import new_verb

if TYPE_CHECKING:
    from holdfast.instruments import Instrument, Scale

EXAMPLES = """  holdfast instruments
  holdfast instruments holdfast-session
"""

SHIPS = {"yes": "in the package", "yes-nd": "in the package, unchanged", "structure-only": "bring your own"}
KEYS = {"verified": "verified", "secondary": "from a secondary source", "unverified": "not verified: no score"}


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(subparsers, "instruments", does="list the instruments, or say what one is", examples=EXAMPLES)
    verb.add_argument("id", nargs="?", metavar="ID", help="one instrument")
    verb.add_argument("--version", metavar="V", help="of the instrument (default: the newest)")
    verb.add_argument(
        "--folder", action="append", default=[], type=Path, metavar="DIR", help="a folder with instruments of your own"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print a table of all, or the facts of one."""
    from holdfast.instruments import list_instruments, load

    if arguments.id is None:
        lines = table(list_instruments(folders=arguments.folder))
    else:
        lines = facts(load(arguments.id, version=arguments.version, folders=arguments.folder))
    for line in lines:
        print(line)
    return 0


def table(instruments: Sequence["Instrument"]) -> Iterator[str]:
    """A line for each instrument, columns in step."""
    rows = [("ID", "VERSION", "ITEMS", "SCALES", "VALIDATED", "WORDING", "TITLE")]
    rows += [
        (
            each.id,
            each.version,
            str(len(each.items)),
            str(len(each.scales)),
            "yes" if each.validated else "no",
            SHIPS.get(each.rights.ship, each.rights.ship),
            each.title,
        )
        for each in instruments
    ]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    for row in rows:
        yield "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[-1]])


def facts(instrument: "Instrument") -> Iterator[str]:
    """What one instrument is, whose it is, how it is scored, and what is said beside its scores."""
    yield f"{instrument.id} {instrument.version}: {instrument.title}"
    if instrument.edition:
        yield f"Edition: {instrument.edition}"
    yield f"Rated by the {instrument.rater}; asked: {', '.join(instrument.occasions) or 'whenever it fits'}."
    rights = instrument.rights
    yield f"Rights: {rights.holder}; {rights.licence}; wording: {SHIPS.get(rights.ship, rights.ship)}."
    yield f"Source: {rights.source}"
    yield f"Languages: {', '.join(instrument.wordings) or 'none in the package'}"
    yield from (f"Notice: {notice}" for notice in instrument.notices)
    yield ""
    yield "Items (id, answers, what it asks about in our words):"
    for item in instrument.items:
        answers = instrument.answers[item.answers]
        marks = "".join(
            f" [{mark}]" for mark, stands in (("reversed", item.reverse), ("safety item", item.safety)) if stands
        )
        yield f"  {item.id}  {answers.lowest:g} to {answers.highest:g}  {item.gist}{marks}"
    for scale in instrument.scales:
        yield ""
        yield from _scale(scale)


def _scale(scale: "Scale") -> Iterator[str]:
    """One scale: recipe, range, gaps, bands and published figures; what nobody has verified is not shown."""
    times = "" if scale.multiply == 1 else f", times {scale.multiply:g}"
    yield (
        f"Scale {scale.id}: {scale.method} of {', '.join(scale.items)}{times}; {scale.lowest:g} to {scale.highest:g}; "
        f"higher is {scale.higher_is}; key {KEYS.get(scale.key_status, scale.key_status)}."
    )
    yield f"  Missing answers allowed: {scale.gaps_allowed} of {len(scale.items)}."
    for band in scale.bands:
        if band.status != "unverified":
            yield f"  From {band.at_least:g}: {band.label} ({band.source})"
    for figure in scale.figures:
        if figure.status != "unverified":
            about = ", ".join(part for part in (figure.label, figure.population) if part)
            yield f"  {figure.kind} {figure.value:g}{f', {about}' if about else ''} ({figure.source})"
