"""A figure with what stands behind and beside it: the sentence, the drawing, the readout, the key, the table."""

import math

from holdfast.report.course import course_svg, prediction_svg, range_words
from holdfast.report.figure import CourseFigure, known
from holdfast.report.words import key, number, safe


def course_block(figure: CourseFigure, *, with_key: bool = True) -> str:
    """The whole figure for a page. Without a script everything can be read; with it, arrow keys walk the sessions."""
    return _block(figure, course_svg(figure), _key(figure) if with_key else "")


def prediction_block(figure: CourseFigure) -> str:
    """Predictions against ratings, with the readout and the table of a course."""
    return _block(figure, prediction_svg(figure), _key(figure, with_range=False))


def _block(figure: CourseFigure, drawing: str, signs: str) -> str:
    crowded = " crowded" if figure.crowded else ""
    return (
        f'<figure class="chart{crowded}" data-chart="" id="{key(figure.name)}">'
        f"<figcaption>{safe(figure.summary)}</figcaption>"
        f'<div class="frame">{drawing}</div>'
        f"{_spans_in_words(figure)}{signs}"
        '<p class="readout" data-readout="" aria-live="polite"></p>'
        '<details class="behind"><summary>As a table</summary>'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{safe(figure.title)}, as a table">'
        f"{course_table(figure)}</div></details></figure>"
    )


def course_table(figure: CourseFigure) -> str:
    """The same numbers as a table, one row for each session."""
    has_range, has_guess = any(map(figure.range_at, range(len(figure.sessions)))), bool(known(figure.predicted))
    heads = [figure.session_name, figure.value_name]
    heads += [figure.range_name] if has_range else []
    heads += [figure.predicted_name] if has_guess else []
    head = "".join(f'<th scope="col">{safe(name)}</th>' for name in heads)
    noticed = _noticed(figure)
    last = '<th scope="col" data-plain="">Noticed</th>' if any(noticed) else ""
    rows = "".join(_row(figure, index, has_range, has_guess, noticed) for index in range(len(figure.sessions)))
    return (
        f'<table class="course"><caption>{safe(_caption(figure))}</caption>'
        f"<thead><tr>{head}{last}</tr></thead><tbody>{rows}</tbody></table>"
    )


def _row(figure: CourseFigure, index: int, has_range: bool, has_guess: bool, noticed: list[str]) -> str:
    value = figure.values[index]
    cells = f"<td>{number(value)}</td>" if index in figure.rated else '<td data-plain="">not rated</td>'
    ends = figure.range_at(index)
    guess = figure.predicted[index] if has_guess else math.nan
    cells += f"<td>{range_words(ends) if ends else ''}</td>" if has_range else ""
    cells += f"<td>{'' if math.isnan(guess) else number(guess)}</td>" if has_guess else ""
    cells += f"<td>{safe(noticed[index])}</td>" if any(noticed) else ""
    return f'<tr><th scope="row">{safe(figure.sessions[index])}</th>{cells}</tr>'


def _noticed(figure: CourseFigure) -> list[str]:
    """The words of each session's marks and of the episodes it belongs to."""
    words: list[list[str]] = [[] for _ in figure.sessions]
    for mark in figure.marks:
        words[mark.index].append(mark.words)
    for span in figure.spans:
        for index in range(span.first, span.last + 1):
            words[index].append(span.words)
    return ["; ".join(dict.fromkeys(each)) for each in words]


def _caption(figure: CourseFigure) -> str:
    """The title, the unit, and which way is up."""
    return ". ".join(part for part in (figure.title, figure.unit, _direction(figure)) if part)


def _direction(figure: CourseFigure) -> str:
    return f"Higher is {figure.higher_is}" if figure.higher_is else ""


def _spans_in_words(figure: CourseFigure) -> str:
    """The episodes as a line of words, for narrow pages where braces have no room for theirs."""
    if not figure.spans:
        return ""
    return f'<p class="episodes">{safe(spans_in_words(figure))}</p>'


def spans_in_words(figure: CourseFigure) -> str:
    """The episodes as sentences; empty without one."""
    said = [f"{_from_to(figure, span.first, span.last)}: {span.words}" for span in figure.spans]
    return ". ".join(said) + "." if said else ""


def _from_to(figure: CourseFigure, first: int, last: int) -> str:
    if first == last:
        return f"{figure.session_name} {figure.sessions[first]}"
    return f"{figure.session_name} {figure.sessions[first]} to {figure.sessions[last]}"


def _key(figure: CourseFigure, *, with_range: bool = True) -> str:
    """What the signs mean, in words; shown where the drawing has no room for labels of its own."""
    items = "".join(f'<li class="{kind}">{safe(words)}</li>' for kind, words in signs(figure, with_range=with_range))
    return f'<ul class="key">{items}</ul>' if items else ""


def signs(figure: CourseFigure, *, with_range: bool = True) -> list[tuple[str, str]]:
    """Each kind of sign in the drawing, and what it stands for."""
    entries = [("dot", figure.value_name)] if figure.rated else []
    entries += [("diamond", words) for words in dict.fromkeys(mark.words for mark in figure.marks)]
    entries += [("dash", figure.predicted_name)] if known(figure.predicted) else []
    drawn = with_range and any(map(figure.range_at, range(len(figure.sessions))))
    entries += [("band", figure.range_name)] if drawn else []
    return entries
