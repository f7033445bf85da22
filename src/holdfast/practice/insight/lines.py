"""A caseload as lines: one client each, what changed, and what there is to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from holdfast.practice.accounts.models import Membership
from holdfast.practice.caseload.models import Session
from holdfast.practice.caseload.queries import OpenedClient, clients_of
from holdfast.practice.insight.care import Care, cares_of
from holdfast.practice.insight.sentences import Statement
from holdfast.practice.insight.statements import leading, since

SOON = timedelta(days=2)
ANSWERS_UNTIL = timedelta(hours=72)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """One thing that waits for the therapist, with the page on which it is done."""

    words: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLine:
    """One client of a caseload."""

    id: UUID
    code: str
    name: str
    starts_at: datetime | None
    when: str
    statement: Statement
    since: str
    to_do: tuple[ToDo, ...]
    not_answered: tuple[str, ...]
    has_ended: bool = False

    @property
    def noticed(self) -> bool:
        return self.statement.noticed


SHOWN = {
    "noticed": "Something noticed",
    "waiting": "Waiting for you",
    "unanswered": "Not answered yet",
    "unbooked": "No session booked",
}
"""What a list can be narrowed to, and what the page calls it."""

SORTED = {"name": "By name", "next": "By next session"}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a caseload is looked at: narrowed to something, searched by name or code, in an order.

    Its address keeps it, but for a name that was searched: names stand in no address.
    """

    show: str = ""
    sort: str = "name"
    search: str = ""

    @classmethod
    def of_address(cls, given: Mapping[str, str], search: str = "") -> "View":
        """What an address asks for; anything it does not know is left out."""
        show, sort = given.get("show", ""), given.get("sort", "name")
        return cls(
            show=show if show in SHOWN else "",
            sort=sort if sort in SORTED else "name",
            search=search.strip()[:60],
        )

    def of(self, lines: Sequence[ClientLine], at: datetime) -> tuple[ClientLine, ...]:
        """The lines that are in this view, in its order."""
        words = self.search.casefold()
        found = [line for line in lines if words in line.name.casefold() or words in line.code.casefold()]
        kept = {
            "noticed": lambda line: line.noticed,
            "waiting": lambda line: bool(line.to_do),
            "unanswered": lambda line: bool(line.not_answered),
            "unbooked": lambda line: line.starts_at is None and not line.has_ended,
        }.get(self.show, lambda line: True)
        found = [line for line in found if kept(line)]
        if self.sort == "next":
            found.sort(key=lambda line: (line.starts_at is None, line.starts_at or at))
        found.sort(key=lambda line: line.has_ended)  # therapies that have ended stand last, in the same order
        return tuple(found)


def lines_of(actor: Membership | None, at: datetime) -> list[ClientLine]:
    """The whole caseload of the actor, by name."""
    clients = clients_of(actor)
    cares = cares_of(actor, [client.dyad for client in clients])
    return [line_of(client, cares[client.dyad.pk], at) for client in clients]


def line_of(client: OpenedClient, care: Care, at: datetime) -> ClientLine:
    coming = care.next_session(at)
    return ClientLine(
        id=client.id,
        code=client.code,
        name=client.name,
        starts_at=coming.starts_at if coming else None,
        when=_when(care, coming, at),
        statement=leading(care),
        since=since(care.open_episode, care.course) if care.open_episode else "",
        to_do=to_do(care, at),
        not_answered=tuple(_not_answered(care, at)),
        has_ended=care.ended_at is not None,
    )


def _when(care: Care, coming: Session | None, at: datetime) -> str:
    """The next session; or that none is booked; or that the therapy has ended."""
    if coming is not None:
        return f"Session {coming.number}, {when(coming.starts_at, at)}"
    if care.ended_at is None:
        return "No session booked"
    return f"Therapy ended {date_format(timezone.localtime(care.ended_at), 'j F Y')}"


def when(starts_at: datetime, at: datetime) -> str:
    """A day and a time as a colleague would say them."""
    local, today = timezone.localtime(starts_at), timezone.localtime(at).date()
    clock = date_format(local, "H:i")
    days = (local.date() - today).days
    names = {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in names:
        return f"{names[days]} at {clock}"
    if 1 < days < 7:
        return f"{date_format(local, 'l')} at {clock}"
    shape = "j F" if local.year == today.year else "j F Y"
    return f"{date_format(local, shape)} at {clock}"


def to_do(care: Care, at: datetime) -> tuple[ToDo, ...]:
    """What waits for the therapist of a dyad."""
    return tuple(_to_do(care, at))


def _to_do(care: Care, at: datetime) -> Iterator[ToDo]:
    if care.open_episode is not None:
        words = "Open the episode" if care.open_episode.acknowledged_at is None else "Episode"
        yield ToDo(words=words, address=reverse("episode", args=[care.open_episode.pk]))
    for session in care.waiting():
        yield ToDo(words=f"Predict and rate session {session.number}", address=reverse("rate", args=[session.pk]))
    last = care.last_session(at)
    if last is not None and not care.answered[last].may_read and last not in care.waiting() and _answers_open(last, at):
        yield ToDo(words=f"Predict and rate session {last.number}", address=reverse("rate", args=[last.pk]))
    coming = care.next_session(at)
    if coming is not None and coming.starts_at - at <= SOON and not care.links[coming.pk]:
        yield ToDo(words=f"Links for session {coming.number}", address=reverse("session", args=[coming.pk]))


def _not_answered(care: Care, at: datetime) -> Iterator[str]:
    """Whose answer a link waits for."""
    last, coming = care.last_session(at), care.next_session(at)
    if (
        last is not None
        and not care.answered[last].after
        and "after" in care.links[last.pk]
        and _answers_open(last, at)
    ):
        yield f"after session {last.number}"
    if coming is not None and not care.answered[coming].before and "before" in care.links[coming.pk]:
        yield f"before session {coming.number}"


def _answers_open(session: Session, at: datetime) -> bool:
    return at <= session.starts_at + ANSWERS_UNTIL
