"""What may be read of the caseload: by a therapist with names opened, by a supervisor under initials."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.caseload.models import Client, Consent, Dyad, EpisodeOfCare, Session, Share, SupervisionWord
from holdfast.practice.caseload.sealing import open_contact, open_text


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedClient:
    """A client with the name and contact data opened, and the dyad through which the reader may see them.

    For a supervisor the name is initials, and there is no contact data.
    """

    client: Client
    dyad: Dyad
    name: str
    contact: Mapping[str, str]

    @property
    def id(self) -> UUID:
        return self.client.pk

    @property
    def code(self) -> str:
        return self.client.code


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWord:
    """A word in supervision, opened."""

    word: SupervisionWord
    text: str


def _opened(actor: Membership | None, dyad: Dyad) -> OpenedClient:
    name = open_contact(client=dyad.client, column="sealed_name")
    if actor is None or actor.role not in {Membership.Role.THERAPIST, Membership.Role.CLIENT}:
        return OpenedClient(client=dyad.client, dyad=dyad, name=initials(name), contact={})
    contact = open_contact(client=dyad.client, column="sealed_contact")
    return OpenedClient(client=dyad.client, dyad=dyad, name=name, contact=json.loads(contact) if contact else {})


def initials(name: str) -> str:
    """The first letter of each part of a name."""
    return " ".join(f"{part[0].upper()}." for part in name.split())


def clients_of(actor: Membership | None) -> list[OpenedClient]:
    """The actor's caseload, by name (sorted in memory, since names rest sealed)."""
    rows = visible(actor, Dyad).select_related("client", "therapist__person")
    return sorted((_opened(actor, dyad) for dyad in rows), key=lambda row: (row.name.casefold(), row.code))


def client_of(actor: Membership | None, client_id: UUID) -> OpenedClient | None:
    """One client of the actor's caseload; None when there is none or it is not theirs."""
    rows = visible(actor, Dyad).select_related("client__practice", "therapist__person")
    dyad = rows.filter(client=client_id).first()
    return None if dyad is None else _opened(actor, dyad)


def session_of(actor: Membership | None, session_id: UUID) -> Session | None:
    """One session of the actor's caseload, with its dyad and client at hand."""
    return _with_client(visible(actor, Session)).filter(pk=session_id).first()


def sessions_between(actor: Membership | None, start: datetime, end: datetime) -> list[Session]:
    """The actor's sessions that start in [start, end), in the order of the day; cancelled ones are left out."""
    rows = _with_client(visible(actor, Session)).filter(starts_at__gte=start, starts_at__lt=end)
    return list(rows.exclude(state=Session.State.CANCELLED).order_by("starts_at", "number"))


def sessions_of(actor: Membership | None, dyad: Dyad) -> list[Session]:
    """All sessions of one dyad, oldest episode of care first, by number."""
    rows = _with_client(visible(actor, Session)).filter(episode_of_care__dyad=dyad)
    return list(rows.order_by("episode_of_care__started_at", "number"))


def current_care(actor: Membership | None, dyad: Dyad) -> EpisodeOfCare | None:
    """The episode of care that is running, if one is."""
    return visible(actor, EpisodeOfCare).filter(dyad=dyad, ended_at=None).first()


def consent_of(actor: Membership | None, client: Client, purpose: str) -> Consent | None:
    """The consent to a purpose that holds, if there is one."""
    return visible(actor, Consent).filter(client=client, purpose=purpose, withdrawn_at=None).first()


def shares_of(actor: Membership | None, dyads: Sequence[Dyad]) -> list[Share]:
    """What is, or was, shared of these dyads, newest first."""
    rows = visible(actor, Share).filter(dyad__in=[each.pk for each in dyads])
    return list(rows.select_related("supervisor__person", "dyad__client").order_by("-started_at"))


def words_on(actor: Membership | None, shares: Sequence[Share]) -> dict[UUID, list[ReadWord]]:
    """What was asked and said in supervision, opened, by share, oldest first. One query."""
    found: dict[UUID, list[ReadWord]] = {each.pk: [] for each in shares}
    rows = (
        visible(actor, SupervisionWord).filter(share__in=found).select_related("author__person", "share__dyad__client")
    )
    for row in rows:
        text = open_text(client=row.share.dyad.client, row=row, column="sealed_text")
        found[row.share_id].append(ReadWord(word=row, text=text))
    return found


def supervisors_for(actor: Membership | None) -> list[Membership]:
    """Whom a therapist may share with: the active supervisors of the practice, by name."""
    if actor is None or actor.role != Membership.Role.THERAPIST:
        return []
    rows = Membership.objects.filter(
        practice=actor.practice_id, role=Membership.Role.SUPERVISOR, state=Membership.State.ACTIVE
    )
    return list(rows.exclude(person=actor.person_id).select_related("person").order_by("person__name"))


def _with_client(rows: QuerySet[Session]) -> QuerySet[Session]:
    return rows.select_related("episode_of_care__dyad__client__practice")
