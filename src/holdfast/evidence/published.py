"""Published figures, each with its source and its limit. What nobody saw at the source is not shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from holdfast.errors import InstrumentError
from holdfast.evidence.reading import demand_keys, read


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A work. seen: what of it was read for this registry, and when; empty if nothing was."""

    id: str
    cite: str
    doi: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One published figure: estimate and 95 % interval in the measure named; studies, people: counted, 0 if unsaid.

    limit: a plain sentence that stands beside the figure wherever it is shown.
    """

    id: str
    about: str
    measure: str
    estimate: float
    low: float
    high: float
    studies: int
    people: int
    source: Source
    limit: str


def source(id: str) -> Source:  # noqa: A002
    """One work. Raises InstrumentError for an unknown one, or an entry that does not hold what it must."""
    works = read("sources")
    if id not in works:
        raise InstrumentError("The evidence has no source {source}.", source=id)
    entry = works[id]
    demand_keys(id, entry, needed=frozenset({"cite"}), allowed=frozenset({"doi", "seen"}))
    return Source(id=id, cite=entry["cite"], doi=entry.get("doi", ""), seen=entry.get("seen", ""))


def figures(*, unseen: bool = False) -> tuple[Figure, ...]:
    """All figures that were seen at their source; with ``unseen``, the others too, for whoever is to check them."""
    found = (_figure(id_, entry) for id_, entry in read("figures").items())
    return tuple(each for each in found if unseen or each.source.seen)


def figure(id: str) -> Figure:  # noqa: A002
    """One figure that may be shown. Raises InstrumentError for an unknown or unseen one."""
    for each in figures():
        if each.id == id:
            return each
    raise InstrumentError("The evidence has no figure {figure} that was seen at its source.", figure=id)


def _figure(id_: str, entry: Mapping[str, Any]) -> Figure:
    demand_keys(
        id_,
        entry,
        needed=frozenset({"about", "measure", "estimate", "interval", "source", "limit"}),
        allowed=frozenset({"studies", "people"}),
    )
    low, high = entry["interval"]
    if not low <= entry["estimate"] <= high:
        raise InstrumentError("The figure {figure} lies outside its own interval.", figure=id_)
    return Figure(
        id=id_,
        about=entry["about"],
        measure=entry["measure"],
        estimate=entry["estimate"],
        low=low,
        high=high,
        studies=entry.get("studies", 0),
        people=entry.get("people", 0),
        source=source(entry["source"]),
        limit=entry["limit"],
    )
