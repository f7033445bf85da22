"""The keys of a practice, in a folder of their own outside the database and its backups.

``master.key`` is made once. The practice key and every client's key are random, wrapped under the master, and kept in
``wrapped.json`` at two places; destroying a key there is what makes an erasure real.
"""

import json
import os
from functools import cache
from pathlib import Path
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from holdfast.errors import SettingsError
from holdfast.practice.lib.crypto import KEY_BYTES, derive, open_sealed, private_key, seal
from holdfast.practice.lib.locks import locked

FOLDER = "HOLDFAST_KEYS"
PRACTICE = "practice"


def write_durably(path: Path, text: str, *, mode: int) -> None:
    """Replace a file so that a power cut leaves the old one or the new one: write, fsync, rename, fsync the folder."""
    draft = path.with_name(f"{path.name}.{uuid4().hex}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


class Keyring:
    """Reads the key file again whenever another process has replaced it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._wrapped: dict[str, str] = {}
        self._seen: tuple[int, int] | None = None

    @property
    def places(self) -> tuple[Path, Path]:
        return self.folder / "wrapped.json", self.folder / "copy" / "wrapped.json"

    def create(self) -> None:
        """Make the master key and the practice key. Raises SettingsError when there is a master already."""
        master = self.folder / "master.key"
        if master.exists():
            raise SettingsError("{path} exists already. Keep it: the practice cannot be read without it.", path=master)
        (self.folder / "copy").mkdir(parents=True, exist_ok=True, mode=0o700)
        write_durably(master, os.urandom(KEY_BYTES).hex(), mode=0o400)
        self._write({PRACTICE: self._wrap(PRACTICE, os.urandom(KEY_BYTES))})

    def exists(self) -> bool:
        return (self.folder / "master.key").exists()

    def file_key(self) -> bytes:
        """The raw key of the database file."""
        return derive(self._master(), "holdfast file key")

    def derive(self, label: str) -> bytes:
        """A key derived from the practice key, one for each label."""
        return derive(self.key(PRACTICE), label)

    def private_key(self, label: str) -> EllipticCurvePrivateKey:
        """A private key on P-256, one for each label: 512 derived bits, so that no number is likelier than another."""
        bits = self.derive(f"{label}, first half") + self.derive(f"{label}, second half")
        return private_key(int.from_bytes(bits))

    def new_key(self, purpose: str) -> str:
        """Make a random key, keep it wrapped at both places, and return its id."""
        key_id = f"{purpose}-{uuid4()}"
        with locked(self.folder / "wrapped.lock"):
            self._write({**self._read(), key_id: self._wrap(key_id, os.urandom(KEY_BYTES))})
        return key_id

    def key(self, key_id: str) -> bytes:
        """The key itself. Raises SettingsError when it was destroyed or never made."""
        try:
            wrapped = self._read()[key_id]
        except KeyError:
            raise SettingsError("The key of this record is not in the key file. It was destroyed, or the keys folder "
                                "belongs to other data.", key_id=key_id) from None  # fmt: skip
        return open_sealed(self._master(), bytes.fromhex(wrapped), bound_to=key_id)

    def destroy(self, key_id: str) -> None:
        """Forget a key at both places; what was sealed under it can no longer be read."""
        with locked(self.folder / "wrapped.lock"):
            self._write({name: wrapped for name, wrapped in self._read().items() if name != key_id})

    def copies_agree(self) -> bool:
        first, second = (place.read_text(encoding="utf-8") if place.exists() else "" for place in self.places)
        return first == second

    def _master(self) -> bytes:
        path = self.folder / "master.key"
        try:
            return bytes.fromhex(path.read_text(encoding="utf-8").strip())
        except (OSError, ValueError) as error:
            raise SettingsError("{setting} names a folder whose master.key cannot be read. Let the service's user read "
                                "it, then start again.", setting=FOLDER) from error  # fmt: skip

    def _wrap(self, key_id: str, key: bytes) -> str:
        return seal(self._master(), key, bound_to=key_id).hex()

    def _read(self) -> dict[str, str]:
        try:
            state = self.places[0].stat()
        except OSError as error:
            raise SettingsError("{setting} names a folder without wrapped.json. Put back the copy kept beside it.",
                                setting=FOLDER) from error  # fmt: skip
        if self._seen != (state.st_mtime_ns, state.st_ino):
            self._wrapped = json.loads(self.places[0].read_text(encoding="utf-8"))
            self._seen = (state.st_mtime_ns, state.st_ino)
        return self._wrapped

    def _write(self, wrapped: dict[str, str]) -> None:
        for place in reversed(self.places):
            write_durably(place, json.dumps(wrapped, indent=0, sort_keys=True), mode=0o600)


@cache
def _keyring(folder: str) -> Keyring:
    return Keyring(Path(folder))


def keyring() -> Keyring:
    """The keyring of the folder that the environment names. Raises SettingsError when it names none."""
    folder = os.environ.get(FOLDER)
    if not folder:
        raise SettingsError(
            "{setting} is not set. Name the folder that holds the keys, outside the data folder.", setting=FOLDER
        )
    return _keyring(folder)
