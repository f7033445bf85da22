"""Guidance for a rupture: what it may look like, and what may help, in the order in which it helps."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from holdfast.errors import InstrumentError
from holdfast.evidence.published import Source, source
from holdfast.evidence.reading import demand_keys, read

ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Marker:
    """What a rupture of one way may look like in the session."""

    way: str
    text: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Strategy:
    """Something to try. phase: when it has its place; fits: the ways and facets it is for."""

    id: str
    title: str
    text: str
    phase: str
    fits: frozenset[str]
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What may help in one rupture: markers of its way, and strategies by phase (id, heading, strategies), in order."""

    markers: tuple[Marker, ...]
    phases: tuple[tuple[str, str, tuple[Strategy, ...]], ...]

    @property
    def sources(self) -> tuple[Source, ...]:
        """Every work it rests on, once."""
        works = [each.source for each in self.markers]
        works += [each.source for _, _, found in self.phases for each in found]
        return tuple({work.id: work for work in works}.values())


@cache
def strategies() -> tuple[Strategy, ...]:
    """All of them, in the order of the file. Raises InstrumentError for an entry that does not hold what it must."""
    phases = read("repair")["phases"]
    found = tuple(_strategy(entry, phases) for entry in read("repair")["strategies"])
    ids = [each.id for each in found]
    if len(set(ids)) < len(ids):
        raise InstrumentError("Two strategies share an id: {ids}.", ids=", ".join(ids))
    return found


def guidance(*, way: str = "", facets: Collection[str] = ()) -> Guidance:
    """What fits a rupture that goes one way (withdrawal, confrontation, or neither known) and whose facets fell.

    Rule: strategies for any rupture, for this way and for these facets; without a way, those of both. Phases in
    the order of the file: validating and exploring first, changing the work later (Eubanks, Burckell & Goldfried 2018).
    """
    ways = {way} if way else {"withdrawal", "confrontation"}
    wanted = {ANY, *ways, *facets}
    fitting = [each for each in strategies() if each.fits & wanted and each.source.seen]
    return Guidance(
        markers=tuple(each for each in _markers() if each.way in ways and each.source.seen),
        phases=tuple(
            (phase, heading, tuple(each for each in fitting if each.phase == phase))
            for phase, heading in read("repair")["phases"].items()
        ),
    )


@cache
def _markers() -> tuple[Marker, ...]:
    found = []
    for entry in read("repair")["markers"]:
        demand_keys(
            entry.get("text", "a marker"), entry, needed=frozenset({"way", "text", "source"}), allowed=frozenset()
        )
        found.append(Marker(way=entry["way"], text=entry["text"], source=source(entry["source"])))
    return tuple(found)


def _strategy(entry: Mapping[str, Any], phases: Collection[str]) -> Strategy:
    needed = frozenset({"id", "title", "text", "phase", "for", "source"})
    demand_keys(entry.get("id", "a strategy"), entry, needed=needed, allowed=frozenset())
    if entry["phase"] not in phases:
        raise InstrumentError("The strategy {strategy} has an unknown phase.", strategy=entry["id"])
    return Strategy(
        id=entry["id"],
        title=entry["title"],
        text=entry["text"],
        phase=entry["phase"],
        fits=frozenset(entry["for"]),
        source=source(entry["source"]),
    )
