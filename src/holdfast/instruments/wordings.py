"""The words of an instrument in one language, where they came from, and who checked them against what."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from holdfast.errors import InstrumentError
from holdfast.instruments.fields import Fields, listing


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The words that a person sees: an instruction, a text per item and the labels of each set of answers.

    ``labels`` has one label per point, or two labels for a longer scale of which only the ends are labelled.
    ``sha256`` is taken over instruction, items and labels, in the order of the file. ``licensee``,
    ``licence_reference`` and ``expires`` are filled for words that a licensed practice supplied itself.
    """

    language: str
    instruction: str
    text: Mapping[str, str]
    labels: Mapping[str, tuple[str, ...]]
    sha256: str
    verified: bool
    checked_against: str
    checked_on: date | None
    checked_by: str
    licensee: str = ""
    licence_reference: str = ""
    expires: date | None = None


def wording_hash(instruction: str, texts: Sequence[str], labels: Sequence[Sequence[str]]) -> str:
    """The hash of a wording: SHA-256 over its lines in UTF-8, joined by line feeds, in the order of the file."""
    lines = [instruction, *texts, *(label for names in labels for label in names)]
    return sha256("\n".join(lines).encode()).hexdigest()


def read_labels(fields: Fields, points: Mapping[str, int]) -> Mapping[str, tuple[str, ...]]:
    """The labels of every set of answers: a plain list where there is one set, a table by name where there are more."""
    raw = fields.take("labels")
    table = {next(iter(points)): raw} if isinstance(raw, list) and len(points) == 1 else raw
    inner = Fields(table, file=fields.file, place=f"{fields.place}, labels,")
    labels = {name: inner.texts(name) for name in points}
    inner.finish()
    for name, count in points.items():
        if len(labels[name]) not in (2, count):
            inner.refuse(
                f"gives {len(labels[name])} labels to the answers `{name}`",
                f"Give {count} of them, or 2 for the ends." if count else "Give 2 of them, for the ends.",
            )
    return MappingProxyType(labels)


def read_wording(
    fields: Fields, *, language: str, text: Mapping[str, str], points: Mapping[str, int], licence: Fields | None = None
) -> Wording:
    """One ``wording`` table with the texts of its items; verified words without a "checked against" line are refused.

    ``points`` counts the points of each set of answers, in order (0 where the answers are not whole points).
    ``licence`` is the top of a practice's own file.
    """
    instruction = fields.text("instruction", "")
    labels = read_labels(fields, points)
    verified = fields.flag("wording_verified")
    checked_against = fields.text("checked_against", "")
    recorded = fields.text("sha256", "")
    found = wording_hash(instruction, list(text.values()), list(labels.values()))
    wording = Wording(
        language=language,
        instruction=instruction,
        text=MappingProxyType(dict(text)),
        labels=labels,
        sha256=found,
        verified=verified,
        checked_against=checked_against,
        checked_on=fields.day("checked_on"),
        checked_by=fields.text("checked_by", ""),
        licensee=licence.text("licensee") if licence else "",
        licence_reference=licence.text("licence_reference") if licence else "",
        expires=licence.day("expires") if licence else None,
    )
    fields.finish()
    if verified and not checked_against.strip():
        fields.refuse(
            "is marked as verified without `checked_against`", "Name the documents it was checked against, and when."
        )
    if recorded and recorded != found:
        fields.refuse(
            f"has the hash {found}, but `sha256` records {recorded}",
            "Put the checked words back; other words need a new version of the file.",
        )
    return wording


def local_name(id: str, version: str, language: str) -> str:  # noqa: A002 - the field's own name
    """How a practice names the file with its licensed words."""
    return f"{id}-{version}.{language}.wording.toml"


def read_local_wording(path: Path, *, language: str, items: Sequence[str], points: Mapping[str, int]) -> Wording:
    """The words that a practice supplies from its own folder, with its licence."""
    top = Fields(read_toml(path), file=path.name, place="The file")
    inner = top.inner("text", "Table `text`")
    text = {item: inner.text(item) for item in items}
    inner.finish()
    wording = read_wording(
        top.inner("wording", "Table `wording`"), language=language, text=text, points=points, licence=top
    )
    top.finish()
    return wording


def read_toml(path: Path) -> Mapping[str, object]:
    """The content of a TOML file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise InstrumentError(
            "{file} cannot be read as TOML: {problem}. Write it as the shipped instrument files are written.",
            file=path.name,
            problem=str(problem),
        ) from problem


def known_languages(wordings: Mapping[str, Wording]) -> str:
    """The languages in one line."""
    return listing(sorted(wordings))
