"""The mixed model against lme4; recipe in mixed.R."""

import csv
import json
import os
from pathlib import Path

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.stats import Above, MixedSettings, fit_mixed
from holdfast.stats.mixed.profile import profile_intervals

X = np.array([40, 42, 44, 43, 46, 50, 49, 52, 53, 51, 55, 58, 57, 59, 61, 48, 45, 47, 50, 49.0])
Y = np.array([20, 19, 18, 18, 16, 15, 16, 14, 13, 14, 12, 10, 11, 9, 8, 17, 19, 18, 15, 16.0])
ID = np.repeat([1, 2, 3, 4], 5)
OWN_MEAN = X.reshape(4, 5).mean(axis=1)[ID - 1]
COLUMNS = np.column_stack([np.ones(20), X - OWN_MEAN, OWN_MEAN - X.mean()])


@pytest.mark.parametrize(
    ("restricted", "fixed", "errors", "variances", "log_likelihood", "aic"),
    [
        (
            True,
            [14.9, -0.70987654321, -0.567365143482],
            [0.404388731116, 0.037208109825, 0.0741935227197],
            [0.6361785964743, 0.0897119347013],
            -14.000378861,
            38.000757722,
        ),
        (
            False,
            [14.9, -0.70987654321, -0.567365143482],
            [0.285946020604, 0.036026597312, 0.0524627442455],
            [0.3102395191462, 0.0841049382593],
            -9.55690635208,
            29.1138127042,
        ),
    ],
)
def test_four_people_within_and_between(restricted, fixed, errors, variances, log_likelihood, aic) -> None:
    fit = fit_mixed(Y, fixed=COLUMNS, group=ID, settings=MixedSettings(restricted=restricted))
    assert [each.value for each in fit.fixed] == pytest.approx(fixed, rel=1e-10)
    assert [each.error for each in fit.fixed] == pytest.approx(errors, rel=1e-6)
    assert [fit.groups.sds[0].value ** 2, fit.residual.value**2] == pytest.approx(variances, rel=1e-6)
    assert fit.log_likelihood == pytest.approx(log_likelihood, rel=1e-10)
    assert fit.aic == pytest.approx(aic, rel=1e-10)


def test_the_printed_digits_of_the_micro_data() -> None:
    fit = fit_mixed(Y, fixed=COLUMNS, group=ID)
    assert [round(each.error, 8) for each in fit.fixed] == pytest.approx([0.40438874, 0.03720811, 0.07419352], abs=2e-8)
    assert fit.groups.sds[0].value ** 2 == pytest.approx(0.63617863, abs=2e-8)
    assert fit.residual.value**2 == pytest.approx(0.08971193, abs=2e-8)
    ones = np.column_stack([np.ones(20), X])
    assert np.linalg.lstsq(ones, Y, rcond=None)[0][1] == pytest.approx(-0.5813795, abs=5e-8)


def _twelve():
    g, t, i = np.repeat(np.arange(1, 13), 6), np.tile(np.arange(6.0), 12), np.arange(1, 73)
    v = np.round(10 + 3 * np.sin(2.3 * g) + (1 + 0.8 * np.cos(1.7 * g)) * t + 1.5 * np.sin(12.9898 * i), 6)
    return v, np.column_stack([np.ones(72), t]), g


