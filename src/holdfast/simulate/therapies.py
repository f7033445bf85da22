"""What happens in the simulated therapies, before anybody rates it: people, ruptures, repair, leaving."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from holdfast.simulate.world import Ruptures, World
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray

NONE, ACUTE, SLIDING, REPAIRING = range(4)
STATES = ("none", "acute", "slide", "repairing")
KINDS = ("none", "withdrawal", "confrontation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who they are: therapist (N,), start (N,) in points, growth (N,) in points per doubling, own_sd (N, 1) in points,
    anxiety and avoidance (N,) as standard scores, responsiveness of the client's therapist (N,) as a standard score."""

    therapist: IntArray
    start: FloatArray
    growth: FloatArray
    own_sd: FloatArray
    anxiety: FloatArray
    avoidance: FloatArray
    responsiveness: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What happened, (N, T): state by STATES, kind by KINDS, drop and gain in own SDs, acknowledged, here (still in
    therapy); and every rupture in a row: client, onset, kind, sliding, depth in own SDs, acknowledged_at, repaired_at
    (columns, -1 for never)."""

    state: IntArray
    kind: IntArray
    drop: FloatArray
    gain: FloatArray
    acknowledged: BoolArray
    here: BoolArray
    ruptures: dict[str, FloatArray]


def cast_of(rng: np.random.Generator, world: World, clients: int) -> Cast:
    """People, drawn; attachment goes with the whole start as strongly as the world says.

    Formula: start = mean + S*(a*anxiety + b*avoidance) + sqrt(C^2 - S^2*(a^2 + b^2))*own + T*therapist, all standard
    normal and independent, a and b the links, C and T the SDs of clients and therapists, S = sqrt(C^2 + T^2). So the
    clients' part keeps its SD C, and the correlations of the start with anxiety and avoidance are a and b.
    """
    people, ratings = world.people, world.ratings
    therapist = np.arange(clients) // people.clients_per_therapist
    of_therapist = rng.standard_normal((int(therapist.max()) + 1, 2))[therapist]
    anxiety, avoidance, own = rng.standard_normal((3, clients))
    attached = people.start_sd * (people.anxiety_link * anxiety + people.avoidance_link * avoidance)
    person = attached + np.sqrt(max(people.client_sd**2 - people.linked_sd**2, 0.0)) * own
    return Cast(
        therapist=therapist,
        start=people.start + person + people.therapist_sd * of_therapist[:, 0],
        growth=people.growth * (1.0 + people.responsiveness * of_therapist[:, 1]),
        own_sd=ratings.within_sd * np.exp(ratings.within_spread * rng.standard_normal((clients, 1))),
        anxiety=anxiety,
        avoidance=avoidance,
        responsiveness=of_therapist[:, 1],
    )


def happen(rng: np.random.Generator, world: World, cast: Cast, sessions: int) -> Happened:
    """Session by session: new ruptures, what is taken up, what mends, who leaves."""
    return _Run(rng, world, cast, sessions).all()


class _Run:
    """The state of every client while the sessions pass."""

    def __init__(self, rng: np.random.Generator, world: World, cast: Cast, sessions: int) -> None:
        clients = len(cast.start)
        self.rng, self.world, self.cast = rng, world, cast
        self.state, self.kind = (np.zeros((clients, sessions), dtype=np.int64) for _ in range(2))
        self.drop, self.gain = np.zeros((clients, sessions)), np.zeros((clients, sessions))
        self.spoken, self.here = np.zeros((clients, sessions), np.bool_), np.ones((clients, sessions), np.bool_)
        self.depth, self.raised = np.zeros(clients), np.zeros(clients)
        self.taken_up = np.zeros(clients, dtype=np.bool_)
        self.now = np.full(clients, -1, dtype=np.int64)  # the row of the open rupture
        self.first, self.slide = world.ruptures.earliest - 1, world.ruptures.slide_length  # a column; a number of them
        slider = rng.random(clients) < world.ruptures.slide_rate
        begins = rng.integers(self.first, max(sessions, self.first + 1), clients)
        self.begins = np.where(slider, begins, sessions + self.slide)
        self.rows: dict[str, list[float]] = {
            name: [] for name in ("client", "onset", "kind", "sliding", "depth", "acknowledged_at", "repaired_at")
        }

    def all(self) -> Happened:
        for t in range(self.state.shape[1]):
            if t >= self.first:
                self._mend(t)
                self._begin(t)
            self._note(t)
            if t + 1 < self.state.shape[1]:
                self._leave(t)
        whole = {name: np.array(values, dtype=np.float64) for name, values in self.rows.items()}
        return Happened(
            state=self.state,
            kind=self.kind,
            drop=self.drop,
            gain=self.gain,
            acknowledged=self.spoken,
            here=self.here,
            ruptures=whole,
        )

    def _mend(self, t: int) -> None:
        """What was deep becomes half as deep, what was half is over; a slide is over after its sessions."""
        ruptures: Ruptures = self.world.ruptures
        usual = ruptures.repair_rate * np.where(self.taken_up, 1.0, ruptures.unspoken)
        chance = expit(logit(usual) + ruptures.repair_responsiveness * self.cast.responsiveness)
        sudden = self.depth > 0.0
        mending = sudden & (self.rng.random(len(self.depth)) < chance)
        self.depth = np.where(mending, np.where(self.depth > 0.6 * ruptures.depth, self.depth / 2.0, 0.0), self.depth)
        over = mending & (self.depth == 0.0)
        over |= (t == self.begins + self.slide) & (self.depth == 0.0)
        self._close(over & (self.now >= 0), t)

    def _close(self, over: BoolArray, t: int) -> None:
        for client in np.flatnonzero(over).tolist():
            self.rows["repaired_at"][self.now[client]] = t
        self.raised += np.where(over, self.world.ruptures.strengthening, 0.0)
        self.now[over], self.taken_up[over] = -1, False

    def _begin(self, t: int) -> None:
        """New ruptures, one at a time for each client."""
        ruptures, cast = self.world.ruptures, self.cast
        free = (self.now < 0) & self.here[:, t]
        sudden = free & (self.rng.random(len(free)) < ruptures.rate)
        sliding = free & ~sudden & (t == self.begins)
        self.depth = np.where(sudden, ruptures.depth, self.depth)
        base = np.log(max(ruptures.confrontation, 1e-9) / max(1.0 - ruptures.confrontation, 1e-9))
        against = self.rng.random(len(free)) < expit(base + ruptures.kind_tilt * (cast.anxiety - cast.avoidance))
        for client in np.flatnonzero(sudden | sliding).tolist():
            self.now[client] = len(self.rows["client"])
            depth = ruptures.depth if sudden[client] else self.slide * ruptures.slide_step
            row = (client, t, 2 if against[client] else 1, int(sliding[client]), depth, -1, -1)
            for name, value in zip(self.rows, row, strict=True):
                self.rows[name].append(value)
        missed = (t == self.begins) & ~sliding  # it was not free: no slide then
        self.begins = np.where(missed, -self.slide - 1, self.begins)

    def _note(self, t: int) -> None:
        """What this session holds."""
        ruptures = self.world.ruptures
        slid = (t >= self.begins) & (t < self.begins + self.slide) & (self.now >= 0) & (self.depth == 0.0)
        self.drop[:, t] = self.depth + np.where(slid, (t - self.begins + 1) * ruptures.slide_step, 0.0)
        self.gain[:, t] = self.raised
        open_now = self.now >= 0
        chance = ruptures.acknowledge_rate * np.exp(ruptures.acknowledge_responsiveness * self.cast.responsiveness)
        spoken = open_now & ~self.taken_up & (self.rng.random(len(open_now)) < chance)
        for client in np.flatnonzero(spoken).tolist():
            self.rows["acknowledged_at"][self.now[client]] = t
        self.taken_up |= spoken
        self.spoken[:, t] = spoken
        onset, kind = (np.array([*self.rows[name], 0], dtype=np.int64)[self.now] for name in ("onset", "kind"))
        fresh = open_now & (onset == t)
        self.state[:, t] = np.select([slid, open_now & fresh, open_now], [SLIDING, ACUTE, REPAIRING], NONE)
        self.kind[:, t] = np.where(open_now, kind, 0)

    def _leave(self, t: int) -> None:
        """Who does not come again."""
        ending = self.world.ending
        chance = ending.rate * np.where(self.now >= 0, ending.in_rupture, 1.0)
        leaves = (self.rng.random(len(chance)) < chance) & (t + 1 >= ending.earliest)
        self.here[:, t + 1] = self.here[:, t] & ~leaves
