"""The comparison of after with before against its slow twin, and played backwards."""

import numpy as np
import pytest
from tests.twins.strengthening import strengthening_slowly

from holdfast.alliance import Prior, Rule, detect, follow, strengthening

RULE = Rule(alpha=0.05)
PRIOR = Prior(level=50, level_ratio=2, degrees_of_freedom=6, variance=9, drift=0.05, calibrated=True, source="drawn")
NUMBERS = {"m0": 50, "C0": 2, "n0": 6, "S0": 9, "q": 0.05}


def archive(seed, *, clients=30, sessions=26):
    rng = np.random.default_rng(seed)
    scores = 50 + rng.normal(0, 4, (clients, 1)) + rng.normal(0, 3, (clients, sessions))
    for row in range(clients):
        at = rng.integers(9, 16)
        scores[row, at : at + 2] -= (12, 6)
    scores[rng.random(scores.shape) < 0.05] = np.nan
    for row, length in enumerate(rng.integers(20, sessions + 1, clients)):
        scores[row, length:] = np.nan
    steps = np.where(rng.random(scores.shape) < 0.2, 2.0, 1.0)
    signals = np.where(rng.random(scores.shape) < 0.02, rng.integers(3, 5, scores.shape), 0)
    return scores, steps, signals


def given_to_both(scores, steps, signals, prior=PRIOR):
    found = detect(scores, prior=prior, rule=RULE, steps=steps)
    own = np.where(found.acute, 1, np.where(found.erosion, 2, signals))
    return found, follow(found, signals=own)


@pytest.mark.parametrize("seed", range(4))
def test_fast_and_slow_agree(seed):
    scores, steps, signals = archive(seed)
    found, episodes = given_to_both(scores, steps, signals)
    fast = strengthening(found, episodes)
    table = episodes.table
    marks = np.zeros(scores.shape, dtype=int)
    said = table.kind > 2
    marks[table.row[said], table.signalled[said]] = table.kind[said]
    plain = [[None if np.isnan(r) else float(r) for r in row] for row in scores]
    rule = {"alpha": 0.05, "k": 0.75, "h": RULE.limit, "first_alarm": 3, "K": 4, "sure": 0.8, "tolerance": 0.5}
    mean, half, slow = strengthening_slowly(plain, steps.tolist(), NUMBERS, rule | {"kappa": 2.5}, marks.tolist())
    assert len(slow) > 8
    order = sorted(slow)
    assert fast.row.tolist() == [one[0] for one in order]
    assert fast.first.tolist() == [one[2] for one in order]
    assert fast.last.tolist() == [one[3] for one in order]
    np.testing.assert_allclose(fast.difference, [one[4] for one in order], rtol=1e-9)
    np.testing.assert_allclose(fast.difference_high - fast.difference, [one[5] for one in order], rtol=1e-9)
    np.testing.assert_allclose(fast.difference_in_sd, [one[6] for one in order], rtol=1e-9)
    assert fast.estimate == pytest.approx(mean)
    assert fast.high - fast.estimate == pytest.approx(half)
    known = fast.episode >= 0
    assert (table.row[fast.episode[known]] == fast.row[known]).all()
    assert known.mean() > 0.5


def test_played_backwards_stronger_is_weaker():
    scores, _, _ = archive(7, clients=60)
    scores = np.where(np.isnan(scores), 50.0, scores)
    there, back = (strengthening(*given_to_both(each, None, 0)) for each in (scores, scores[:, ::-1]))
    assert there.rise == pytest.approx(0.0, abs=1.0)
    assert len(there.row) == pytest.approx(len(back.row), abs=6)
    assert there.estimate == pytest.approx(-back.estimate, abs=0.3)
