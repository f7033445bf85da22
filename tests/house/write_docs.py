"""Makes the reference pages from the code: ``python -m tests.house.write_docs``. A test compares them."""

import argparse
import os
from pathlib import Path

from holdfast import __all__ as public_names
from holdfast.cli import VERBS, parser
from holdfast.instruments import Instrument, list_instruments
from tests.house.tree import ROOT

MADE = "*Made from the code by `make docs`; edit the code, not this page.*"
FOLDER = ROOT / "docs" / "reference"


def _help(found: argparse.ArgumentParser) -> str:
    os.environ["COLUMNS"] = "100"
    return f"```\n{found.format_help().strip()}\n```"


def commands() -> str:
    """Every verb with its help."""
    whole = parser()
    (verbs,) = (action for action in whole._actions if isinstance(action, argparse._SubParsersAction))
    parts = ["# Commands", MADE, _help(whole)]
    for verb in VERBS:
        parts += [f"## holdfast {verb}", _help(verbs.choices[verb])]
    return "\n\n".join(parts) + "\n"


def _instrument(instrument: Instrument) -> str:
    scales = ", ".join(
        f"`{scale.id}` ({scale.method} of {len(scale.items)}, {scale.lowest:g} to {scale.highest:g})"
        for scale in instrument.scales
    )
    languages = ", ".join(sorted(instrument.wordings)) or "none: a practice brings its licensed copy"
    safety = ", ".join(item.id for item in instrument.items if item.safety) or "none"
    rights = instrument.rights
    return "\n".join(
        [
            f"## {instrument.id} {instrument.version}",
            "",
            f"{instrument.title}. {'Validated' if instrument.validated else '**Not validated**'}.",
            "",
            f"- Answered by the {instrument.rater}; {len(instrument.items)} items; safety items: {safety}",
            f"- Scales: {scales}",
            f"- Wording shipped: {languages}",
            f"- Rights: {rights.holder}, {rights.licence} ({rights.ship})",
        ]
    )


def instruments() -> str:
    """Every instrument in the package, with its rights."""
    return "\n\n".join(["# Instruments", MADE, *map(_instrument, list_instruments())]) + "\n"


def names() -> str:
    """The public names of the package."""
    lines = "\n".join(f"- `holdfast.{name}`" for name in sorted(public_names))
    return f"# Public names\n\n{MADE}\n\n`help(holdfast.NAME)` in Python says what each does.\n\n{lines}\n"


PAGES = {"commands.md": commands, "instruments.md": instruments, "public-names.md": names}


def write(folder: Path = FOLDER) -> None:
    """Write every page."""
    for name, make in PAGES.items():
        (folder / name).write_text(make(), encoding="utf-8")


if __name__ == "__main__":
    write()
