"""The fast detector and follow-up against their slow twins on random data, and what must hold for any data."""

import math
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.twins.detector import detect_one, filter_one, follow_one

from holdfast.alliance import Breaks, Prior, RatingScale, RepairStatus, Rule, detect, follow
from holdfast.stats import LevelPrior, filter_level

RATING = st.one_of(
    st.none(), st.integers(0, 40).map(float), st.floats(-60, 120, allow_nan=False).map(lambda x: round(x, 2))
)


@st.composite
def caseloads(draw):
    sessions = draw(st.integers(1, 14))
    clients = draw(st.integers(1, 4))
    y = [[draw(RATING) for _ in range(sessions)] for _ in range(clients)]
    with_steps = draw(st.booleans())
    step = st.floats(0, 5).map(lambda x: round(x, 3))
    steps = [[draw(step) for _ in range(sessions)] for _ in range(clients)] if with_steps else None
    return y, steps, [draw(st.booleans()) for _ in range(clients)]


def words_and_signals(y, seed):
    """Signals of every kind, rated or not, and the client's word; both None for one seed in four."""
    if seed % 4 == 0:
        return None, None
    rng = np.random.default_rng(seed)
    shape = (len(y), len(y[0]))
    signals = np.where(rng.random(shape) < 0.3, rng.integers(1, 5, shape), 0)
    return signals, np.where(rng.random(shape) < 0.5, np.nan, rng.integers(0, 2, shape))


@st.composite
def priors(draw):
    return Prior(
        level=draw(st.floats(0, 60).map(lambda x: round(x, 3))),  # a denormal level makes ties of the last digit
        level_ratio=draw(st.floats(0.1, 20)),
        degrees_of_freedom=draw(st.floats(1, 30)),
        variance=draw(st.floats(0.5, 50)),
        drift=draw(st.floats(0, 1)),
        rise=draw(st.sampled_from([0.0, 0.0, 1.5, -0.5])),
        tails=draw(st.sampled_from([math.inf, math.inf, 8.0])),
        calibrated=True,
        source="drawn",
    )


@st.composite
def rules(draw):
    return Rule(
        alpha=draw(st.sampled_from([0.005, 0.02, 0.1])),
        robust=draw(st.sampled_from([None, 1.0, 2.5])),
        consistent=draw(st.booleans()),
        slack=draw(st.sampled_from([0.5, 0.75])),
        run_length=draw(st.sampled_from([20.0, 100.0])),
        first_alarm=draw(st.integers(2, 4)),
        window=draw(st.integers(1, 4)),
        repair_probability=draw(st.sampled_from([0.5, 0.8])),
        tolerance=draw(st.sampled_from([0.0, 0.5])),
    )


def as_array(y):
    return np.array([[math.nan if r is None else r for r in row] for row in y])


def same(fast, slow):
    return math.isnan(fast) if slow is None else fast == pytest.approx(slow, rel=1e-9, abs=1e-9)


def numbers(prior):
    return tuple(getattr(prior, field.name) for field in fields(LevelPrior))


def filtered(y, steps, priors, *, kappa, consistent=True, starts=None):
    given = [numbers(each) for each in priors]
    return filter_one(
        y, priors=given, kappa=kappa, consistent=consistent, steps=steps, starts=starts, ceiling=priors[0].ceiling
    )


def slowly(y, steps, priors, rule, *, starts=None, scale=None):
    rows = filtered(y, steps, priors, kappa=rule.robust, consistent=rule.consistent, starts=starts)
    return detect_one(y, rows, alpha=rule.alpha, k=rule.slack, h=rule.limit, first_alarm=rule.first_alarm, scale=scale)


NAMES = {"f": "forecast", "sc": "scale", "z": "z", "p": "p", "w": "weight", "u": "normal_score", "m": "level"}
NAMES |= {"C": "ratio", "S": "variance", "n": "degrees_of_freedom"}


def check_rows(found, i, rows):
    for t, row in enumerate(rows):
        for short, name in NAMES.items():
            assert same(getattr(found.states, name)[i, t], row[short]), (name, i, t)
        assert found.cusum[i, t] == pytest.approx(row["W"], abs=1e-9)
        assert (found.acute[i, t], found.erosion[i, t]) == (row["acute"], row["erosion"])
        assert found.onset[i, t] == (-1 if row["onset"] is None else row["onset"])


