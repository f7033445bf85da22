"""Answers that waited on a phone for a connection, sealed so that the server alone can open them (decision 0103).

A ticket stands on the page of an opened form and travels inside the envelope. It proves that the link was opened, when,
and that the nonce is that form's; the cookie may be long gone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from holdfast.errors import LinkError
from holdfast.practice.answers.links import CLOSED, WaitedForm
from holdfast.practice.answers.models import Invitation, OpenForm
from holdfast.practice.answers.offers import Offer, as_offered
from holdfast.practice.audit.queries import latest
from holdfast.practice.lib.envelopes import open_envelope
from holdfast.practice.lib.secrets import keyed_digest, same

WAITS = timedelta(days=7)
"""How long after the opening of its form an envelope is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What was in it: the form it belongs to, with its nonce, and every field as it was filled in."""

    form: WaitedForm
    nonce: str
    forms: tuple[Offer, ...]
    fields: Mapping[str, str]


def ticket_of(form: OpenForm, *, nonce: str) -> str:
    """The proof that this form was opened. The same form always has the same, so showing it changes nothing."""
    opened = int(form.opened_at.timestamp())
    return f"{form.invitation_id.hex}.{opened}.{_mark(form.invitation_id, opened, nonce)}"


def read_envelope(text: str, *, at: datetime) -> Envelope:
    """Open an envelope and look at its ticket. Raises the same LinkError whatever is wrong with it."""
    nonce, ticket, fields = _content(open_envelope(text))
    try:
        key, opened, mark = ticket.split(".")
        invitation_id, seconds = UUID(hex=key), int(opened)
    except ValueError:
        raise LinkError(CLOSED) from None
    if not same(mark, _mark(invitation_id, seconds, nonce)):
        raise LinkError(CLOSED)
    expires_at = datetime.fromtimestamp(seconds, UTC) + WAITS
    invitation = Invitation.objects.filter(pk=invitation_id).first()
    if invitation is None or latest(at) > expires_at:
        raise LinkError(CLOSED)
    return Envelope(
        form=WaitedForm(invitation_id=invitation.pk, expires_at=expires_at),
        nonce=nonce,
        forms=as_offered(invitation.forms, occasion=invitation.purpose),
        fields=fields,
    )


def _mark(invitation: UUID, opened: int, nonce: str) -> str:
    return keyed_digest(f"{invitation.hex} {opened} {nonce}", label="form ticket")


def _content(opened: bytes | None) -> tuple[str, str, dict[str, str]]:
    """Anybody can seal to a public key: nothing in here is to be trusted before the ticket was looked at."""
    try:
        said = json.loads(opened or b"")
        fields = {str(name): str(value) for name, value in said["fields"].items()}
        nonce, ticket = str(said["nonce"]), str(said["ticket"])
        "".join((nonce, ticket, *fields.values())).encode()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise LinkError(CLOSED) from None
    return nonce, ticket, fields
