"""The mixed model: against the dense twin, at its edge, and what it refuses."""

import numpy as np
import pytest
from tests.twins.mixed import dense, henderson

from holdfast.errors import MethodError
from holdfast.stats import Estimate, fit_mixed
from holdfast.stats.mixed_profile import profile, sum_up


def _made(seed, *, groups=25, each=7, sds=(2.0, 0.6)):
    rng = np.random.default_rng(seed)
    group = np.repeat(np.arange(groups), each)
    t = rng.normal(size=len(group))
    x = np.column_stack([np.ones(len(group)), t])
    own = rng.normal(size=(groups, 2)) * np.array(sds)
    y = x @ [3.0, 0.5] + np.sum(x * own[group], axis=1) + rng.normal(size=len(group))
    return y, x, group


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("seed", [1, 2])
def test_fast_and_dense_agree(seed, restricted) -> None:
    y, x, group = _made(seed)
    fit = fit_mixed(y, fixed=x, random=x, group=group, restricted=restricted)
    sds = np.array([each.value for each in fit.sds])
    at = {"within": np.outer(sds, sds) * fit.correlations, "residual": fit.residual.value**2}
    likelihood, beta, covariance, own = dense(y, x, x, group, restricted=restricted, **at)
    assert fit.log_likelihood == pytest.approx(likelihood, rel=1e-9)
    assert [each.value for each in fit.fixed] == pytest.approx(beta)
    assert fit.covariance == pytest.approx(covariance)
    assert fit.own == pytest.approx(own)
    for name in ("within", "residual"):
        for factor in (0.9, 1.1):
            assert dense(y, x, x, group, restricted=restricted, **(at | {name: at[name] * factor}))[0] < likelihood
    everything = henderson(x, x, group, **at)
    values, errors = fit.coefficient(random=1, fixed=1)
    picked = np.zeros((25, len(everything)))
    picked[:, 1] = 1.0
    picked[np.arange(25), 3 + 2 * np.arange(25)] = 1.0
    assert errors == pytest.approx(np.sqrt(np.einsum("ia,ab,ib->i", picked, everything, picked)))
    assert values == pytest.approx(beta[1] + own[:, 1])
    assert fit.doubts == ()


@pytest.mark.parametrize("restricted", [True, False])
def test_the_gradient_is_the_slope_of_the_deviance(restricted) -> None:
    y, x, group = _made(3)
    sums = sum_up(y, x, x, group, 25)
    factor = np.array([[1.3, 0.0], [0.2, 0.7]])
    gradient = profile(sums, factor, restricted=restricted).gradient
    for i, j in ((0, 0), (1, 0), (1, 1)):
        step = np.zeros((2, 2))
        step[i, j] = 1e-5
        up, down = (profile(sums, factor + s, restricted=restricted).deviance for s in (step, -step))
        assert gradient[i, j] == pytest.approx((up - down) / 2e-5, rel=1e-6)


def test_intervals_of_spreads_cover_the_truth() -> None:
    covered = []
    for seed in range(40):
        y, x, group = _made(100 + seed, groups=40)
        fit = fit_mixed(y, fixed=x, random=x, group=group)
        truths = (2.0, 0.6, 1.0)
        covered.append([each.covers(t) for each, t in zip((*fit.sds, fit.residual), truths, strict=True)])
        covered[-1] += [fit.fixed[0].covers(3.0), fit.fixed[1].covers(0.5)]
    assert np.mean(covered, axis=0) == pytest.approx(np.full(5, 0.95), abs=0.08)


def test_the_curvature_agrees_with_the_profile() -> None:
    """In a balanced one-way layout the residual's logarithm has the error 1/sqrt(2 (n - groups))."""
    y, x, group = _made(5, sds=(2.0, 0.0))
    fit = fit_mixed(y, fixed=x[:, :1], group=group)
    assert fit.residual.error / fit.residual.value == pytest.approx(1 / np.sqrt(2 * (len(y) - 25)), rel=1e-6)


def test_groups_that_do_not_differ_are_told_as_the_edge() -> None:
    y, x, group = _made(9, groups=12, sds=(0.0, 0.0))
    y = y - np.bincount(group, y)[group] / 7
    fit = fit_mixed(y, fixed=x, group=group)
    assert fit.singular
    assert fit.sds[0].value == pytest.approx(0.0, abs=1e-4)
    assert np.isnan(fit.sds[0].low)
    assert fit.residual.low < fit.residual.value < fit.residual.high
    assert fit.doubts[0].startswith("The model is at its edge")
    assert fit.own == pytest.approx(np.zeros((12, 1)), abs=1e-3)
    assert np.isnan(Estimate(value=0.0, error=0.0, low=0.0, high=0.0).z)
    assert Estimate(value=3.0, error=2.0, low=-1.0, high=7.0).z == 1.5


def test_units_do_not_matter() -> None:
    y, x, group = _made(11)
    plain = fit_mixed(y, fixed=x, random=x, group=group)
    scaled = fit_mixed(1000 * y + 5e5, fixed=x / [1, 50], random=x / [1, 50], group=group)
    assert scaled.fixed[1].value == pytest.approx(plain.fixed[1].value * 5e4)
    assert scaled.sds[1].value == pytest.approx(plain.sds[1].value * 5e4, rel=1e-5)
    assert scaled.own_sd == pytest.approx(plain.own_sd * [1e3, 5e4], rel=1e-5)


def test_few_groups_single_rows_and_missing_values_are_said() -> None:
    y, x, group = _made(12, groups=4)
    y[3] = np.nan
    fit = fit_mixed(y, fixed=x, group=group)
    assert (fit.rows, fit.left_out) == (27, 1)
    assert fit.doubts[0].startswith("Only 4 groups")
    alone = fit_mixed(y, fixed=x, group=np.arange(28))
    assert any(doubt.startswith("Every group has one row") for doubt in alone.doubts)


def test_a_search_that_did_not_rest_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.stats import mixed_search

    monkeypatch.setattr(mixed_search, "STILL", -1.0)
    y, x, group = _made(13)
    assert fit_mixed(y, fixed=x, group=group).doubts[-1].startswith("The search for the most likely model")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"fixed": np.ones((3, 1))}, "differ in shape"),
        ({"random": np.ones((3, 1))}, "random columns have 3 rows"),
        ({"random": np.zeros((8, 1))}, "nothing but 0"),
        ({"fixed": np.ones((8, 2))}, "repeat each other"),
        ({"fixed": np.arange(64.0).reshape(8, 8) ** 1.5}, "8 rows cannot carry 8 columns"),
        ({"fixed": np.column_stack([np.ones(8), np.arange(8)])}, "follow the fixed columns exactly"),
        ({"confidence": 95.0}, "The confidence is 95.0"),
    ],
)
def test_what_is_refused(change, said) -> None:
    given = {"fixed": np.ones((8, 1)), "group": np.repeat([0, 1], 4)} | change
    with pytest.raises(MethodError, match=said):
        fit_mixed(np.arange(8.0), **given)


@pytest.mark.parametrize("slope", [False, True])
def test_groups_without_any_scatter_of_their_own_are_refused(slope):
    group, time = np.repeat(np.arange(6), 4), np.tile(np.arange(4.0), 6)
    y = 3.0 * group + (time if slope else 0.0)
    random = np.column_stack([np.ones(24), time]) if slope else None
    with pytest.raises(MethodError, match="exactly"):
        fit_mixed(y, fixed=np.ones((24, 1)), group=group, random=random)
