"""Prior files: where a new client's ratings are expected to lie, as TOML that a person can read."""

import json
import math
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from holdfast.alliance import Prior, RatingScale
from holdfast.alliance.prior import METHODS
from holdfast.errors import MethodError, TableError
from holdfast.interop.checking import Range
from holdfast.interop.writing import write_whole

FORMAT = "holdfast-prior-1"
MOST_BYTES = 1_000_000
LARGEST = 1e300
NO_FILE_OF_OURS = "{source} is no {what}. Name a file that `holdfast calibrate` made."
MEANS = {
    "level": "points: where the ratings of a client start, on average",
    "level_ratio": "how much clients differ in their level: its variance, in units of the rating variance",
    "degrees_of_freedom": "how alike clients are in how restless their ratings are; few: not alike",
    "variance": "points squared: how far the ratings of a client scatter around the level",
    "drift": "how fast a level moves: variance gained per session, in units of the rating variance",
    "rise": "points by which all levels rise each time that the number of sessions doubles",
    "tails": "degrees of freedom of the ratings' own tails; inf: normal, few: extreme ratings are common",
}
HEAD = {
    "format": str,
    "method": str,
    "calibrated": bool,
    "source": str,
    "doubts": list,
    "clients": int,
    "ratings": int,
    "simulated": bool,
}


def write_prior(prior: Prior, path: Path | str) -> None:
    """Write a prior as TOML: each number with its meaning, its unit and its 95 % interval.

    The file holds no date, so the same archive makes the same file. Raises MethodError for a prior without a scale,
    TableError for a place that cannot be written.
    """
    text = prior_text(prior).encode("utf-8", errors="replace")
    write_whole(Path(path), lambda file: file.write(text))


def prior_text(prior: Prior) -> str:
    """The file's text."""
    scale = prior.scale
    if scale is None:
        raise MethodError("A prior without a scale belongs to no scores. Give the lowest and highest possible score.")
    lines = [
        "# Where a new client's ratings are expected to lie, and how they move.",
        "# Made by `holdfast calibrate`; read by `holdfast ruptures --prior` and `holdfast report --prior`.",
        f"format = {_quoted(FORMAT)}",
        f"method = {_quoted(prior.method)}",
        f"calibrated = {_word(prior.calibrated)}",
        f"source = {_quoted(prior.source)}",
        f"clients = {prior.clients}",
        f"ratings = {prior.ratings}",
        f"simulated = {_word(prior.simulated)}",
        f"doubts = [{', '.join(_quoted(doubt) for doubt in prior.doubts)}]",
        "",
        "[scale]  # the scores that it belongs to",
        f"score = {_quoted(prior.score)}",
        f"low = {float(scale.low)!r}",
        f"high = {float(scale.high)!r}",
        *([] if scale.step is None else [f"step = {float(scale.step)!r}"]),
    ]
    for name, meaning in MEANS.items():
        lines += ["", f"[{name}]  # {meaning}", f"value = {float(getattr(prior, name))!r}"]
        if name in prior.intervals:
            low, high = prior.intervals[name]
            lines.append(f"interval = [{float(low)!r}, {float(high)!r}]  # 95 %")
    return "\n".join(lines) + "\n"


def read_prior(path: Path | str, *, range: Range | None = None) -> Prior:  # noqa: A002
    """Read a prior file, and refuse it in one sentence if it is none, or if it belongs to scores of another range.

    Raises TableError for a file that cannot be read, MethodError for one that holds something else.
    """
    whole = _parsed(Path(path))
    source = Path(path).name
    numbers, intervals = {}, {}
    for name in MEANS:
        table = _table(whole, name, source, {"value", "interval"})
        numbers[name] = _number(table.get("value"), f"{name}.value", source)
        if "interval" in table:
            intervals[name] = _interval(table["interval"], numbers[name], name, source)
    scale = _scale(_table(whole, "scale", source, {"score", "low", "high", "step"}), source)
    if range is not None and (scale.low, scale.high) != tuple(range):
        raise MethodError(
            "{source} belongs to scores from {low:g} to {high:g}, not from {other:g} to {most:g}. Calibrate on these.",
            source=source,
            low=scale.low,
            high=scale.high,
            other=range[0],
            most=range[1],
        )
    unknown = sorted(set(whole) - set(HEAD) - set(MEANS) - {"scale"})
    if unknown:
        raise _nonsense(source, unknown[0], "is not known")
    head = _head(whole, source)
    return Prior(
        **numbers,
        calibrated=head["calibrated"],
        source=head["source"],
        doubts=tuple(head["doubts"]),
        method=head["method"],
        clients=head["clients"],
        ratings=head["ratings"],
        simulated=head["simulated"],
        intervals=intervals,
        scale=scale,
        score=whole["scale"].get("score", ""),
    )


