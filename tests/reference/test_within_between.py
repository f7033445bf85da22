"""Within and between effects: the micro-data by hand, and the clinic against lmerTest; recipe in mixed_sets.R."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from tests.reference.test_mixed import ID, X, Y

from holdfast.process import ProcessModel, Trend, within_between

FIXTURES = Path(__file__).parent / "fixtures"


def test_the_micro_data_as_printed() -> None:
    found = within_between(Y, alliance=X, client=ID)
    assert found.model.fixed[0].value == pytest.approx(14.9)
    assert (found.within.value, found.within.error) == pytest.approx((-0.7098765, 0.03720811), rel=1e-6)
    assert (found.between.value, found.between.error) == pytest.approx((-0.5673651, 0.07419352), rel=1e-6)
    assert found.contextual.value == pytest.approx(-0.5673651 + 0.7098765, rel=1e-5)
    assert found.model.log_likelihood == pytest.approx(-14.000379, abs=1e-6)
    table = found.table()
    assert table["effect"] == ["within", "between", "contextual"]
    assert table["estimate"][0] == found.within.value


def test_the_detrended_slope_is_that_of_client_and_time_dummies() -> None:
    """x less its own line is at right angles to every client's line, so both ways give one slope."""
    time = np.tile(np.arange(5.0), 4)
    found = within_between(Y, alliance=X, client=ID, time=time, model=ProcessModel(trend=Trend.FROM_ALLIANCE))
    dummies = (np.unique(ID)[:, np.newaxis] == ID).T.astype(float)
    columns = np.column_stack([X, dummies, dummies * time[:, np.newaxis]])
    assert found.within.value == pytest.approx(np.linalg.lstsq(columns, Y, rcond=None)[0][0], rel=1e-9)
    lines = np.column_stack([dummies, dummies * time[:, np.newaxis]])
    left = X - lines @ np.linalg.lstsq(lines, X, rcond=None)[0]
    shared = np.linalg.lstsq(np.column_stack([left, time, dummies]), Y, rcond=None)[0]
    assert shared[:2] == pytest.approx([-0.6844444, -0.7250], abs=1e-7)
    assert found.within.value == pytest.approx(-0.6844444, abs=1e-7)


@pytest.mark.parametrize(
    ("case", "trend"),
    [
        ("client", Trend.KEPT),
        ("therapist", Trend.KEPT),
        ("detrended", Trend.FROM_ALLIANCE),
        ("time", Trend.IN_MODEL),
        ("slopes", Trend.KEPT),
    ],
)
def test_the_clinic_agrees_with_lme4(case, trend) -> None:
    with (FIXTURES / "mixed_clinic.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    number = {
        name: np.array([float(row[name].replace("NA", "nan")) for row in rows])
        for name in ("time", "alliance", "outcome")
    }
    found = within_between(
        number["outcome"],
        alliance=number["alliance"],
        client=[row["client"] for row in rows],
        therapist=[row["therapist"] for row in rows] if case == "therapist" else None,
        time=number["time"],
        model=ProcessModel(trend=trend, own_slopes=case == "slopes"),
    )
    assert found.left_out == sum("NA" in (row["alliance"], row["outcome"]) for row in rows) > 0
    wanted = json.loads((FIXTURES / f"mixed_within_{case}.json").read_text(encoding="utf-8"))
    fit = found.model
    assert fit.log_likelihood == pytest.approx(wanted["log_likelihood"], rel=1e-7)
    assert [each.value for each in fit.fixed] == pytest.approx(wanted["fixed"], rel=1e-5, abs=1e-8)
    assert [each.error for each in fit.fixed] == pytest.approx(wanted["errors"], rel=1e-4)
    assert fit.freedom.tolist() == pytest.approx(wanted["freedom"], rel=2e-3)
    told = json.loads((FIXTURES / f"mixed_within_{case}_contextual.json").read_text(encoding="utf-8"))["contextual"]
    both = found.contextual
    mine = [both.value, both.error, found.freedom["contextual"], both.low, both.high]
    assert mine == pytest.approx(told, rel=2e-3)
    assert mine[:2] == pytest.approx(told[:2], rel=1e-4)
