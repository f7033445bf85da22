"""What a questionnaire is: items, scales, figures and rights, read from data and never changed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from holdfast.errors import InstrumentError, RightsError
from holdfast.instruments.wordings import Wording, known_languages, local_name, read_local_wording

STRUCTURE_ONLY = "structure-only"
DEFAULT_SHARE = 0.8
"""Project default: a prorated score needs this share of the scale's items."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rights:
    """Who holds the words, under which licence, and whether they may ship."""

    holder: str
    licence: str
    ship: str
    source: str
    notice: str = ""
    evidence: str = ""
    evidence_date: date | None = None
    reviewer: str = ""
    permission: str = ""

    @property
    def text_may_ship(self) -> bool:
        """Whether the project may distribute the words."""
        return self.ship != STRUCTURE_ONLY

    @property
    def translations(self) -> str:
        """Whether words of ours in another language are allowed."""
        return "any" if self.ship == "yes" else "approved only"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerSet:
    """The answers of an item: from ``lowest`` to ``highest``, in whole points unless ``whole`` is false."""

    name: str
    lowest: float
    highest: float
    whole: bool = True

    @property
    def points(self) -> int:
        """How many whole points there are; 0 for a line on which every place counts."""
        return int(self.highest - self.lowest) + 1 if self.whole else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """When an item is shown: once the answer to another item is at least ``at_least``."""

    item: str
    at_least: float

    def holds(self, answers: Mapping[str, float | None]) -> bool:
        """Whether the answers so far call for the item."""
        said = answers.get(self.item)
        return said is not None and said >= self.at_least

    def __str__(self) -> str:
        return f"{self.item} >= {self.at_least:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One question. ``answers`` names its set of answers; ``twin`` the client's items it is compared with."""

    id: str
    gist: str
    answers: str
    reverse: bool = False
    safety: bool = False
    facet: str | None = None
    show_if: Condition | None = None
    twin: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A published number about a scale, with its source; unverified ones are shown to nobody."""

    scale: str
    kind: str
    value: float
    status: str
    source: str
    label: str = ""
    population: str = ""
    drives_flag: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A named stretch of a scale, from ``at_least`` up to the next band."""

    scale: str
    at_least: float
    label: str
    status: str
    source: str
    drives_flag: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """The code of an item, a scale or the whole panel in a public terminology."""

    target: str
    system: str
    code: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """A score's recipe; ``lowest`` and ``highest`` are computed from it, never stated.

    ``max_missing`` is None where the project default holds: prorated from 80 % of the items on, and then without band.
    """

    id: str
    items: tuple[str, ...]
    method: str
    multiply: float
    higher_is: str
    max_missing: int | None
    key_status: str
    key_source: str
    threshold: float | None
    table: tuple[float, ...]
    table_starts_at: float
    figures: tuple[Figure, ...]
    bands: tuple[Band, ...]
    lowest: float
    highest: float

    @property
    def gaps_allowed(self) -> int:
        """How many of the items may be missing before there is no score."""
        if self.max_missing is not None:
            return self.max_missing
        return int(len(self.items) * (1 - DEFAULT_SHARE) + 1e-9)

    @property
    def has_verified_key(self) -> bool:
        """Whether a score is computed at all."""
        return self.key_status != "unverified"


Named = TypeVar("Named", Item, Scale)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A questionnaire, exactly as its file says; ``wordings`` holds the shipped words by language."""

    id: str
    version: str
    title: str
    edition: str
    recall: str
    seconds: tuple[float, ...]
    validated: bool
    rater: str
    occasions: tuple[str, ...]
    rights: Rights
    answers: Mapping[str, AnswerSet]
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    figures: tuple[Figure, ...]
    bands: tuple[Band, ...]
    codes: tuple[Code, ...]
    wordings: Mapping[str, Wording]

    @property
    def has_safety_item(self) -> bool:
        """Whether an answer may call for a person, so that a named responder is needed."""
        return any(item.safety for item in self.items)

    @property
    def notices(self) -> tuple[str, ...]:
        """What stands beside form, chart and score: that it is not validated, and the rights holder's notice."""
        plain = () if self.validated else ("Project items, not validated.",)
        return (*plain, self.rights.notice) if self.rights.notice else plain

    def item(self, id: str) -> Item:  # noqa: A002 - the field's own name
        """The item of this id; InstrumentError where there is none."""
        return self._named(self.items, id, "item")

    def scale(self, id: str) -> Scale:  # noqa: A002 - the field's own name
        """The scale of this id; InstrumentError where there is none."""
        return self._named(self.scales, id, "scale")

    def answers_to(self, item: str) -> AnswerSet:
        """The answers that an item can have."""
        return self.answers[self.item(item).answers]

    def _named(self, things: Sequence[Named], id: str, kind: str) -> Named:  # noqa: A002
        for thing in things:
            if thing.id == id:
                return thing
        raise InstrumentError(
            "`{instrument}` has no {kind} `{name}`. Known: {known}.",
            instrument=self.id,
            kind=kind,
            name=id,
            known=", ".join(thing.id for thing in things),
        )

    def wording(self, language: str = "en", *, folders: Sequence[Path] = ()) -> Wording:
        """The words in one language: shipped ones, or those that the practice keeps in one of ``folders``.

        Words that nobody verified are never administered, and words that may not ship have to come from the licensed
        practice: both raise RightsError. A language nobody has raises InstrumentError.
        """
        wording = self.wordings.get(language) or self._local_wording(language, folders)
        if wording is None and self.rights.text_may_ship:
            raise InstrumentError(
                "`{instrument}` has no words in the language {language}. Known languages: {known}.",
                instrument=self.id,
                language=language,
                known=known_languages(self.wordings),
            )
        if wording is None:
            raise RightsError(
                "The wording of `{instrument}` may not be distributed. "
                "Put your licensed copy in the practice's instrument folder, as {file}.",
                instrument=self.id,
                file=local_name(self.id, self.version, language),
            )
        if not wording.verified:
            raise RightsError(
                "The wording of `{instrument}` in the language {language} has not been checked against its source. "
                "Check it letter by letter, then set wording_verified and checked_against in its file.",
                instrument=self.id,
                language=language,
            )
        return wording

    def _local_wording(self, language: str, folders: Sequence[Path]) -> Wording | None:
        if not LANGUAGE.fullmatch(language):
            return None
        name = local_name(self.id, self.version, language)
        path = next((Path(folder) / name for folder in folders if (Path(folder) / name).is_file()), None)
        if path is None:
            return None
        points = {name: answers.points for name, answers in self.answers.items()}
        return read_local_wording(path, language=language, items=[item.id for item in self.items], points=points)
