"""The mixed model: against the dense twin, at its edge, and what it refuses."""

import numpy as np
import pytest
from tests.twins.mixed import dense, henderson

from holdfast.errors import MethodError
from holdfast.stats import Above, Columns, Estimate, MixedSettings, fit_mixed, fit_sums, sum_groups
from holdfast.stats.mixed.design import make_design
from holdfast.stats.mixed.factors import factors_of, profile


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
    fit = fit_mixed(y, fixed=x, random=x, group=group, settings=MixedSettings(restricted=restricted))
    sds = np.array([each.value for each in fit.groups.sds])
    at = {"within": np.outer(sds, sds) * fit.groups.correlations, "residual": fit.residual.value**2}
    likelihood, beta, covariance, own = dense(y, x, x, group, restricted=restricted, **at)
    assert fit.log_likelihood == pytest.approx(likelihood, rel=1e-9)
    assert [each.value for each in fit.fixed] == pytest.approx(beta)
    assert fit.covariance == pytest.approx(covariance)
    assert fit.groups.own == pytest.approx(own)
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
    above = group // 5
    sums = sum_groups(np.column_stack([x, y]), group=group, above=above)
    design = make_design(sums, Columns(response=2, fixed=(0, 1), random=(0, 1), above=(0, 1)))
    at = np.array([1.3, 0.2, 0.7, 0.8, -0.3, 0.4])
    gradient = profile(design, factors_of(at, design), restricted=restricted).gradient
    for step, slope in zip(np.eye(6) * 1e-5, gradient, strict=True):
        up, down = (profile(design, factors_of(at + s, design), restricted=restricted).deviance for s in (step, -step))
        assert slope == pytest.approx((up - down) / 2e-5, rel=1e-5)


def test_intervals_of_spreads_cover_the_truth() -> None:
    covered = []
    for seed in range(40):
        y, x, group = _made(100 + seed, groups=40)
        fit = fit_mixed(y, fixed=x, random=x, group=group)
        truths = (2.0, 0.6, 1.0)
        covered.append([each.covers(t) for each, t in zip((*fit.groups.sds, fit.residual), truths, strict=True)])
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
    assert fit.groups.sds[0].value == pytest.approx(0.0, abs=1e-4)
    assert np.isnan(fit.groups.sds[0].low)
    assert fit.residual.low < fit.residual.value < fit.residual.high
    assert fit.doubts[0].startswith("The model is at its edge")
    assert fit.groups.own == pytest.approx(np.zeros((12, 1)), abs=1e-3)
    assert np.isnan(Estimate(value=0.0, error=0.0, low=0.0, high=0.0).z)
    assert Estimate(value=3.0, error=2.0, low=-1.0, high=7.0).z == 1.5


def test_units_do_not_matter() -> None:
    y, x, group = _made(11)
    plain = fit_mixed(y, fixed=x, random=x, group=group)
    scaled = fit_mixed(1000 * y + 5e5, fixed=x / [1, 50], random=x / [1, 50], group=group)
    assert scaled.fixed[1].value == pytest.approx(plain.fixed[1].value * 5e4)
    assert scaled.groups.sds[1].value == pytest.approx(plain.groups.sds[1].value * 5e4, rel=1e-5)
    assert scaled.groups.own_sd == pytest.approx(plain.groups.own_sd * [1e3, 5e4], rel=1e-5)


def test_few_groups_single_rows_and_missing_values_are_said() -> None:
    y, x, group = _made(12, groups=4)
    y[3] = np.nan
    fit = fit_mixed(y, fixed=x, group=group)
    assert (fit.rows, fit.left_out) == (27, 1)
    assert fit.doubts[0].startswith("Only 4 groups")
    alone = fit_mixed(y, fixed=x, group=np.arange(28))
    assert any(doubt.startswith("Every group has one row") for doubt in alone.doubts)


def test_a_search_that_did_not_rest_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.stats.mixed import search as mixed_search

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
        ({"settings": MixedSettings(confidence=95.0)}, "The confidence is 95.0"),
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


