"""Supervision: what is shared, with whom, and the questions that belong to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.caseload.consents import newest, text_of
from holdfast.practice.caseload.models import Consent, Share, SupervisionWord
from holdfast.practice.caseload.queries import (
    OpenedClient,
    ReadWord,
    client_of,
    clients_of,
    consent_of,
    shares_of,
    supervisors_for,
    words_on,
)
from holdfast.practice.caseload.rules import shared_with
from holdfast.practice.insight.care import cares_of
from holdfast.practice.insight.lines import ClientLine, line_of

SUPERVISION = Consent.Purpose.SUPERVISION


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """One share and what was said on it. ``runs``: the supervisor sees it now."""

    share: Share
    words: tuple[ReadWord, ...]
    runs: bool

    @property
    def unsettled(self) -> tuple[ReadWord, ...]:
        return tuple(each for each in self.words if each.word.settled_at is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSupervision:
    """One client's page: the consent, the shares, whom to share with. ``is_own``: the therapist reads it.

    text: what they agreed to, or would; newer: a text that came after it, empty for none.
    """

    client: OpenedClient
    is_own: bool
    consent: Consent | None
    text: str
    newer: str
    sees_formulation: bool
    threads: tuple[Thread, ...]
    supervisors: tuple[Membership, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionLine:
    """One shared client in the list."""

    line: ClientLine
    therapist: str
    threads: tuple[Thread, ...]
    open_episodes: int


def supervision_of(actor: Membership | None, client_id: UUID, at: datetime) -> ClientSupervision | None:
    """What a therapist shares of one client, or what a supervisor was shown of them."""
    found = client_of(actor, client_id)
    if actor is None or found is None:
        return None
    shares = shares_of(actor, [found.dyad])
    is_own = actor.role == Membership.Role.THERAPIST
    consent, latest = consent_of(actor, found.client, SUPERVISION), newest(SUPERVISION)
    agreed = latest if consent is None else text_of(SUPERVISION, consent.version)
    return ClientSupervision(
        client=found,
        is_own=is_own,
        consent=consent,
        text=agreed.text["en"] if is_own else "",
        newer=latest.text["en"] if is_own and agreed != latest else "",
        sees_formulation=not is_own and shared_with(actor, "formulation").filter(pk=found.dyad.pk).exists(),
        threads=_threads(actor, shares, at),
        supervisors=tuple(supervisors_for(actor)),
    )


def supervision_list(actor: Membership | None, at: datetime) -> tuple[SupervisionLine, ...]:
    """Every client that is shared now, by therapist and code: no order says who is doing better."""
    clients = {each.dyad.pk: each for each in clients_of(actor)}
    threads = _threads(actor, shares_of(actor, [each.dyad for each in clients.values()]), at)
    shared = {thread.share.dyad_id for thread in threads if thread.runs}
    cares = cares_of(actor, [client.dyad for dyad, client in clients.items() if dyad in shared])
    lines = [
        SupervisionLine(
            line=line_of(clients[dyad], care, at),
            therapist=clients[dyad].dyad.therapist.person.name,
            threads=tuple(each for each in threads if each.runs and each.share.dyad_id == dyad),
            open_episodes=sum(row.status == "open" for row in care.episodes),
        )
        for dyad, care in cares.items()
    ]
    return tuple(sorted(lines, key=lambda each: (each.therapist.casefold(), each.line.code)))


def share_of(actor: Membership | None, share_id: UUID) -> Share | None:
    return visible(actor, Share).select_related("dyad__client").filter(pk=share_id).first()


def word_of(actor: Membership | None, word_id: UUID) -> SupervisionWord | None:
    return visible(actor, SupervisionWord).select_related("share__dyad__client").filter(pk=word_id).first()


def _threads(actor: Membership | None, shares: Sequence[Share], at: datetime) -> tuple[Thread, ...]:
    words = words_on(actor, shares)
    return tuple(
        Thread(share=each, words=tuple(words[each.pk]), runs=each.ended_at is None and each.until > at)
        for each in shares
    )
