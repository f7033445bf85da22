"""The questionnaires of a practice: which are asked when, which can be, whose words they are, and how one looks."""

from collections.abc import Mapping
from dataclasses import dataclass

from holdfast.errors import InstrumentError
from holdfast.instruments import Instrument, list_instruments, load
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.licensed import Loaded, licensable, loaded
from holdfast.practice.answers.offers import SETS, Offer, folders, offer, paper_code
from holdfast.practice.checkins.questions import FormPage, form_page
from holdfast.practice.lib.words import is_rtl
from holdfast.practice.safety.queries import duty_of

OCCASIONS = {
    "before": "Before a session",
    "after": "After a session",
    "monthly": "Once a month",
    "therapist": "After a session, by the therapist",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One questionnaire for one occasion: whether it is asked, and why it cannot be, if it cannot."""

    instrument: Instrument
    is_asked: bool
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CataloguePage:
    """The sets by occasion (id, heading, choices), every questionnaire that is known, and licensed words."""

    sets: tuple[tuple[str, str, tuple[Choice, ...]], ...]
    known: tuple[Instrument, ...]
    licensable: tuple[Instrument, ...]
    loaded: tuple[Loaded, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """One questionnaire as it is asked, or why it cannot be shown."""

    instrument: Instrument
    languages: tuple[str, ...]
    language: str
    form: FormPage | None
    reason: str

    @property
    def code(self) -> str:
        return paper_code(self.instrument, self.language)

    @property
    def direction(self) -> str:
        return "rtl" if is_rtl(self.language) else "ltr"


def catalogue(actor: Membership) -> CataloguePage:
    """What is asked in the actor's practice, and what could be."""
    known = list_instruments(folders=folders())
    return CataloguePage(
        sets=tuple(
            (occasion, heading, _choices(actor.practice, occasion, known)) for occasion, heading in OCCASIONS.items()
        ),
        known=known,
        licensable=licensable(),
        loaded=loaded(),
    )


def preview(id: str, language: str) -> Preview | None:  # noqa: A002 - the field's own name
    """One questionnaire laid out as it is asked. None for one that nobody knows."""
    try:
        instrument = load(id, folders=folders())
    except InstrumentError:
        return None
    occasion = _occasion(instrument)
    try:
        shown = offer(instrument.id, occasion=occasion, language=language, asks_safety=True)  # looked at, not sent
    except InstrumentError as error:
        return Preview(
            instrument=instrument, languages=tuple(instrument.wordings), language=language, form=None, reason=str(error)
        )
    return Preview(
        instrument=instrument,
        languages=tuple(instrument.wordings),
        language=language,
        form=_laid_out(shown, language),
        reason="",
    )


def chosen(posted: Mapping[str, list[str]], practice: Practice, occasion: str) -> list[str]:
    """The forms that were ticked, in the order they had, new ones behind."""
    ticked = posted.get(occasion, [])
    order = getattr(practice, SETS[occasion])
    return sorted(ticked, key=lambda each: (order.index(each) if each in order else len(order), ticked.index(each)))


def _choices(practice: Practice, occasion: str, known: tuple[Instrument, ...]) -> tuple[Choice, ...]:
    asked, read = getattr(practice, SETS[occasion]), duty_of(practice) is not None
    rater, when = ("therapist", "after") if occasion == "therapist" else ("client", occasion)
    fitting = [each for each in known if each.rater == rater and when in each.occasions]
    ordered = sorted(fitting, key=lambda each: (asked.index(each.id) if each.id in asked else len(asked), each.id))
    return tuple(
        Choice(instrument=each, is_asked=each.id in asked, reason=_why_not(each, occasion, asks_safety=read))
        for each in ordered
    )


def _why_not(instrument: Instrument, occasion: str, *, asks_safety: bool) -> str:
    try:
        offer(instrument.id, occasion=occasion, asks_safety=asks_safety)
    except InstrumentError as error:
        return str(error)
    return ""


def _occasion(instrument: Instrument) -> str:
    if instrument.rater == "therapist":
        return "therapist"
    return next(
        (each for each in ("before", "after", "monthly") if each in instrument.occasions), instrument.occasions[0]
    )


def _laid_out(shown: Offer, language: str) -> FormPage:
    return form_page([shown], purpose="after", posted={}, language=language)
