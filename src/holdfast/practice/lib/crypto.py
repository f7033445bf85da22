"""Seals for single fields: AES-256-GCM, a version byte, and the place it belongs to as associated data.

A sealed value is ``version (1 byte) + nonce (12) + ciphertext and tag``. ``bound_to`` names practice, table, row and
column, so that a value moved to another row does not open.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from holdfast.errors import SettingsError

VERSION = b"\x01"
NONCE_BYTES = 12
KEY_BYTES = 32
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


def seal(key: bytes, plain: bytes, *, bound_to: str) -> bytes:
    """Encrypt ``plain`` for one place; every call draws a fresh nonce."""
    nonce = os.urandom(NONCE_BYTES)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def open_sealed(key: bytes, sealed: bytes, *, bound_to: str) -> bytes:
    """Decrypt what ``seal`` made for the same key and place. Raises SettingsError when it does not open."""
    sealed = bytes(sealed)
    if sealed[:1] != VERSION:
        raise SettingsError("A sealed value of {bound_to} has an unknown version. Upgrade Holdfast.", bound_to=bound_to)
    try:
        return AESGCM(key).decrypt(sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :], bound_to.encode())
    except InvalidTag as error:
        raise SettingsError(
            "A sealed value of {bound_to} does not open with its key. Restore the keys folder of this data.",
            bound_to=bound_to,
        ) from error


def derive(key: bytes, label: str) -> bytes:
    """A key of its own for each label (HKDF with SHA-256)."""
    return HKDF(algorithm=hashes.SHA256(), length=KEY_BYTES, salt=None, info=label.encode()).derive(key)


def private_key(number: int) -> EllipticCurvePrivateKey:
    """The private key on P-256 that a large number stands for (FIPS 186-5, A.2.1: more bits than the order has)."""
    return derive_private_key(number % (P256_ORDER - 1) + 1, SECP256R1())
