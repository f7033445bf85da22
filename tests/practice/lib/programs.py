"""Runs small programs and the command line in processes of their own, on a practice of their own."""

import os
import subprocess
import sys
from pathlib import Path

SOURCE = str(Path(__file__).parents[3] / "src")
SETUP = """
import os, sys, django
django.setup()
from holdfast.practice.lib.prepare import prepare
"""
COMMAND = """
import argparse, sys
from holdfast.cli import practice
from holdfast.errors import HoldfastError
parser = argparse.ArgumentParser()
practice.add_parser(parser.add_subparsers())
try:
    sys.exit(practice.run(parser.parse_args(["practice", *sys.argv[1:]])))
except HoldfastError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
"""


def environment(folder: Path, **more: str) -> dict[str, str]:
    """What a process needs to work on the practice of ``folder``, on the encrypted file."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith(("HOLDFAST_", "DJANGO_"))}
    return bare | {
        "PYTHONPATH": SOURCE,
        "DJANGO_SETTINGS_MODULE": "holdfast.practice.settings",
        "HOLDFAST_FOLDER": str(folder / "data"),
        "HOLDFAST_KEYS": str(folder / "keys"),
        **more,
    }


def run(program: str, folder: Path, *arguments: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end."""
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program, *arguments],
        env=environment(folder, **more),
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def practice(folder: Path, *arguments: str, given: str = "", **more: str) -> subprocess.CompletedProcess[str]:
    """Run ``holdfast practice ...`` to its end."""
    return run(COMMAND, folder, *arguments, given=given, **more)
