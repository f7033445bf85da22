"""The figure of a course: the expected range as a soft band, the rating as the only strong line.

The drawing stretches with the page while text, dots and diamonds keep their size: places are shares of the width, and
lines lie in an inner drawing that is stretched. Classes and attributes only; chart.css gives colour, chart.js the keys.
"""

from collections.abc import Iterable, Sequence

from holdfast.report.figure import CourseFigure, known
from holdfast.report.scale import (
    BESIDE,
    FULL,
    NARROW,
    WIDE,
    Frame,
    apart,
    around,
    extent,
    fitting,
    labelled,
    short,
    thinned,
    ticks,
)
from holdfast.report.words import key, number, safe

HALF = 0.16  # half the width of the range around a session that has no neighbour, in sessions
DIAMOND = "M0-8 8 0 0 8-8 0Z"


def course_svg(figure: CourseFigure, *, wide: float | None = None) -> str:
    """The drawing of a course as one SVG element, with title and description for whoever does not see it.

    wide: pixels, for paper; without it the drawing stretches with its page.
    """
    top = 46.0 if figure.spans else 14.0
    if not figure.rated and not any(map(figure.range_at, range(len(figure.sessions)))):
        return _nothing(figure, wide)
    low, high = extent(figure)
    bottom = figure.height - 26.0 - (28.0 if figure.marks else 12.0)
    frame = Frame(low=low, high=high, top=top, bottom=bottom, count=len(figure.sessions), wide=wide or FULL)
    lines = (_range(figure, frame), _line(figure, frame), _braces(figure, frame))
    return _drawing(
        figure,
        figure.height,
        _scale(frame),
        stretched(figure.height, *lines, wide=frame.wide),
        _predictions(figure, frame),
        _marks(figure, frame),
        axis(figure.sessions, frame, figure.height),
        _span_words(figure, frame),
        _labels(figure, frame),
        wide=wide,
    )


def prediction_svg(figure: CourseFigure) -> str:
    """Each prediction (a dash) against its rating (a dot), the difference as a thin line between them."""
    if not figure.rated and not known(figure.predicted):
        return _nothing(figure)
    numbers = [figure.values[index] for index in figure.rated]
    low, high = figure.extent or around(numbers + [figure.predicted[index] for index in known(figure.predicted)])
    frame = Frame(low=low, high=high, top=14.0, bottom=figure.height - 38.0, count=len(figure.sessions))
    both = [index for index in figure.rated if index in known(figure.predicted)]
    gaps = "".join(
        f"M{frame.x(index)} {short(frame.y(figure.predicted[index]))}V{short(frame.y(figure.values[index]))}"
        for index in both
    )
    return _drawing(
        figure,
        figure.height,
        _scale(frame),
        stretched(figure.height, f'<path class="gap" d="{gaps}"/>' if gaps else "", _dots(figure, frame)),
        _predictions(figure, frame),
        axis(figure.sessions, frame, figure.height),
        _labels(figure, frame, with_range=False),
    )


def _drawing(figure: CourseFigure, height: int, *parts: str, wide: float | None = None) -> str:
    """The outer element with the title and the description."""
    name, inside, width = key(figure.name), "".join(parts), short(wide) if wide else "100%"
    return (
        f'<svg class="plot" role="img" aria-labelledby="{name}-t {name}-d" width="{width}" height="{height}">'
        f'<title id="{name}-t">{safe(figure.title)}</title><desc id="{name}-d">{safe(figure.summary)}</desc>'
        f"{inside}</svg>"
    )


def _nothing(figure: CourseFigure, wide: float | None = None) -> str:
    """A course without a rating says so where the line will be."""
    middle, above = short(figure.height / 3), short(figure.height / 3 - 12)
    return _drawing(
        figure,
        figure.height // 2,
        f'<g class="scale"><line x2="100%" y1="{middle}" y2="{middle}"/></g>',
        f'<g class="axis"><text x="50%" y="{above}">Nothing rated yet</text></g>',
        wide=wide,
    )


def stretched(height: int, *parts: str, wide: float = FULL) -> str:
    """What is stretched to the width of the page, 1000 wide unless told; strokes keep their width."""
    inside = "".join(parts)
    box = f'viewBox="0 0 {short(wide)} {height}" preserveAspectRatio="none" width="100%" height="{height}"'
    return f'<svg {box} overflow="visible">{inside}</svg>' if inside else ""


