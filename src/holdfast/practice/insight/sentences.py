"""What pages say about a course: what was answered, compared with what, by which rule."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from holdfast.alliance.signals import Signals
from holdfast.report.words import listed, number

WAYS = {
    "none": "",
    "withdrawal": ", pulling away",
    "confrontation": ", pushing against",
    "both": ", pulling away and pushing against",
    "not_sure": ", not sure which way",
}
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


def sliding(*, onset: int, scores: Sequence[float], low: float, high: float, rate: float) -> Statement:
    """An erosion signal: the ratings since the onset, and the range expected when it began."""
    ratings = listed([whole(score) for score in scores if not math.isnan(score)])
    return Statement(
        head=f"The ratings have been sliding since session {onset}",
        said=f"Since session {onset} the ratings were {ratings}. {_expected(low, high)}",
        rule=f"A slide like this comes up by chance about once in {round(1.0 / rate):,} sessions.",
        noticed=True,
    )


def together(*, session: int, score: float | None, yours: float | None, reported: bool, p: float) -> Statement:
    """An acute signal to which more than the client's own rating has led."""
    parts = [f"they rated it {whole(score)}" if score is not None else "they did not rate it"]
    parts += [f"you rated it {whole(yours)}"] if yours is not None else []
    parts += ["tension was reported"] if reported else []
    return Statement(
        head=f"Session {session} stands out, all in all",
        said=f"Session {session}: {listed(parts)}.",
        rule=f"Everything said after a session, taken together, looks like this by chance {once_in(p)}.",
        noticed=True,
    )


def tension(*, session: int, client: bool, therapist: bool, way: str) -> Statement:
    """Somebody reported tension."""
    who = "Both of you noticed tension" if client and therapist else "The client" if client else "You"
    said = f"{who} in session {session}" if client and therapist else f"{who} noticed tension in session {session}"
    return Statement(
        head=f"Tension was reported in session {session}",
        said=f"{said}{WAYS[way]}.",
        rule="This was said, not computed; it has no rate of chance.",
        noticed=True,
    )


def seen_differently(*, session: int, direction: str, yours: float, theirs: float, p: float) -> Statement:
    """Two raters, or a guess and its rating, depart from each other."""
    if direction in ("client_lower", "therapist_lower"):
        return Statement(
            head=f"You and the client saw session {session} differently",
            said=f"You rated session {session} {whole(yours)} for bond and work, the client {whole(theirs)} in all.",
            rule=f"Seen against how each of you usually rates, a gap this large comes up by chance {once_in(p)}.",
            noticed=True,
        )
    side = "higher" if direction == "predicted_too_high" else "lower"
    return Statement(
        head=f"Your guess for session {session} was further off than usual",
        said=f"You expected {whole(yours)} for bond and work together, {side} than the {whole(theirs)} they answered.",
        rule=f"Seen against your guesses so far, a miss this large comes up by chance {once_in(p)}.",
        noticed=True,
    )


def worth_talking_about(*, session: int, score: float, cutoff: float, chance: float) -> str:
    """The practice's fixed rule, apart from every signal."""
    often = f"about {number(100 * chance, places=0)} in 100" if chance >= 0.01 else "fewer than 1 in 100"
    return (
        f"Session {session} was rated {whole(score)}, and the practice talks about ratings of {whole(cutoff)} or less. "
        f"By this pair’s own history {often} of its ratings would be; this is no signal."
    )


def came_back(*, returned: float, rebound: float) -> str:
    """What came back after a drop, beside what chance alone would give."""
    by = f"{number(abs(returned), places=0)} {'points' if round(abs(returned)) != 1 else 'point'}"
    went = f"came back by {by}" if returned >= 0 else f"went down by {by} more"
    expected = (
        f"chance alone would give back about {number(rebound, places=0)}"
        if rebound >= 0.5
        else "chance alone would give nothing back"
    )
    return f"After it the ratings {went}; {expected}."


def usual_swing(*, swing: float, low: float, high: float) -> str:
    """How steady the felt relationship is."""
    return (
        f"From session to session the ratings usually swing by about {number(swing, places=0)} points "
        f"({number(low, places=0)} to {number(high, places=0)})."
    )


def fell_most(facets: Iterable[str]) -> str:
    """Which sides of the relationship fell; empty for none."""
    names = list(facets)
    return f"Lowest against their usual: {listed(names)}." if names else ""


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


def rule_in_words(signals: Signals) -> tuple[str, ...]:
    """Why am I seeing this: the rules, their settings, how often they fire on nothing, and the starting point."""
    rates, rule = signals.rates, signals.client.rule
    nothing = "if nothing has happened"
    said = [
        "What is said after each session is compared with what this pair's own earlier sessions lead one to expect: "
        f"the client's rating, and yours and any tension if they are there. {nothing.capitalize()}, about "
        f"{number(100 * rates.acute)} in 100 sessions are signalled as lower all the same.",
        "Small drops in a row are added up. When their sum passes a limit, that is a signal too; "
        f"{nothing}, this comes up about once in {round(1.0 / rates.erosion):,} sessions.",
    ]
    if rates.disagreement:
        said.append(
            "Ratings or guesses of the two of you that lie further apart than is usual between you are a signal; "
            f"{nothing}, about once in {round(1.0 / rates.disagreement):,} sessions."
        )
    said += [
        "Tension that one of you reports is a signal because it was said; it is not computed.",
        f"All computed kinds together: at most {number(signals.budget.per_20)} in 20 sessions, {nothing}. None of them "
        f"speaks before the {_ordinal(rule.first_alarm)} rated session.",
        signals.client.starting_point,
        "A signal is an unusual session, not an observed rupture. Whether something happened between you, "
        "the two of you know.",
        ABSENCE,
    ]
    return tuple(said)


def _expected(low: float, high: float) -> str:
    return f"The sessions before lead one to expect {whole(low)} to {whole(high)}."


def _ordinal(place: int) -> str:
    return {2: "second", 3: "third", 4: "fourth", 5: "fifth"}.get(place, f"{place}th")
