"""What pages say about a course: what was answered, compared with what, by which rule."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.alliance.rule import Rule
from holdfast.report.words import listed, number

ABSENCE = "A line without a signal says only that the rule did not fire. It is no green light."


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What changed (``head``, ``said``), and how often chance alone would do it (``rule``)."""

    head: str
    said: str
    rule: str
    noticed: bool


def whole(value: float) -> str:
    """A rating or an end of a range, in whole points and no further than the scale goes."""
    return number(min(100.0, max(0.0, value)), places=0)


def once_in(p: float) -> str:
    """How rare: two digits say more than a false third."""
    if math.isnan(p):
        return ""
    if p <= 0.0001:
        return "less than once in 10,000 sessions"
    every = 1.0 / p
    digits = max(0, math.floor(math.log10(every)) - 1)
    return f"about once in {round(every, -digits):,.0f} sessions"


def lower(*, session: int, score: float, low: float, high: float, p: float) -> Statement:
    """An acute signal."""
    return Statement(
        head=f"Session {session} was rated lower than expected",
        said=f"Session {session} was rated {whole(score)}. {_expected(low, high)}",
        rule=f"A rating this low comes up by chance {once_in(p)}.",
        noticed=True,
    )


def sliding(*, onset: int, scores: Sequence[float], low: float, high: float, rule: Rule) -> Statement:
    """An erosion signal: the ratings since the onset, and the range expected when it began."""
    ratings = listed([whole(score) for score in scores if not math.isnan(score)])
    return Statement(
        head=f"The ratings have been sliding since session {onset}",
        said=f"Since session {onset} the ratings were {ratings}. {_expected(low, high)}",
        rule=f"A slide like this comes up by chance about once in {rule.run_length:.0f} sessions.",
        noticed=True,
    )


def compared(*, session: int, score: float, low: float, high: float) -> Statement:
    """No signal: the last rating beside its range."""
    place = "within" if low <= score <= high else "above" if score > high else "below"
    said = (
        f"Session {session} was rated {whole(score)}, {place} the {whole(low)} to {whole(high)} "
        "that earlier sessions lead one to expect."
    )
    return Statement(head=said, said=said, rule="Compared with this pair's own earlier sessions.", noticed=False)


def first_rating(*, session: int, score: float) -> Statement:
    said = f"Session {session} was rated {whole(score)}. There is nothing of this pair's own to compare it with yet."
    return Statement(head=said, said=said, rule="Comparison begins with the third rated session.", noticed=False)


def waiting(*, session: int) -> Statement:
    said = f"Session {session} has been rated. It is shown once you have predicted and rated it, or skipped that."
    return Statement(head=said, said=said, rule="", noticed=False)


def unrated() -> Statement:
    said = "No session has been rated yet."
    return Statement(head=said, said=said, rule="", noticed=False)


def rule_in_words(rule: Rule) -> tuple[str, ...]:
    """Why am I seeing this: the rule, its settings and how often it fires on nothing."""
    nothing = "if nothing has happened"
    return (
        "Each rating is compared with the range that this pair's own earlier ratings lead one to expect. A rating "
        f"below it is a signal; {nothing}, about {number(100 * rule.alpha)} in 100 sessions are signalled all the "
        f"same, which is {number(rule.false_signals_per_20)} in 20 sessions.",
        "Small drops in a row are added up. When their sum passes a limit, that is a signal too; "
        f"{nothing}, this comes up about once in {rule.run_length:.0f} sessions.",
        f"Neither speaks before the {_ordinal(rule.first_alarm)} rated session.",
        "A signal is an unusual rating, not an observed rupture. Whether something happened between you, "
        "the two of you know.",
        ABSENCE,
    )


def _expected(low: float, high: float) -> str:
    return f"The sessions before lead one to expect {whole(low)} to {whole(high)}."


def _ordinal(place: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(place, f"{place}th")
