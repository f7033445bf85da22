"""The public page, what strangers ask for, and what comes of it: every change as a verb."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from holdfast.errors import LinkError, RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.appointments.models import AppointmentRequest, CalendarFeed, ProposedTime, PublicPage
from holdfast.practice.appointments.sealing import FIELDS, open_in, seal_in
from holdfast.practice.appointments.taken import in_turn, is_taken
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.actions import add_client, book_session
from holdfast.practice.caseload.models import Session
from holdfast.practice.caseload.rules import demand, demand_therapist
from holdfast.practice.lib.keys import keyring
from holdfast.practice.lib.secrets import digest, new_token

KEPT = timedelta(days=90)
MOST_TIMES = 3
State = AppointmentRequest.State
DECIDED = (State.ACCEPTED, State.DECLINED)
CLOSED = "This page is not open."
TAKEN = "This time is taken by now. Choose another one, or none of them."


@transaction.atomic
def set_page(*, actor: Membership, slug: str, is_on: bool, texts: Mapping[str, str], at: datetime) -> PublicPage:
    """What a therapist says of herself, under an address of her choice; everybody can read it while it is on."""
    demand_therapist(actor)
    if PublicPage.objects.filter(slug=slug).exclude(therapist=actor).exists():
        raise RecordError("The address {text} is taken. Choose another.", text=slug)
    page = PublicPage.objects.filter(therapist=actor).first() or PublicPage(therapist=actor)
    page.slug, page.is_on, page.updated_at = slug, is_on, at
    for name in ("who", "how", "languages", "fees", "place", "turn_to"):
        setattr(page, name, texts.get(name, "").strip())
    page.save()
    record("public-page.set", actor=actor, practice=actor.practice, target=page, at=at, fields=["is_on", "slug"])
    return page


@transaction.atomic
def request_appointment(*, page: PublicPage, said: Mapping[str, str], at: datetime) -> AppointmentRequest:
    """Keep what a stranger asks for: its own key first, then the row. Says nothing of who is known here."""
    if not page.is_on or page.therapist.state != Membership.State.ACTIVE:
        raise LinkError(CLOSED)
    tidy(at=at)  # whoever has no daily job forgets old ones all the same
    row = AppointmentRequest(page=page, key_id=keyring().new_key("request"), arrived_at=at)
    row.sealed_answers = seal_in(row, "sealed_answers", {name: said.get(name, "").strip() for name in FIELDS})
    row.save(force_insert=True)
    record("request.arrived", actor=None, practice=page.therapist.practice, target=row, at=at)
    return row


@transaction.atomic
def propose(*, actor: Membership, request: AppointmentRequest, times: Sequence[datetime], at: datetime) -> str:
    """Propose one to three times. Returns the secret of the address on which one can be chosen, shown this once."""
    _demand_open(actor, request)
    ahead = sorted({moment for moment in times if moment > at})
    if not 1 <= len(ahead) <= MOST_TIMES or len(ahead) < len(set(times)):
        raise RecordError("Propose one to three times that are still to come.")
    request.times.all().delete()
    for moment in ahead:
        ProposedTime.objects.create(request=request, starts_at=moment)
    token = new_token()
    request.token_hash = digest(token)
    _decide(request, State.PROPOSED, actor, at, "token_hash")
    return token


@transaction.atomic
def choose_time(*, token: str, choice: str, at: datetime) -> AppointmentRequest:
    """The stranger's answer to proposed times: the key of one, or nothing for none of them. The address is used up.

    A time that was taken meanwhile raises RecordError and changes nothing: another one can be chosen.
    """
    request = behind(token, at)
    if request is not None:
        in_turn(request.page)
        request = behind(token, at)  # read again: somebody may have answered while this one waited
    if request is None:
        raise LinkError(CLOSED)
    chosen = next((each for each in request.times.all() if str(each.pk) == choice), None)
    if chosen is None and choice:
        raise LinkError(CLOSED)
    if chosen is not None:
        if chosen.starts_at <= at or is_taken(request, chosen.starts_at):
            raise RecordError(TAKEN)
        chosen.is_chosen = True
        chosen.save(update_fields=["is_chosen"])
    request.token_hash = None
    _decide(request, State.NONE_FITS if chosen is None else State.CHOSEN, None, at, "token_hash")
    return request


def behind(token: str, at: datetime) -> AppointmentRequest | None:
    """The request whose times may be chosen with this secret: until the last of them begins."""
    rows = AppointmentRequest.objects.filter(token_hash=digest(token), state=State.PROPOSED, times__starts_at__gt=at)
    return rows.select_related("page__therapist__practice").distinct().first() if token else None


@transaction.atomic
def accept(*, actor: Membership, request: AppointmentRequest, code: str, starts_at: datetime, at: datetime) -> Session:
    """Take the stranger on: client, safe contact and first session of what was written, nothing typed twice."""
    _demand_open(actor, request)
    said = open_in(request, "sealed_answers")
    contact = {"reach": said["reach"], "hours": said["hours"]}
    contact = {name: text for name, text in contact.items() if text}
    client = add_client(actor=actor, code=code, name=said["name"], contact=contact, at=at)
    session = book_session(actor=actor, dyad=client.dyads.get(), starts_at=starts_at, at=at)
    request.client, request.session, request.token_hash = client, session, None
    _decide(request, State.ACCEPTED, actor, at, "client", "session", "token_hash")
    return session


@transaction.atomic
def put_on_list(*, actor: Membership, request: AppointmentRequest, at: datetime) -> AppointmentRequest:
    """There is no room now; it waits in the order in which it came."""
    _demand_open(actor, request)
    request.token_hash = None
    return _decide(request, State.LISTED, actor, at, "token_hash")


@transaction.atomic
def decline(*, actor: Membership, request: AppointmentRequest, words: str, at: datetime) -> AppointmentRequest:
    """Say no, in words that the therapist passes on herself."""
    _demand_open(actor, request)
    if not words.strip():
        raise RecordError("Nothing is written yet. A kind word is part of a no.")
    request.sealed_reply, request.token_hash = seal_in(request, "sealed_reply", words.strip()), None
    return _decide(request, State.DECLINED, actor, at, "sealed_reply", "token_hash")


@transaction.atomic
def tidy(*, at: datetime) -> int:
    """Forget requests that came ninety days ago or earlier: keys first, then rows. Returns how many."""
    old = AppointmentRequest.objects.filter(arrived_at__lte=at - KEPT)
    gone = 0
    for row in old.select_related("page__therapist__practice"):
        record("request.forgotten", actor=None, practice=row.page.therapist.practice, target=row, at=at)
        keyring().destroy(row.key_id)
        row.delete()
        gone += 1
    return gone


@transaction.atomic
def make_feed(*, actor: Membership, at: datetime) -> str:
    """A new secret address of the actor's calendar; the old one is dead. Returns the secret, shown this once."""
    demand_therapist(actor)
    token = new_token()
    CalendarFeed.objects.update_or_create(therapist=actor, defaults={"token_hash": digest(token), "made_at": at})
    record("feed.made", actor=actor, practice=actor.practice, target=actor, at=at)
    return token


@transaction.atomic
def end_feed(*, actor: Membership, at: datetime) -> None:
    """The calendar has no address any more."""
    demand_therapist(actor)
    if CalendarFeed.objects.filter(therapist=actor).delete()[0]:
        record("feed.ended", actor=actor, practice=actor.practice, target=actor, at=at)


def _demand_open(actor: Membership, request: AppointmentRequest) -> None:
    demand(actor, "answer", request)
    if request.state in DECIDED:
        raise RecordError("This request has been answered already.")


def _decide(
    request: AppointmentRequest, state: str, actor: Membership | None, at: datetime, *fields: str
) -> AppointmentRequest:
    request.state, request.decided_at = State(state), at
    request.save(update_fields=["state", "decided_at", *fields])
    practice = request.page.therapist.practice
    record(f"request.{request.state.replace(' ', '-')}", actor=actor, practice=practice, target=request, at=at)
    return request
