"""Finds the instrument files, shipped ones and those of a practice, and reads each of them once."""

import re
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path

from holdfast.errors import InstrumentError
from holdfast.instruments.model import Instrument
from holdfast.instruments.parse import INSTRUMENT_ID, parse
from holdfast.instruments.wordings import read_toml

DATA = Path(__file__).parent / "data"
FILE_NAME = re.compile(r"(?P<id>[a-z0-9-]+)-(?P<version>\d+\.\d+)\.toml")
WORDING_SUFFIX = ".wording.toml"
Found = dict[str, dict[str, Path]]
"""Paths by instrument and version."""


def list_instruments(*, folders: Sequence[Path] = ()) -> tuple[Instrument, ...]:
    """The newest version of every instrument, by id: those that ship, then those that the practice's folders add."""
    found = find(folders)
    return tuple(read(found[id_][newest(found[id_])]) for id_ in sorted(found))


def load(id: str, *, version: str | None = None, folders: Sequence[Path] = ()) -> Instrument:  # noqa: A002
    """One instrument, in the newest version or in a given one.

    Old versions stay, since answers given to them must still be scored. ``folders`` hold the practice's own files.
    Raises InstrumentError where there is no such instrument or version, or where its file breaks a rule of the format.
    """
    versions = find(folders).get(id, {}) if INSTRUMENT_ID.fullmatch(id) else {}
    if not versions:
        raise InstrumentError(
            "No instrument called `{instrument}`. Run `holdfast instruments` to list them.", instrument=id
        )
    if version is not None and version not in versions:
        raise InstrumentError(
            "`{instrument}` has no version {version}. Known versions: {known}.",
            instrument=id,
            version=version,
            known=", ".join(sorted(versions, key=order)),
        )
    return read(versions[version or newest(versions)])


def order(version: str) -> tuple[int, ...]:
    """How versions follow one another: 1.10 after 1.9."""
    return tuple(int(part) for part in version.split("."))


def newest(versions: Iterable[str]) -> str:
    """The last of the versions."""
    return max(versions, key=order)


def find(folders: Sequence[Path]) -> Found:
    """The paths of all instrument files by id and version. A practice adds files; it cannot replace a shipped one."""
    found = {id_: dict(versions) for id_, versions in shipped().items()}
    for folder in folders:
        for id_, versions in scan(Path(folder)).items():
            for version, path in versions.items():
                if version in found.setdefault(id_, {}):
                    raise InstrumentError(
                        "{file} is there twice. Keep one, or give yours a version of its own.", file=path.name
                    )
                found[id_][version] = path
    return found


@cache
def shipped() -> Found:
    """The files that ship, found once per process."""
    return scan(DATA)


def scan(folder: Path) -> Found:
    """The instrument files of one folder; a folder that is not there holds none, a misnamed file is refused."""
    found: Found = {}
    for path in sorted(folder.glob("*.toml")):
        if path.name.endswith(WORDING_SUFFIX):
            continue
        name = FILE_NAME.fullmatch(path.name)
        if name is None:
            raise InstrumentError(
                "{file} is not named like an instrument. Name it by id and version, such as demo5-1.0.toml, "
                "or demo5-1.0.en.wording.toml for words alone.",
                file=path.name,
            )
        found.setdefault(name["id"], {})[name["version"]] = path
    return found


def read(path: Path) -> Instrument:
    """The instrument in a file, read again only when the file has changed."""
    state = path.stat()
    return read_once(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def read_once(path: Path, changed: int, size: int) -> Instrument:
    """The instrument in a file as it was at one moment."""
    instrument = parse(read_toml(path), file=path.name)
    if path.name != f"{instrument.id}-{instrument.version}.toml":
        raise InstrumentError(
            "{file} holds `{instrument}` in version {version}. Name the file after what is in it.",
            file=path.name,
            instrument=instrument.id,
            version=instrument.version,
        )
    licence = path.with_suffix(".LICENSE")
    if instrument.rights.ship == "yes-nd" and not licence.is_file():
        raise InstrumentError(
            "{file} may not be altered, and its own licence is missing. Put it beside the file as {licence}.",
            file=path.name,
            licence=licence.name,
        )
    return instrument
