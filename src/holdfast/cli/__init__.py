"""The holdfast command: one file per verb, no rules inside."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from holdfast.errors import HoldfastError

VERBS = (
    "instruments",
    "score",
    "simulate",
    "power",
    "calibrate",
    "ruptures",
    "rules",
    "congruence",
    "gains",
    "process",
    "template",
    "report",
    "practice",
)
"""Each is a module of this folder with ``add_parser(subparsers)`` and ``run(arguments) -> int``."""

INTERRUPTED, NO_READER = 130, 141  # what a shell expects after Ctrl-C and after a closed pipe

EXAMPLES = """examples:
  holdfast simulate --clients 60 --sessions 12 --seed 1 -o sessions.csv
  holdfast calibrate sessions.csv --range 0:100 -o prior.toml
  holdfast ruptures sessions.csv --range 0:100 -o flags.csv
  holdfast report sessions.csv --outcome outcome --alliance alliance --range 0:100 -o report.html
  holdfast practice demo

exit codes: 0 done, 1 other trouble, 2 words of the command, 3 instruments, 4 answers, 5 tables, 6 methods, 7 settings
"""


def parser() -> argparse.ArgumentParser:
    """The whole command with its verbs."""
    whole = argparse.ArgumentParser(
        prog="holdfast",
        description="Looks after the therapeutic alliance: scores questionnaires, finds ruptures with a stated "
        "false-alarm rate, follows each until it is repaired, and reports on a caseload. It sends nothing anywhere.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    whole.add_argument("--version", action=Version, nargs=0, help="print the version")
    subparsers = whole.add_subparsers(dest="verb", metavar="VERB", required=True)
    for verb in VERBS:
        import_module(f"holdfast.cli.{verb}").add_parser(subparsers)
    return whole


class Version(argparse.Action):
    """Prints the version; looked up only when asked for."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print it and stop."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(version("holdfast"))
        except PackageNotFoundError:
            print("not installed: run from its source")
        parser.exit()


def main(words: Sequence[str] | None = None) -> int:
    """Run one command; the exit code says what happened, a sentence on standard error says why."""
    try:
        arguments = parser().parse_args(words)
        code: int = import_module(f"holdfast.cli.{arguments.verb}").run(arguments)
        sys.stdout.flush()
    except HoldfastError as error:
        print(f"holdfast: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # so that closing standard output at exit stays quiet
        return NO_READER
    return code