def _nested(seed):
    """25 groups in 5 larger ones, which differ too."""
    y, x, group = _made(seed)
    rng = np.random.default_rng(seed)
    return y + rng.normal(size=5)[group // 5] * 2.0, x, group, group // 5


def test_sums_of_two_halves_added_are_the_sums_of_the_whole() -> None:
    y, x, group, above = _nested(21)
    columns = np.column_stack([x, y + 1e6])
    whole = sum_groups(columns, group=group, above=above)
    cut = 80  # in the middle of a group
    halves = [
        sum_groups(columns[part], group=group[part], above=above[part]) for part in (slice(cut), slice(cut, None))
    ]
    added = halves[1] + halves[0]
    assert added.names.tolist() == whole.names.tolist()
    assert added.above.tolist() == whole.above.tolist()
    assert added.count.tolist() == whole.count.tolist()
    assert added.means == pytest.approx(whole.means, rel=1e-14)
    assert added.scatter == pytest.approx(whole.scatter, rel=1e-9, abs=1e-9)
    model = Columns(response=2, fixed=(0, 1), random=(0, 1), above=(0,))
    one, other = fit_sums(whole, model), fit_sums(added, model)
    assert other.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-10)
    direct = fit_mixed(y + 1e6, fixed=x, group=group, random=x, above=Above(group=above))
    assert direct.log_likelihood == pytest.approx(one.log_likelihood, rel=1e-12)
    assert direct.fixed[0].value - 1e6 == pytest.approx(
        fit_mixed(y, fixed=x, group=group, random=x, above=Above(group=above)).fixed[0].value, abs=1e-6
    )


