"""From numbers to places: extents, ticks, and which labels there is room for."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.report.figure import CourseFigure, known

WIDE, BESIDE, NARROW = 560.0, 350.0, 270.0  # pixels of a plot: alone, with its labels beside it in a column, on a phone
LETTER = 6.9  # pixels of an average letter at the size of the labels
FULL = 1000.0  # the width of the stretched drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Where things go: the scale from low to high between the pixels bottom and top; count sessions side by side.

    wide: how wide the inner drawing is; a page stretches it, paper does not.
    """

    low: float
    high: float
    top: float
    bottom: float
    count: int
    wide: float = FULL

    def y(self, value: float) -> float:
        """The pixel from above; values beyond the scale stay at its edge."""
        inside = min(max(value, self.low), self.high)
        return round(self.bottom - (self.bottom - self.top) * (inside - self.low) / (self.high - self.low), 1)

    def share(self, index: float) -> float:
        """The place of a session, from 0 at the first to 1 at the last; a single one stands in the middle."""
        return 0.5 if self.count < 2 else index / (self.count - 1)

    def x(self, index: float) -> str:
        """The place on the stretched drawing."""
        return short(self.wide * self.share(index))

    def percent(self, index: float) -> str:
        """The place as a share of the width."""
        return f"{short(100 * self.share(index), places=2)}%"


def short(value: float, *, places: int = 1) -> str:
    """A coordinate in as few signs as will do."""
    text = f"{value:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def extent(figure: CourseFigure) -> tuple[float, float]:
    """The ends of the scale: as asked for, or what ratings, predictions and the settled range need, and some air.

    The range of the first sessions rests on the archive alone and is wide; it may run out of the drawing.
    """
    if figure.extent is not None and figure.extent[0] < figure.extent[1]:
        return figure.extent
    numbers = [figure.values[index] for index in figure.rated]
    numbers += [figure.predicted[index] for index in known(figure.predicted)]
    settled = figure.rated[2:] or figure.rated or range(len(figure.sessions))
    numbers += [end for index in settled for end in figure.range_at(index) or ()]
    return around(numbers)


def around(numbers: Sequence[float]) -> tuple[float, float]:
    """From a little below the smallest to a little above the largest number; 0 to 1 without any."""
    if not numbers:
        return 0.0, 1.0
    low, high = float(min(numbers)), float(max(numbers))
    room = 0.08 * (high - low) or max(1.0, 0.05 * abs(high))
    return low - room, high + room


def ticks(low: float, high: float, *, most: int = 5) -> tuple[float, ...]:
    """Round numbers within the scale: steps of 1, 2, 2.5 or 5 times a power of ten, at most so many."""
    power = 10.0 ** (math.floor(math.log10(high - low)) - 1)
    steps = (factor * power for factor in (1.0, 2.0, 2.5, 5.0, 10.0, 20.0, 25.0, 50.0, 100.0))
    step, first, last = next(found for each in steps if (found := _stairs(low, high, each))[2] - found[1] < most)
    return tuple(round(index * step, 10) for index in range(first, last + 1))


def _stairs(low: float, high: float, step: float) -> tuple[float, int, int]:
    """The step, and how manieth multiples of it are the first and the last within the scale."""
    return step, math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)


def labelled(labels: Sequence[str], *, width: float) -> frozenset[int]:
    """The sessions whose label there is room for at this width: the first, then every second, fifth, tenth, ..."""
    longest = LETTER * max((len(label) for label in labels), default=1) + 9.0
    room = max(1.0, width / longest)
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 10**9) if len(labels) / step <= room)
    if step <= 2:
        return frozenset(range(0, len(labels), step))
    return frozenset({0, *range(step - 1, len(labels), step)} if labels else ())


def thinned(kept: frozenset[int], labels: Sequence[str], *, width: float) -> frozenset[int]:
    """Every second, third, fifth, ... of the labels kept, until the rest has room at this smaller width."""
    order = sorted(kept)
    longest = LETTER * max((len(label) for label in labels), default=1) + 9.0
    room = max(1.0, width / longest)
    step = next(step for step in (1, 2, 3, 4, 5, 10, 10**9) if len(order) / step <= room)
    return frozenset(order[::step])


def fitting(centres: Sequence[tuple[float, str]], *, width: float) -> frozenset[int]:
    """Which of the words, each centred at its share of the width, can be written without touching the ones before."""
    kept, free = set(), -math.inf
    for index, (centre, words) in enumerate(centres):
        half = LETTER * len(words) / 2
        left = min(max(width * centre, half), max(half, width - half)) - half
        if left >= free:
            kept.add(index)
            free = left + 2 * half + 8.0
    return frozenset(kept)


def apart(places: Sequence[float], *, gap: float, low: float, high: float) -> tuple[float, ...]:
    """The places, moved by a pass down and a pass up until neighbours are a gap apart within the bounds."""
    order = sorted(range(len(places)), key=lambda index: places[index])
    moved, least = list(places), low
    for index in order:
        moved[index] = max(moved[index], least)
        least = moved[index] + gap
    most = high
    for index in reversed(order):
        moved[index] = min(moved[index], most)
        most = moved[index] - gap
    return tuple(round(place, 1) for place in moved)
