"""What a figure shows, before anything is drawn."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.errors import MethodError

CROWD = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One session that asks to be noticed: a diamond, and the words beside it."""

    index: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of sessions, from first to last index, under a brace with its words."""

    first: int
    last: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseFigure:
    """One score of one dyad over its sessions, with the range that was expected.

    name: part of every id, unique on its page; title and summary: said to whoever does not see the drawing; sessions:
    their labels; values: the ratings, nan where a session was not rated; low and high: the range, nan where there is
    none; predicted: the therapist's predictions, nan or empty; extent: the ends of the scale drawn (None: what fits);
    session_name, value_name, range_name, predicted_name: what they are called; unit and higher_is are said
    in the table's caption. Raises MethodError when the lengths differ or a mark or span lies outside.
    """

    name: str
    title: str
    summary: str
    sessions: Sequence[str]
    values: Sequence[float]
    low: Sequence[float] = ()
    high: Sequence[float] = ()
    marks: Sequence[Mark] = ()
    spans: Sequence[Span] = ()
    predicted: Sequence[float] = ()
    extent: tuple[float, float] | None = None
    unit: str = ""
    higher_is: str = ""
    session_name: str = "Session"
    value_name: str = "Rated"
    range_name: str = "Expected"
    predicted_name: str = "Predicted"
    height: int = 230

    def __post_init__(self) -> None:
        """Refuse series that do not belong to the same sessions."""
        length = len(self.sessions)
        for name in ("values", "low", "high", "predicted"):
            found = len(getattr(self, name))
            if found != length and (found or name == "values"):
                raise MethodError(
                    "The figure has {length} sessions and {found} numbers in `{name}`. Give one for each session.",
                    length=length,
                    found=found,
                    name=name,
                )
        if len(self.low) != len(self.high):
            raise MethodError("The figure has one end of the range only. Give `low` and `high`.")
        ends = [(mark.index, mark.index) for mark in self.marks] + [(span.first, span.last) for span in self.spans]
        for first, last in ends:
            if not 0 <= first <= last < length:
                raise MethodError(
                    "A mark or span from {first} to {last} lies outside the {length} sessions of the figure.",
                    first=first,
                    last=last,
                    length=length,
                )

    @property
    def rated(self) -> tuple[int, ...]:
        """The indices of the sessions that were rated."""
        return known(self.values)

    @property
    def crowded(self) -> bool:
        """Whether the sessions stand so close that the words of marks go into the key."""
        return len(self.sessions) > CROWD

    def range_at(self, index: int) -> tuple[float, float] | None:
        """The range at a session; None where there is none."""
        if not len(self.low) or math.isnan(self.low[index]) or math.isnan(self.high[index]):
            return None
        return float(self.low[index]), float(self.high[index])


def known(series: Sequence[float]) -> tuple[int, ...]:
    """The indices at which a series has a number."""
    return tuple(index for index, value in enumerate(series) if not math.isnan(value))