@pytest.mark.parametrize(
    ("restricted", "errors", "sds", "correlation", "residual", "log_likelihood", "own", "own_sd"),
    [
        (
            True,
            [0.912027662857, 0.203032227305],
            [3.152874327793, 0.700143810067],
            -0.207841391756,
            0.279489194084,
            -77.0754119221,
            [[2.9979576213, -0.0284139257114], [1.13730406786, -0.177700981865]],
            [0.20141709183, 0.0664708268153],
        ),
        (
            False,
            [0.873199944209, 0.194388571845],
            [3.018082295726, 0.670059201294],
            -0.207506577904,
            0.279489194411,
            -77.159795302,
            [[2.99703337757, -0.0281921279469], [1.13665350702, -0.177489088354]],
            [0.201338514791, 0.0664398435097],
        ),
    ],
)
def test_own_intercepts_and_slopes(restricted, errors, sds, correlation, residual, log_likelihood, own, own_sd) -> None:
    v, columns, g = _twelve()
    fit = fit_mixed(v, fixed=columns, random=columns, group=g, settings=MixedSettings(restricted=restricted))
    assert [each.value for each in fit.fixed] == pytest.approx([10.2402701429, 0.976030726191], rel=1e-9)
    assert [each.error for each in fit.fixed] == pytest.approx(errors, rel=1e-6)
    assert [each.value for each in fit.groups.sds] == pytest.approx(sds, rel=1e-6)
    assert fit.groups.correlations[0, 1] == pytest.approx(correlation, rel=1e-5)
    assert fit.residual.value == pytest.approx(residual, rel=1e-7)
    assert fit.log_likelihood == pytest.approx(log_likelihood, rel=1e-9)
    assert fit.groups.own[[0, 11]] == pytest.approx(np.array(own), rel=1e-5)
    assert fit.groups.own_sd[0] == pytest.approx(own_sd, rel=1e-5)


@pytest.mark.skipif(
    "HOLDFAST_TEST_BTHEB" not in os.environ,
    reason="the BtheB data are GPL-2 and not part of Holdfast; mixed.R writes them where HOLDFAST_TEST_BTHEB says",
)
def test_btheb() -> None:
    with Path(os.environ["HOLDFAST_TEST_BTHEB"]).open(encoding="utf-8") as file:
        people = list(csv.DictReader(file))
    rows = [
        (i, float(p["bdi.pre"]), month, p["treatment"] == "BtheB", p["drug"] == "Yes", p["length"] == ">6m", p[column])
        for i, p in enumerate(people)
        for month, column in ((2, "bdi.2m"), (3, "bdi.3m"), (5, "bdi.5m"), (8, "bdi.8m"))
    ]
    y = np.array([np.nan if row[-1] == "NA" else float(row[-1]) for row in rows])
    columns = np.array([[1.0, *map(float, row[1:-1])] for row in rows])
    fit = fit_mixed(y, fixed=columns, group=[row[0] for row in rows], settings=MixedSettings(restricted=False))
    assert (fit.rows, fit.left_out) == (280, 120)
    wanted = [5.5924, 0.6397, -0.7048, -2.3291, -2.8250, 0.1971]
    assert [each.value for each in fit.fixed] == pytest.approx(wanted, abs=6e-5)
    assert (fit.groups.sds[0].value, fit.residual.value) == pytest.approx((6.9841, 5.0140), abs=6e-5)
    assert fit.log_likelihood == pytest.approx(-935.74598, abs=6e-6)
    assert fit.aic == pytest.approx(1887.5, abs=0.05)


FIXTURES = Path(__file__).parent / "fixtures"
CASES = {
    "clinic": ("outcome", ("time", "alliance"), ("time",), ("time",)),
    "short": ("outcome", ("alliance",), (), ()),
    "pairs": ("therapist_alliance", ("alliance", "time"), ("alliance",), None),
    "micro": None,
}
"""Name -> response, fixed columns, random ones of clients, random ones of therapists (None: no therapists)."""


