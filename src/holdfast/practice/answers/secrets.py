"""What is derived for a check-in from the server's key: the digest of its code, and what its form carries unseen."""

from dataclasses import dataclass

from holdfast.practice.lib import secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenFields:
    """What a form carries unseen. Both are derived from its cookie, so that showing the form changes nothing."""

    form_id: str
    nonce: str


def code_digest(code: str) -> str:
    """The HMAC of a check-in's code, however it was typed."""
    return secrets.code_digest(code, label="check-in code")


def hidden_fields(cookie: str) -> HiddenFields:
    """The form id and the nonce that belong to a form cookie."""
    return HiddenFields(
        form_id=secrets.keyed_digest(cookie, label="form id")[:32],
        nonce=secrets.keyed_digest(cookie, label="form nonce")[:32],
    )
