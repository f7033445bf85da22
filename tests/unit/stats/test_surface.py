"""The surface: its doubts, its interval, and what it refuses."""

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.stats import fit_surface


def _made(seed=1, n=200, bend=-0.5):
    rng = np.random.default_rng(seed)
    x, y = rng.normal(size=(2, n))
    return bend * (x - y) ** 2 + x + rng.normal(0, 0.5, n), x, y


def test_doubts_of_a_flat_surface() -> None:
    z, x, y = _made(bend=0.0)
    found = fit_surface(z, x=x, y=y, group=np.repeat(np.arange(20), 10))
    assert found.doubts[0].startswith("The surface is nearly flat or a ridge")
    assert found.doubts[1].startswith("b4 is within two errors of 0")
    assert found.doubts[-1].startswith("Only 20 groups")
    assert found.groups == 20
    assert found.method.endswith("errors by group")


def test_a_hill_has_no_doubts_and_missing_rows_are_counted() -> None:
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(2, 400))
    z = -(x**2) - y**2 + 0.5 * x * y + 0.2 * x + rng.normal(0, 0.3, 400)
    x[5] = np.nan
    found = fit_surface(z, x=x, y=y)
    assert (found.rows, found.left_out, found.groups, found.doubts) == (399, 1, None, ())
    half = (found.shape["a4"].high - found.shape["a4"].low) / 2
    assert half / found.shape["a4"].error == pytest.approx(1.966, abs=0.001)  # Student, 393 degrees of freedom
    assert found.shape["a4"].covers(-2.5)


def test_an_outcome_that_never_varies_explains_nothing() -> None:
    _, x, y = _made()
    assert np.isnan(fit_surface(np.zeros(200), x=x, y=y).explained)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"x": np.ones(3)}, "differ in shape"),
        ({"group": np.ones(3)}, "differ in shape"),
        ({"confidence": 1.0}, "The confidence is 1.0"),
        ({"x": np.full(200, np.nan)}, "0 rows cannot carry a surface"),
        ({"x": np.ones(200)}, "do not vary apart enough"),
        ({"group": np.ones(200)}, "All rows belong to one group"),
    ],
)
def test_what_is_refused(change, said) -> None:
    z, x, y = _made()
    with pytest.raises(MethodError, match=said):
        fit_surface(z, **({"x": x, "y": y} | change))
