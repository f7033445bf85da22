"""Answers and an instrument make scores, by the stated rule of the instrument."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from numbers import Real

import numpy as np
from numpy.typing import NDArray

from holdfast.errors import AnswerError
from holdfast.instruments import AnswerSet, Instrument, Scale

FloatArray = NDArray[np.float64]
UNVERIFIED_KEY = "The key of this scale has not been checked at its source, so no score is computed."


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one scale makes of the answers of one check-in.

    ``raw`` is in points of the scale and ``percent`` in percent of its range; both are None where there is no score,
    and then ``reason`` says why. ``prorated`` means that gaps were filled with the mean of the other answers.
    """

    scale: str
    raw: float | None
    percent: float | None
    answered: int
    of: int
    missing: tuple[str, ...]
    prorated: bool
    band: str | None
    reason: str | None
    higher_is: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """All scores of one check-in, with the doubts that limit them.

    ``safety`` holds every safety item: True where the answer lies above the lowest and calls for a person, False where
    it is the lowest, None where it is not answered, which is never a "no".
    """

    instrument: str
    version: str
    scores: Mapping[str, Score]
    safety: Mapping[str, bool | None]
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleColumns:
    """What one scale makes of many check-ins, one row each; nan and "" where there is no score, band or reason."""

    scale: str
    raw: FloatArray
    percent: FloatArray
    answered: NDArray[np.int64]
    of: int
    prorated: NDArray[np.bool_]
    band: NDArray[np.object_]
    reason: NDArray[np.object_]
    higher_is: str


def score(
    instrument: Instrument,
    answers: Mapping[str, float | None],
    *,
    row: int | None = None,
    source: str | None = None,
) -> Scores:
    """Every scale of the instrument from one set of answers.

    Reversed items count as lowest + highest - answer. A scale is the sum or mean of its items (or a count or a table
    look-up), times its multiplier. With no more gaps than its rule allows, the mean of the other answers stands in for
    them and the score is marked as prorated; with more there is no score, and the reason.

    A score is the scale's own points: what was said, by the published rule, and nothing more. ``answers`` maps item to
    points, None or nan for missing; items left out are missing. ``row`` and ``source`` are named in the error.
    Raises AnswerError for an item that does not exist and for an answer that its item does not have.
    Source: the key of each instrument, in its file; the default for gaps in the design of the instrument files.
    """
    said = check_answers(instrument, answers, row=row, source=source)
    scores = {scale.id: score_scale(instrument, scale, said) for scale in instrument.scales}
    safety = {
        item.id: None if said[item.id] is None else said[item.id] != instrument.answers[item.answers].lowest
        for item in instrument.items
        if item.safety
    }
    prorated = (
        f"`{one.scale}` is prorated from {one.answered} of {one.of} answers." for one in scores.values() if one.prorated
    )
    return Scores(
        instrument=instrument.id,
        version=instrument.version,
        scores=scores,
        safety=safety,
        doubts=(*(() if instrument.validated else instrument.notices[:1]), *prorated),
    )


def check_answers(
    instrument: Instrument, answers: Mapping[str, float | None], *, row: int | None, source: str | None
) -> dict[str, float | None]:
    """The answers of every item in order, with None for missing; AnswerError for what does not fit."""
    refuse_unknown_items(instrument, answers)
    said: dict[str, float | None] = {}
    for item in instrument.items:
        answer: object = answers.get(item.id)
        points = nan if answer is None else number(answer)
        if points is None or not (isnan(points) or fits(instrument.answers[item.answers], points)):
            raise wrong_answer(instrument, item.id, answer, row=row, source=source)
        said[item.id] = None if isnan(points) else points
    return said


def number(answer: object) -> float | None:
    """The answer as a number, or None where it is none."""
    if isinstance(answer, bool):
        return None
    return float(answer) if isinstance(answer, Real) else None


