"""Makes the small made-up tables of the mixed model's reference: ``python -m tests.reference.mixed_sets``."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from holdfast.simulate import People, World, simulate_sessions

FOLDER = Path(__file__).parent / "fixtures"
SETS = {"clinic": (90, 14, 11, 6), "short": (60, 4, 12, 5), "pairs": (40, 10, 13, 10), "serial": (50, 12, 14, 10)}
"""Name -> clients, most sessions, seed, clients per therapist."""


def make(name: str) -> None:
    """Write one table; clients stay for different numbers of sessions, and some ratings are missing."""
    clients, sessions, seed, each = SETS[name]
    world = replace(World(), people=People(clients_per_therapist=each, therapist_sd=8.0))
    if name == "serial":
        world = replace(world, ratings=replace(world.ratings, autocorrelation=0.6))
    made = simulate_sessions(clients=clients, sessions=sessions, seed=seed, world=world).columns
    rng = np.random.default_rng(seed)
    lengths = rng.integers(2, sessions + 1, clients)
    slopes = rng.normal(0.0, 0.35, clients) + np.repeat(rng.normal(0.0, 0.25, clients), each)[:clients]
    lines = ["client,therapist,time,alliance,therapist_alliance,outcome"]
    for client, therapist, session, alliance, other, outcome in zip(
        *(
            made[key].tolist()
            for key in ("client", "therapist", "session", "alliance", "therapist_alliance", "outcome")
        ),
        strict=True,
    ):
        index = int(client.rsplit("-", 1)[1]) - 1
        if session > lengths[index] and name != "pairs":
            continue
        moved = outcome + slopes[index] * (session - 1)
        cells = [f"{value:.4f}" if value == value else "NA" for value in (alliance, other, moved)]
        lines.append(",".join([client, str(therapist), str(session - 1), *cells]))
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"mixed_{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    for each in SETS:
        make(each)
