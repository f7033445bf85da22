"""Words that a practice holds a licence for: loaded and checked as a whole, taken out while nobody was asked in them.

A file is kept under a name made from the questionnaire and the language chosen, never its own (decision 0114).
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import transaction

from holdfast.errors import InstrumentError, RecordError
from holdfast.instruments import Instrument, Wording, list_instruments
from holdfast.instruments.model import LANGUAGE
from holdfast.instruments.wordings import local_name
from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.models import CheckIn, Invitation
from holdfast.practice.answers.offers import folders
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.rules import demand
from holdfast.practice.lib.keys import write_durably

LARGEST = 64 * 1024
"""Bytes. The longest questionnaire known here, with its licence, is a sixth of this."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """The words of one questionnaire in one language, as the practice supplied them; reason: why they do not count."""

    instrument: Instrument
    language: str
    wording: Wording | None
    reason: str


def licensable() -> tuple[Instrument, ...]:
    """The questionnaires whose words do not ship."""
    return tuple(each for each in list_instruments(folders=folders()) if not each.rights.text_may_ship)


def loaded() -> tuple[Loaded, ...]:
    """What lies in the practice's folder, by questionnaire and language."""
    found = []
    for instrument in licensable():
        start, end = f"{instrument.id}-{instrument.version}.", ".wording.toml"
        names = {path.name for folder in folders() for path in folder.glob(f"{start}*{end}")}
        for language in sorted(name.removeprefix(start).removesuffix(end) for name in names):
            try:
                wording, reason = instrument.wording(language, folders=folders()), ""
            except (InstrumentError, ValueError, RecursionError) as error:
                wording, reason = None, str(error) if isinstance(error, InstrumentError) else "It cannot be read."
            found.append(Loaded(instrument=instrument, language=language, wording=wording, reason=reason))
    return tuple(found)


@transaction.atomic
def load_words(*, actor: Membership, instrument_id: str, language: str, content: bytes, at: datetime) -> Wording:
    """Keep the words of one questionnaire in one language. Raises RecordError or InstrumentError, then nothing is kept.

    The file is written last, after its row on the log, and the row is not kept where writing fails.
    """
    practice = demand(actor, "set", actor.practice).practice
    instrument = _chosen(instrument_id, language)
    name = local_name(instrument.id, instrument.version, language)
    if any((folder / name).exists() for folder in folders()):
        raise RecordError("Words for this questionnaire in this language are there already. Take those out first.")
    wording = _checked(instrument, language, content)
    if wording.expires is not None and wording.expires < at.date():
        raise RecordError("The licence in this file ended on {day}. Load one that runs.", day=wording.expires)
    record("wording.loaded", actor=actor, practice=practice, target=practice, at=at, fields=[name])
    home = Path(settings.INSTRUMENT_FOLDERS[0])
    home.mkdir(parents=True, exist_ok=True)
    write_durably(home / name, content.decode("utf-8-sig"), mode=0o600)
    return wording


@transaction.atomic
def remove_words(*, actor: Membership, instrument_id: str, language: str, at: datetime) -> None:
    """Take words out again, as long as nobody was asked in them: what was answered has to stay readable."""
    practice = demand(actor, "set", actor.practice).practice
    instrument = _chosen(instrument_id, language)
    name = local_name(instrument.id, instrument.version, language)
    paths = [folder / name for folder in folders() if (folder / name).is_file()]
    if not paths:
        raise RecordError("There are no such words here. They may have been taken out already.")
    if _was_asked(instrument, language):
        raise RecordError(
            "Somebody was asked in these words, so they stay, or the answers could not be read. "
            "Take the questionnaire out of its set instead."
        )
    record("wording.removed", actor=actor, practice=practice, target=practice, at=at, fields=[name])
    for path in paths:
        path.unlink()


def _chosen(instrument_id: str, language: str) -> Instrument:
    """One of the questionnaires that may be chosen; what is typed makes no file name before it was checked."""
    found = next((each for each in licensable() if each.id == instrument_id), None)
    if found is None:
        raise RecordError("Words are loaded for a questionnaire that ships without them. Choose one of the list.")
    if not LANGUAGE.fullmatch(language):
        raise RecordError("A language is written as two or three small letters, such as en. Write it so.")
    return found


def _checked(instrument: Instrument, language: str, content: bytes) -> Wording:
    """The words in a file as they would be administered. The loader's own check, on a copy that is thrown away."""
    if len(content) > LARGEST:
        raise RecordError("The file is larger than {most} KB. One file holds one wording.", most=LARGEST // 1024)
    with TemporaryDirectory() as place:
        folder = Path(place)
        (folder / local_name(instrument.id, instrument.version, language)).write_bytes(content)
        try:
            return instrument.wording(language, folders=[folder])
        except (ValueError, RecursionError) as error:
            raise RecordError("The file cannot be read as TOML. Write it as the manual shows.") from error


def _was_asked(instrument: Instrument, language: str) -> bool:
    """Whether a form went out, or came back, in these words."""
    for model in (CheckIn, Invitation):
        for forms in model.objects.values_list("forms", flat=True).iterator():
            if any((each["id"], each["version"], each["language"]) == (instrument.id, instrument.version, language)
                   for each in forms):  # fmt: skip
                return True
    return False
