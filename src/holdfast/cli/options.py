"""Options that several verbs share, and the words they are made of."""

import argparse
import math
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holdfast.interop.looking import GivenPrior

DUPLICATES = ("refuse", "first", "last", "mean")
UNREADABLE = ("refuse", "leave-out")


def new_verb(subparsers: argparse._SubParsersAction, name: str, *, does: str, examples: str) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    """A verb's parser: one line on what it does, and examples that run."""
    verb: argparse.ArgumentParser = subparsers.add_parser(
        name,
        help=does,
        description=f"{does[:1].upper()}{does[1:]}.",
        epilog=f"examples:\n{examples}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    return verb


def add_table(verb: argparse.ArgumentParser) -> None:
    """The table of sessions and its columns."""
    verb.add_argument("table", metavar="sessions.csv", help="CSV or Parquet, one row per session")
    verb.add_argument("--client", default="client", metavar="COL", help="column that says whose session it is")
    verb.add_argument("--session", default="session", metavar="COL", help="column with session numbers, days or dates")


def add_reading(verb: argparse.ArgumentParser, *, duplicates: str, unreadable: str) -> None:
    """What to do with rows that cannot be taken as they are."""
    verb.add_argument(
        "--duplicates",
        choices=DUPLICATES,
        default=duplicates,
        help="rows that repeat a session: stop, or use the first, the last or the mean (default: %(default)s)",
    )
    verb.add_argument(
        "--unreadable",
        choices=UNREADABLE,
        default=unreadable,
        help="words for numbers, scores out of range: stop, or leave them out and say so (default: %(default)s)",
    )


def a_range(text: str) -> tuple[float, float]:
    """LOW:HIGH as two numbers."""
    parts = text.replace(",", ".").split(":")
    try:
        low, high = (float(part) for part in parts)
    except ValueError:
        low = high = math.nan
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise argparse.ArgumentTypeError(f"{text} is not LOW:HIGH; write the lowest and highest score, such as 0:100")
    return low, high


def a_step(text: str) -> float:
    """The distance between neighbouring scores."""
    try:
        step = float(text)
    except ValueError:
        step = math.nan
    if not 0.0 < step < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is no step; write the distance between two scores, such as 1")
    return step


def a_seed(text: str) -> int:
    """What a simulation begins from: a whole number, 0 or more."""
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text} is no seed; write a whole number, 0 or more")
    return int(text)


def a_prior(text: str) -> str | Path | tuple[float, float, float, float, float]:
    """The words auto and range, a prior file, or five numbers."""
    if text in ("auto", "range"):
        return text
    if text.lower().endswith(".toml"):
        return Path(text)
    try:
        level, ratio, freedom, variance, drift = (float(part) for part in text.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text} is not a prior; write auto, range, a file such as prior.toml, or the five numbers m0,C0,n0,S0,q"
        ) from None
    return level, ratio, freedom, variance, drift


def add_prior(verb: argparse.ArgumentParser) -> None:
    """Where expectation starts."""
    verb.add_argument(
        "--prior",
        type=a_prior,
        default="auto",
        metavar="auto|range|FILE.toml|m0,C0,n0,S0,q",
        help="where expectation starts: learned from the table (10 clients with 4 ratings or more), from the range "
        "alone, from a file that `holdfast calibrate` made, or five numbers (default: %(default)s)",
    )


def chosen_prior(given: "GivenPrior | Path", *, range: tuple[float, float] | None) -> "GivenPrior":  # noqa: A002
    """The prior as given, read if it is a file; one of another range is refused."""
    if not isinstance(given, Path):
        return given
    from holdfast.interop import read_prior

    return read_prior(given, range=range)
