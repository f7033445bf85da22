"""Links: made, taken back, opened, left. A link submits one form and never reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from uuid import UUID

from django.db import transaction

from holdfast.errors import InstrumentError, LinkError, RecordError
from holdfast.practice.accounts.actions import count_wrong_code
from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.models import Invitation, OpenForm, Purpose, Rater
from holdfast.practice.answers.offers import offers
from holdfast.practice.answers.secrets import code_digest
from holdfast.practice.audit.actions import record
from holdfast.practice.audit.queries import latest
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.caseload.rules import demand
from holdfast.practice.lib import tries
from holdfast.practice.lib.secrets import digest, new_code, new_token
from holdfast.practice.safety.queries import may_ask

OPENS_BEFORE = timedelta(hours=24)
CLOSES_AFTER = timedelta(hours=72)
FORM_LASTS = timedelta(minutes=60)
MEETS = {Session.State.PLANNED, Session.State.HELD}
ANSWERS = {Client.State.INVITED, Client.State.ACTIVE}
WAITED_FOR = {Invitation.State.OPEN, Invitation.State.EXPIRED}
CLOSED = "This form is not open."
WHEN = {Purpose.BEFORE: "before the session", Purpose.AFTER: "after the session", Purpose.MONTHLY: "by the month"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What goes to the client. Token and code exist here and in the message, nowhere else."""

    invitation: Invitation
    token: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitedForm:
    """The form of answers that waited on a phone, sealed. It was opened in its time; the link's window may be over."""

    invitation_id: UUID
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedForm:
    """An opened form and the value for its cookie, which is shown this once."""

    form: OpenForm
    cookie: str


def is_open(invitation: Invitation, at: datetime) -> bool:
    """Whether a link may be used: in its window, not ended, and the session and the client still stand."""
    return (
        invitation.state == Invitation.State.OPEN
        and invitation.opens_at <= at <= invitation.closes_at
        and invitation.session.state in MEETS
        and invitation.client.state in ANSWERS
    )


def takes(form: OpenForm | WaitedForm, invitation: Invitation, at: datetime) -> bool:
    """Whether this form may still be submitted: in its time, and by a link that nobody has ended."""
    if at > form.expires_at:
        return False
    if isinstance(form, OpenForm):
        return is_open(invitation, at)
    return invitation.state in WAITED_FOR and invitation.session.state in MEETS and invitation.client.state in ANSWERS


@transaction.atomic
def issue_link(*, actor: Membership, session: Session, purpose: str, at: datetime) -> Link:
    """Make the link of one check-in, in the client's language. An older open one of the same purpose is replaced."""
    demand(actor, "issue link", session)
    return make_link(actor=actor, session=session, purpose=purpose, at=at)


@transaction.atomic
def make_link(*, actor: Membership | None, session: Session, purpose: str, at: datetime) -> Link:
    """The same for the worker, which sends what was planned and is nobody (None). Others call ``issue_link``."""
    client = session.episode_of_care.dyad.client
    practice = actor.practice if actor else client.practice
    _demand_open_session(session, client, purpose, at)
    asks_safety = may_ask(client)
    forms, _ = offers(practice, occasion=purpose, language=client.language, asks_safety=asks_safety)
    if not forms:
        raise InstrumentError(
            "No form can be offered {occasion}. Look at `holdfast practice forms`.", occasion=WHEN[Purpose(purpose)]
        )
    _end_older(client, purpose, actor, at)
    token, code = new_token(), new_code()
    while Invitation.objects.filter(code_hmac=code_digest(code)).exists():
        code = new_code()
    invitation = Invitation.objects.create(
        client=client,
        session=session,
        purpose=Purpose(purpose),
        forms=[each.reference for each in forms],
        language=client.language,
        token_hash=digest(token),
        code_hmac=code_digest(code),
        opens_at=session.starts_at - OPENS_BEFORE,
        closes_at=session.starts_at + CLOSES_AFTER,
        made_at=at,
    )
    record("link.issued", actor=actor, practice=practice, target=invitation, at=at, fields=["purpose", "forms"])
    return Link(invitation=invitation, token=token, code=code)


@transaction.atomic
def move_links(*, session: Session, at: datetime) -> None:
    """Open links keep their place around a session that was moved."""
    for link in session.invitations.filter(state=Invitation.State.OPEN):
        link.opens_at, link.closes_at = session.starts_at - OPENS_BEFORE, session.starts_at + CLOSES_AFTER
        link.save(update_fields=["opens_at", "closes_at"])


