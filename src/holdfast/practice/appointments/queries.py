"""What may be read of public pages, requests and the calendar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.accounts.policy import visible
from holdfast.practice.appointments.models import AppointmentRequest, CalendarFeed, PublicPage
from holdfast.practice.appointments.sealing import open_in
from holdfast.practice.caseload.models import Session
from holdfast.practice.caseload.queries import clients_of
from holdfast.practice.lib.secrets import digest

State = AppointmentRequest.State
OPEN = (State.WAITING, State.PROPOSED, State.CHOSEN, State.NONE_FITS, State.LISTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRequest:
    """A request, opened: what the stranger wrote, and the words of a no."""

    row: AppointmentRequest
    said: Mapping[str, str]
    reply: str

    @property
    def is_open(self) -> bool:
        return self.row.state in OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of a calendar with its sessions, in order, each with the client's name."""

    day: date
    is_today: bool
    sessions: tuple[tuple[Session, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    days: tuple[Day, ...]
    before: date
    after: date


def page_at(slug: str) -> PublicPage | None:
    """A page that everybody may read: switched on, of a therapist who works here."""
    rows = PublicPage.objects.filter(slug=slug, is_on=True, therapist__state=Membership.State.ACTIVE)
    return rows.select_related("therapist__person", "therapist__practice").first()


def own_page(actor: Membership | None) -> PublicPage | None:
    return visible(actor, PublicPage).first()


def requests_of(actor: Membership | None) -> list[ReadRequest]:
    """The actor's requests, opened: those that wait first, in the order in which they came."""
    rows = visible(actor, AppointmentRequest).select_related("page", "client", "session").prefetch_related("times")
    read = [_read(row) for row in rows.order_by("arrived_at")]
    return sorted(read, key=lambda each: (not each.is_open, each.row.state == State.LISTED))


def request_of(actor: Membership | None, key: UUID) -> ReadRequest | None:
    rows = visible(actor, AppointmentRequest).select_related("page__therapist__practice", "client", "session")
    row = rows.filter(pk=key).first()
    return None if row is None else _read(row)


WAIT = (State.WAITING, State.CHOSEN, State.NONE_FITS)
"""The states in which a request waits for its therapist."""


def waiting(actor: Membership | None) -> int:
    """How many requests wait for the actor: the number in the navigation."""
    return visible(actor, AppointmentRequest).filter(state__in=WAIT).count()


def waiting_in(practice: Practice) -> int:
    """How many requests wait in a practice: a number for whoever owns it, and nothing of what they say."""
    return AppointmentRequest.objects.filter(page__therapist__practice=practice, state__in=WAIT).count()


def week_of(actor: Membership | None, day: date, today: date) -> Week:
    """The week of a day, Monday to Sunday, in the practice's own time zone, however long its days are."""
    monday = day - timedelta(days=day.weekday())
    names = {client.dyad.pk: client.name for client in clients_of(actor)}
    start, end = (timezone.make_aware(datetime.combine(each, time())) for each in (monday, monday + timedelta(days=7)))
    rows = visible(actor, Session).filter(starts_at__gte=start, starts_at__lt=end).select_related("episode_of_care")
    by_day: dict[date, list[tuple[Session, str]]] = {}
    for row in rows.order_by("starts_at"):
        entry = (row, names.get(row.episode_of_care.dyad_id, ""))
        by_day.setdefault(timezone.localtime(row.starts_at).date(), []).append(entry)
    days = [monday + timedelta(days=place) for place in range(7)]
    return Week(
        days=tuple(Day(day=each, is_today=each == today, sessions=tuple(by_day.get(each, ()))) for each in days),
        before=monday - timedelta(days=7),
        after=monday + timedelta(days=7),
    )


def has_feed(actor: Membership | None) -> bool:
    return visible(actor, CalendarFeed).exists()


def feed_sessions(token: str, at: datetime) -> list[Session] | None:
    """The sessions behind a secret address, from a month ago on; None for one that opens nothing."""
    feed = CalendarFeed.objects.filter(token_hash=digest(token)).select_related("therapist").first()
    if feed is None or feed.therapist.state != Membership.State.ACTIVE:
        return None
    rows = visible(feed.therapist, Session).filter(starts_at__gte=at - timedelta(days=31))
    return list(rows.order_by("starts_at"))


def _read(row: AppointmentRequest) -> ReadRequest:
    return ReadRequest(row=row, said=open_in(row, "sealed_answers"), reply=open_in(row, "sealed_reply") or "")
