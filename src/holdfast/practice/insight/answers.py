"""The answers behind the sentences, one tap away: what was asked, and what was said, in the words of the form."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.content import DECLINED, Answer
from holdfast.practice.answers.models import CheckIn, Rater
from holdfast.practice.answers.offers import Offer, as_offered
from holdfast.practice.answers.queries import said_in
from holdfast.practice.checkins.questions import labels_of
from holdfast.practice.insight.care import Care

SESSIONS = 3
"""How many sessions back the answers are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """What is said where an answer has no words of its own. The client's own page has them in its language."""

    not_answered: str = "Not answered"
    rather_not: str = "Would rather not say"
    of_most: str = "{value} of {most}"


ENGLISH = Phrases()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One question and its answer in words, and as it was kept."""

    item: str
    asked: str
    value: Answer
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInAnswers:
    """One filled-in form."""

    head: str
    at: datetime
    said: tuple[Said, ...]
    notices: tuple[str, ...]


def last_answers(actor: Membership | None, care: Care) -> tuple[CheckInAnswers, ...]:
    """The forms of the last sessions that have any the actor may read, newest first."""
    by_session: dict[UUID, list[CheckInAnswers]] = {}
    for row, answers in reversed(said_in(actor, care.last_answered(SESSIONS))):
        if not row.skipped:
            by_session.setdefault(row.session_id, []).append(_in_questions(row, answers))
    return tuple(each for session in reversed(care.sessions) for each in by_session.get(session.pk, ()))


def _in_questions(row: CheckIn, answers: dict[str, dict[str, Answer]]) -> CheckInAnswers:
    occasion = "therapist" if row.rater == Rater.THERAPIST else row.purpose
    forms = as_offered(row.forms, occasion=occasion)
    heads = {
        "therapist": "you, after it",
        "before": "the client, before it",
        "after": "the client, after it",
        "monthly": "the client, by the month",
    }
    return CheckInAnswers(
        head=f"Session {row.session.number}, {heads[occasion]}",
        at=row.submitted_at,
        said=tuple(said for form in forms for said in said_on(form, answers.get(form.instrument.id, {}))),
        notices=tuple(dict.fromkeys(notice for form in forms for notice in form.instrument.notices)),
    )


def said_on(form: Offer, answers: Mapping[str, Answer], phrases: Phrases = ENGLISH) -> tuple[Said, ...]:
    """Items that were not asked are left out; what was asked and not answered says so."""
    shown = [item for item in form.instrument.items if item.show_if is None or item.id in answers]
    return tuple(
        Said(
            item=item.id,
            asked=form.wording.text[item.id],
            value=answers.get(item.id),
            answer=_in_words(labels_of(form, item), answers.get(item.id), phrases),
        )
        for item in shown
    )


def _in_words(labels: dict[int, str], answer: Answer, phrases: Phrases) -> str:
    if answer is None:
        return phrases.not_answered
    if answer == DECLINED:
        return phrases.rather_not
    value = int(answer)
    return labels.get(value) or phrases.of_most.format(value=value, most=max(labels))
