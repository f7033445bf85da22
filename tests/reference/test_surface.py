"""The response surface against lm, the delta method by hand and the CR1 sandwich in R; recipe in surface.R."""

import numpy as np
import pytest

from holdfast.stats import fit_surface

I = np.arange(1, 61)  # noqa: E741
X = np.round(2 * np.sin(1.3 * I), 6)
Y = np.round(X * 0.5 + 1.5 * np.cos(2.9 * I), 6)
G = np.repeat(np.arange(15), 4)
Z = np.round(3 + 0.4 * X + 0.5 * Y - 0.3 * X**2 + 0.5 * X * Y - 0.35 * Y**2 + 0.8 * np.sin(7.7 * I), 6)

B = [2.98735092931, 0.438810321301, 0.494663857582, -0.298780411606, 0.513856283288, -0.34435076883]
ERRORS = [0.167868842237, 0.0649049532392, 0.0737200066081, 0.0634558796256, 0.107963119996, 0.0959468847587]
BY_GROUP = [0.0968727449072, 0.0805947526531, 0.0255568966762, 0.0497150817132, 0.0759163945651, 0.0778337123659]
SHAPE = {
    "a1": (0.933474178883, 0.0658408306063, 0.0832373991102),
    "a2": (-0.129274897148, 0.0652401427034, 0.0414687739885),
    "a3": (-0.0558535362808, 0.122309319693, 0.0858421437012),
    "a4": (-1.15698746372, 0.232651113201, 0.163332117882),
    "a5": (0.0455703572233, 0.0944962096619, 0.0928662007974),
    "x0": (3.77235741445, 2.06195221397, 1.18420794056),
    "y0": (3.53289964485, 1.7847206677, 1.25781341837),
    "p10": (0.080281344534, 0.113873707903, 0.0936056807784),
    "p11": (0.915241564092, 0.158742465658, 0.162355687611),
}


@pytest.mark.parametrize(("group", "errors", "which"), [(None, ERRORS, 1), (G, BY_GROUP, 2)])
def test_as_in_r(group, errors, which) -> None:
    found = fit_surface(Z, x=X, y=Y, group=group)
    assert [each.value for each in found.coefficients.values()] == pytest.approx(B, rel=1e-9)
    assert [each.error for each in found.coefficients.values()] == pytest.approx(errors, rel=1e-9)
    assert found.explained == pytest.approx(0.813759087289, rel=1e-10)
    for name, numbers in SHAPE.items():
        assert (found.shape[name].value, found.shape[name].error) == pytest.approx(
            (numbers[0], numbers[which]), rel=1e-8
        )