def _parsed(path: Path) -> dict[str, Any]:
    """The file as TOML."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise MethodError(NO_FILE_OF_OURS, source=path.name, what="prior file: it is too large")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        why = error.strerror or str(error)
        raise TableError("{path} cannot be read: {why}. Name another file.", path=str(path), why=why) from None
    except UnicodeDecodeError:
        raise MethodError(NO_FILE_OF_OURS, source=path.name, what="text") from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):
        raise MethodError(NO_FILE_OF_OURS, source=path.name, what="TOML") from None


def _head(whole: Mapping[str, Any], source: str) -> dict[str, Any]:
    """What the file says of itself, each of its kind."""
    for name, kind in HEAD.items():
        if type(whole.get(name)) is not kind:
            raise _nonsense(source, name, "is missing or of another kind")
    if whole["format"] != FORMAT:
        raise _nonsense(source, "format", f"is not {FORMAT}")
    if whole["method"] not in METHODS:
        raise _nonsense(source, "method", f"is none of {', '.join(METHODS)}")
    if not all(type(doubt) is str for doubt in whole["doubts"]):
        raise _nonsense(source, "doubts", "holds something that is no sentence")
    for name in ("clients", "ratings"):
        if not 0 <= whole[name] < 2**53:
            raise _nonsense(source, name, "is no count")
    return dict(whole)


def _table(whole: Mapping[str, Any], name: str, source: str, known: set[str]) -> Mapping[str, Any]:
    """One table of the file, with known keys alone."""
    table = whole.get(name)
    if not isinstance(table, dict):
        raise _nonsense(source, name, "is missing")
    for key in table:
        if key not in known:
            raise _nonsense(source, f"{name}.{key}", "is not known")
    return table


def _scale(table: Mapping[str, Any], source: str) -> RatingScale:
    """The possible scores."""
    if type(table.get("score", "")) is not str:
        raise _nonsense(source, "scale.score", "is no name")
    low, high = (_number(table.get(name), f"scale.{name}", source) for name in ("low", "high"))
    step = _number(table["step"], "scale.step", source) if "step" in table else None
    return RatingScale(low=low, high=high, step=step)


def _interval(given: Any, value: float, name: str, source: str) -> tuple[float, float]:
    """Two numbers with the value between them."""
    if not isinstance(given, list) or len(given) != 2:
        raise _nonsense(source, f"{name}.interval", "is no pair of numbers")
    low, high = (_number(each, f"{name}.interval", source) for each in given)
    if not low <= value <= high:
        raise _nonsense(source, f"{name}.interval", "does not hold its value")
    return low, high


def _number(given: Any, name: str, source: str) -> float:
    """A plain number."""
    if type(given) not in (int, float) or not (-LARGEST <= given <= LARGEST or abs(given) == math.inf):
        raise _nonsense(source, name, "is missing or no number")
    return float(given)


def _nonsense(source: str, name: str, what: str) -> MethodError:
    """One sentence for whatever a person wrote into the file."""
    return MethodError(
        "`{name}` in {source} {what}. Write it as `holdfast calibrate` does, or calibrate anew.",
        name=name,
        source=source,
        what=what,
    )


def _quoted(text: str) -> str:
    """A TOML string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _word(truth: bool) -> str:
    """true or false."""
    return "true" if truth else "false"
