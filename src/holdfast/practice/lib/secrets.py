"""The secrets of links and devices: made here, shown once, and kept only as digests."""

import hashlib
import hmac
import secrets

from holdfast.practice.lib.keys import keyring

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: no I, L, O, U
CODE_LENGTH = 8
TOKEN_BYTES = 20
MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", " ": "", "-": ""})


def new_token() -> str:
    """160 random bits, safe in an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """Eight letters and digits (40 random bits) that are hard to misread."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def readable(code: str) -> str:
    """A code in two groups of four, as it is shown."""
    return f"{code[:4]} {code[4:]}"


def digest(secret: str) -> str:
    """SHA-256, enough for 160 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def keyed_digest(text: str, *, label: str) -> str:
    """HMAC under a key of the server, for what somebody could guess."""
    return hmac.new(keyring().derive(f"holdfast {label}"), text.encode(), hashlib.sha256).hexdigest()


def code_digest(code: str, *, label: str) -> str:
    """The HMAC of a code, however it was typed: small letters, spaces, O for 0."""
    return keyed_digest(code.upper().translate(MISREAD), label=label)


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode(), wanted.encode())
