"""No strengthening where there is none, in worlds that tempt to see one; and a planted one is found.

Each world: therapies of 20 sessions, within-person SDs log-normal (log-SD .35), between-person SD 1.2, prior learned
from 300 of them, fixed seed. Bounds: four standard errors. In such archives the 95 % interval leaves 0 out in about
5 of 100, either side (200 archives a world; docs/explanation/repair.md).
"""

import numpy as np
import pytest

from holdfast.alliance import detect, follow, learn_prior, strengthening

SHAPES = {"one session": (3.5,), "gradual repair": (3.5, 1.75, 0.875), "slow": (1.2, 2.3, 3.5, 2.1, 1.0)}


def world(rng, *, clients, rise=0.0, ar=0.0, shape=(), stronger=0.0):
    own_sd = np.exp(0.35 * rng.standard_normal((clients, 1)))
    noise = rng.standard_normal((clients, 20))
    for t in range(1, 20):
        noise[:, t] = ar * noise[:, t - 1] + np.sqrt(1 - ar * ar) * noise[:, t]
    scores = 1.2 * rng.standard_normal((clients, 1)) + own_sd * noise + rise * np.log(np.arange(1, 21))
    for row in np.flatnonzero(rng.random(clients) < 0.6) if shape else ():
        onset = rng.integers(4, 14)
        scores[row, onset : onset + len(shape)] -= own_sd[row] * np.array(shape)[: 20 - onset]
        scores[row, onset + len(shape) :] += stronger * own_sd[row]
    return scores


def compared(scores):
    found = detect(scores, prior=learn_prior(scores[:300], low=-20, high=20))
    return strengthening(found, follow(found))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"rise": 0.4},
        {"ar": 0.3},
        *({"shape": shape} for shape in SHAPES.values()),
    ],
)
def test_none_is_found_where_there_is_none(settings):
    found = compared(world(np.random.default_rng(9), clients=1500, **settings))
    assert found.clients > 100
    error = (found.high - found.low) / 2 / 1.96
    assert found.estimate == pytest.approx(0.0, abs=4 * error)
    assert error < 0.11


@pytest.mark.parametrize("shape", [SHAPES["one session"], SHAPES["gradual repair"]])
def test_a_planted_one_is_found(shape):
    found = compared(world(np.random.default_rng(9), clients=1000, shape=shape, stronger=0.5))
    assert 0.1 < found.low < found.high < 0.5  # false alarms among the lows dilute the planted .5
