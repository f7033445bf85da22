"""How often each tail probability came up: flat where the stated rate is kept, drawn as twenty columns."""

from collections.abc import Sequence

from holdfast.report.scale import short
from holdfast.report.words import count, grouped, number, safe

LEFT, TOP, WIDE, HIGH = 40.0, 22.0, 400.0, 110.0
GAP = 3.0


def tail_columns(counts: Sequence[int], *, name: str) -> str:
    """The drawing: a column for each twentieth, a dashed line where all would end if nothing had happened."""
    flat = sum(counts) / len(counts)
    top = max(*counts, flat) or 1.0
    bottom, width = TOP + HIGH, WIDE / len(counts)
    columns = "".join(
        f'<rect class="{"column" if at else "column lowest"}" x="{short(LEFT + at * width + GAP / 2)}" '
        f'y="{short(bottom - HIGH * each / top)}" width="{short(width - GAP)}" height="{short(HIGH * each / top)}"/>'
        for at, each in enumerate(counts)
    )
    level = short(bottom - HIGH * flat / top)
    ends = (
        f'<text x="{short(LEFT)}" y="{short(bottom + 18)}">0: as low as never before</text>'
        f'<text text-anchor="end" x="{short(LEFT + WIDE)}" y="{short(bottom + 18)}">1: as high as never before</text>'
    )
    above = f'x="{short(LEFT + WIDE)}" y="{short(TOP - 9)}"'
    return (
        f'<svg class="tails" role="img" aria-labelledby="{name}-t {name}-d" '
        f'viewBox="0 0 {short(LEFT + WIDE + 8)} {short(bottom + 28)}">'
        f'<title id="{name}-t">Tail probabilities of the monitored sessions</title>'
        f'<desc id="{name}-d">{safe(tails_summary(counts))}</desc>{columns}'
        f'<path class="base" d="M{short(LEFT)} {short(bottom)}h{short(WIDE)}"/>'
        f'<path class="flat" d="M{short(LEFT)} {level}h{short(WIDE)}"/>'
        f'<text text-anchor="end" x="{short(LEFT - 6)}" y="{short(float(level) + 4)}">{number(flat, places=0)}</text>'
        f'<text text-anchor="end" {above}>Dashed: flat, as when nothing happens</text>'
        f"{ends}</svg>"
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
