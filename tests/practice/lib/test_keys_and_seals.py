"""Keys outlive nothing they should not, and a seal opens only with its key and in its place."""

import stat
from pathlib import Path

import pytest

from holdfast.errors import SettingsError
from holdfast.practice.lib import keys
from holdfast.practice.lib.crypto import derive, open_sealed, seal
from holdfast.practice.lib.keys import Keyring


@pytest.fixture
def ring(tmp_path: Path) -> Keyring:
    ring = Keyring(tmp_path)
    ring.create()
    return ring


def test_a_seal_opens_with_its_key_in_its_place() -> None:
    sealed = seal(b"k" * 32, b"felt safe", bound_to="client/1/name")
    assert b"felt safe" not in sealed
    assert open_sealed(b"k" * 32, sealed, bound_to="client/1/name") == b"felt safe"
    assert seal(b"k" * 32, b"felt safe", bound_to="client/1/name") != sealed


@pytest.mark.parametrize(
    ("key", "place", "change"), [(b"x" * 32, "a", 0), (b"k" * 32, "b", 0), (b"k" * 32, "a", 20), (b"k" * 32, "a", 1)]
)
def test_a_seal_opens_nowhere_else(key: bytes, place: str, change: int) -> None:
    sealed = bytearray(seal(b"k" * 32, b"felt safe", bound_to="a"))
    sealed[change] ^= 1 if change else 0
    with pytest.raises(SettingsError, match="does not open"):
        open_sealed(key, bytes(sealed), bound_to=place)


def test_a_seal_of_a_later_version_is_not_guessed_at() -> None:
    with pytest.raises(SettingsError, match="unknown version"):
        open_sealed(b"k" * 32, b"\x02" + bytes(40), bound_to="a")


def test_derived_keys_differ_by_label_and_repeat() -> None:
    assert derive(b"k" * 32, "one") == derive(b"k" * 32, "one") != derive(b"k" * 32, "two")


def test_keys_are_private_files_at_two_places(ring: Keyring) -> None:
    key_id = ring.new_key("client")
    assert stat.S_IMODE((ring.folder / "master.key").stat().st_mode) == 0o400
    assert [stat.S_IMODE(place.stat().st_mode) for place in ring.places] == [0o600, 0o600]
    assert ring.copies_agree()
    assert ring.key(key_id).hex() not in ring.places[0].read_text()


def test_another_process_s_new_key_is_seen(ring: Keyring) -> None:
    ring.key("practice")
    key_id = Keyring(ring.folder).new_key("client")
    assert len(ring.key(key_id)) == 32


def test_a_destroyed_key_is_gone_at_both_places(ring: Keyring) -> None:
    key_id = ring.new_key("client")
    ring.destroy(key_id)
    with pytest.raises(SettingsError, match="not in the key file"):
        ring.key(key_id)
    assert not any(key_id in place.read_text() for place in ring.places)


def test_a_lost_key_file_and_a_wrong_master_are_said_in_a_sentence(ring: Keyring) -> None:
    with pytest.raises(SettingsError, match="exists already"):
        ring.create()
    ring.places[0].unlink()
    with pytest.raises(SettingsError, match="without wrapped"):
        Keyring(ring.folder).key("practice")
    (ring.folder / "master.key").unlink()
    with pytest.raises(SettingsError, match="cannot be read"):
        ring.file_key()


def test_a_practice_without_a_keys_folder_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HOLDFAST_KEYS")
    with pytest.raises(SettingsError, match="HOLDFAST_KEYS is not set"):
        keys.keyring()
