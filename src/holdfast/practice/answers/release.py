"""When a client's answers may go further than the form: predicted first (0033), and as the client chose (0099)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.models import CheckIn, Comment, Kind, Purpose, Rater, Release, ReleaseChoice
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.caseload.rules import demand
from holdfast.practice.lib import clock


def released() -> QuerySet[CheckIn]:
    """The check-ins that may be shown to a therapist now, or kept where a therapist reads: these and nothing else.

    Her own; and of the client's what is released by the client's choice and, after a session, rated or skipped by her.
    """
    return CheckIn.objects.filter(_by_choice("session"), _predicted())


def released_comments() -> QuerySet[Comment]:
    """The same for comments, which have a choice of their own: shown with their check-in predicted first."""
    now = Exists(predicted().filter(pk=OuterRef("check_in")))
    return Comment.objects.filter(now, _by_choice("check_in__session"))


def predicted() -> QuerySet[CheckIn]:
    """All check-ins but what clients answered after sessions that their therapist has neither rated nor skipped."""
    return CheckIn.objects.filter(_predicted())


def _predicted() -> Q:
    therapists_own = CheckIn.objects.filter(session=OuterRef("session"), rater=Rater.THERAPIST)
    return ~Q(rater=Rater.CLIENT, purpose=Purpose.AFTER) | Q(Exists(therapists_own))


def _by_choice(session: str) -> Q:
    """Answers before a session are there when it begins; those after it when a later one of the same pair does."""
    begun = Session.objects.filter(
        episode_of_care__dyad=OuterRef(f"{session}__episode_of_care__dyad"),
        starts_at__lte=clock.now(),
        starts_at__gt=OuterRef(f"{session}__starts_at"),
    ).exclude(state=Session.State.CANCELLED)
    purpose = "purpose" if session == "session" else "check_in__purpose"
    own = Q(**{f"{session}__starts_at__lte": clock.now(), purpose: Purpose.BEFORE})
    return Q(release=Release.AT_ONCE) | (Q(release=Release.NEXT_SESSION) & (own | Q(Exists(begun))))


def choice_of(client: Client, kind: str) -> str:
    """What a client chose for a kind of answer; at once, until something is chosen."""
    chosen = client.release_choices.filter(kind=kind, ended_at=None).first()
    return chosen.release if chosen else Release.AT_ONCE


def kinds_asked(practice: Practice) -> list[Kind]:
    """The kinds of answers that a practice asks for at all."""
    return [each for each in Kind if each != Kind.MONTHLY or practice.monthly_forms]


@transaction.atomic
def choose_releases(*, actor: Membership, client: Client, chosen: Mapping[str, str], at: datetime) -> None:
    """Several kinds at once: all of them, or none where one cannot be chosen."""
    for kind, release in chosen.items():
        choose_release(actor=actor, client=client, kind=kind, release=release, at=at)


@transaction.atomic
def choose_release(*, actor: Membership, client: Client, kind: str, release: str, at: datetime) -> ReleaseChoice:
    """Put down what a client chose, for the answers from now on. Raises RecordError for what cannot be chosen."""
    demand(actor, "choose release", client)
    if kind not in Kind.values or release not in Release.values or (kind, release) == (Kind.COMMENT, Release.TREND):
        raise RecordError("Choose one of those shown. A comment is shown at once or at the next session.")
    current = client.release_choices.filter(kind=kind, ended_at=None).first()
    if current is not None:
        if current.release == release:
            return current
        current.ended_at = at
        current.save(update_fields=["ended_at"])
    made = ReleaseChoice.objects.create(client=client, kind=kind, release=release, chosen_at=at, recorded_by=actor)
    record("release.chosen", actor=actor, practice=actor.practice, target=made, at=at, fields=["kind", "release"])
    return made
