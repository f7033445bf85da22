"""An instrument as questions on a page: what is asked, in which words, and when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.urls import reverse

from holdfast.errors import AnswerError, InstrumentError
from holdfast.instruments import Instrument, Item
from holdfast.practice.answers.content import DECLINED, Answer, Answers
from holdfast.practice.answers.offers import Offer
from holdfast.practice.lib.words import DEFAULT, Words, languages

FOLDER = Path(__file__).parent / "words"


def door_of(language: str) -> str:
    """The address of the first page of a form in a language."""
    return reverse("form-door" if language == DEFAULT else f"form-door-{language}")


def words_of(language: str) -> Words:
    """The words of a language; English where there is no file of it."""
    found = languages(FOLDER)
    return found.get(language, found[DEFAULT])


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One answer to choose; ``heard`` is what a screen reader says besides the label."""

    value: int
    label: str
    heard: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Asked only when another question was answered with at least this; ``said`` is how the page says so."""

    item: str
    least: int
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One item on the page. ``ends`` are the two labels of a scale on which only the ends have words."""

    name: str
    item: str
    facet: str
    text: str
    choices: tuple[Choice, ...]
    ends: tuple[str, str] | None
    declined: bool
    rather_not: str
    seconds: float
    condition: Condition | None
    about: str

    @property
    def chosen(self) -> int | None:
        return next((choice.value for choice in self.choices if choice.chosen), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The questions of one instrument under its instruction."""

    instrument: str
    instruction: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """Everything a form page shows, in one language."""

    words: Words
    purpose: str
    parts: tuple[Part, ...]
    notices: tuple[str, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(question for part in self.parts for question in part.questions)

    @property
    def count(self) -> int:
        return sum(question.condition is None for question in self.questions)

    @property
    def duration(self) -> str:
        seconds = sum(question.seconds for question in self.questions if question.condition is None)
        key = "minute" if seconds < 75 else "minute_and_half" if seconds < 105 else "minutes"
        return self.words.say(key)

    @property
    def size(self) -> str:
        return f"{self.words.say('questions', count=self.count)} · {self.duration}"

    @property
    def promise(self) -> str:
        return self.words.say(f"promise_{self.purpose}")


def form_page(
    forms: Sequence[Offer],
    *,
    purpose: str,
    posted: Mapping[str, str],
    always: Iterable[str] = (),
    may_decline: bool = True,
    language: str = DEFAULT,
) -> FormPage:
    """Lay the forms out; what was chosen stays chosen. Items in ``always`` are asked whatever their condition."""
    words = words_of(language)
    asking = _Asking(
        posted=posted,
        always=frozenset(always),
        rather_not=words.say("rather_not") if may_decline else "",
        words=words,
    )
    return FormPage(
        words=words,
        purpose=purpose,
        parts=tuple(_part(form, asking) for form in forms),
        notices=tuple(dict.fromkeys(notice for form in forms for notice in form.instrument.notices)),
    )


def read_answers(forms: Sequence[Offer], *, posted: Mapping[str, str]) -> Answers:
    """What was chosen, as it was chosen. Raises AnswerError for a value that the form does not offer."""
    return {
        form.instrument.id: {
            item.id: _read(form.instrument, item, posted[field_name(form.instrument, item)])
            for item in form.instrument.items
            if posted.get(field_name(form.instrument, item))
        }
        for form in forms
    }


def field_name(instrument: Instrument, item: Item) -> str:
    return f"{instrument.id}.{item.id}"


def labels_of(form: Offer, item: Item) -> dict[int, str]:
    """The values an item can take, each with its words; an empty text where only the ends have words."""
    values = _values(form.instrument, item)
    labels = form.wording.labels[item.answers]
    if len(labels) == len(values):
        return dict(zip(values, labels, strict=True))
    if len(labels) == 2:
        return dict.fromkeys(values, "") | {values[0]: labels[0], values[-1]: labels[1]}
    raise InstrumentError(
        "`{instrument}` has {labels} labels for {values} answers. Give one for each, or one for each end.",
        instrument=form.instrument.id,
        labels=len(labels),
        values=len(values),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asking:
    """How the questions of one form are asked: what is marked already, which are asked whatever their condition."""

    posted: Mapping[str, str]
    always: frozenset[str]
    rather_not: str
    words: Words


def _part(form: Offer, asking: _Asking) -> Part:
    low, high = form.instrument.seconds
    unconditional = sum(item.show_if is None for item in form.instrument.items)
    seconds = round((low + high) / 2 / max(1, unconditional), 1)
    return Part(
        instrument=form.instrument.id,
        instruction=form.wording.instruction,
        questions=tuple(_question(form, item, asking, seconds) for item in form.instrument.items),
    )


def _question(form: Offer, item: Item, asking: _Asking, seconds: float) -> Question:
    labels = labels_of(form, item)
    named = list(labels.values())
    ends = (named[0], named[-1]) if "" in named else None
    value = asking.posted.get(field_name(form.instrument, item), "")
    is_always = item.id in asking.always
    return Question(
        name=field_name(form.instrument, item),
        item=item.id,
        facet=item.facet or "",
        text=form.wording.text[item.id],
        choices=tuple(
            Choice(
                value=number,
                label=str(number) if ends else label,
                heard=label if ends else "",
                chosen=value == str(number),
            )
            for number, label in labels.items()
        ),
        ends=ends,
        declined=value == DECLINED,
        rather_not=asking.rather_not,
        seconds=seconds,
        condition=None if is_always else _condition(form, item, asking.words),
        about=asking.words.say("earlier") if is_always else "",
    )


def _condition(form: Offer, item: Item, words: Words) -> Condition | None:
    if item.show_if is None:
        return None
    other = form.instrument.item(item.show_if.item)
    least = int(item.show_if.at_least)
    key = "only_if_more" if least < _values(form.instrument, other)[-1] else "only_if"
    said = words.say(key, words=labels_of(form, other)[least])
    return Condition(item=field_name(form.instrument, other), least=least, said=said)


def _read(instrument: Instrument, item: Item, given: str) -> Answer:
    if given == DECLINED:
        return DECLINED
    values = _values(instrument, item)
    if given.isascii() and given.isdigit() and len(given) < 4 and int(given) in values:
        return int(given)
    raise AnswerError(
        "`{instrument}` item {item} has the answer {value}, but answers run from {lowest} to {highest}. "
        "Choose one of those shown.",
        instrument=instrument.id,
        item=item.id,
        value=given,
        lowest=values[0],
        highest=values[-1],
    )


def _values(instrument: Instrument, item: Item) -> range:
    """The whole points of an item's answers; on a line only these can be chosen on a page."""
    answers = instrument.answers_to(item.id)
    return range(int(answers.lowest), int(answers.highest) + 1)
