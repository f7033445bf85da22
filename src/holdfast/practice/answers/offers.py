"""Which forms a practice may put before somebody: known, worded, and asking about safety only where that is read."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from holdfast.errors import InstrumentError
from holdfast.instruments import Instrument, Wording, load
from holdfast.practice.accounts.models import Practice

SETS = {
    "before": "before_forms",
    "after": "after_forms",
    "monthly": "monthly_forms",
    "therapist": "therapist_forms",
}
"""The occasion, and the field of the practice that lists its forms."""


SHORTER = {"phq-9": "phq-8"}
"""What is sent instead where nobody reads the question about safety. A form that is not here may not be shortened."""

NOBODY_READS = (
    "{instrument} asks about safety. It goes to clients who agreed to that, once two named people read the answers."
)


def paper_code(instrument: Instrument, language: str) -> str:
    """What stands on a paper form and on the screen where its answers are put in."""
    return f"{instrument.id} {instrument.version} {language}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One form that may be shown, with the words it is shown in."""

    instrument: Instrument
    wording: Wording

    @property
    def code(self) -> str:
        return paper_code(self.instrument, self.wording.language)

    @property
    def reference(self) -> dict[str, Any]:
        """What is stored with the answers: which form, which version, which words."""
        return {
            "id": self.instrument.id,
            "version": self.instrument.version,
            "language": self.wording.language,
            "sha256": self.wording.sha256,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A form of the practice's set that cannot be shown, and why."""

    id: str
    reason: str


def folders() -> tuple[Path, ...]:
    """Where the practice puts its own instruments and licensed wordings."""
    return tuple(folder for folder in map(Path, settings.INSTRUMENT_FOLDERS) if folder.is_dir())


def offer(
    instrument_id: str,
    *,
    occasion: str,
    language: str = "en",
    version: str | None = None,
    asks_safety: bool = False,
) -> Offer:
    """One form, checked. Raises InstrumentError (for missing words RightsError) when it may not be shown.

    asks_safety: whether it may hold the question about safety (``safety.queries.may_ask``).
    """
    instrument = load(instrument_id, version=version, folders=folders())
    rater, when = ("therapist", "after") if occasion == "therapist" else ("client", occasion)
    if instrument.rater != rater or when not in instrument.occasions:
        raise InstrumentError(
            "{instrument} is not made for this occasion: {occasion}. It is answered by the {rater}, on: {occasions}.",
            instrument=instrument.id,
            occasion=occasion,
            rater=instrument.rater,
            occasions=", ".join(instrument.occasions),
        )
    if instrument.has_safety_item and not asks_safety:
        raise InstrumentError(NOBODY_READS, instrument=instrument.id)
    return Offer(instrument=instrument, wording=instrument.wording(language, folders=folders()))


def offers(
    practice: Practice, *, occasion: str, language: str = "en", asks_safety: bool = False
) -> tuple[tuple[Offer, ...], tuple[LeftOut, ...]]:
    """The forms of a practice's set that may be shown, and those that may not, each with the reason.

    Without ``asks_safety`` a form with such a question is replaced by its shorter one, or left out.
    """
    good: dict[str, Offer] = {}
    left_out = []
    for instrument_id in getattr(practice, SETS[occasion]):
        sent = instrument_id if asks_safety else SHORTER.get(instrument_id, instrument_id)
        try:
            made = offer(sent, occasion=occasion, language=language, asks_safety=asks_safety)
            good.setdefault(made.instrument.id, made)
        except InstrumentError as error:
            left_out.append(LeftOut(id=instrument_id, reason=str(error)))
    return tuple(good.values()), tuple(left_out)


def as_offered(references: Iterable[dict[str, Any]], *, occasion: str) -> tuple[Offer, ...]:
    """The forms that a link was made with, in the same versions."""
    return tuple(
        offer(each["id"], occasion=occasion, language=each["language"], version=each["version"], asks_safety=True)
        for each in references
    )
