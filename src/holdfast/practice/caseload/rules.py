"""Who may see and change the caseload: a therapist, while the dyad is open. When it closes, everything closes.

A supervisor sees what was shared, while it is shared, and changes nothing of it. A client who signs in sees their own,
also after the therapy has ended, while the practice keeps that page open.
"""

from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import allows, may, rows_of, visible
from holdfast.practice.caseload.consents import versions_covering
from holdfast.practice.caseload.models import (
    Client,
    Consent,
    Dyad,
    EpisodeOfCare,
    SavedView,
    Session,
    Share,
    SupervisionWord,
)
from holdfast.practice.lib import clock

SIGNS_IN = (Client.State.INVITED, Client.State.ACTIVE)
"""The states in which a client may read their own record."""


def demand(actor: Membership | None, verb: str, row: models.Model) -> Membership:
    """The actor, when the policy lets them do this; otherwise PermissionDenied, which says nothing of the row."""
    if actor is None or not may(actor, verb, row):
        raise PermissionDenied
    return actor


def demand_therapist(actor: Membership) -> None:
    """Taking on a new client needs no row yet, only the role."""
    if actor.role != Membership.Role.THERAPIST or actor.state != Membership.State.ACTIVE:
        raise PermissionDenied


@rows_of(Dyad)
def dyads(actor: Membership) -> QuerySet[Dyad]:
    open_here = Dyad.objects.filter(closed_at=None, client__practice=actor.practice_id)
    if actor.role == Membership.Role.THERAPIST:
        return open_here.filter(therapist=actor)
    if actor.role == Membership.Role.SUPERVISOR:
        return open_here.filter(pk__in=running_shares().filter(supervisor=actor).values("dyad"))
    if actor.role == Membership.Role.CLIENT:
        return Dyad.objects.filter(
            client__membership=actor, client__state__in=SIGNS_IN, client__practice__clients_sign_in=True
        )
    return open_here.none()


def running_shares() -> QuerySet[Share]:
    """The shares that hold now: neither ended nor over, with their consent, by a therapist who still works here."""
    return Share.objects.filter(
        ended_at=None,
        until__gt=clock.now(),
        consent__withdrawn_at=None,
        dyad__therapist__state=Membership.State.ACTIVE,
    )


def shared_with(actor: Membership, what: str) -> QuerySet[Dyad]:
    """The dyads shared with a supervisor under a text of consent that names ``what``."""
    versions = versions_covering(Consent.Purpose.SUPERVISION, what)
    shares_now = running_shares().filter(supervisor=actor, consent__version__in=versions)
    return visible(actor, Dyad).filter(pk__in=shares_now.values("dyad"))


@rows_of(Share)
def shares(actor: Membership) -> QuerySet[Share]:
    """A therapist sees all that she shared, a supervisor what is shared with them now, a client none of either."""
    if actor.role == Membership.Role.SUPERVISOR:
        return running_shares().filter(supervisor=actor, dyad__in=dyads(actor))
    rows = Share.objects.filter(dyad__in=dyads(actor))
    return rows if actor.role == Membership.Role.THERAPIST else rows.none()


@rows_of(SupervisionWord)
def supervision_words(actor: Membership) -> QuerySet[SupervisionWord]:
    return SupervisionWord.objects.filter(share__in=shares(actor))


@rows_of(Consent)
def consents(actor: Membership) -> QuerySet[Consent]:
    if actor.role not in {Membership.Role.THERAPIST, Membership.Role.CLIENT}:
        return Consent.objects.none()
    return Consent.objects.filter(client__in=clients(actor))


@rows_of(SavedView)
def saved_views(actor: Membership) -> QuerySet[SavedView]:
    """Nobody's but one's own, in the role in which there is a caseload."""
    rows = SavedView.objects.filter(owner=actor)
    return rows if actor.role == Membership.Role.THERAPIST else rows.none()


@rows_of(Client)
def clients(actor: Membership) -> QuerySet[Client]:
    return Client.objects.filter(pk__in=dyads(actor).values("client"))


@rows_of(EpisodeOfCare)
def episodes_of_care(actor: Membership) -> QuerySet[EpisodeOfCare]:
    return EpisodeOfCare.objects.filter(dyad__in=dyads(actor))


@rows_of(Session)
def sessions(actor: Membership) -> QuerySet[Session]:
    return Session.objects.filter(episode_of_care__dyad__in=dyads(actor))


@allows("change", SavedView)
@allows("book", Dyad)
@allows("end care", EpisodeOfCare)
@allows("mark", Session)
@allows("rate", Session)
@allows("set language", Client)
@allows("record consent", Client)
@allows("give a page", Client)
@allows("take the page back", Client)
@allows("share", Dyad)
@allows("end share", Share)
def own_caseload(actor: Membership, row: models.Model) -> bool:
    """Therapists see open dyads of their own only, so who sees a row and is a therapist may work on it."""
    return actor.role == Membership.Role.THERAPIST


@allows("issue link", Session)
@allows("choose release", Client)
@allows("set contact", Client)
@allows("withdraw consent", Consent)
def own_or_caseload(actor: Membership, row: models.Model) -> bool:
    """What a client may do to their own record too, and the therapist on their behalf."""
    return own_caseload(actor, row) or actor.role == Membership.Role.CLIENT


@allows("say in supervision", Share)
@allows("settle", SupervisionWord)
def _both_sides(actor: Membership, row: models.Model) -> bool:
    """The therapist and the supervisor, while it is shared."""
    rows = running_shares()
    return (rows.filter(pk=row.pk) if isinstance(row, Share) else rows.filter(words=row.pk)).exists()