@settings(max_examples=120, deadline=None, derandomize=True)
@given(caseloads(), priors(), rules(), st.integers(0, 10_000))
def test_fast_and_slow_agree(caseload, prior, rule, seed):
    y, steps, ended = caseload
    signals, eased = words_and_signals(y, seed)
    found = detect(as_array(y), prior=prior, rule=rule, steps=steps)
    episodes = follow(found, signals=signals, ended=ended, eased=eased)
    objects = episodes.all
    for i, ratings in enumerate(y):
        rows = slowly(ratings, None if steps is None else steps[i], [prior], rule)
        check_rows(found, i, rows)
        slow, after = follow_one(
            ratings,
            rows,
            exact=filtered(ratings, None if steps is None else steps[i], [prior], kappa=None),
            prior=(prior.level, prior.variance),
            K=rule.window,
            sure=rule.repair_probability,
            tolerance=rule.tolerance,
            ended=ended[i],
            signals=None if signals is None else signals[i],
            eased=None if eased is None else [None if np.isnan(word) else int(word) for word in eased[i]],
        )
        for t, (number, status, chance) in enumerate(after):
            known = RepairStatus.from_code(int(episodes.status[i, t]))
            assert (episodes.number[i, t], known or "none") == (number, status)
            assert same(episodes.repair_probability[i, t], chance)
        check_episodes([e for e in objects if e.row == i], slow)


@settings(max_examples=80, deadline=None, derandomize=True)
@given(caseloads(), st.tuples(priors(), priors()), rules(), st.data())
def test_breaks_fast_and_slow(caseload, both, rule, data):
    y, steps, _ = caseload
    shape = (len(y), len(y[0]))
    cells = shape[0] * shape[1]
    anew = np.array(data.draw(st.lists(st.integers(0, 5), min_size=cells, max_size=cells))).reshape(shape) == 0
    other = np.array(data.draw(st.lists(st.integers(0, 4), min_size=cells, max_size=cells))).reshape(shape) == 0
    instrument = np.cumsum(other, axis=1) % 2
    found = detect(
        as_array(y), prior=both, rule=rule, steps=steps, breaks=Breaks(relationship=anew, instrument=instrument)
    )
    for i, ratings in enumerate(y):
        starts, before = [], 0
        for new, tool in zip(anew[i].tolist(), instrument[i].tolist(), strict=True):
            starts.append(tool + 1 if new else -(tool + 1) if tool != before else 0)
            before = tool
        rows = slowly(ratings, None if steps is None else steps[i], both, rule, starts=starts)
        check_rows(found, i, rows)
        assert found.segment is None or found.segment[i].tolist() == np.cumsum(np.array(starts) != 0).tolist()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(caseloads(), priors(), rules(), st.sampled_from([1.0, 5.0, 0.5]))
def test_coarse_scales_fast_and_slow(caseload, prior, rule, step):
    y, steps, _ = caseload
    scale = RatingScale(low=0, high=10 * step, step=step)
    y = [[None if r is None else step * (round(abs(r)) % 11) for r in row] for row in y]
    found = detect(as_array(y), prior=replace(prior, scale=scale), rule=rule, steps=steps)
    for i, ratings in enumerate(y):
        rows = slowly(ratings, None if steps is None else steps[i], [found.prior], rule, scale=(0, 10 * step, step))
        check_rows(found, i, rows)
        for t, row in enumerate(rows):
            if row["p"] is not None and abs(row["p"] - rule.alpha) > 1e-9:
                assert (ratings[t] < found.low[i, t] - 1e-9) == (row["p"] < rule.alpha)
    assert (found.low >= 0).all()
    assert (found.high <= 10 * step).all()
    assert (found.expected <= 10 * step).all()