def fits(answers: AnswerSet, answer: float) -> bool:
    """Whether an item has this answer."""
    return answers.lowest <= answer <= answers.highest and (not answers.whole or answer == int(answer))


def refuse_unknown_items(instrument: Instrument, answers: Mapping[str, object]) -> None:
    """AnswerError for answers to items that the instrument does not have."""
    known = [item.id for item in instrument.items]
    unknown = [item for item in answers if item not in known]
    if unknown:
        raise AnswerError(
            "`{instrument}` has no item {item}. Known items: {known}.",
            instrument=instrument.id,
            item=", ".join(unknown),
            known=", ".join(known),
        )


def wrong_answer(
    instrument: Instrument, item: str, answer: object, *, row: int | None, source: str | None
) -> AnswerError:
    """The error for an answer that its item does not have, with instrument, item, value and row."""
    answers = instrument.answers_to(item)
    sentence = "`{instrument}` item {item} has the answer {value}, but "
    points = number(answer)
    if points is not None and answers.lowest <= points <= answers.highest:
        sentence += "only whole points from {lowest} to {highest} exist."
    else:
        sentence += "answers run from {lowest} to {highest}."
    if row is None:
        sentence += " Give one of these, or leave the item empty."
    else:
        sentence += " Check row {row} of {source}." if source else " Check row {row}."
    return AnswerError(
        sentence,
        instrument=instrument.id,
        item=item,
        value=answer if points is None else f"{points:g}",
        lowest=f"{answers.lowest:g}",
        highest=f"{answers.highest:g}",
        row=row,
        source=source,
    )


def score_scale(instrument: Instrument, scale: Scale, said: Mapping[str, float | None]) -> Score:
    """One scale from checked answers: its rule applied item by item."""
    points = [keyed(instrument, item, said[item]) for item in scale.items]
    given = [point for point in points if point is not None]
    missing = tuple(item for item, point in zip(scale.items, points, strict=True) if point is None)
    reason = no_score_reason(scale, len(given))
    raw = None if reason else apply_method(scale, given)
    return Score(
        scale=scale.id,
        raw=raw,
        percent=None if raw is None else (raw - scale.lowest) / (scale.highest - scale.lowest) * 100,
        answered=len(given),
        of=len(scale.items),
        missing=missing,
        prorated=raw is not None and bool(missing),
        band=None if raw is None or (missing and scale.max_missing is None) else band_of(scale, raw),
        reason=reason,
        higher_is=scale.higher_is,
    )


def keyed(instrument: Instrument, item: str, answer: float | None) -> float | None:
    """The points that an answer counts for: itself, or lowest + highest - itself where the item is reversed."""
    if answer is None or not instrument.item(item).reverse:
        return answer
    answers = instrument.answers_to(item)
    return answers.lowest + answers.highest - answer


def no_score_reason(scale: Scale, answered: int) -> str | None:
    """Why there is no score, or None."""
    if not scale.has_verified_key:
        return UNVERIFIED_KEY
    needed = len(scale.items) - scale.gaps_allowed
    if answered >= needed:
        return None
    return f"Only {answered} of {len(scale.items)} items are answered, and {needed} are needed."


def apply_method(scale: Scale, given: Sequence[float]) -> float:
    """The raw score from the points that were given; gaps are filled with their mean."""
    if scale.method == "count":
        return sum(point >= (scale.threshold or 0) for point in given) * scale.multiply
    mean = sum(given) / len(given)
    if scale.method == "mean":
        return mean * scale.multiply
    total = sum(given) if len(given) == len(scale.items) else mean * len(scale.items)
    if scale.method == "sum":
        return total * scale.multiply
    return scale.table[round(total - scale.table_starts_at)] * scale.multiply


def band_of(scale: Scale, raw: float) -> str | None:
    """The band that a score lies in; a band whose source nobody has read is shown to nobody."""
    reached = [band for band in scale.bands if raw >= band.at_least - 1e-9]
    return reached[-1].label if reached and reached[-1].status != "unverified" else None


