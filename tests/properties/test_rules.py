"""The published rules against their slow twin on random data, and what must hold for any data."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tests.twins.change_points import partitions
from tests.twins.rules import flag_all

from holdfast.alliance.rules import PRESETS, Fall, FallKind, Noise, Return, Unit, flag
from holdfast.stats import SegmentPrior, change_points

FEW = Noise(therapies=20)
BASE = PRESETS["drop-own-sd"]
MADE = {
    "rise after a drop": replace(BASE, back=Return(rise=True, within=2, needed=True)),
    "pooled, strict": replace(
        BASE, falls=(Fall(kind=FallKind.FROM_PREVIOUS, size=1, unit=Unit.POOLED_SD, strict=True),)
    ),
    "peak, strict, any end": replace(
        BASE,
        falls=(Fall(kind=FallKind.FROM_PEAK, size=1, unit=Unit.OWN_SD, strict=True),),
        back=Return(tolerance=0.25, within=2),
    ),
    "peak, back to it": replace(
        BASE, falls=(Fall(kind=FallKind.FROM_PEAK, size=1, unit=Unit.MEAN_SD),), back=Return(within=3, needed=True)
    ),
    "below a level, strict": replace(
        BASE, falls=(Fall(kind=FallKind.BELOW_LEVEL, size=49.5, strict=True),), back=Return(within=1)
    ),
    "given sd": PRESETS["reliable-drop"].with_parameters(sd=3.0, reliability=0.9),
}


def some_scores(seed):
    """Six clients of up to twelve sessions: gaps, one rating, none, early ends."""
    rng = np.random.default_rng(seed)
    y = 50 + rng.normal(0, [[1.0], [2.0], [3.0], [1.5], [2.5], [4.0]], (6, 12))
    y[rng.random(y.shape) < 0.15] = math.nan
    y[4, 1:], y[5] = math.nan, math.nan
    y[3, 7:] = math.nan
    return y


@pytest.mark.parametrize("name", [*PRESETS, *MADE])
def test_every_rule_says_what_its_slow_twin_says(name):
    spec = MADE.get(name) or PRESETS[name]
    for seed in range(12):
        y = some_scores(seed)
        found = flag(y, rule=spec, noise=FEW)
        wanted = flag_all([[None if math.isnan(v) else float(v) for v in row] for row in y], spec)
        assert [np.flatnonzero(row).tolist() for row in found.flags] == [flags for flags, _ in wanted]
        told = [each | {"row": row} for row, (_, episodes) in enumerate(wanted) for each in episodes]
        assert len(found.episodes) == len(told)
        for key in ("row", "onset", "nadir", "end", "length", "returned", "shape"):
            assert getattr(found.episodes, key).tolist() == [each[key] for each in told], key
        for key in ("baseline", "depth", "depth_sd"):
            np.testing.assert_allclose(getattr(found.episodes, key), [each[key] for each in told])


@pytest.mark.parametrize("name", PRESETS)
def test_a_flag_never_stands_where_nothing_was_rated_and_needs_no_neighbour(name):
    y = some_scores(40)
    found = flag(y, rule=name, noise=FEW)
    assert not (found.flags & np.isnan(y)).any()
    squeezed = np.full_like(y, math.nan)
    for row, values in enumerate(y):
        seen = values[~np.isnan(values)]
        squeezed[row, : len(seen)] = seen
    assert flag(squeezed, rule=name, noise=FEW).flags.sum() == found.flags.sum()


@pytest.mark.parametrize("name", [name for name in PRESETS if not name.startswith(("pcoms", "srs"))])
def test_rules_in_units_do_not_mind_where_the_scale_begins_or_how_wide_it_is(name):
    y = some_scores(41)
    np.testing.assert_array_equal(flag(y, rule=name, noise=FEW).flags, flag(4.0 * y - 64.0, rule=name, noise=FEW).flags)


@pytest.mark.parametrize("name", PRESETS)
def test_clients_who_never_move_are_not_flagged(name):
    assert not flag(np.full((3, 8), 40.0), rule=name, noise=FEW).flags.any()


def test_change_points_are_what_every_partition_says():
    rng = np.random.default_rng(5)
    y = rng.normal(0, 2, (3, 7))
    y[1, 3] = math.nan
    prior = SegmentPrior(mean=0.5, mean_weight=2.0, shape=1.5, scale=3.0)
    found = change_points(y, prior=prior, hazard=0.2)
    for row in range(3):
        seen = [float(v) for v in y[row] if not math.isnan(v)]
        evidence, runs = partitions(seen, 0.2, {"mu0": 0.5, "k0": 2.0, "a0": 1.5, "b0": 3.0})
        assert found.log_evidence[row, -1] == pytest.approx(evidence, abs=1e-10)
        np.testing.assert_allclose(found.run_length[row, -1, : len(runs)], runs, atol=1e-12)