def check_episodes(fast, slow):
    assert len(fast) == len(slow)
    for number, (one, other) in enumerate(zip(fast, slow, strict=True), start=1):
        assert one.number == number
        for name in ("kind", "onset", "signalled", "nadir", "end", "length", "status", "confirmation"):
            assert getattr(one, name) == other[name], name
        assert one.repaired_at == (other["end"] if other["status"] == "repaired" else None)
        assert one.latency == (None if one.repaired_at is None else one.repaired_at - other["onset"])
        assert one.settled_at == other["settled"]
        assert one.compatible_repair_at == other["compatible"]
        for name, twin in (
            ("depth", "depth"),
            ("rebound", "rebound"),
            ("rebound_next", "rebound_next"),
            ("returned", "returned"),
            ("returned_next", "next"),
        ):
            assert nearly(getattr(one, name), other[twin]), name
        assert one.rebound_range == (
            None if other["range"] is None else pytest.approx(other["range"], rel=1e-8, abs=1e-8)
        )
        assert nearly(one.depth_in_sd, None if other["depth"] is None else other["depth"] / other["s"])


def nearly(fast, slow):
    return fast is slow is None or fast == pytest.approx(slow, rel=1e-9, abs=1e-9)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(caseloads(), priors(), rules())
def test_bounds_hold_for_any_data(caseload, prior, rule):
    y, steps, _ = caseload
    scores = as_array(y)
    found = detect(scores, prior=prior, rule=rule, steps=steps)
    rated = ~np.isnan(scores)
    assert ((found.p[rated] >= 0) & (found.p[rated] <= 1)).all()
    assert (np.isnan(found.p) == ~rated).all()
    assert (found.low <= found.expected).all()
    assert (found.expected <= found.high).all()
    assert (found.states.variance > 0).all()
    assert (found.states.ratio > 0).all()
    assert ((found.states.weight[rated] > 0) & (found.states.weight[rated] <= 1)).all()
    clear = rated & (np.abs(found.p - rule.alpha) > 1e-9)
    assert ((scores < found.low) == (found.p < rule.alpha))[clear].all()
    assert not found.acute[np.cumsum(rated, axis=1) < rule.first_alarm].any()
    assert not (found.erosion & ~rated).any()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(caseloads(), priors())
def test_mirrored_and_moved_series_give_mirrored_and_moved_answers(caseload, prior):
    y, steps, _ = caseload
    scores = as_array(y)
    turned = Prior(
        level=-3 * prior.level + 7,
        level_ratio=prior.level_ratio,
        degrees_of_freedom=prior.degrees_of_freedom,
        variance=9 * prior.variance,
        drift=prior.drift,
        rise=-3 * prior.rise,
        tails=prior.tails,
        calibrated=True,
        source="turned",
    )
    one, other = (
        filter_level(scores, prior=prior, steps=steps),
        filter_level(-3 * scores + 7, prior=turned, steps=steps),
    )
    np.testing.assert_allclose(other.level, -3 * one.level + 7, rtol=1e-8, atol=1e-8)
    np.testing.assert_allclose(other.p, 1 - one.p, rtol=1e-7, atol=1e-9)
    np.testing.assert_allclose(other.variance, 9 * one.variance, rtol=1e-8)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(caseloads(), priors(), rules(), st.integers(0, 13))
def test_later_ratings_change_nothing_before_them(caseload, prior, rule, cut):
    y, _, _ = caseload
    scores = as_array(y)
    cut = min(cut, scores.shape[1])
    whole, part = detect(scores, prior=prior, rule=rule), detect(scores[:, :cut], prior=prior, rule=rule)
    np.testing.assert_array_equal(whole.p[:, :cut], part.p)
    np.testing.assert_array_equal(whole.erosion[:, :cut], part.erosion)
    np.testing.assert_array_equal(follow(whole).status[:, :cut], follow(part).status)


def test_blocks_make_no_difference():
    rng = np.random.default_rng(5)
    y = rng.normal(50, 3, (4200, 3))
    y[rng.random(y.shape) < 0.1] = np.nan
    prior = Prior(level=50, level_ratio=2, degrees_of_freedom=5, variance=9, drift=0.1, calibrated=True, source="drawn")
    steps = rng.random(y.shape)
    whole = filter_level(y, prior=prior, steps=steps)
    for row in (0, 2047, 2048, 4199):
        alone = filter_level(y[row], prior=prior, steps=steps[row])
        np.testing.assert_allclose(whole.level[row], alone.level[0], rtol=1e-13)
        np.testing.assert_allclose(whole.p[row], alone.p[0], rtol=1e-11)