def score_columns(
    instrument: Instrument,
    answers: Mapping[str, FloatArray],
    *,
    source: str | None = None,
    rows: Sequence[int] | None = None,
) -> Mapping[str, ScaleColumns]:
    """Every scale of the instrument for many check-ins at once, by the same rules as ``score``.

    The formula is that of ``score``, column by column. The numbers mean what they mean there. ``answers`` maps item to
    an array (N,) of points with nan for missing; items left out are missing throughout. ``rows`` (N,) names the rows in
    errors; without it they count from 1. Raises AnswerError for the first answer that its item does not have.
    Source: as for ``score``.
    """
    refuse_unknown_items(instrument, answers)
    size = max((len(column) for column in answers.values()), default=0)
    points = {}
    for item in instrument.items:
        column = np.asarray(answers.get(item.id, np.full(size, np.nan)), dtype=np.float64)
        one = instrument.answers[item.answers]
        wrong = (
            (column < one.lowest)
            | (column > one.highest)
            | (one.whole & ~np.isnan(column) & (column != np.floor(column)))
        )
        if wrong.any():
            at = int(np.flatnonzero(wrong)[0])
            row = at + 1 if rows is None else rows[at]
            raise wrong_answer(instrument, item.id, float(column[at]), row=row, source=source)
        points[item.id] = one.lowest + one.highest - column if item.reverse else column
    return {
        scale.id: score_scale_columns(scale, np.column_stack([points[item] for item in scale.items]))
        for scale in instrument.scales
    }


def score_scale_columns(scale: Scale, points: FloatArray) -> ScaleColumns:
    """One scale from keyed points (N, items)."""
    of = points.shape[1]
    answered = np.sum(~np.isnan(points), axis=1)
    reasons = np.array([no_score_reason(scale, count) or "" for count in range(of + 1)], dtype=object)
    has_score = (reasons == "")[answered]
    raw = np.where(has_score, apply_method_columns(scale, points, answered), np.nan)
    gaps = answered < of
    return ScaleColumns(
        scale=scale.id,
        raw=raw,
        percent=(raw - scale.lowest) / (scale.highest - scale.lowest) * 100,
        answered=answered,
        of=of,
        prorated=has_score & gaps,
        band=np.where(gaps, "", bands_of(scale, raw)) if scale.max_missing is None else bands_of(scale, raw),
        reason=reasons[answered],
        higher_is=scale.higher_is,
    )


def apply_method_columns(scale: Scale, points: FloatArray, answered: NDArray[np.int64]) -> FloatArray:
    """The raw scores of all rows; rows with too many gaps hold a number that the caller drops."""
    raw: FloatArray = np.nansum(points, axis=1)
    if scale.method == "mean":
        raw = raw / np.maximum(answered, 1)
    elif scale.method == "count":
        raw = np.sum(points >= (scale.threshold or 0), axis=1, dtype=np.float64)
    elif scale.method == "sum":
        filled = raw / np.maximum(answered, 1) * points.shape[1]
        raw = np.where(answered == points.shape[1], raw, filled)
    else:
        place = np.clip(np.rint(raw - scale.table_starts_at), 0, len(scale.table) - 1)
        raw = np.asarray(scale.table, dtype=np.float64)[place.astype(np.int64)]
    return raw * scale.multiply


def bands_of(scale: Scale, raw: FloatArray) -> NDArray[np.object_]:
    """The bands of all rows, "" where there is none."""
    named = ["" if band.status == "unverified" else band.label for band in scale.bands]
    labels = np.array(["", *named, ""], dtype=object)
    starts = np.array([band.at_least - 1e-9 for band in scale.bands])
    place = np.searchsorted(starts, raw, side="right")
    return labels[np.where(np.isnan(raw), len(labels) - 1, place)]
