"""The courses of one pair as figures: alliance, and how the client is doing, over the same sessions."""

import math
from collections.abc import Iterable, Sequence
from uuid import UUID

from holdfast.instruments import load
from holdfast.practice.answers.models import Purpose, Rater
from holdfast.practice.answers.offers import SHORTER, folders
from holdfast.practice.caseload.models import Session
from holdfast.practice.insight.care import Care
from holdfast.practice.insight.statements import signalled
from holdfast.practice.ruptures.archive import HIGH, LOW
from holdfast.practice.ruptures.models import RuptureEpisode
from holdfast.report import CourseFigure, Mark, Span
from holdfast.report.words import listed, number

PREDICTED = ("bond_predicted", "work_predicted")
KINDS = {
    RuptureEpisode.Kind.ACUTE: "drop",
    RuptureEpisode.Kind.EROSION: "slide",
    RuptureEpisode.Kind.TENSION: "tension",
    RuptureEpisode.Kind.DISAGREEMENT: "seen differently",
}
IN_RATINGS = {
    RuptureEpisode.Status.OPEN: "not back yet",
    RuptureEpisode.Status.REPAIRED: "back at the level before it",
    RuptureEpisode.Status.PARTLY: "partly back",
    RuptureEpisode.Status.NOT: "not back",
    RuptureEpisode.Status.ENDED: "not back when the therapy ended",
}
STATUS = {
    RuptureEpisode.Status.OPEN: "open",
    RuptureEpisode.Status.REPAIRED: "repaired",
    RuptureEpisode.Status.PARTLY: "partly repaired",
    RuptureEpisode.Status.NOT: "not repaired",
    RuptureEpisode.Status.ENDED: "ended with the therapy",
}


def in_ratings(row: RuptureEpisode) -> str:
    """How an episode stands in the ratings, in words; a strain that was only said may not show in them at all."""
    if not (row.finding.get("depth") or 0.0) > 0.0:
        return "they did not fall"
    return IN_RATINGS[RuptureEpisode.Status(row.ratings_status)]


def alliance_figure(care: Care) -> CourseFigure | None:
    """Rating, expected range, prediction, signals and episodes; None while nothing is rated."""
    course = care.course
    if course is None:
        return None
    detection = course.course.detection
    place = {session.pk: column for column, session in enumerate(course.sessions)}

    def series(values: Sequence[float]) -> tuple[float, ...]:
        columns = (place.get(session.pk) for session in care.seen)
        return tuple(math.nan if column is None else float(values[column]) for column in columns)

    words = [signalled(care, session) for session in care.seen]
    low, high = series(detection.low[0]), series(detection.high[0])
    return CourseFigure(
        name="alliance",
        title="Alliance, session by session",
        summary=_summary(series(detection.scores[0])),
        sessions=_labels(care.seen),
        values=series(detection.scores[0]),
        low=tuple(on_scale(each) for each in low),
        high=tuple(on_scale(each) for each in high),
        marks=tuple(Mark(index=index, words=said) for index, said in enumerate(words) if said),
        spans=_spans(care),
        predicted=care.by_session(predictions(care)),
        unit="0 to 100",
        higher_is="better",
        value_name="Client’s rating",
        predicted_name="Your prediction",
    )


def on_scale(value: float) -> float:
    """An end of a range, no further than the scale goes."""
    return value if math.isnan(value) else min(HIGH, max(LOW, value))


def predictions(care: Care) -> dict[UUID, float]:
    """What the therapist guessed of bond and work, in percent of the scale: the mean of what was guessed."""
    guesses: dict[UUID, list[float]] = {}
    for score in care.scores:
        if score.check_in.rater == Rater.THERAPIST and score.scale in PREDICTED and score.percent is not None:
            guesses.setdefault(score.check_in.session_id, []).append(score.percent)
    return {session: sum(each) / len(each) for session, each in guesses.items()}


def rated_alike(care: Care) -> dict[UUID, float]:
    """The client's bond and work, in the same percent, where the therapist guessed both."""
    ratings: dict[UUID, list[float]] = {}
    for score in care.scores:
        is_client = score.check_in.rater == Rater.CLIENT and score.check_in.purpose == Purpose.AFTER
        if is_client and score.scale in ("facet_bond", "work") and score.percent is not None:
            ratings.setdefault(score.check_in.session_id, []).append(score.percent)
    return {session: sum(each) / len(each) for session, each in ratings.items() if len(each) == len(PREDICTED)}


def outcome_figures(care: Care, order: Sequence[str]) -> tuple[CourseFigure, ...]:
    """One figure for each score before sessions, in the order in which the practice asks its forms."""
    found = care.outcomes()
    return tuple(_outcome_figure(care, key, found[key], order) for key in outcomes_in_order(care, order))


def outcomes_in_order(care: Care, order: Sequence[str]) -> list[tuple[str, str, str]]:
    """As asked; but a course that another one followed stands beside it."""
    ordered = as_asked(care.outcomes(), order)
    for key in list(ordered):
        for older in reversed(followed_by(care, key, order)):
            ordered.remove(older)
            ordered.insert(ordered.index(key) + 1, older)
    return ordered


