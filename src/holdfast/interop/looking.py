"""The detector over a whole table of sessions, in blocks of clients with about as many sessions each."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from holdfast.alliance import (
    Episodes,
    Prior,
    RepairStatus,
    Rule,
    RuptureEpisode,
    SignalKind,
    detect,
    follow,
    learn_prior,
    prior_for_range,
)
from holdfast.alliance.detect import METHOD
from holdfast.errors import MethodError
from holdfast.interop.checking import Range
from holdfast.interop.sessions import SessionTable
from holdfast.interop.table import Table
from holdfast.stats.arrays import FloatArray, IntArray

BLOCK = 2_000_000  # cells looked at together: a few hundred megabytes at the most
ENOUGH = 20_000  # clients from whom a prior is learned, evenly spaced over the table
STATUS = ("", *(status.value for status in RepairStatus))
SIMULATED = "simulated"
SIGNALS = ("", *(kind.value for kind in SignalKind))

COUNTED = re.compile(r"(\d+) of \d+ clients (.*)")

Told = Callable[[int, int], object]
GivenPrior = str | Prior | tuple[float, float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the detector says about each session of a table; arrays are (cells,) as in SessionTable.flat.

    signal: SignalKind code, 0 none (acute where it is also erosion); episode: its number within the client, 0 for none;
    status: a RepairStatus code as known after that session; monitored: rated sessions in which a signal could have come
    up; blocks: which clients were looked at together, and their episodes.
    """

    expected: FloatArray
    low: FloatArray
    high: FloatArray
    p: FloatArray
    signal: IntArray
    episode: IntArray
    status: IntArray
    monitored: int
    prior: Prior
    rule: Rule
    method: str
    doubts: tuple[str, ...]
    blocks: tuple[tuple[IntArray, Episodes], ...]

    @property
    def episodes(self) -> tuple[RuptureEpisode, ...]:
        """Every episode: row is the client's index in the table, sessions are places in the client's own series."""
        found = [replace(each, row=int(members[each.row])) for members, block in self.blocks for each in block.all]
        return tuple(sorted(found, key=lambda each: (each.row, each.number)))

    @property
    def episode_counts(self) -> Mapping[str, int]:
        """How many episodes ended, or stand, in each status that occurs."""
        codes = [block.table.status for _, block in self.blocks]
        counts = np.bincount(np.concatenate(codes) if codes else np.zeros(0, np.int64), minlength=len(STATUS))
        return {STATUS[code]: int(counts[code]) for code in np.flatnonzero(counts).tolist()}

    @property
    def expected_by_chance(self) -> float:
        """About how many signals would come up in these sessions if nothing had happened."""
        return self.monitored * (self.rule.alpha + 1.0 / self.rule.run_length)


def choose_prior(sessions: SessionTable, name: str, *, prior: GivenPrior, range: Range) -> Prior:  # noqa: A002
    """The detector's starting point: "auto" (learned from the table), "range" (the scale alone), or as given.

    Raises MethodError for another word, or for numbers that make no prior.
    """
    if isinstance(prior, Prior):
        return prior
    if prior == "range":
        return prior_for_range(*range)
    if prior == "auto":
        return learn_from(sessions, name, range=range)
    if isinstance(prior, str) or len(prior) != 5:
        raise MethodError(
            "The prior is {value}. It is auto, range, or five numbers: level, level ratio, degrees of freedom, "
            "variance, drift.",
            value=prior,
        )
    level, ratio, freedom, variance, drift = prior
    return Prior(
        level=level,
        level_ratio=ratio,
        degrees_of_freedom=freedom,
        variance=variance,
        drift=drift,
        calibrated=False,
        source="Five numbers given by the user.",
        doubts=("The starting point was given; nobody has checked here that it fits these ratings.",),
    )


def is_simulated(table: Table) -> bool:
    """Whether the table says of itself that it is simulated."""
    return SIMULATED in table.columns and bool(table.column(SIMULATED).is_not_null().any())


