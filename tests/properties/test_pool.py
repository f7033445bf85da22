"""The pooled tail against its slow twin, on sessions with every pattern of missing ratings and answers."""

import numpy as np
import pytest
from tests.twins.pool import pooled_tail_of

from holdfast.alliance.signals import Pattern, pooled_tail

DEPTHS = {"client": 2.0, "therapist": 1.4, "predicted": 1.0}
REPORTED = {"client_tension": 0.5, "therapist_tension": 0.7}
BASE = {"client_tension": 0.05, "therapist_tension": 0.2}


@pytest.mark.parametrize("seed", range(3))
def test_fast_and_slow_agree(seed):
    rng = np.random.default_rng(seed)
    a, b, c = rng.uniform(0, 0.5, 3)
    R = np.array([[1, a, b], [a, 1, c], [b, c, 1]])
    scores = {name: np.where(rng.random((4, 6)) < 0.3, np.nan, rng.standard_normal((4, 6))) for name in DEPTHS}
    reports = {name: rng.choice([0.0, 1.0, np.nan], (4, 6)) for name in REPORTED}
    found = pooled_tail(
        scores, reports, correlation=R, pattern=Pattern(depths=DEPTHS, reported=REPORTED, base_rates=BASE)
    )
    by_pair = {frozenset(("client", "therapist")): a, frozenset(("client", "predicted")): b}
    by_pair[frozenset(("therapist", "predicted"))] = c
    for i in range(4):
        for t in range(6):
            u = {name: each[i, t] for name, each in scores.items() if not np.isnan(each[i, t])}
            said = {name: int(each[i, t]) for name, each in reports.items() if not np.isnan(each[i, t])}
            slow = pooled_tail_of(u, said, by_pair, DEPTHS, REPORTED, BASE)
            assert np.isnan(found[i, t]) if slow is None else found[i, t] == pytest.approx(slow, rel=1e-12)
