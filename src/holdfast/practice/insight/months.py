"""What a client answers once a month, construct by construct: this relationship as a base, worry and distance in it,
closeness with others, feelings. Shown as it was answered; no change is called reliable and nothing is signalled.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.timezone import localtime

from holdfast.instruments import load
from holdfast.practice.answers.models import Purpose, Rater, Score
from holdfast.practice.answers.offers import folders
from holdfast.practice.insight.care import Care
from holdfast.report import CourseFigure
from holdfast.report.words import listed, number

NAMES = {
    "secure_base": "You as a base to explore from",
    "worry": "Worry about whether you are there",
    "distance": "Keeping at a distance from you",
    "closeness": "Closeness with other people",
    "feelings": "Noticing and naming feelings",
}
"""How the page calls our own constructs; a questionnaire of others is called by its own name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """One figure for each construct, and what has to stand beside them."""

    figures: tuple[CourseFigure, ...]
    notices: tuple[str, ...]


def months_of(care: Care) -> Months:
    """Empty where nothing was answered by the month."""
    rows = [each for each in care.scores if _is_monthly(each)]
    keys = list(dict.fromkeys((row.instrument, row.version, row.scale) for row in rows))
    figures = tuple(_figure(key, [row for row in rows if _key(row) == key]) for key in keys)
    notices = [
        notice
        for name, version in dict.fromkeys((name, version) for name, version, _ in keys)
        for notice in load(name, version=version, folders=folders()).notices
    ]
    return Months(figures=figures, notices=tuple(dict.fromkeys(notices)))


def in_numbers(figure: CourseFigure) -> str:
    """Every month's value in one sentence: what the table says beside the other figures, in a tenth of the bytes."""
    values = [f"{number(value, places=0)} on {day}" for value, day in zip(figure.values, figure.sessions, strict=True)]
    towards = f", higher is {figure.higher_is}" if figure.higher_is else ""
    return f"{listed(values)}; from {figure.unit}{towards}."


def _is_monthly(score: Score) -> bool:
    check_in = score.check_in
    return check_in.rater == Rater.CLIENT and check_in.purpose == Purpose.MONTHLY and score.raw is not None


def _key(row: Score) -> tuple[str, str, str]:
    return row.instrument, row.version, row.scale


def _figure(key: tuple[str, str, str], rows: Sequence[Score]) -> CourseFigure:
    """Over the months in which the form came; the label is the month."""
    scale = load(key[0], version=key[1], folders=folders()).scale(key[2])
    rows = sorted(rows, key=lambda row: row.check_in.submitted_at)
    values = [math.nan if row.raw is None else row.raw for row in rows]
    name = NAMES.get(key[2], f"{key[0].upper()} {key[2]}".removesuffix(" total"))
    first, last = rows[0], rows[-1]
    said = f"{name}: {number(values[0], places=0)} in {_month(first)}"
    if len(rows) > 1:
        said += f", {number(values[-1], places=0)} in {_month(last)}"
    return CourseFigure(
        name=f"months-{key[0]}-{key[2]}",
        title=name,
        summary=f"{said}, from {number(scale.lowest)} to {number(scale.highest)}.",
        sessions=[f"{localtime(row.check_in.submitted_at):%-d %b}" for row in rows],
        values=values,
        extent=(scale.lowest, scale.highest),
        unit=f"{number(scale.lowest)} to {number(scale.highest)}",
        higher_is=scale.higher_is if scale.higher_is != "neither" else "",
        session_name="Month",
        value_name="Answered",
        height=130,
    )


def _month(row: Score) -> str:
    return f"{localtime(row.check_in.submitted_at):%B}"
