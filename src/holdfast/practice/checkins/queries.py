"""What a form page is made of. Nothing here reads an answer: a link writes and never reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from holdfast.instruments import load
from holdfast.practice.answers.models import OpenForm
from holdfast.practice.checkins.questions import Form
from holdfast.practice.ruptures.models import RuptureEpisode

NOWHERE = "about:blank"
RESOLUTION = "resolution"
"""The facet of the two questions that are also asked while a rupture episode is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """The forms behind an opened link, in the words that were offered with it."""

    purpose: str
    forms: tuple[Form, ...]
    always: tuple[str, ...]
    exit_address: str


def answering(opened: OpenForm) -> Answering:
    invitation = opened.invitation
    forms = tuple(_form(entry) for entry in invitation.forms)
    dyad = invitation.session.episode_of_care.dyad_id
    strained = RuptureEpisode.objects.filter(dyad=dyad, status=RuptureEpisode.Status.OPEN).exists()
    return Answering(
        purpose=invitation.purpose,
        forms=forms,
        always=_resolution_items(forms) if strained else (),
        exit_address=exit_address_of(opened),
    )


def exit_address_of(opened: OpenForm | None) -> str:
    """Where "Leave this page" goes: the practice's choice, or an empty page."""
    return opened.invitation.client.practice.exit_address if opened else NOWHERE


def forms_of(ids: Sequence[str]) -> tuple[Form, ...]:
    """The newest version of each instrument, in English."""
    return tuple(_form({"id": each, "version": None, "language": "en"}) for each in ids)


def _form(entry: dict[str, str | None]) -> Form:
    instrument = load(str(entry["id"]), version=entry["version"], folders=settings.INSTRUMENT_FOLDERS)
    wording = instrument.wording(entry["language"] or "en", folders=settings.INSTRUMENT_FOLDERS)
    return Form(instrument=instrument, wording=wording)


def _resolution_items(forms: Sequence[Form]) -> tuple[str, ...]:
    return tuple(item.id for form in forms for item in form.instrument.items if item.facet == RESOLUTION)
