"""Small figures: bars with a value and what it is compared with, and a course no larger than a word."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.report.course import runs
from holdfast.report.figure import known
from holdfast.report.scale import around, short
from holdfast.report.words import number, safe


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetBar:
    """One facet: its label, its value from 0 to 100, the change from this client's usual (None: not known yet), and
    whether the change asks to be noticed, by a rule of the caller."""

    label: str
    value: float
    change: float | None = None
    noticed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CountBar:
    """One share: label, its words, and share, low and high from 0 to 1 (low and high None: no interval);
    tone: "" green, "ember" or "calm"."""

    label: str
    words: str
    share: float
    low: float | None = None
    high: float | None = None
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RateBar:
    """A share found beside the one that chance alone gives, both from 0 to 1; note: a soft line below, or nothing;
    more: whether more was found than chance gives."""

    label: str
    words: str
    found: float
    chance: float
    note: str = ""
    more: bool = False


def rate_bars(bars: Sequence[RateBar]) -> str:
    """Shares one below the other on one scale; a tick shows what chance alone gives."""
    top = max((max(bar.found, bar.chance) for bar in bars), default=0.0) or 1.0
    return f'<ul class="bars rates">{"".join(_rate(bar, 1.1 * top) for bar in bars)}</ul>' if bars else ""


def _rate(bar: RateBar, top: float) -> str:
    drawn = _bar(100 * bar.found / top, usual=100 * bar.chance / top, tone="" if bar.more else "calm")
    note = f'<span class="beneath">{safe(bar.note)}</span>' if bar.note else ""
    return f'<li><span>{safe(bar.label)}</span>{drawn}<span class="value">{_bold(bar.words)}</span>{note}</li>'


def facet_bars(bars: Sequence[FacetBar]) -> str:
    """Facets one below the other: the bar, the value, the change in words; a tick shows the usual value."""
    return f'<ul class="bars facets">{"".join(map(_facet, bars))}</ul>' if bars else ""


def _facet(facet: FacetBar) -> str:
    usual = math.nan if facet.change is None else facet.value - facet.change
    noticed = " noticed" if facet.noticed else ""
    change = f'<span class="what{noticed}">{change_words(facet.change)}</span>' if facet.change is not None else ""
    return (
        f"<li><span>{safe(facet.label)}</span>{_bar(facet.value, usual=usual, tone='ember' if facet.noticed else '')}"
        f'<span class="value"><b>{number(facet.value, places=0)}</b> {change}</span></li>'
    )


def change_words(change: float) -> str:
    """A change from the usual in words, so that its direction is not left to colour or sign."""
    size = number(abs(change), places=0)
    if size == "0":
        return "as usual"
    return f"{size} {'higher' if change > 0 else 'lower'} than usual"


def count_bars(bars: Sequence[CountBar]) -> str:
    """Shares one below the other, each with its words and its interval as a thin line."""
    return f'<ul class="bars counts">{"".join(map(_count, bars))}</ul>' if bars else ""


def _count(bar: CountBar) -> str:
    ends = None if bar.low is None or bar.high is None else (100 * bar.low, 100 * bar.high)
    drawn = _bar(100 * bar.share, interval=ends, tone=bar.tone)
    return f'<li><span>{safe(bar.label)}</span>{drawn}<span class="value">{_bold(bar.words)}</span></li>'


def _bold(words: str) -> str:
    """The words beside a bar; what stands before the first dot is the number."""
    many, dot, rest = safe(words).partition(" \N{MIDDLE DOT} ")
    return f"<b>{many}</b>{dot}{rest}"


def _bar(value: float, *, usual: float = math.nan, interval: tuple[float, float] | None = None, tone: str = "") -> str:
    """One bar of 100; the words beside it say the same, so it is hidden from screen readers."""
    width = short(min(max(value, 0.0), 100.0), places=1)
    extra = "" if math.isnan(usual) else _tick(min(max(usual, 0.0), 100.0))
    extra += "" if interval is None else _interval(*interval)
    kind = f"fill {tone}".strip()
    return (
        '<svg class="bar" aria-hidden="true" width="100%" height="12">'
        '<rect class="track" y="3" width="100%" height="6" rx="3"/>'
        f'<rect class="{kind}" y="3" width="{width}%" height="6" rx="3"/>{extra}</svg>'
    )


def _tick(at: float) -> str:
    return f'<line class="usual" x1="{short(at)}%" x2="{short(at)}%" y1="0" y2="12"/>'


def _interval(low: float, high: float) -> str:
    ends = "".join(f'<line class="interval" x1="{short(x)}%" x2="{short(x)}%" y1="2" y2="10"/>' for x in (low, high))
    return f'<line class="interval" x1="{short(low)}%" x2="{short(high)}%" y1="6" y2="6"/>{ends}'


def spark(values: Sequence[float], *, marked: Sequence[int] = ()) -> str:
    """A course no larger than a word; dots where something was noticed. The row around it says the numbers."""
    rated = known(values)
    if len(rated) < 2:
        return ""
    low, high = around([values[index] for index in rated])
    place = {
        index: f"{short(200 * index / (len(values) - 1))} {short(28 - 24 * (values[index] - low) / (high - low))}"
        for index in rated
    }
    lines = "".join(f"M{' '.join(place[index] for index in run)}" for run in runs(rated))
    dots = "".join(f"M{place[index]}h0" for index in marked if index in place)
    noticed = f'<path class="low" d="{dots}"/>' if dots else ""
    box = 'viewBox="0 0 200 30" preserveAspectRatio="none" width="104" height="26"'
    return f'<svg class="spark" aria-hidden="true" {box}><path d="{lines}"/>{noticed}</svg>'
