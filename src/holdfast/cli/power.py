"""``holdfast power``: how many clients and sessions it takes to see an effect of a given size."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from holdfast.cli.options import new_verb

if TYPE_CHECKING:
    from holdfast.simulate import SimulatedSessions, Sought, World

EFFECTS = {
    "link": (
        0.8,
        "points of distress (0 to 24) lower next session per 10 points of alliance above the client's own level",
    ),
    "congruence": (0.3, "correlation of client's and therapist's departures from the level, session by session"),
    "strengthening": (0.5, "own SDs by which the bond is higher after a repaired rupture than before it"),
}
SIZES = (10, 20, 40, 80, 160, 320, 640)
EXAMPLES = """  holdfast power --effect link --size 0.8 --sessions 8 12 20
  holdfast power --effect strengthening --size 1 --sessions 20 --power 0.9

Effects, and what a size means:
""" + "".join(f"  {name:14s} {what} (default {size:g})\n" for name, (size, what) in EFFECTS.items())


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
    verb.add_argument("--sessions", type=int, nargs="+", default=[12], metavar="T", help="sessions each (default: 12)")
    verb.add_argument("--clients", type=int, nargs="+", default=SIZES, metavar="N", help="numbers of clients to try")
    verb.add_argument("--power", type=float, default=0.8, metavar="P", help="wanted power (default: %(default)s)")
    verb.add_argument("--simulations", type=int, default=100, metavar="K", help="per design (default: %(default)s)")
    verb.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed gives the same answer")


def run(arguments: argparse.Namespace) -> int:
    """Simulate designs from small to large, and say which is the first that suffices."""
    from holdfast.cli.telling import Working, tell
    from holdfast.simulate import simulate_sessions, smallest_design

    size = EFFECTS[arguments.effect][0] if arguments.size is None else arguments.size
    world, sees = world_with(arguments.effect, size), ANALYSES[arguments.effect]

    def finds(clients: int, sessions: int, seed: int) -> bool:
        return sees(simulate_sessions(clients=clients, sessions=sessions, seed=seed, world=world))

    sought = []
    for sessions in arguments.sessions:
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


def world_with(effect: str, size: float) -> "World":
    """The simulated world in which the effect has this size. Raises MethodError for one out of range."""
    from holdfast.simulate import Outcome, Ratings, Ruptures, World

    if effect == "link":
        return World(outcome=Outcome(link=size))
    if effect == "congruence":
        return World(ratings=Ratings(agreement=size))
    return World(ruptures=Ruptures(strengthening=size))


def lines_of(effect: str, size: float, sought: list["Sought"]) -> list[str]:
    """The answer in sentences, and what was tried."""
    lines = [f"Effect: {effect}, {size:g} {EFFECTS[effect][1]}. Simulated."]
    for each in sought:
        enough = each.smallest
        if enough is None:
            most = each.tried[-1].clients
            lines.append(f"{each.sessions} sessions: not found often enough with up to {most} clients.")
        else:
            lines.append(
                f"{each.sessions} sessions: {enough.clients} clients are the fewest tried that find it with a power of "
                f"{each.wanted:g}."
            )
        lines += [
            f"  {one.clients:5d} clients: found in {one.found.found} of {one.found.of} simulated studies, "
            f"{one.found.estimate:.0%} (95 % interval {one.found.low:.0%} to {one.found.high:.0%})"
            for one in each.tried
        ]
    return lines


def _sees_link(made: "SimulatedSessions") -> bool:
    """The slope of the next session's distress on the alliance within clients lies below 0."""
    from holdfast.stats import within_slope

    return within_slope(_wide(made, "outcome")[:, 1:], made.alliance[:, :-1]).high < 0.0


def _sees_congruence(made: "SimulatedSessions") -> bool:
    """The therapist's rating moves with the client's: the interval of the congruence lies above 0."""
    from holdfast.alliance.pair import congruence

    found = congruence(made.alliance, therapist=_wide(made, "therapist_alliance"))
    return found.temporal_congruence.low > 0.0


def _sees_strengthening(made: "SimulatedSessions") -> bool:
    """Over the archive the level after a rupture lies above the level before it."""
    from holdfast.alliance import detect, follow, learn_prior, strengthening

    found = detect(made.alliance, prior=learn_prior(made.alliance, low=0.0, high=100.0))
    seen = strengthening(found, follow(found))
    return seen.low is not None and seen.low > 0.0


def _wide(made: "SimulatedSessions", name: str) -> Any:
    """A column as an array (clients, sessions), nan where no session was held."""
    import numpy as np

    wide = np.full(made.alliance.shape, np.nan)
    client = np.unique(made.columns["client"], return_inverse=True)[1]
    wide[client, made.columns["session"] - 1] = made.columns[name]
    return wide


ANALYSES: dict[str, Callable[["SimulatedSessions"], bool]] = {
    "link": _sees_link,
    "congruence": _sees_congruence,
    "strengthening": _sees_strengthening,
}
