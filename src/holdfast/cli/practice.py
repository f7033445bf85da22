"""``holdfast practice ...``: hands over to the practice app, which is a Django project.

This is the one place of the command line that knows Django, and it imports no module of ``holdfast.practice``.
"""

import argparse
import os
from pathlib import Path
from typing import Any

COMMANDS = {
    "run": ("serve", "serve the practice to browsers"),
    "demo": ("demo", "a practice with simulated clients, ready to try"),
    "work": ("work", "send what waits in the outbox; `run` does it too"),
    "check": ("examine", "look whether everything a practice needs is in place"),
    "audit": ("audit", "verify the audit log"),
    "user": ("user", "add, list or suspend people, replace a lost phone"),
    "forms": ("forms", "choose which forms are asked before and after a session"),
    "signals": ("signals", "choose how rare signals are, and what is worth talking about"),
    "calibrate": ("learn", "learn the starting point of every course from the practice's own archive"),
    "tidy": ("tidy", "forget what is kept for a time only, such as old requests for an appointment"),
    "recompute": ("recompute", "compute all scores and episodes again from the raw answers"),
}
"""Our verb, the management command behind it, and what it is for."""

EXAMPLES = """examples:
  holdfast practice demo --folder .demo
  holdfast practice user add --practice "Oak Street" --email ada@example.org --name "Ada" --role therapist
  holdfast practice check
  holdfast practice run --port 8000
"""


def add_parser(subparsers: Any) -> argparse.ArgumentParser:
    """Register the verb; what follows it belongs to the practice's own commands."""
    parser: argparse.ArgumentParser = subparsers.add_parser(
        "practice",
        help="run the practice app: check-ins, Today, clients, episodes",
        description="Run and look after the practice app.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "command", choices=sorted(COMMANDS), help="; ".join(f"{name}: {what}" for name, (_, what) in COMMANDS.items())
    )
    parser.add_argument(
        "rest", nargs=argparse.REMAINDER, metavar="...", help="options of the command; --help lists them"
    )
    return parser


def _use(folder: Path, *, is_demo: bool) -> None:
    """Work on the practice of a folder: a demo keeps data and keys side by side in it, others keep them apart."""
    has_both = is_demo or (folder / "keys" / "master.key").exists()
    os.environ["HOLDFAST_FOLDER"] = str(folder / "data" if has_both else folder)
    if has_both:
        os.environ["HOLDFAST_KEYS"] = str(folder / "keys")
    if is_demo:
        os.environ["HOLDFAST_SECOND_FACTOR"] = "off"  # simulated data only; the start checks refuse it elsewhere
        os.environ.setdefault("HOLDFAST_LOG", "errors")


def run(arguments: argparse.Namespace) -> int:
    """Set the folders that the command line names, then let Django's own runner take over."""
    rest = [part for part in arguments.rest if part != "--"]
    rest = [piece for part in rest for piece in (part.split("=", 1) if part.startswith("--folder=") else [part])]
    if arguments.command == "demo" and "--folder" not in rest:
        rest += ["--folder", ".demo"]
    if "--folder" in rest[:-1]:
        place = rest.index("--folder")
        _use(Path(rest[place + 1]).absolute(), is_demo=arguments.command == "demo")
        del rest[place : place + 2]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.practice.settings")
    from django.core.management import ManagementUtility

    ManagementUtility(["holdfast practice", COMMANDS[arguments.command][0], *rest]).execute()
    return 0
