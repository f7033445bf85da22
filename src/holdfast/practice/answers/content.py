"""The answers of one check-in: checked against their instruments, sealed as they were said, opened, scored."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from holdfast.errors import AnswerError
from holdfast.instruments import Instrument, load
from holdfast.practice.answers.models import CheckIn, Score
from holdfast.practice.answers.offers import folders
from holdfast.practice.caseload.models import Client
from holdfast.practice.caseload.sealing import open_text, seal_text
from holdfast.scoring import score

DECLINED = "declined"
"""What stands for "prefer not to say". None: left blank. An item that is not there was not asked."""

Answer = int | float | str | None
Answers = Mapping[str, Mapping[str, Answer]]
"""Instrument id, item id, answer."""


def client_of(check_in: CheckIn) -> Client:
    """Whose therapy a check-in belongs to; the therapist's ratings rest under the same client's key."""
    return check_in.session.episode_of_care.dyad.client


def seal_answers(check_in: CheckIn, answers: Answers) -> bytes:
    """Seal what was said, exactly as it was said. Raises AnswerError for forms or items that were not asked."""
    asked = {each["id"]: load(each["id"], version=each["version"], folders=folders()) for each in check_in.forms}
    for instrument_id, given in answers.items():
        if instrument_id not in asked:
            raise AnswerError(
                "This form does not hold {instrument}. Answer the form that was sent.", instrument=instrument_id
            )
        _demand_known_items(asked[instrument_id], given)
    plain = json.dumps({instrument: dict(given) for instrument, given in answers.items()}, sort_keys=True)
    return seal_text(plain, client=client_of(check_in), row=check_in, column="sealed_answers")


def _demand_known_items(instrument: Instrument, given: Mapping[str, Answer]) -> None:
    known = {item.id for item in instrument.items}
    for item, answer in given.items():
        if item not in known:
            raise AnswerError("{instrument} has no item {item}.", instrument=instrument.id, item=item)
        if isinstance(answer, str) and answer != DECLINED:
            raise AnswerError(
                "{instrument} item {item} has the answer {value}, which is not a number.",
                instrument=instrument.id,
                item=item,
                value=answer,
            )


def open_answers(check_in: CheckIn) -> dict[str, dict[str, Answer]]:
    """What was said, by instrument and item; nothing for a skipped rating. Ask the policy before calling this."""
    if check_in.sealed_answers is None:
        return {}
    opened: dict[str, dict[str, Answer]] = json.loads(
        open_text(client=client_of(check_in), row=check_in, column="sealed_answers")
    )
    return opened


def scores_of(check_in: CheckIn, answers: Answers) -> list[Score]:
    """The scores of a check-in, computed and not stored. Raises AnswerError for an answer out of range."""
    return [row for form in check_in.forms for row in _scores(check_in, form, answers.get(form["id"], {}))]


def _scores(check_in: CheckIn, form: Mapping[str, Any], given: Mapping[str, Answer]) -> Iterable[Score]:
    instrument = load(form["id"], version=form["version"], folders=folders())
    numbers = {item.id: _number(given.get(item.id)) for item in instrument.items}
    for scale, made in score(instrument, numbers).scores.items():
        yield Score(
            check_in=check_in,
            instrument=instrument.id,
            version=instrument.version,
            scale=scale,
            raw=made.raw,
            percent=made.percent,
            answered=made.answered,
            of=made.of,
            prorated=made.prorated,
            band=made.band,
            reason=made.reason,
        )


def _number(answer: Answer) -> float | None:
    return None if answer is None or isinstance(answer, str) else float(answer)


def calls_for_a_person(forms: Iterable[Mapping[str, Any]], answers: Answers) -> bool:
    """Whether any item about safety was answered with more than its lowest answer. Nothing said is no "no"."""
    for form in forms:
        instrument = load(form["id"], version=form["version"], folders=folders())
        given = answers.get(form["id"], {})
        for item in instrument.items:
            value = _number(given.get(item.id))
            if item.safety and value is not None and value > instrument.answers_to(item.id).lowest:
                return True
    return False
