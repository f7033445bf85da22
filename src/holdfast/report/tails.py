"""How often each tail probability came up: flat where the stated rate is kept, drawn as twenty columns."""

import math
from collections.abc import Sequence

from holdfast.report.scale import short
from holdfast.report.words import count, grouped, number, safe

WIDE, HIGH, GAP = 400.0, 100.0, 4.0
CLEAR = 2.0  # so many standard errors above flat, the lowest column asks to be noticed


def tail_figure(counts: Sequence[int], *, name: str) -> str:
    """The columns with their caption, the ends of the axis in words, and the table behind them."""
    flat = number(sum(counts) / len(counts), places=0)
    return (
        f'<figure class="tail-figure"><figcaption class="small soft">The tail probabilities of '
        f"{count(sum(counts), 'monitored session')}, in twentieths. Dashed: about {flat} in each, as when nothing "
        f"happens.</figcaption>{tail_columns(counts, name=name)}"
        '<p class="ends small soft"><span>0, unusually low</span><span>1, unusually high</span></p>'
        f"{tails_table(counts)}</figure>"
    )


def tail_columns(counts: Sequence[int], *, name: str) -> str:
    """The drawing: a column for each twentieth, a dashed line where all would end if nothing had happened."""
    flat, width = sum(counts) / len(counts), WIDE / len(counts)
    top = max(*counts, flat) or 1.0
    noticed = counts[0] > flat + CLEAR * math.sqrt(flat)
    columns = "".join(
        f'<rect class="{"column lowest" if noticed and not at else "column"}" x="{short(at * width + GAP / 2)}" '
        f'y="{short(HIGH - HIGH * each / top)}" width="{short(width - GAP)}" height="{short(HIGH * each / top)}"/>'
        for at, each in enumerate(counts)
    )
    return (
        f'<svg class="tails" role="img" aria-labelledby="{name}-t {name}-d" preserveAspectRatio="none" '
        f'viewBox="0 -4 {short(WIDE)} {short(HIGH + 6)}"><title id="{name}-t">Tail probabilities</title>'
        f'<desc id="{name}-d">{safe(tails_summary(counts))}</desc>{columns}'
        f'<path class="base" d="M0 {short(HIGH)}h{short(WIDE)}"/>'
        f'<path class="flat" d="M0 {short(HIGH - HIGH * flat / top)}h{short(WIDE)}"/></svg>'
    )


def tails_summary(counts: Sequence[int]) -> str:
    """What the drawing shows, for whoever does not see it."""
    flat, rest = sum(counts) / len(counts), counts[1:]
    return (
        f"Of {count(sum(counts), 'tail probability', 'tail probabilities')}, {grouped(counts[0])} lie in the lowest "
        f"twentieth, where about {number(flat, places=0)} would if nothing had happened; each other twentieth holds "
        f"{grouped(min(rest))} to {grouped(max(rest))}."
    )


def tails_table(counts: Sequence[int]) -> str:
    """The same numbers, folded away."""
    size = 1.0 / len(counts)
    rows = "".join(
        f'<tr><th scope="row">{number(at * size, places=2)} to {number((at + 1) * size, places=2)}</th>'
        f"<td>{grouped(each)}</td></tr>"
        for at, each in enumerate(counts)
    )
    return (
        '<details class="behind"><summary>As a table</summary><table class="narrow"><thead><tr>'
        '<th scope="col">Tail probability</th><th scope="col">Sessions</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></details>"
    )
