"""``holdfast power``: how many clients and sessions it takes to see an effect of a given size."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from holdfast.cli.options import a_seed, new_verb

if TYPE_CHECKING:
    from holdfast.alliance import Prior
    from holdfast.simulate import SimulatedSessions, Sought, World
    from holdfast.simulate.power import Finds

EFFECTS = {
    "link": (
        0.8,
        12,
        "points of distress (0 to 24) lower next session per 10 points of alliance above the client's own level",
        "the usual simulated therapies",
    ),
    "congruence": (
        0.3,
        12,
        "correlation of client's and therapist's departures from the level, session by session",
        "simulated therapies without rupture, growth or dropout, as what moves both ratings is found at any size",
    ),
    "strengthening": (
        0.5,
        20,
        "own SDs by which the bond is higher after a repaired rupture than before it",
        "the usual simulated therapies",
    ),
}
"""By effect: the default size, the default number of sessions, what a size means, and in which world it is asked."""
SIZES = (10, 20, 40, 80, 160, 320, 640)
ARCHIVE = 400  # simulated clients of other studies, from whom the starting point of the detector is learned
EXAMPLES = (
    """  holdfast power --effect link --size 0.8 --sessions 8 12 20
  holdfast power --effect strengthening --size 1 --sessions 20 --power 0.9

Effects, what a size means, and in which world it is asked:
"""
    + "".join(
        f"  {name:14s} {what} (default {size:g}, in {sessions} sessions); asked in {world}\n"
        for name, (size, sessions, what, world) in EFFECTS.items()
    )
    + """
Found means that the 95 % interval lies wholly on the effect's side of 0. At size 0 that is chance: about 1 study in 40.
"""
)


def add_parser(subparsers: Any) -> None:
    """Register the verb."""
    verb = new_verb(
        subparsers,
        "power",
        does="say how many clients and sessions it takes to see an effect, by simulation",
        examples=EXAMPLES,
    )
    verb.add_argument("--effect", choices=sorted(EFFECTS), default="link", help="which effect (default: %(default)s)")
    verb.add_argument("--size", type=float, metavar="X", help="how large it is; see below (default: by effect)")
    verb.add_argument("--sessions", type=int, nargs="+", metavar="T", help="sessions each (default: by effect)")
    verb.add_argument("--clients", type=int, nargs="+", default=SIZES, metavar="N", help="numbers of clients to try")
    verb.add_argument("--power", type=float, default=0.8, metavar="P", help="wanted power (default: %(default)s)")
    verb.add_argument("--simulations", type=int, default=100, metavar="K", help="per design (default: %(default)s)")
    verb.add_argument("--seed", type=a_seed, default=1, metavar="S", help="the same seed gives the same answer")


def run(arguments: argparse.Namespace) -> int:
    """Simulate designs from small to large, and say which is the first that suffices."""
    from holdfast.cli.telling import Working, tell
    from holdfast.simulate import smallest_design

    size, usual, _, _ = EFFECTS[arguments.effect]
    size = size if arguments.size is None else arguments.size
    finds = study_of(arguments.effect, size)
    sought = []
    for sessions in arguments.sessions or [usual]:
        with Working(f"Simulating studies of {sessions} sessions"):
            sought.append(
                smallest_design(
                    finds,
                    sessions=sessions,
                    sizes=arguments.clients,
                    wanted=arguments.power,
                    simulations=arguments.simulations,
                    seed=arguments.seed,
                )
            )
    for line in lines_of(arguments.effect, size, sought):
        print(line)
    tell([f"Doubt: {doubt}" for doubt in sought[0].doubts])
    return 0


def study_of(effect: str, size: float) -> "Finds":
    """One simulated study with this effect, analysed. Raises MethodError for a size out of range.

    What an analysis needs beforehand is learned once per number of sessions from an archive of other simulated clients.
    A study whose data cannot be analysed gives no estimate.
    """
    from holdfast.errors import MethodError
    from holdfast.simulate import simulate_sessions

    world, (prepare, sees) = world_with(effect, size), ANALYSES[effect]
    known: dict[int, Any] = {}

    def finds(clients: int, sessions: int, seed: int) -> bool | None:
        if sessions not in known:
            known[sessions] = prepare(simulate_sessions(clients=ARCHIVE, sessions=sessions, seed=0, world=world))
        made = simulate_sessions(clients=clients, sessions=sessions, seed=seed, world=world)
        try:
            return sees(made, known[sessions])
        except MethodError:
            return None

    return finds


def world_with(effect: str, size: float) -> "World":
    """The simulated world in which the effect has this size. Raises MethodError for one out of range."""
    from dataclasses import replace

    from holdfast.simulate import Outcome, People, Ratings, Ruptures, World

    if effect == "link":
        return World(outcome=Outcome(link=size))
    if effect == "congruence":  # what both see happen would be found as congruence, whatever the size
        return replace(World.quiet(), people=People(growth=0.0), ratings=Ratings(agreement=size))
    return World(ruptures=Ruptures(strengthening=size))


def lines_of(effect: str, size: float, sought: list["Sought"]) -> list[str]:
    """The answer in sentences, and what was tried."""
    _, _, what, world = EFFECTS[effect]
    lines = [f"Effect: {effect}, {size:g} {what}. Asked in {world}."]
    for each in sought:
        enough = each.smallest
        if all(one.without_estimate == one.found.of for one in each.tried):
            lines.append(
                f"{each.sessions} sessions: too few. No study gives an estimate; ask for more sessions or clients."
            )
        elif enough is None:
            most = each.tried[-1].clients
            lines.append(f"{each.sessions} sessions: not found often enough with up to {most} clients.")
        else:
            lines.append(
                f"{each.sessions} sessions: {enough.clients} clients are the fewest tried that find it with a power of "
                f"{each.wanted:g}." + (" Fewer were not tried." if each.at_edge else "")
            )
        lines += [
            f"  {one.clients:5d} clients: found in {one.found.found} of {one.found.of} simulated studies, "
            f"{one.found.estimate:.0%} (95 % interval {one.found.low:.0%} to {one.found.high:.0%})"
            + (f"; {one.without_estimate} could not be computed" if one.without_estimate else "")
            for one in each.tried
        ]
    return lines


def _nothing(archive: "SimulatedSessions") -> None:
    """Most analyses need nothing beforehand."""


def _sees_link(made: "SimulatedSessions", known: None) -> bool:
    """The slope of the next session's distress on the alliance within clients lies below 0."""
    from holdfast.stats import within_slope

    return within_slope(_wide(made, "outcome")[:, 1:], made.alliance[:, :-1]).high < 0.0


