"""Several sources together: how often any signal comes when nothing has happened, and how many dips are found.

Run with `python -m bench.sources`. Errors of both raters correlate .3, of the prediction .5 with each; every series has
a level and an SD of its own. A dip of 2 SD in the client's rating shows by 1.4 SD in the therapist's rating and in the
prediction; tension is then reported by each side half of the time, and otherwise in one session of twenty. These are
assumptions, named in docs/explanation/signals.md; the false-alarm rate does not depend on them, the power does.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.worlds import BETWEEN, LEVEL, SD, SPREAD
from holdfast.alliance import learn_prior
from holdfast.alliance.signals import Archive, Budget, Signals, Sources, find_signals, habits_of
from holdfast.stats.arrays import FloatArray

CLIENTS, SESSIONS, ARCHIVE = 12_000, 20, 3_000
KINDS = ("acute", "erosion", "tension", "disagreement")
DEPTHS = (2.0, 1.4, 1.4)
REPORTED, ALONE = 0.5, 0.05
ERRORS = np.array([[1.0, 0.3, 0.5], [0.3, 1.0, 0.5], [0.5, 0.5, 1.0]])
Noise = Callable[[np.random.Generator, tuple[int, ...]], FloatArray]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How the errors behave, and how much is missing."""

    noise: Noise
    missing: float = 0.0
    equal: bool = False


def normal(rng: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
    """Independent normal errors."""
    return rng.standard_normal(shape)


def heavy(rng: np.random.Generator, shape: tuple[int, ...]) -> FloatArray:
    """Student's with 5 degrees of freedom, of variance 1."""
    return np.asarray(rng.standard_t(5.0, shape) / np.sqrt(5.0 / 3.0))


SETTINGS = {
    "normal errors": Setting(noise=normal),
    "30 % missing": Setting(noise=normal, missing=0.3),
    "t with 5 d.f.": Setting(noise=heavy),
}


def draw(
    clients: int, setting: Setting, rng: np.random.Generator, *, dips: FloatArray | None = None
) -> dict[str, FloatArray]:
    """Client, therapist, predicted, and both reports; dips (clients, SESSIONS) are in client's SDs."""
    shape = (clients, SESSIONS, 3)
    errors = setting.noise(rng, shape) @ np.linalg.cholesky(ERRORS).T
    sd = SD * np.exp(SPREAD * rng.standard_normal((clients, 1, 3)))
    level = LEVEL + SD * BETWEEN * rng.standard_normal((clients, 1, 3))
    fall = np.zeros((clients, SESSIONS)) if dips is None else dips
    values = level + sd * (errors - fall[:, :, np.newaxis] * np.array(DEPTHS) / DEPTHS[0])
    values[rng.random(shape) < setting.missing] = np.nan
    chance = np.where(fall > 0.0, REPORTED, ALONE)
    reports = (rng.random((clients, SESSIONS, 2)) < chance[:, :, np.newaxis]).astype(np.float64) * 2.0
    reports[rng.random(reports.shape) < setting.missing] = np.nan
    return {
        "client": values[:, :, 0],
        "therapist": values[:, :, 1],
        "predicted": values[:, :, 2],
        "client_tension": reports[:, :, 0],
        "therapist_tension": reports[:, :, 1],
    }


SETS = {
    "client's rating alone": ("client",),
    "and therapist's rating": ("client", "therapist"),
    "and prediction": ("client", "therapist", "predicted"),
    "and reported tension": ("client", "therapist", "predicted", "client_tension", "therapist_tension"),
}


def archive_of(drawn: dict[str, FloatArray], names: tuple[str, ...], budget: Budget) -> Archive:
    """Priors and habits learned from an archive of the same kind."""
    sources = Sources(**{name: drawn[name] for name in names})
    series = {name: drawn[name] for name in names if "tension" not in name}
    if sources.misses is not None:
        series["misses"] = sources.misses
    priors = {name: learn_prior(values, low=-1000.0, high=1000.0) for name, values in series.items()}
    return habits_of(sources, priors=priors, budget=budget)


def looked_at(
    names: tuple[str, ...], data: dict[str, FloatArray], archive: Archive, budget: Budget
) -> tuple[Signals, FloatArray]:
    """The signals in the sources of these names, and the pooled tails from the fourth session on."""
    found = find_signals(Sources(**{name: data[name] for name in names}), archive=archive, budget=budget)
    return found, found.p[:, 3:]


def compare(setting: Setting) -> None:
    """Print one table: a line for each set of sources."""
    archive_data = draw(ARCHIVE, setting, np.random.default_rng(1))
    quiet = draw(CLIENTS, setting, np.random.default_rng(2))
    each = np.arange(CLIENTS)
    where = np.random.default_rng(3).integers(3, SESSIONS, CLIENTS)
    dips = np.zeros((CLIENTS, SESSIONS))
    dips[each, where] = DEPTHS[0]
    dipped = draw(CLIENTS, setting, np.random.default_rng(2), dips=dips)
    for name, names in SETS.items():
        budget = Budget(per_20=0.4)
        archive = archive_of(archive_data, names, budget)
        calm, p = looked_at(names, quiet, archive, budget)
        found, _ = looked_at(names, dipped, archive, budget)
        rates = [100 * getattr(calm, kind)[:, 3:].mean() for kind in KINDS]
        total, pool = 100 * (calm.kind[:, 3:] > 0).mean(), 100 * (p < 0.02).mean()
        hit = (found.kind[each, where] > 0).mean()
        matched = (found.p[each, where] < np.nanquantile(p, 0.02)).mean()
        shown = "".join(f"{rate:9.2f}" for rate in (total, *rates, pool))
        print(f"  {name:24s}{shown}{hit:9.0%}{matched:9.0%}")


def main() -> None:
    """Print the tables."""
    print("Signals per 100 sessions when nothing has happened (nominal total 2), and dips of 2 SD that are found")
    heads = ("total", *KINDS[:3], "apart", "p < .02", "found", "pool")
    for label, setting in SETTINGS.items():
        print(f"  {label:24s}" + "".join(f"{head:>9s}" for head in heads))
        compare(setting)
    print("found: any signal, as shipped; pool: the pooled tail alone at a matched 2 %")


if __name__ == "__main__":
    main()