def axis(labels: Sequence[str], frame: Frame, height: int) -> str:
    """The sessions' labels below, as many as there is room for; those for the desk alone say so."""
    wide = labelled(labels, width=WIDE)
    narrow = thinned(wide, labels, width=NARROW)
    texts = [_axis_label(index, labels[index], frame, index not in narrow) for index in sorted(wide)]
    return f'<g class="axis" transform="translate(0 {height - 8})">{"".join(texts)}</g>' if texts else ""


def _axis_label(index: int, label: str, frame: Frame, wide: bool) -> str:
    only = ' class="w"' if wide else ""
    return f'<text x="{frame.percent(index)}"{only}>{safe(label)}</text>'


def _scale(frame: Frame) -> str:
    """Hairlines at round numbers, the numbers before them."""
    lines = [
        f'<line x2="100%" y1="{short(frame.y(tick))}" y2="{short(frame.y(tick))}"/>'
        f'<text x="-12" y="{short(frame.y(tick) + 4)}">{number(tick, places=2)}</text>'
        for tick in ticks(frame.low, frame.high)
    ]
    return f'<g class="scale">{"".join(lines)}</g>'


def _range(figure: CourseFigure, frame: Frame) -> str:
    """The expected range: a band, and its two edges as hairlines so that it is seen without colour."""
    bands, edges = [], []
    for run in runs(index for index in range(len(figure.sessions)) if figure.range_at(index)):
        upper, lower = _edge(figure, frame, run, 1), _edge(figure, frame, run, 0)
        bands.append(f"M{' '.join(upper)}L{' '.join(reversed(lower))}Z")
        edges.append(f"M{' '.join(upper)}M{' '.join(lower)}")
    if not bands:
        return ""
    return f'<path class="range" d="{"".join(bands)}"/><path class="edge" d="{"".join(edges)}"/>'


def _edge(figure: CourseFigure, frame: Frame, run: Sequence[int], end: int) -> list[str]:
    """One edge of the band over neighbouring sessions; a lonely session gets a short stretch."""
    places = [(float(index), (figure.range_at(index) or (0.0, 0.0))[end]) for index in run]
    if len(places) == 1:
        (index, value), half = places[0], HALF if frame.count > 1 else 0.0
        places = [(index - half, value), (index + half, value)]
    if frame.count < 2:
        return [f"{short(frame.wide * at)} {short(frame.y(places[0][1]))}" for at in (0.38, 0.62)]
    return [f"{frame.x(index)} {short(frame.y(value))}" for index, value in places]


def runs(indices: Iterable[int]) -> list[list[int]]:
    """Stretches of neighbouring indices."""
    found: list[list[int]] = []
    for index in indices:
        if found and found[-1][-1] == index - 1:
            found[-1].append(index)
        else:
            found.append([index])
    return found


def _line(figure: CourseFigure, frame: Frame) -> str:
    """The ratings as a line that breaks where a session was not rated, and their dots."""
    place = {index: f"{frame.x(index)} {short(frame.y(figure.values[index]))}" for index in figure.rated}
    lines = "".join(f"M{' '.join(place[index] for index in run)}" for run in runs(place) if len(run) > 1)
    crowd = " many" if figure.crowded else ""
    return (f'<path class="line{crowd}" d="{lines}"/>' if lines else "") + _dots(figure, frame)


def _dots(figure: CourseFigure, frame: Frame) -> str:
    """A dot for each rating, all in one path; chart.js reads their places from it."""
    dots = "".join(f"M{frame.x(index)} {short(frame.y(figure.values[index]))}h0" for index in figure.rated)
    crowd = " many" if figure.crowded else ""
    return f'<path class="dots{crowd}" d="{dots}"/>' if dots else ""


def _braces(figure: CourseFigure, frame: Frame) -> str:
    """A brace over each episode; one session wide, it still has a width."""
    braces = []
    for span in figure.spans:
        first, last = (span.first, span.last) if span.first < span.last else (span.first - HALF, span.last + HALF)
        braces.append(f"M{frame.x(first)} 30v-6H{frame.x(last)}v6")
    return f'<path class="brace" d="{"".join(braces)}"/>' if braces else ""


