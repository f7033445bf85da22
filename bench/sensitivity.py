"""What is found of one-session dips when every method is held to the same rate on undisturbed ratings.

Run with `python -m bench.sensitivity`. Dips of 2, 3 and 4 within-person SDs in one session of each therapy, from the
third on; every method's threshold, or the size of every published rule's fall, is set so that it flags 2 % of those
sessions in the same ratings without dips. Beside them an ideal observer who knows each client's true level and SD.
Online methods know earlier ratings only; published rules and hindsight know the whole course.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import chdtri, ndtr, ndtri

from bench.worlds import BETWEEN, DRIFT, FREEDOM, LEVEL, SD, WORLDS, Sample, exact
from holdfast.alliance import Prior, Rule, detect, learn_prior, list_rules
from holdfast.alliance.rules import find_rule
from holdfast.alliance.rules.following import apply_rule
from holdfast.alliance.rules.ratings import make_ready
from holdfast.stats import leave_one_out
from holdfast.stats.arrays import BoolArray, FloatArray

CLIENTS, SESSIONS, ARCHIVE = 20_000, 20, 2_000
RATE, DEPTHS, FIRST = 0.02, (2.0, 3.0, 4.0), 2
SHOWN = ("steady level", "drifting level", "exact model (n0 = 6, q = .05)")
Flags = Callable[[FloatArray, float], BoolArray]
SAME = (  # the same rule with another size, which is set here anyway, or a fixed level, set by who the clients are
    *("drop-own-2sd", "below-own-mean-2sd", "gumz-2012-2sd", "ichart-3", "mclaughlin-2014", "larsson-2018"),
    "srs-level-36",
)
NODES = 40


def threshold_of(tails: FloatArray) -> float:
    """The tail below which 2 % of undisturbed sessions lie."""
    return float(np.nanquantile(tails[:, FIRST:], RATE))


def dipped(found: Sample, depth: float) -> tuple[FloatArray, tuple[FloatArray, FloatArray]]:
    """The ratings with one dip each, and where the dips are."""
    where = np.random.default_rng(77).integers(FIRST, SESSIONS, len(found.scores))
    each = np.arange(len(found.scores))
    scores = found.scores.copy()
    scores[each, where] -= depth * found.sd[:, 0]
    return scores, (each, where)


def by_tail(tail: Callable[[FloatArray], FloatArray], found: Sample) -> list[float]:
    """The shares of dips found by a method that gives each rating a tail probability."""
    limit = threshold_of(tail(found.scores))
    shares = []
    for depth in DEPTHS:
        scores, place = dipped(found, depth)
        shares.append(float((tail(scores)[place] < limit).mean()))
    return shares


def by_rule(name: str, found: Sample) -> list[float]:
    """The shares of dips flagged by a published rule with the size of its fall changed until it flags 2 %."""
    ready = make_ready(found.scores)
    low, high = 0.0, 60.0
    for _ in range(30):
        middle = (low + high) / 2.0
        if apply_rule(ready, find_rule(name, size=middle))[:, FIRST:].mean() > RATE:
            low = middle
        else:
            high = middle
    spec = find_rule(name, size=high)
    shares = []
    for depth in DEPTHS:
        scores, place = dipped(found, depth)
        shares.append(float(apply_rule(make_ready(scores), spec)[place].mean()))
    return shares


def bound(found: Sample) -> list[float]:
    """What no method can exceed in the detector's own world, knowing the whole course and the true prior.

    Formula: the likelihood ratio of a dip of that very depth to none, given all other ratings: E[g*f(z*g + d*sqrt(k))]/
    E[g*f(z*g)], f the normal density, g^2*n chi-square with n degrees of freedom, k the precision of a rating given the
    others in units of the noise. Source: Neyman & Pearson 1933.
    """
    sessions = np.arange(1, SESSIONS + 1)
    together = BETWEEN**2 + DRIFT * (np.minimum.outer(sessions, sessions) - 1) + np.eye(SESSIONS)
    precision = np.sqrt(np.diag(np.linalg.inv(together)))
    freedom = FREEDOM + SESSIONS - 1.0
    g = np.sqrt(chdtri(freedom, (np.arange(NODES) + 0.5) / NODES) / freedom)
    prior = Prior(
        level=LEVEL,
        level_ratio=BETWEEN**2,
        degrees_of_freedom=FREEDOM,
        variance=SD * SD,
        drift=DRIFT,
        calibrated=True,
        source="The truth.",
    )

    def ratio(scores: FloatArray, depth: float) -> FloatArray:
        z = leave_one_out(scores, prior=prior).z
        dip, none = np.zeros_like(z), np.zeros_like(z)
        for each in g:
            dip += each * np.exp(-((z * each + depth * precision) ** 2) / 2.0)
            none += each * np.exp(-((z * each) ** 2) / 2.0)
        return np.asarray(-dip / none)

    shares = []
    for depth in DEPTHS:
        limit = threshold_of(ratio(found.scores, depth))
        scores, place = dipped(found, depth)
        shares.append(float((ratio(scores, depth)[place] < limit).mean()))
    return shares


def line(name: str, shares: list[float], ideal: list[float]) -> None:
    """One row: the shares found, and what part of the ideal observer's they are."""
    cells = "".join(f"{share:8.1%} ({share / best:4.0%})" for share, best in zip(shares, ideal, strict=True))
    print(f"    {name:34s}{cells}")


def tails_of(prior: Prior, found: Sample) -> dict[str, Callable[[FloatArray], FloatArray]]:
    """The tail probabilities of our two methods."""
    return {
        "Holdfast, online": lambda scores: detect(scores, prior=prior, rule=Rule()).p,
        "Holdfast, hindsight": lambda scores: leave_one_out(scores, prior=prior).p,
    }


def main() -> None:
    """Print a table for each world."""
    print("Dips of 2, 3 and 4 SD found at a matched 2 % (in brackets: share of the ideal observer's)")
    for number, name in enumerate(SHOWN):
        world = WORLDS[name]
        prior = learn_prior(world(ARCHIVE, SESSIONS, np.random.default_rng(500 + number)).scores, low=-1e3, high=1e3)
        found = world(CLIENTS, SESSIONS, np.random.default_rng(600 + number))
        ideal = [float(ndtr(depth + ndtri(RATE))) for depth in DEPTHS]
        print(f"  {name}, prior learned from {ARCHIVE} others")
        line("ideal observer", ideal, ideal)
        if world is exact:
            line("bound of any method in hindsight", bound(found), ideal)
        for method, tail in tails_of(prior, found).items():
            line(method, by_tail(tail, found), ideal)
        ours = tails_of(prior, found)["Holdfast, online"]
        late = Sample(scores=found.scores, level=found.level, sd=found.sd)
        line("Holdfast, online, sessions 10 to 20", late_shares(ours, late), ideal)
        for spec in list_rules():
            if spec.name not in SAME:
                line(spec.name, by_rule(spec.name, found), ideal)


def late_shares(tail: Callable[[FloatArray], FloatArray], found: Sample) -> list[float]:
    """The same for dips from the tenth session on, the rate held over all sessions."""
    limit = threshold_of(tail(found.scores))
    shares = []
    for depth in DEPTHS:
        scores, (each, where) = dipped(found, depth)
        late = where >= 9
        shares.append(float((tail(scores)[each, where] < limit)[late].mean()))
    return shares


if __name__ == "__main__":
    main()
