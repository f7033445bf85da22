"""How often the detector signals when nothing has happened, in worlds that are kind to it and in worlds that are not.

Run with `python -m bench.rates` (some minutes). Every row: acute signals per monitored session (from the third rating
on) at alpha .02 and .005, erosion signals per monitored session, either. Seeds are fixed; nothing here is a test.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np

from holdfast.alliance import Prior, Rule, detect, learn_prior
from holdfast.simulate import draw_from_prior
from holdfast.stats.arrays import FloatArray

WORLD = Prior(
    level=0, level_ratio=1.44, degrees_of_freedom=6, variance=1, drift=0.05, calibrated=True, source="the world itself"
)
World = Callable[[np.random.Generator, int], FloatArray]
THERAPIES, SESSIONS, BLOCK, ARCHIVE = 400_000, 20, 25_000, 2_000


def exact(rng: np.random.Generator, clients: int) -> FloatArray:
    """The model itself."""
    return draw_from_prior(WORLD, clients=clients, sessions=SESSIONS, seed=int(rng.integers(2**62)))


def steady(
    rng: np.random.Generator, clients: int, *, spread: float = 0.35, drift: float = 0.0, before: float = 0.0, t: int = 0
) -> FloatArray:
    """A level for each client (SD 1.2), within-person SDs log-normal, and one thing that the model does not know."""
    shape = (clients, SESSIONS)
    noise = rng.standard_t(t, shape) * np.sqrt((t - 2) / t) if t else rng.standard_normal(shape)
    for column in range(1, SESSIONS if before else 0):
        noise[:, column] = before * noise[:, column - 1] + np.sqrt(1 - before**2) * noise[:, column]
    sd = np.exp(spread * rng.standard_normal((clients, 1)))
    level = 1.2 * rng.standard_normal((clients, 1))
    moves = np.sqrt(drift) * rng.standard_normal(shape)
    moves[:, 0] = 0.0
    return np.asarray(level + sd * (np.cumsum(moves, axis=1) + noise))


def missing(rng: np.random.Generator, clients: int) -> FloatArray:
    """The model itself, 30 % of sessions unrated."""
    scores = exact(rng, clients)
    scores[rng.random(scores.shape) < 0.3] = np.nan
    return scores


def on_scale(low: float, high: float, *, mean: float, sd: float, between: float = 1.5) -> World:
    """Whole numbers within a scale: a slowly moving level (drift .05) around a mean, rounded and clipped."""

    def world(rng: np.random.Generator, clients: int) -> FloatArray:
        raw = mean + sd * (between * rng.standard_normal((clients, 1)) + steady(rng, clients, drift=0.05))
        return np.clip(np.rint(raw), low, high)

    return world


WORLDS: dict[str, World] = {
    "the model itself": exact,
    "30 % of sessions unrated": missing,
    "independent, constant level": steady,
    "drifting level (q = .05)": lambda rng, n: steady(rng, n, drift=0.05),
    "autocorrelated errors, AR(1) .3": lambda rng, n: steady(rng, n, before=0.3),
    "heavy tails, t with 5 degrees of freedom": lambda rng, n: steady(rng, n, t=5),
    "within-person SDs, log-SD .6": lambda rng, n: steady(rng, n, spread=0.6),
}
SCALES = {
    "12 to 84, mean 68 (rounded, clipped)": (12.0, 84.0, on_scale(12, 84, mean=68, sd=4)),
    "12 to 84, mean 68, at the ceiling (SD 8)": (12.0, 84.0, on_scale(12, 84, mean=68, sd=8)),
    "21 points, mean 16": (0.0, 20.0, on_scale(0, 20, mean=16, sd=1.5)),
    "9 points, mean 6": (0.0, 8.0, on_scale(0, 8, mean=6, sd=0.8)),
}


def counted(blocks: Iterator[FloatArray], prior: Prior, rule: Rule) -> list[float]:
    """Shares of monitored sessions: acute at .02, acute at .005, erosion, either."""
    sums = np.zeros(5)
    for scores in blocks:
        found = detect(scores, prior=prior, rule=rule)
        rated = ~np.isnan(found.scores)
        monitored = rated & (np.cumsum(rated, axis=1) >= rule.first_alarm)
        either = found.acute | found.erosion
        red = monitored & (found.p < 0.005)
        sums += [found.acute.sum(), red.sum(), found.erosion.sum(), either.sum(), monitored.sum()]
    return list(sums[:4] / sums[4])


def blocks_of(world: World, *, clients: int, seed: int) -> Iterator[FloatArray]:
    """Therapies of a world, so many at a time."""
    rng = np.random.default_rng(seed)
    for _ in range(0, clients, BLOCK):
        yield world(rng, BLOCK)


def line(name: str, shares: list[float]) -> None:
    """One row of the table."""
    print(f"{name:44s}" + "".join(f"  {share:.4f}" for share in shares), flush=True)


def main(clients: int = THERAPIES) -> None:
    """Print the table."""
    print(f"{clients} therapies of {SESSIONS} sessions each: acute .02, acute .005, erosion (1 in 100), either")
    plain = Rule(consistent=False)
    every = Rule(robust=None)
    for name, rule in (("every weight 1", every), ("down-weighted, not consistent", plain)):
        line(f"the model itself, {name}", counted(blocks_of(exact, clients=clients, seed=1), WORLD, rule))
    for name, world in WORLDS.items():
        line(name, counted(blocks_of(world, clients=clients, seed=1), WORLD, Rule()))
        prior = learn_prior(world(np.random.default_rng(2), ARCHIVE), low=-1000.0, high=1000.0)
        line("  with a learned prior", counted(blocks_of(world, clients=clients, seed=1), prior, Rule()))
    for name, (low, high, world) in SCALES.items():
        prior = learn_prior(world(np.random.default_rng(2), ARCHIVE), low=low, high=high, step=1.0)
        line(name, counted(blocks_of(world, clients=clients, seed=3), prior, Rule()))
        logit = learn_prior(prior.scale.stretched(world(np.random.default_rng(2), ARCHIVE)), low=-9.0, high=9.0)
        blocks = (prior.scale.stretched(scores) for scores in blocks_of(world, clients=clients, seed=3))
        line("  stretched (logit)", counted(blocks, replace(logit, scale=None), Rule()))


if __name__ == "__main__":
    main()