def learn_from(sessions: SessionTable, name: str, *, range: Range, step: float | None = None) -> Prior:  # noqa: A002
    """A prior from the table itself, or from the range when it is too small; it names the score it belongs to.

    Rule and raised errors: holdfast.alliance.learn_prior.
    """
    rated = np.add.reduceat(~np.isnan(sessions.flat[name]), sessions.start[:-1]) if sessions.clients else np.zeros(0)
    chosen = np.flatnonzero(rated >= 4)
    if len(chosen) > ENOUGH:
        chosen = chosen[np.linspace(0, len(chosen) - 1, ENOUGH).astype(np.int64)]
    scores = sessions.dense(sessions.flat[name], chosen)
    steps = np.nan_to_num(sessions.dense(sessions.flat_steps, chosen))
    prior = learn_prior(scores, low=range[0], high=range[1], step=step, steps=steps)
    return replace(prior, score=sessions.shape.scores[name], simulated=is_simulated(sessions.table))


def look(sessions: SessionTable, name: str, *, prior: Prior, rule: Rule, told: Told | None = None) -> Finding:
    """Run the detector over every client and follow its episodes; `told` hears how many cells are done, of how many.

    Rule, meaning and source: holdfast.alliance.detect and follow.
    """
    cells = len(sessions.row_of)
    found = {key: np.full(cells, np.nan) for key in ("expected", "low", "high", "p")}
    codes = {key: np.zeros(cells, dtype=np.int64) for key in ("signal", "episode", "status")}
    monitored, done, doubts, looked_at = 0, 0, [], []
    for members in blocks(sessions.lengths):
        places = sessions.places(members)
        inside = places >= 0
        detection = detect(
            sessions.dense(sessions.flat[name], members),
            prior=prior,
            rule=rule,
            steps=np.nan_to_num(sessions.dense(sessions.flat_steps, members)),
        )
        episodes = follow(detection)
        looked_at.append((members, episodes))
        for key, values in found.items():
            values[places[inside]] = getattr(detection, key)[inside]
        signal = np.where(detection.acute, 1, np.where(detection.erosion, 2, 0))
        for key, numbers in (("signal", signal), ("episode", episodes.number), ("status", episodes.status)):
            codes[key][places[inside]] = numbers[inside]
        seen = ~np.isnan(detection.scores)
        monitored += int((seen & (np.cumsum(seen, axis=1) >= rule.first_alarm)).sum())
        doubts.append(detection.doubts)
        done += int(inside.sum())
        if told:
            told(done, cells)
    together = joined(doubts, clients=len(sessions.clients)) or prior.doubts
    return Finding(
        expected=found["expected"],
        low=found["low"],
        high=found["high"],
        p=found["p"],
        signal=codes["signal"],
        episode=codes["episode"],
        status=codes["status"],
        monitored=monitored,
        prior=prior,
        rule=rule,
        method=METHOD,
        doubts=together,
        blocks=tuple(looked_at),
    )


def blocks(lengths: IntArray) -> Iterator[IntArray]:
    """Clients in groups: one group if the table is small, else by length, so that little room is empty."""
    order = np.argsort(lengths, kind="stable")
    first = 0
    while first < len(order):
        last = len(order)
        while (last - first) * int(lengths[order[last - 1]]) > BLOCK and last - first > 1:
            last = first + (last - first) // 2
        yield np.sort(order[first:last])
        first = last


def joined(blocks: Sequence[Sequence[str]], *, clients: int) -> tuple[str, ...]:
    """The doubts of several blocks as one list; clients counted in a block are counted over all of them,
    those of two raters in one block once (the larger number)."""
    counts: dict[str, int] = {}
    for block in blocks:
        here: dict[str, int] = {}
        for sentence in block:
            counted = COUNTED.match(sentence)
            key = f"{{count}} of {{clients}} clients {counted[2]}" if counted else sentence
            here[key] = max(here.get(key, 0), int(counted[1]) if counted else 0)  # two raters of the same clients
        counts |= {key: counts.get(key, 0) + number for key, number in here.items()}
    return tuple(key.replace("{count}", str(n)).replace("{clients}", str(clients)) for key, n in counts.items())
