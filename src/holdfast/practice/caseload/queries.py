"""What a therapist may read of the caseload, with names opened."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.caseload.models import Client, Dyad, EpisodeOfCare, Session
from holdfast.practice.caseload.sealing import open_contact


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedClient:
    """A client with the name and contact data opened, and the dyad through which the reader may see them."""

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


def _opened(dyad: Dyad) -> OpenedClient:
    contact = open_contact(client=dyad.client, column="sealed_contact")
    return OpenedClient(
        client=dyad.client,
        dyad=dyad,
        name=open_contact(client=dyad.client, column="sealed_name"),
        contact=json.loads(contact) if contact else {},
    )


def clients_of(actor: Membership | None) -> list[OpenedClient]:
    """The actor's caseload, by name (sorted in memory, since names rest sealed)."""
    rows = visible(actor, Dyad).select_related("client")
    return sorted((_opened(dyad) for dyad in rows), key=lambda row: (row.name.casefold(), row.code))


def client_of(actor: Membership | None, client_id: UUID) -> OpenedClient | None:
    """One client of the actor's caseload; None when there is none or it is not theirs."""
    dyad = visible(actor, Dyad).select_related("client__practice").filter(client=client_id).first()
    return None if dyad is None else _opened(dyad)


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


def _with_client(rows: QuerySet[Session]) -> QuerySet[Session]:
    return rows.select_related("episode_of_care__dyad__client__practice")
