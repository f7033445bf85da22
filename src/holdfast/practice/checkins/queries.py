"""What a form page is made of. Nothing here reads an answer: a link writes and never reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from holdfast.practice.answers.models import OpenForm
from holdfast.practice.answers.offers import Offer
from holdfast.practice.answers.queries import offers_behind
from holdfast.practice.ruptures.queries import has_open_episode

NOWHERE = "about:blank"
RESOLUTION = "resolution"
"""The facet of the questions that are also asked while a rupture episode is open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """The forms behind an opened link, in the words that were offered with it."""

    purpose: str
    language: str
    forms: tuple[Offer, ...]
    always: tuple[str, ...]
    exit_address: str


def answering(opened: OpenForm) -> Answering:
    forms = offers_behind(opened)
    strained = has_open_episode(opened.invitation.session.episode_of_care.dyad)
    return Answering(
        purpose=opened.invitation.purpose,
        language=opened.invitation.language,
        forms=forms,
        always=_resolution_items(forms) if strained else (),
        exit_address=exit_address_of(opened),
    )


def exit_address_of(opened: OpenForm | None) -> str:
    """Where "Leave this page" goes: the practice's choice, or an empty page."""
    return opened.invitation.client.practice.exit_address if opened else NOWHERE


def _resolution_items(forms: Sequence[Offer]) -> tuple[str, ...]:
    return tuple(item.id for form in forms for item in form.instrument.items if item.facet == RESOLUTION)
