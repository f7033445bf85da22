"""First score against last, one sign for each client, with the Jacobson-Truax lines."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.report.scale import around, short, ticks
from holdfast.report.words import count, key, number, safe

CROWD = 100  # so many signs that they may lie over each other
LEFT, TOP, SIDE = 46.0, 10.0, 320.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One client's first and last score and the category of the change ("" when it cannot be told)."""

    first: float
    last: float
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScatterFigure:
    """name, title and summary as in a course; pairs; measure: what the scores are of; higher_is worse or better;
    reliable_points: half the width of the band within measurement error (None: no band); cutoff: a line, or None."""

    name: str
    title: str
    summary: str
    measure: str
    pairs: Sequence[Pair]
    higher_is: str = "worse"
    reliable_points: float | None = None
    cutoff: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Square:
    """The scale of both axes."""

    low: float
    high: float

    def x(self, value: float) -> str:
        return short(LEFT + SIDE * (value - self.low) / (self.high - self.low))

    def y(self, value: float) -> str:
        return short(TOP + SIDE - SIDE * (value - self.low) / (self.high - self.low))

    def at(self, first: float, last: float) -> str:
        return f"{self.x(first)} {self.y(last)}"


def change_scatter(figure: ScatterFigure) -> str:
    """The drawing: on the dashed diagonal nothing changed; within the band it may be measurement error."""
    low, high = around([end for pair in figure.pairs for end in (pair.first, pair.last)])
    square, name = _Square(low=low, high=high), key(figure.name)
    crowd = " crowd" if len(figure.pairs) > CROWD else ""
    width, height = short(LEFT + SIDE + 12), short(TOP + SIDE + 46)
    return (
        f'<svg class="scatter{crowd}" role="img" aria-labelledby="{name}-t {name}-d" '
        f'viewBox="0 0 {width} {height}"><title id="{name}-t">{safe(figure.title)}</title>'
        f'<desc id="{name}-d">{safe(figure.summary)}</desc>'
        f"{_band(figure, square)}{_axes(figure, square)}{_cutoff(figure, square)}{_signs(figure, square)}"
        f"{_places(figure)}</svg>"
    )


def _band(figure: ScatterFigure, square: _Square) -> str:
    """No change on the diagonal; the band of measurement error around it, cut at the edges of the square."""
    low, high = square.low, square.high
    same = f'<path class="same" d="M{square.at(low, low)}L{square.at(high, high)}"/>'
    if figure.reliable_points is None:
        return same
    reach = min(figure.reliable_points, high - low)
    corners = [(low, low), (low, low + reach), (high - reach, high), (high, high), (high, high - reach)]
    corners.append((low + reach, low))
    zone = "L".join(square.at(*corner) for corner in corners)
    edges = f"M{square.at(*corners[1])}L{square.at(*corners[2])}M{square.at(*corners[4])}L{square.at(*corners[5])}"
    return f'<path class="zone" d="M{zone}Z"/><path class="edge" d="{edges}"/>{same}'


def _axes(figure: ScatterFigure, square: _Square) -> str:
    """Two axes with the same round numbers, named in words."""
    bottom, right = TOP + SIDE, LEFT + SIDE
    marks = ticks(square.low, square.high, most=6)
    across = "".join(f'<text x="{square.x(tick)}" y="{short(bottom + 17)}">{number(tick)}</text>' for tick in marks)
    before = f'<text x="{short(LEFT - 8)}" y='
    up = "".join(f'{before}"{short(float(square.y(tick)) + 4)}">{number(tick)}</text>' for tick in marks)
    middle = short(TOP + SIDE / 2)
    return (
        f'<path class="frame-line" d="M{short(LEFT)} {short(TOP)}V{short(bottom)}H{short(right)}"/>'
        f'<g text-anchor="middle">{across}<text x="{short(LEFT + SIDE / 2)}" y="{short(bottom + 38)}">'
        f'First {safe(figure.measure)} score</text></g><g text-anchor="end">{up}</g>'
        f'<text text-anchor="middle" transform="translate(12 {middle}) rotate(-90)">Last score</text>'
    )


def _cutoff(figure: ScatterFigure, square: _Square) -> str:
    """The cut-off between the clinical and the functional range, for first and for last scores."""
    if figure.cutoff is None or not square.low < figure.cutoff < square.high:
        return ""
    across = f"M{square.at(square.low, figure.cutoff)}H{square.x(square.high)}"
    return f'<path class="cut" d="{across}M{square.at(figure.cutoff, square.low)}V{square.y(square.high)}"/>'


def _signs(figure: ScatterFigure, square: _Square) -> str:
    """A full dot for improved, a hollow one for unchanged, a diamond for deteriorated; larger where several meet."""
    size = 3.6 * min(1.0, (60 / max(1, len(figure.pairs))) ** 0.25)
    together = Counter((pair.category, pair.first, pair.last) for pair in figure.pairs)
    return "".join(
        _sign(square, place, min(size * math.sqrt(many), 3.3 * size)) for place, many in sorted(together.items())
    )


def _sign(square: _Square, place: tuple[str, float, float], size: float) -> str:
    category, first, last = place
    if category == "deteriorated":
        reach = max(4.4, size * 1.45)
        tall, back = short(reach), short(-reach)
        start = f"{square.x(first)} {short(float(square.y(last)) - reach)}"
        return f'<path class="deteriorated" d="M{start}l{tall} {tall} {back} {tall} {back} {back}z"/>'
    if category in ("improved", "recovered"):
        return f'<path class="improved" stroke-width="{short(2 * size)}" d="M{square.at(first, last)}h0"/>'
    return f'<circle class="unchanged" cx="{square.x(first)}" cy="{square.y(last)}" r="{short(size)}"/>'


def _places(figure: ScatterFigure) -> str:
    """What it means to lie above or below, written where it is."""
    if figure.reliable_points is None:
        above, below = "higher than at first", "lower than at first"
        tones = ("", "")
    else:
        worse, better = "deteriorated reliably", "improved reliably"
        above, below = (worse, better) if figure.higher_is == "worse" else (better, worse)
        tones = (" worse", " better") if figure.higher_is == "worse" else (" better", " worse")
    return (
        f'<text class="where{tones[0]}" x="{short(LEFT + 10)}" y="{short(TOP + 14)}">{above}</text>'
        f'<text class="where{tones[1]}" text-anchor="end" x="{short(LEFT + SIDE - 4)}" y="{short(TOP + SIDE - 12)}">'
        f"{below}</text>"
    )


def scatter_summary(pairs: Sequence[Pair], measure: str) -> str:
    """What the drawing shows, for whoever does not see it."""
    if not pairs:
        return "No client has two scores."
    tally = Counter(pair.category or "without a category" for pair in pairs)
    said = ", ".join(f"{tally[category]} {category}" for category in sorted(tally))
    return f"{count(len(pairs), 'client')} with a first and a last {measure} score: {said}."