def _demand_open_session(session: Session, client: Client, purpose: str, at: datetime) -> None:
    if purpose not in Purpose.values:
        raise RecordError("A link is for one of: {known}.", known=", ".join(Purpose.values))
    if client.state not in ANSWERS:
        raise RecordError("This client's record is closed or restricted. No link can be made.")
    if session.state not in MEETS:
        raise RecordError("Session {number} did not take place. No link can be made for it.", number=session.number)
    if session.check_ins.filter(rater=Rater.CLIENT, purpose=purpose).exists():
        raise RecordError("The form of session {number} has been answered already.", number=session.number)
    if at > session.starts_at + CLOSES_AFTER:
        raise RecordError("The time for answers to session {number} is over.", number=session.number)


def _end_older(client: Client, purpose: str, actor: Membership | None, at: datetime) -> None:
    for older in Invitation.objects.filter(client=client, purpose=purpose, state=Invitation.State.OPEN):
        state = Invitation.State.REPLACED if at <= older.closes_at else Invitation.State.EXPIRED
        end_link(older, state, actor=actor, at=at)


def end_link(invitation: Invitation, state: Invitation.State, *, actor: Membership | None, at: datetime) -> None:
    """Put a link out of use, inside the caller's transaction. The opened form stays only for one that was submitted."""
    invitation.state, invitation.ended_at = state, at
    invitation.save(update_fields=["state", "ended_at"])
    if state != Invitation.State.SUBMITTED:
        OpenForm.objects.filter(invitation=invitation).delete()
    practice = invitation.client.practice
    record(f"link.{state.value}", actor=actor, practice=practice, target=invitation, at=at, fields=["state"])


@transaction.atomic
def revoke_link(*, actor: Membership, invitation: Invitation, at: datetime) -> Invitation:
    """Take a link back before it was used."""
    demand(actor, "revoke", invitation)
    if invitation.state != Invitation.State.OPEN:
        raise RecordError("This link is not open any more.")
    end_link(invitation, Invitation.State.REVOKED, actor=actor, at=at)
    return invitation


def open_form(
    *,
    at: datetime,
    token: str | None = None,
    code: str | None = None,
    address: str = "",
    older_cookie: str | None = None,
) -> OpenedForm:
    """Open the form behind a token or a typed code; an older form of the same browser is closed.

    Raises the same LinkError whatever is wrong, and TooManyTriesError for codes. Call it outside any transaction: the
    count of wrong codes has to stay when the rest is rolled back.
    """
    if token is not None:
        return _open(at=at, older_cookie=older_cookie, token_hash=digest(token))
    tries.demand_a_try(address)
    try:
        return _open(at=at, older_cookie=older_cookie, code_hmac=code_digest(code or ""))
    except LinkError:
        count_wrong_code(address, at=at)
        raise


@transaction.atomic
def _open(*, at: datetime, older_cookie: str | None, **secret: str) -> OpenedForm:
    at = latest(at)
    invitation = Invitation.objects.select_related("session", "client__practice").filter(**secret).first()
    if invitation is None or not is_open(invitation, at):
        raise LinkError(CLOSED)
    OpenForm.objects.filter(invitation=invitation).delete()
    if older_cookie:
        OpenForm.objects.filter(cookie_hash=digest(older_cookie)).delete()
    cookie = token_urlsafe(32)
    form = OpenForm.objects.create(
        invitation=invitation, cookie_hash=digest(cookie), opened_at=at, expires_at=at + FORM_LASTS
    )
    record("form.opened", actor=None, practice=invitation.client.practice, target=invitation, at=at)
    return OpenedForm(form=form, cookie=cookie)


@transaction.atomic
def extend_form(*, form: OpenForm, at: datetime) -> OpenForm:
    """Another hour for an opened form, from now on. Raises LinkError where it is over, or was sent."""
    at = latest(at)
    if at > form.expires_at or not is_open(form.invitation, at):
        raise LinkError(CLOSED)
    form.expires_at = at + FORM_LASTS
    form.save(update_fields=["expires_at"])
    practice = form.invitation.client.practice
    record("form.extended", actor=None, practice=practice, target=form.invitation, at=at, fields=["expires_at"])
    return form


@transaction.atomic
def exit_form(*, form: OpenForm, at: datetime) -> None:
    """The client left in a hurry: the link and its cookie are dead. A form already submitted stays submitted."""
    invitation = Invitation.objects.select_related("client__practice").get(pk=form.invitation_id)
    if invitation.state == Invitation.State.OPEN:
        end_link(invitation, Invitation.State.EXITED, actor=None, at=at)
    else:
        form.delete()
