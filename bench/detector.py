"""How fast the detector is: against its slow twin, and against what the machine could do at best.

Run with `python -m bench.detector`. Prints ratios measured in one run on one core; nothing here is a test.
"""

import math
from collections.abc import Callable
from dataclasses import fields
from time import perf_counter

import numpy as np
from tests.twins.detector import detect_one, filter_one

from holdfast.alliance import Detection, Rule, detect, follow, prior_for_range
from holdfast.simulate import draw_from_prior
from holdfast.stats import LevelPrior, student_tail

PRIOR = prior_for_range(0, 100)
CLIENTS, SESSIONS, SLOW_CLIENTS = 50_000, 20, 500


def seconds(work: Callable[[], object], *, repeats: int = 5) -> float:
    """The shortest of several runs: the one least disturbed by others on the machine."""
    best = math.inf
    for _ in range(repeats):
        start = perf_counter()
        work()
        best = min(best, perf_counter() - start)
    return best


def slowly(scores: list[list[float | None]], rule: Rule) -> None:
    """The plain Python twin, one client after the other."""
    numbers = tuple(getattr(PRIOR, field.name) for field in fields(LevelPrior))
    for y in scores:
        rows = filter_one(y, priors=[numbers])
        detect_one(y, rows, alpha=rule.alpha, k=rule.slack, h=rule.limit, first_alarm=rule.first_alarm)


def bytes_touched(found: Detection) -> int:
    """Every array of the result is written once; the scores are read once."""
    own = (getattr(found, field.name) for field in fields(found))
    states = (getattr(found.states, field.name) for field in fields(found.states))
    distinct = {id(array): array.nbytes for array in (*own, *states) if isinstance(array, np.ndarray)}
    return sum(distinct.values()) + found.scores.nbytes


def main() -> None:
    """Print the comparison."""
    rule = Rule()
    scores = draw_from_prior(PRIOR, clients=CLIENTS, sessions=SESSIONS, seed=1)
    some = [[None if np.isnan(y) else float(y) for y in row] for row in scores[:SLOW_CLIENTS]]
    found = detect(scores, prior=PRIOR, rule=rule)
    size = scores.size
    fast = seconds(lambda: detect(scores, prior=PRIOR, rule=rule)) / size
    followed = seconds(lambda: follow(found), repeats=3) / size
    slow = seconds(lambda: slowly(some, rule), repeats=2) / (SLOW_CLIENTS * SESSIONS)
    freedom = found.states.degrees_of_freedom - 1.0
    tail = seconds(lambda: student_tail(found.states.z, freedom)) / size
    source = np.ones(2**24)
    target = np.empty_like(source)
    per_byte = seconds(lambda: np.copyto(target, source)) / (2 * source.nbytes)
    memory = bytes_touched(found) / size * per_byte
    print(f"{CLIENTS} clients x {SESSIONS} sessions = {size} ratings, one core, nanoseconds per rating")
    print(f"  detector                {fast * 1e9:9.1f}   {1 / fast / 1e6:6.2f} million sessions per second")
    print(f"  follow-up               {followed * 1e9:9.1f}   {1 / followed / 1e6:6.2f} million sessions per second")
    print(f"  slow twin (detector)    {slow * 1e9:9.1f}   the detector is {slow / fast:.0f} times as fast")
    print(f"  Student's tail alone    {tail * 1e9:9.1f}   {tail / fast:.0%} of the detector's time")
    print(
        f"  moving {bytes_touched(found) / size:4.0f} bytes       {memory * 1e9:9.1f}   at this machine's memory speed"
    )
    print(f"  the detector takes {fast / (tail + memory):.2f} times the floor (Student's tail and the memory)")


if __name__ == "__main__":
    main()
