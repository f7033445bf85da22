"""Variances drawn toward what is usual, and the factor that keeps a down-weighted variance consistent.

Recipe for the variances: the formulae of Smyth 2004 by hand (worked example, eight variances on 9 degrees of freedom).
Recipe for the factors, in R 4.2, for n and bound k:
  near <- function(c) integrate(function(z) (log1p(c*z^2/n) - log1p(z^2/n))*dt(z, n), -k, k, rel.tol = 1e-11)$value
  far <- function(c) integrate(function(z) (log1p(c*k^2/n) - log1p(z^2/n))*dt(z, n), k, Inf, rel.tol = 1e-10)$value
  uniroot(function(c) near(c) + 2*far(c), c(1, 30), tol = 1e-12)$root
"""

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.stats import shrink_variances, variance_factors, weights
from holdfast.stats.curvature import second_derivatives, standard_errors

S2 = (4, 9, 2.25, 6.25, 1, 16, 4, 5)


def test_the_worked_example_of_eight_variances():
    found = shrink_variances(S2, 9)
    assert found.degrees_of_freedom == pytest.approx(5.249466, abs=5e-7)
    assert found.variance == pytest.approx(4.104971, abs=5e-7)
    shrunk = [4.0387, 7.1967, 2.9334, 5.4598, 2.1439, 11.6179, 4.0387, 4.6703]
    np.testing.assert_allclose(found.shrunken, shrunk, atol=5e-5)
    assert not found.at_bound


def test_variances_that_differ_by_chance_alone_stand_at_the_bound():
    found = shrink_variances([4.0, 4.1, 3.9, 4.05], 9)
    assert (found.degrees_of_freedom, found.at_bound) == (1000.0, True)
    assert np.ptp(found.shrunken) < 0.01


@pytest.mark.parametrize(("s2", "d"), [([4.0], 9), ([4.0, 0.0], 9), ([4.0, 1.0], 0), ([4.0, np.inf], 9)])
def test_variances_that_are_none_are_refused(s2, d):
    with pytest.raises(MethodError, match="two or more"):
        shrink_variances(s2, d)


@pytest.mark.parametrize(
    ("n", "bound", "factor"),
    [(1, 2.5, 2.4197571), (6, 2.5, 1.1070660), (26, 2.5, 1.0371573), (3, 1.5, 1.7747659), (100, 3, 1.0064159)],
)
def test_the_factors_of_r(n, bound, factor):
    assert variance_factors(n, bound, 1)[0] == pytest.approx(factor, abs=2e-6)


def test_factors_fall_toward_one_and_never_pass_ten():
    factors = variance_factors(1.0, 2.5, 200)
    assert (np.diff(factors) < 0).all()
    assert 1.02 < factors[-1] < 1.03
    assert variance_factors(0.01, 2.5, 1)[0] == 10.0
    assert variance_factors(1e12, 2.5, 1)[0] == pytest.approx(1.022957, abs=1e-5)


def test_a_search_that_is_cut_short_gives_what_it_has(monkeypatch):
    monkeypatch.setattr(weights, "STEPS", 1)
    assert 1.0 < variance_factors.__wrapped__(6.0, 2.5, 1)[0] < 1.107066


def test_standard_errors_of_a_known_curvature():
    matrix = np.array([[4.0, 1.0], [1.0, 2.0]])
    found = second_derivatives(lambda x: float(x @ matrix @ x) / 2, np.array([0.3, -0.2]))
    np.testing.assert_allclose(found, matrix, atol=1e-8)
    both = standard_errors(matrix, np.array([True, True]))
    np.testing.assert_allclose(both, np.sqrt([2 / 7, 4 / 7]))
    assert standard_errors(matrix, np.array([True, False])).tolist() == [0.5, 0.0]
    assert standard_errors(-matrix, np.array([True, True])).tolist() == [0.0, 0.0]
    assert standard_errors(np.diag([4.0, 0.01]), np.array([True, True])).tolist() == [0.5, 0.0]
    assert standard_errors(matrix, np.array([False, False])).tolist() == [0.0, 0.0]