@pytest.mark.parametrize("restricted", [True, False])
def test_two_levels_agree_with_the_model_written_out(restricted) -> None:
    """V of a larger group written out: Z within Z' of its groups, and of itself; rows of one block."""
    y, x, group, above = _nested(22)
    fit = fit_mixed(
        y,
        fixed=x,
        group=group,
        random=x,
        above=Above(group=above, random=x),
        settings=MixedSettings(restricted=restricted),
    )
    spreads = []
    for level in (fit.groups, fit.above):
        sds = np.array([each.value for each in level.sds])
        spreads.append(np.outer(sds, sds) * np.nan_to_num(level.correlations, nan=0.0))
    same = [labels[:, np.newaxis] == labels for labels in (group, above)]
    v = sum((x @ spread @ x.T) * both for spread, both in zip(spreads, same, strict=True))
    v = v + fit.residual.value**2 * np.eye(len(y))
    inverse = np.linalg.inv(v)
    xvx = x.T @ inverse @ x
    beta = np.linalg.solve(xvx, x.T @ inverse @ y)
    left = y - x @ beta
    deviance = np.linalg.slogdet(v)[1] + left @ inverse @ left + (len(y) - 2 * restricted) * np.log(2 * np.pi)
    deviance += restricted * np.linalg.slogdet(xvx)[1]
    assert fit.log_likelihood == pytest.approx(-deviance / 2, rel=1e-8)
    assert [each.value for each in fit.fixed] == pytest.approx(beta)
    assert fit.covariance == pytest.approx(np.linalg.inv(xvx))
    for level, spread, labels in zip((fit.groups, fit.above), spreads, (group, above), strict=True):
        own = [spread @ x.T @ ((labels == name) * (inverse @ left)) for name in level.names]
        assert level.own == pytest.approx(np.array(own), abs=1e-6)
        rows = x * (labels == level.names[1])[:, np.newaxis]
        conditional = spread - spread @ rows.T @ inverse @ rows @ spread
        assert level.own_sd[1] == pytest.approx(np.sqrt(np.diag(conditional)), rel=1e-5, abs=1e-5)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"group": np.zeros(8)}, "one group alone"),
        ({"above": Above(group=np.zeros(8))}, "one larger group alone"),
        ({"above": Above(group=np.arange(8) % 2)}, "Groups that lie in more than one larger group: 4"),
        ({"y": np.full(8, np.nan)}, "No row has all its values"),
        ({"y": np.full(8, 3.1)}, "needs some scatter"),
        ({"y": np.array([np.inf, 1, 2, 3, 4, 5, 6, 7])}, "infinite value"),
        ({"fixed": np.column_stack([np.ones(8), np.arange(8), 2.0 + np.arange(8)])}, "repeat each other"),
        ({"group": np.arange(8)}, None),
    ],
)
def test_bad_data_is_one_sentence(change, said) -> None:
    given = {"y": np.array([1.0, 3, 2, 5, 4, 7, 1, 0]), "fixed": np.ones((8, 1)), "group": np.arange(8) // 2} | change
    if said is None:
        assert any(doubt.startswith("Every group has one row") for doubt in fit_mixed(**given).doubts)
        return
    with pytest.raises(MethodError, match=said) as refused:
        fit_mixed(**given)
    assert "\n" not in str(refused.value)


def test_autocorrelated_errors_agree_with_the_model_written_out() -> None:
    """Uneven gaps: rho^gap in a V written out, at the fit and beside it; the interval holds what was planted."""
    rng = np.random.default_rng(31)
    group, gap = np.repeat(np.arange(40), 8), rng.uniform(0.5, 2.0, 320)
    time, error = np.zeros(320), rng.normal(size=320)
    for i in range(320):
        if i % 8:
            a = 0.6 ** gap[i]
            time[i], error[i] = time[i - 1] + gap[i], a * error[i - 1] + np.sqrt(1 - a * a) * error[i]
    x = np.column_stack([np.ones(320), time])
    y = 5.0 + 0.3 * time + rng.normal(size=40)[group] + error
    mixed = rng.permutation(320)
    settings = MixedSettings(restricted=False, time=time[mixed])
    fit = fit_mixed(y[mixed], fixed=x[mixed], group=group[mixed], settings=settings)

    def likelihood(rho, own, residual):
        same = group[:, np.newaxis] == group
        v = same * (own**2 + residual**2 * rho ** np.abs(time[:, np.newaxis] - time))
        left = y - x @ [each.value for each in fit.fixed]
        return -(np.linalg.slogdet(v)[1] + left @ np.linalg.solve(v, left) + 320 * np.log(2 * np.pi)) / 2

    at = (fit.serial.value, fit.groups.sds[0].value, fit.residual.value)
    assert fit.log_likelihood == pytest.approx(likelihood(*at), rel=1e-9)
    for i in range(3):
        for factor in (0.98, 1.02):
            assert likelihood(*(each * factor if i == j else each for j, each in enumerate(at))) < fit.log_likelihood
    assert fit.serial.covers(0.6)
    assert fit.method.endswith("AR(1)")
    assert fit.groups.names.tolist() == list(range(40))


@pytest.mark.parametrize(
    ("time", "said"),
    [
        (np.zeros(8), "repeat a time in their group: 4"),
        (np.arange(3.0), "another length"),
        (np.full(8, np.nan), "No row has all its values"),
    ],
)
def test_times_that_do_not_serve_are_refused(time, said) -> None:
    y, group = np.array([1.0, 3, 2, 5, 4, 7, 1, 0]), np.arange(8) // 2
    with pytest.raises(MethodError, match=said):
        fit_mixed(y, fixed=np.ones((8, 1)), group=group, settings=MixedSettings(time=time))
    with pytest.raises(MethodError, match="Every group has one row"):
        fit_mixed(y, fixed=np.ones((8, 1)), group=np.arange(8), settings=MixedSettings(time=np.arange(8.0)))


def test_errors_that_turn_about_have_an_autocorrelation_below_0() -> None:
    rng = np.random.default_rng(32)
    group, time = np.repeat(np.arange(60), 8), np.tile(np.arange(8.0), 60)
    error = rng.normal(size=480)
    for i in range(480):
        if i % 8:
            error[i] = -0.5 * error[i - 1] + np.sqrt(0.75) * error[i]
    y = rng.normal(size=60)[group] + error
    fit = fit_mixed(y, fixed=np.ones((480, 1)), group=group, settings=MixedSettings(time=time))
    assert fit.serial.covers(-0.5)
    assert fit.serial.high < 0.0


@pytest.mark.parametrize("seed", [41, 42])
def test_many_blocks_and_a_part_of_them_lead_to_the_same_end(seed, monkeypatch: pytest.MonkeyPatch) -> None:
    from holdfast.stats.mixed import design as mixed_design
    from holdfast.stats.mixed import search as mixed_search

    y, x, group = _made(seed, groups=400)
    above = group // 4
    y = y + np.sum(x * np.random.default_rng(seed).normal(size=(100, 2))[above], axis=1)
    given = {"fixed": x, "group": group, "random": x, "above": Above(group=above, random=x)}
    whole = fit_mixed(y, **given)
    monkeypatch.setattr(mixed_design, "BLOCK", 10)
    monkeypatch.setattr(mixed_search, "MANY", 4)
    parted = fit_mixed(y, **given)
    assert len(whole.design.blocks) == 1
    assert len(parted.design.blocks) > 30
    assert parted.log_likelihood == pytest.approx(whole.log_likelihood, rel=1e-10)
    assert [each.value for each in parted.fixed] == pytest.approx([each.value for each in whole.fixed], rel=1e-6)
    assert [each.error for each in parted.groups.sds] == pytest.approx(
        [each.error for each in whole.groups.sds], rel=1e-4
    )
    assert parted.groups.own == pytest.approx(whole.groups.own, abs=1e-5)
    assert parted.above.names.tolist() == list(range(100))
    shuffled = np.random.default_rng(seed).permutation(400)  # names whose order is not that of their larger groups
    renamed = fit_mixed(y, **(given | {"group": shuffled[group]}))
    assert renamed.groups.own[shuffled] == pytest.approx(whole.groups.own, abs=1e-5)