def _sees_congruence(made: "SimulatedSessions", known: None) -> bool:
    """The therapist's rating moves with the client's: the interval of the congruence lies above 0."""
    from holdfast.alliance.pair import congruence

    found = congruence(made.alliance, therapist=_wide(made, "therapist_alliance"))
    return found.temporal_congruence.low > 0.0


def _starting_point(archive: "SimulatedSessions") -> "Prior":
    """What the detector expects at first."""
    from holdfast.alliance import learn_prior

    return learn_prior(archive.alliance, low=0.0, high=100.0)


def _sees_strengthening(made: "SimulatedSessions", known: "Prior") -> bool | None:
    """Over the archive the level after a rupture lies above the level before it."""
    from holdfast.alliance import detect, follow, strengthening

    found = detect(made.alliance, prior=known)
    seen = strengthening(found, follow(found))
    return None if seen.low is None else seen.low > 0.0


def _wide(made: "SimulatedSessions", name: str) -> Any:
    """A column as an array (clients, sessions), nan where no session was held."""
    import numpy as np

    wide = np.full(made.alliance.shape, np.nan)
    client = np.unique(made.columns["client"], return_inverse=True)[1]
    wide[client, made.columns["session"] - 1] = made.columns[name]
    return wide


ANALYSES: dict[str, tuple[Callable[["SimulatedSessions"], Any], Callable[["SimulatedSessions", Any], bool | None]]] = {
    "link": (_nothing, _sees_link),
    "congruence": (_nothing, _sees_congruence),
    "strengthening": (_starting_point, _sees_strengthening),
}
"""By effect: what is learned from an archive beforehand, and whether a study finds the effect."""
