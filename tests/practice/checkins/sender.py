"""The phone's side of an envelope, written from its description and not from the code that opens it."""

import json
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def seal(said: object, key: str) -> str:
    """Seal a message (bytes as they are) to a public key."""
    plain = said if isinstance(said, bytes) else json.dumps(said).encode()
    theirs = urlsafe_b64decode(key + "=" * (-len(key) % 4))
    mine = ec.generate_private_key(ec.SECP256R1())
    shared = mine.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    head = b"\x01" + mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    info = b"holdfast sealed envelopes" + head + theirs
    once = HKDF(algorithm=hashes.SHA256(), length=32, salt=b"", info=info).derive(shared)
    nonce = os.urandom(12)
    return urlsafe_b64encode(head + nonce + AESGCM(once).encrypt(nonce, plain, head)).decode().rstrip("=")
