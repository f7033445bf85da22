"""Envelopes: sealed in a browser to the server's public key, and opened by the server alone.

An envelope is base64url of ``version (1 byte) + the sender's public key (65) + nonce (12) + ciphertext and tag``. Its
key is ECDH on P-256 through HKDF with SHA-256; version and both public keys are bound in. The sender's private key is
made for one envelope and forgotten, so whoever sealed it cannot open it again.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import ECDH, SECP256R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from holdfast.practice.lib.crypto import KEY_BYTES, NONCE_BYTES
from holdfast.practice.lib.keys import keyring

LABEL = "holdfast sealed envelopes"
VERSION = b"\x01"
POINT_BYTES = 65
LONGEST = 60_000
"""Characters of the longest envelope that is looked at."""


def public_key() -> str:
    """The key that browsers seal to: an uncompressed point, base64url."""
    return urlsafe_b64encode(_point(keyring().private_key(LABEL).public_key())).decode().rstrip("=")


def open_envelope(text: str) -> bytes | None:
    """What was sealed; None for anything that is not an envelope of ours, whole and unchanged."""
    if not text.isascii() or len(text) > LONGEST:
        return None
    try:
        raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        head, rest = raw[: 1 + POINT_BYTES], raw[1 + POINT_BYTES :]
        sender = EllipticCurvePublicKey.from_encoded_point(SECP256R1(), head[1:])
        if head[:1] != VERSION or len(head) != 1 + POINT_BYTES:
            return None
        own = keyring().private_key(LABEL)
        key = _key(own.exchange(ECDH(), sender), head + _point(own.public_key()))
        return AESGCM(key).decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], head)
    except (NotBase64, ValueError, InvalidTag):
        return None


def _key(shared: bytes, bound_to: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=LABEL.encode() + bound_to).derive(shared)


def _point(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