def _predictions(figure: CourseFigure, frame: Frame) -> str:
    """A small dash for each prediction."""
    return "".join(
        f'<rect class="predicted" x="{frame.percent(index)}" y="{short(frame.y(figure.predicted[index]) - 1.25)}" '
        'width="12" height="2.5" transform="translate(-6 0)"/>'
        for index in known(figure.predicted)
    )


def _marks(figure: CourseFigure, frame: Frame) -> str:
    """A diamond where something asks to be noticed, its words beneath where they fit."""
    marks = sorted((mark for mark in figure.marks if mark.index in figure.rated), key=lambda mark: mark.index)
    centres = [(frame.share(mark.index), mark.words) for mark in marks]
    wide = frozenset() if figure.crowded else fitting(centres, width=BESIDE)
    narrow = fitting(centres, width=NARROW)
    drawn = []
    for order, mark in enumerate(marks):
        place = _anchor(centres[order], "" if order in narrow else "w")
        words = f'<text class="{place}" y="24">{safe(mark.words)}</text>' if order in wide else ""
        at = f'x="{frame.percent(mark.index)}" y="{short(frame.y(figure.values[mark.index]))}"'
        drawn.append(f'<svg {at} class="mark" overflow="visible"><path d="{DIAMOND}"/>{words}</svg>')
    return "".join(drawn)


def _span_words(figure: CourseFigure, frame: Frame) -> str:
    """The words over the braces, where they fit."""
    spans = sorted(figure.spans, key=lambda span: span.first)
    centres = [((frame.share(span.first) + frame.share(span.last)) / 2, span.words) for span in spans]
    wide, narrow = fitting(centres, width=BESIDE), fitting(centres, width=NARROW)
    texts = [
        f'<text class="{_anchor(centres[order], "" if order in narrow else "w")}" '
        f'x="{short(100 * centres[order][0], places=2)}%" y="16">{safe(spans[order].words)}</text>'
        for order in sorted(wide)
    ]
    return f'<g class="spans">{"".join(texts)}</g>' if texts else ""


def _anchor(centre: tuple[float, str], side: str) -> str:
    """Words near an end of the drawing are written away from it."""
    half = 6.9 * len(centre[1]) / 2
    place = "s" if centre[0] * NARROW < half else "e" if (1 - centre[0]) * NARROW < half else "m"
    return f"{place} {side}".strip()


def _labels(figure: CourseFigure, frame: Frame, *, with_range: bool = True) -> str:
    """What the line, the range and the dash are, written beside their ends; shown where there is room."""
    wanted: list[tuple[str, str, float]] = []
    if figure.rated:
        last = float(figure.values[figure.rated[-1]])
        wanted.append(("rating", f"{figure.value_name} {number(last)}", frame.y(last)))
    last_column = len(figure.sessions) - 1
    ranged = [column for column in range(last_column + 1) if figure.range_at(column)] if with_range else []
    ends = figure.range_at(ranged[-1]) if ranged else None
    if ends:
        # the numbers belong to the last session; where it has none the name alone stands beside the band's end
        words = f"{figure.range_name} {range_words(ends)}" if ranged[-1] == last_column else figure.range_name
        far = max(ends, key=lambda end: abs(frame.y(end) - (wanted[0][2] if wanted else 0.0)))
        wanted.append(("band", words, frame.y(far)))
    guesses = known(figure.predicted)
    if guesses:
        guess = float(figure.predicted[guesses[-1]])
        said = f"{figure.predicted_name} {number(guess)}" if guesses[-1] == last_column else figure.predicted_name
        wanted.append(("guess", said, frame.y(guess)))
    places = apart([place for *_, place in wanted], gap=17.0, low=frame.top, high=frame.bottom + 12.0)
    texts = [
        f'<text class="{kind}" x="100%" dx="16" y="{short(place + 4)}">{safe(words)}</text>'
        for (kind, words, _), place in zip(wanted, places, strict=True)
    ]
    return f'<g class="ends">{"".join(texts)}</g>' if texts else ""


def range_words(ends: tuple[float, float]) -> str:
    """A range in words: 46 to 54."""
    return f"{number(ends[0])} to {number(ends[1])}"