def followed_by(care: Care, key: tuple[str, str, str], order: Sequence[str]) -> list[tuple[str, str, str]]:
    """The courses of what is asked no more that ended right before this one began. They are never joined."""
    asked = {*order, *(SHORTER[each] for each in order if each in SHORTER)}
    spans = {each: _span(care, values) for each, values in care.outcomes().items()}
    over = {each: last for each, (_, last) in spans.items() if last < spans[key][0] and _is_over(each, key, asked)}
    return sorted(each for each, last in over.items() if last == max(over.values()))


def _is_over(older: tuple[str, str, str], newer: tuple[str, str, str], asked: set[str]) -> bool:
    return older[0] not in asked or (older[0] == newer[0] and older[1] != newer[1])


def side_by_side(care: Care, order: Sequence[str]) -> int:
    """How many figures lead a page: the first one, and those of the questionnaire before it."""
    ordered = outcomes_in_order(care, order)
    return 1 + len(followed_by(care, ordered[0], order)) if ordered else 0


def _span(care: Care, values: dict[UUID, float]) -> tuple[int, int]:
    numbers = [session.number for session in care.sessions if session.pk in values]
    return min(numbers), max(numbers)


def _since(care: Care, key: tuple[str, str, str], order: Sequence[str]) -> str:
    """That a course is a new one beside older ones; empty where it is not."""
    older = followed_by(care, key, order)
    if not older:
        return ""
    first, found = _span(care, care.outcomes()[key])[0], care.outcomes()
    last = _span(care, found[older[0]])[1]
    return (
        f" New questionnaire since session {first}. {listed([outcome_name(each) for each in older])} was answered "
        f"until session {last} and has a course of its own; nothing joins them."
    )


def as_asked(keys: Iterable[tuple[str, str, str]], order: Sequence[str]) -> list[tuple[str, str, str]]:
    """Scores in the order in which the practice asks their forms; a form sent in another's place has that one's."""
    place = {SHORTER.get(each, each): at for at, each in enumerate(order)} | {each: at for at, each in enumerate(order)}
    return sorted(keys, key=lambda key: (place.get(key[0], len(order)), key))


def _outcome_figure(
    care: Care, key: tuple[str, str, str], values: dict[UUID, float], order: Sequence[str]
) -> CourseFigure:
    instrument = load(key[0], version=key[1], folders=folders())
    scale = instrument.scale(key[2])
    series = care.by_session(values)
    name = outcome_name(key)
    return CourseFigure(
        name=f"outcome-{key[0]}-{key[2]}",
        title=name,
        summary=_first_to_last(name, series, care.seen) + _since(care, key, order),
        sessions=_labels(care.seen),
        values=series,
        unit=f"{number(scale.lowest)} to {number(scale.highest)}",
        higher_is=scale.higher_is if scale.higher_is != "neither" else "",
        extent=(scale.lowest, scale.highest),
        value_name=name,
        height=150,
    )


def outcome_notices(care: Care) -> tuple[str, ...]:
    """What has to stand beside the scores: who holds the rights, and what is not validated."""
    found: dict[str, list[str]] = {}
    for name, version in sorted({(name, version) for name, version, _ in care.outcomes()}):
        for notice in load(name, version=version, folders=folders()).notices:
            found.setdefault(notice, []).append(name.upper() if "holdfast" not in name else "Goal and connection")
    return tuple(f"{listed(names)}: {notice}" for notice, names in found.items())


def outcome_name(key: tuple[str, str, str]) -> str:
    """PHQ-8, or "Goal progress" for a scale that has a word of its own."""
    return key[0].upper() if key[2] == "total" else key[2].replace("_", " ").capitalize()


def _first_to_last(name: str, series: Sequence[float], sessions: Sequence[Session]) -> str:
    known = [(sessions[i].number, value) for i, value in enumerate(series) if not math.isnan(value)]
    if len(known) < 2:
        return f"{name} before session {known[0][0]}: {number(known[0][1])}." if known else ""
    (first, before), (last, after) = known[0], known[-1]
    return f"{name}: {number(before)} before session {first}, {number(after)} before session {last}."


def _summary(series: Sequence[float]) -> str:
    known = [value for value in series if not math.isnan(value)]
    rated = f"{len(known)} rated {'session' if len(known) == 1 else 'sessions'}"
    return (
        f"{rated}, between {number(min(known), places=0)} and {number(max(known), places=0)} on a scale from 0 to 100."
    )


def _labels(sessions: Sequence[Session]) -> tuple[str, ...]:
    return tuple(str(session.number) for session in sessions)


def _spans(care: Care) -> tuple[Span, ...]:
    place = {session.pk: index for index, session in enumerate(care.seen)}
    last = len(care.seen) - 1
    spans = []
    for row in sorted(care.episodes, key=lambda each: each.number):
        first = place.get(row.onset_session_id)
        if first is not None:
            end = place.get(row.closed_after_id, last) if row.closed_after_id else last
            words = f"{KINDS[RuptureEpisode.Kind(row.kind)]}, {STATUS[RuptureEpisode.Status(row.status)]}"
            spans.append(Span(first=first, last=max(first, end), words=words))
    return tuple(spans)