def _table(name):
    """The columns of a fixture: text as given, numbers with nan."""
    with (FIXTURES / f"mixed_{name}.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    table = {key: np.array([row[key] for row in rows]) for key in ("client", "therapist")}
    numbers = ("time", "alliance", "therapist_alliance", "outcome")
    return table | {key: np.array([np.nan if row[key] == "NA" else float(row[key]) for row in rows]) for key in numbers}


def _fitted(name, *, restricted):
    settings = MixedSettings(restricted=restricted)
    if CASES[name] is None:
        return fit_mixed(Y, fixed=COLUMNS, group=ID.astype(str), settings=settings)
    response, fixed, random, above = CASES[name]
    table = _table(name)

    def columns(names):
        return np.column_stack([np.ones(len(table["client"])), *(table[each] for each in names)])

    return fit_mixed(
        table[response],
        fixed=columns(fixed),
        group=table["client"],
        random=columns(random),
        above=None if above is None else Above(group=table["therapist"], random=columns(above)),
        settings=settings,
    )


@pytest.mark.parametrize("restricted", [True, False])
@pytest.mark.parametrize("name", CASES)
def test_everything_agrees_with_lme4_and_lmertest(name, restricted) -> None:
    wanted = json.loads((FIXTURES / f"mixed_{name}_{'reml' if restricted else 'ml'}.json").read_text(encoding="utf-8"))
    fit = _fitted(name, restricted=restricted)
    assert fit.log_likelihood == pytest.approx(wanted["log_likelihood"], rel=1e-7)
    assert fit.log_likelihood > wanted["log_likelihood"] - 1e-7
    assert [each.value for each in fit.fixed] == pytest.approx(wanted["fixed"], rel=1e-5)
    assert [each.error for each in fit.fixed] == pytest.approx(wanted["errors"], rel=1e-4)
    assert fit.freedom.tolist() == pytest.approx(wanted["freedom"], rel=2e-3)
    above = fit.above.sds if fit.above else ()
    sds = [each.value for each in (*fit.groups.sds, *above, fit.residual)]
    assert sds == pytest.approx(wanted["sds"], rel=1e-4, abs=1e-4 if wanted["singular"] else 0)
    correlations = [each.correlations[1, 0] for each in (fit.groups, fit.above) if each and len(each.sds) > 1]
    assert correlations == pytest.approx(wanted["correlations"], rel=1e-3)
    assert fit.singular == wanted["singular"]
    third = fit.groups.names.tolist().index(wanted["client"])
    assert fit.groups.own[third] == pytest.approx(wanted["own"], rel=1e-4)
    assert fit.groups.own_sd[third] == pytest.approx(wanted["own_sd"], rel=1e-4)


def test_profile_intervals_are_those_of_lme4() -> None:
    wanted = json.loads((FIXTURES / "mixed_micro_profile.json").read_text(encoding="utf-8"))
    found = profile_intervals(_fitted("micro", restricted=False))
    assert found.groups[0] == pytest.approx(wanted[".sig01"], rel=1e-6)
    assert found.residual == pytest.approx(wanted[".sigma"], rel=1e-6)
    for ends, name in zip(found.fixed, ("(Intercept)", "within", "between"), strict=True):
        assert ends == pytest.approx(wanted[name], rel=1e-6)


def test_a_profile_interval_reaches_zero_where_the_curvature_says_nothing() -> None:
    fit = _fitted("short", restricted=False)
    assert fit.singular
    assert np.isnan(fit.above.sds[0].high)
    low, high = profile_intervals(fit).above[0]
    assert low == 0.0
    assert 1.0 < high < 2.5
    with pytest.raises(MethodError, match="Profile intervals are of maximum likelihood"):
        profile_intervals(_fitted("short", restricted=True))


def test_autocorrelated_errors_agree_with_nlme() -> None:
    wanted = json.loads((FIXTURES / "mixed_serial_reml.json").read_text(encoding="utf-8"))
    table = _table("serial")
    settings = MixedSettings(time=table["time"])
    columns = np.column_stack([np.ones(len(table["time"])), table["time"]])
    fit = fit_mixed(table["alliance"], fixed=columns, group=table["client"], settings=settings)
    assert fit.left_out == np.isnan(table["alliance"]).sum() > 0
    assert fit.log_likelihood == pytest.approx(wanted["log_likelihood"], rel=1e-7)
    assert [each.value for each in fit.fixed] == pytest.approx(wanted["fixed"], rel=1e-5)
    assert [each.error for each in fit.fixed] == pytest.approx(wanted["errors"], rel=1e-4)
    assert fit.serial.value == pytest.approx(wanted["rho"][0], rel=1e-4)
    assert [fit.groups.sds[0].value, fit.residual.value] == pytest.approx(wanted["sds"], rel=1e-4)
    plain = fit_mixed(table["alliance"], fixed=columns, group=table["client"])
    assert fit.log_likelihood > plain.log_likelihood + 10.0
    assert fit.parameters == plain.parameters + 1
