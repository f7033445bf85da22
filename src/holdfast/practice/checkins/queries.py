"""What a form page is made of. Nothing here reads an answer: a link writes and never reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from holdfast.practice.accounts.models import Practice
from holdfast.practice.answers.models import CheckIn, OpenForm
from holdfast.practice.answers.offers import Offer
from holdfast.practice.answers.queries import offers_behind
from holdfast.practice.ruptures.queries import has_open_episode
from holdfast.practice.safety.contacts import countries
from holdfast.practice.safety.models import Duty
from holdfast.practice.safety.queries import Standing, read_by, standing_of

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
    asks_safety: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Help:
    """Whom to call at once, in one language: the emergency number, then each line with its numbers and hours."""

    emergency: str
    lines: tuple[tuple[str, tuple[str, ...], str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """The page after a form that asks about safety. ``standing`` where an answer calls for a person."""

    language: str
    exit_address: str
    help: Help
    standing: Standing | None


def after(opened: OpenForm, at: datetime) -> After | None:
    """What stands on that page; None for a form without such a question, or one that was not sent yet."""
    sent = CheckIn.objects.filter(invitation=opened.invitation_id).first()
    practice = opened.invitation.client.practice
    if sent is None or not _asks_safety(offers_behind(opened)):
        return None
    return After(
        language=opened.invitation.language,
        exit_address=practice.exit_address,
        help=help_for(practice, opened.invitation.language),
        standing=standing_of(sent.pk, at),
    )


def help_for(practice: Practice, language: str) -> Help:
    """The contacts of the duty's country. A form that asks has a duty behind it, be it one that has ended since."""
    found = countries()[Duty.objects.get(practice=practice).country]
    return Help(emergency=found.emergency, lines=found.said(language))


def read_by_when(practice: Practice, at: datetime) -> datetime:
    """By when an answer that is sent now is read."""
    return read_by(Duty.objects.get(practice=practice), at)


def _asks_safety(forms: Sequence[Offer]) -> bool:
    return any(form.instrument.has_safety_item for form in forms)


def answering(opened: OpenForm) -> Answering:
    forms = offers_behind(opened)
    strained = has_open_episode(opened.invitation.session.episode_of_care.dyad)
    return Answering(
        purpose=opened.invitation.purpose,
        language=opened.invitation.language,
        forms=forms,
        always=_resolution_items(forms) if strained else (),
        exit_address=exit_address_of(opened),
        asks_safety=_asks_safety(forms),
    )


def exit_address_of(opened: OpenForm | None) -> str:
    """Where "Leave this page" goes: the practice's choice, or an empty page."""
    return opened.invitation.client.practice.exit_address if opened else NOWHERE


def _resolution_items(forms: Sequence[Offer]) -> tuple[str, ...]:
    return tuple(item.id for form in forms for item in form.instrument.items if item.facet == RESOLUTION)
