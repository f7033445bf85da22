"""Passkeys: WebAuthn with the person verified by their device, so that one key is both factors.

The ceremonies are python-fido2's (W3C Web Authentication, level 2); the state between their halves lies in the
browser's session.
"""

import ipaddress
import struct
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from fido2.server import Fido2Server
from fido2.utils import websafe_decode
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from holdfast.errors import LinkError
from holdfast.practice.accounts.models import Membership, Passkey, Person
from holdfast.practice.audit.actions import record
from holdfast.practice.lib.secrets import digest

STATE = "passkey"
NOT_TAKEN = "This passkey was not taken."
UNREADABLE = (LookupError, ValueError, TypeError, AttributeError, ArithmeticError, AssertionError, struct.error)
"""What an answer that no browser made can end in while it is parsed."""


def can_be_used(request: HttpRequest) -> bool:
    """Passkeys belong to a host name: an address of numbers has none, and browsers want TLS or localhost."""
    host = _host(request)
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return request.is_secure() or host == "localhost"
    return False


def begin_adding(request: HttpRequest, *, person: Person, called: str) -> Mapping[str, Any]:
    """What the browser needs to make a passkey. ``called``: what the person's device will show."""
    known = [AttestedCredentialData(bytes(row.credential)) for row in person.passkeys.filter(ended_at=None)]
    options, request.session[STATE] = _server(request).register_begin(
        PublicKeyCredentialUserEntity(id=person.pk.bytes, name=called, display_name=called),
        credentials=known,
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return dict(options)


@transaction.atomic
def finish_adding(
    request: HttpRequest, *, membership: Membership, response: Mapping[str, Any], at: datetime
) -> Passkey:
    """Keep the new passkey. Raises LinkError for an answer that does not belong to what was asked."""
    try:
        data = _server(request).register_complete(request.session.pop(STATE), response)
        made = data.credential_data
        if made is None:
            raise ValueError("no credential")
    except UNREADABLE:
        raise LinkError(NOT_TAKEN) from None
    row = Passkey.objects.create(
        person=membership.person,
        credential_hash=_digest(made.credential_id),
        credential=bytes(made),
        counter=data.counter,
        added_at=at,
    )
    record("passkey.added", actor=membership, practice=membership.practice, target=row, at=at)
    return row


def begin_signing_in(request: HttpRequest) -> Mapping[str, Any]:
    """What the browser needs to offer the passkeys it holds for this host. Names nobody."""
    options, request.session[STATE] = _server(request).authenticate_begin(
        user_verification=UserVerificationRequirement.REQUIRED
    )
    return dict(options)


@transaction.atomic
def finish_signing_in(request: HttpRequest, *, response: Mapping[str, Any], at: datetime) -> Person:
    """Whose passkey answered. Raises LinkError for everything else, a copied key (its counter runs back) too."""
    try:
        state = request.session.pop(STATE)
        answer = AuthenticationResponse.from_dict(response)
        row = (
            Passkey.objects.select_for_update()
            .select_related("person")
            .get(credential_hash=_digest(websafe_decode(response["id"])), ended_at=None)
        )
        known = AttestedCredentialData(bytes(row.credential))
        _server(request).authenticate_complete(state, [known], answer)
        counter = answer.response.authenticator_data.counter
        if counter and counter <= row.counter:
            raise ValueError("counter")
    except (*UNREADABLE, Passkey.DoesNotExist):
        raise LinkError(NOT_TAKEN) from None
    row.counter, row.last_used_at = counter, at
    row.save(update_fields=["counter", "last_used_at"])
    return row.person


def _digest(credential_id: bytes) -> str:
    return digest(credential_id.hex())


def _host(request: HttpRequest) -> str:
    return request.get_host().rsplit(":", 1)[0] if not request.get_host().endswith("]") else request.get_host()


def _server(request: HttpRequest) -> Fido2Server:
    ours = f"{request.scheme}://{request.get_host()}"
    host = _host(request)
    return Fido2Server(PublicKeyCredentialRpEntity(name=host, id=host), verify_origin=lambda origin: origin == ours)
