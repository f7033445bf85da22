"""The constructed 16-session series: every digit of the detector, the two alarms, the repair.

Recipe: one dictionary per session by the formulae of docs/explanation/the-detector.md, m0 = 47, C0 = 4, n0 = 6,
S0 = 4, q = .05, robust 2.5, the plain recursion (consistent=False), CUSUM slack .75 and limit 2.0369. Numbers are
printed to half a unit of the last digit.
"""

import numpy as np
import pytest

from holdfast.alliance import Prior, RepairStatus, Rule, course

SCORES = [47, 49, 48, 50, 51, 50, 52, 44, 49, 52, 53, 52, 47, 45, 46, 51]
PRIOR = Prior(
    level=47,
    level_ratio=4,
    degrees_of_freedom=6,
    variance=4,
    drift=0.05,
    calibrated=True,
    source="made up for the example",
)
# session: forecast, scale, z, p, weight, W, level, ratio, variance
TABLE = {
    1: (47.0000, 4.4721, 0, 0.50000, 1, 0, 47.0000, 0.80000, 3.4286),
    2: (47.0000, 2.5185, 0.7941, 0.77340, 1, 0, 47.9189, 0.45946, 3.2703),
    3: (47.9189, 2.2218, 0.0365, 0.51411, 1, 0, 47.9463, 0.33751, 2.9074),
    4: (47.9463, 2.0085, 1.0225, 0.83338, 1, 0, 48.5199, 0.27929, 2.9206),
    7: (49.3328, 1.9154, 1.3925, 0.90548, 1, 0, 49.9153, 0.21839, 3.0747),
    8: (49.9153, 1.9748, -2.9954, 0.00517, 0.6966, 1.8146, 48.9836, 0.22612, 4.2277),
    9: (48.9836, 2.3227, 0.0071, 0.50277, 1, 1.0576, 48.9871, 0.21637, 3.9459),
    13: (50.6621, 2.3263, -1.5743, 0.06642, 1, 0.7530, 49.9199, 0.20267, 4.6505),
    14: (49.9199, 2.4136, -2.0384, 0.02784, 1, 1.9166, 48.9276, 0.20170, 5.3841),
    15: (48.9276, 2.5960, -1.1277, 0.13639, 1, 2.2633, 48.3389, 0.20109, 5.4538),
    16: (48.3389, 2.6121, 1.0188, 0.84004, 1, 0, 48.8730, 0.20070, 5.4632),
}
DIGITS = (4, 4, 4, 5, 4, 4, 4, 5, 4)


@pytest.fixture(scope="module")
def found():
    return course(SCORES, prior=PRIOR, rule=Rule(consistent=False))


@pytest.mark.parametrize("session", TABLE)
def test_every_printed_digit(found, session):
    detection, t = found.detection, session - 1
    states = detection.states
    arrays = (states.forecast, states.scale, states.z, states.p, states.weight, detection.cusum)
    arrays += (states.level, states.ratio, states.variance)
    for array, expected, digits in zip(arrays, TABLE[session], DIGITS, strict=True):
        assert array[0, t] == pytest.approx(expected, abs=0.5000001 * 10**-digits)


def test_one_acute_signal_at_8_and_one_of_erosion_at_15(found):
    assert np.flatnonzero(found.detection.acute[0]) + 1 == [8]
    assert np.flatnonzero(found.detection.erosion[0]) + 1 == [15]
    assert found.detection.p[0, 7] > 0.005


def test_the_rupture_of_session_8_is_repaired_at_11(found):
    first = found.episodes.all[0]
    assert (first.kind, first.onset + 1, first.nadir + 1) == ("acute", 8, 8)
    assert first.baseline == pytest.approx(49.9153, abs=5e-5)
    assert first.baseline - 0.5 * np.sqrt(found.detection.states.variance[0, 6]) == pytest.approx(49.0386, abs=5e-5)
    np.testing.assert_allclose(found.episodes.repair_probability[0, 8:11], [0.4782, 0.7291, 0.9007], atol=5e-5)
    assert (first.status, first.repaired_at + 1, first.compatible_repair_at + 1) == (RepairStatus.REPAIRED, 11, 10)
    assert (first.length, first.end) == (4, 10)


def test_the_level_would_have_been_back_at_session_12_too():
    strict = course(SCORES, prior=PRIOR, rule=Rule(consistent=False, repair_probability=0.99))
    np.testing.assert_allclose(strict.episodes.repair_probability[0, 11], 0.9496, atol=5e-5)


def test_the_slide_began_at_13_and_is_half_back_at_16(found):
    second = found.episodes.all[1]
    assert (second.kind, second.onset + 1, second.signalled + 1, second.nadir + 1) == ("erosion", 13, 15, 14)
    assert (second.status, second.end, second.length) == (RepairStatus.PARTLY, None, 4)
    assert found.episodes.number[0].tolist() == [0] * 7 + [1] * 4 + [0] * 3 + [2] * 2
    known = [RepairStatus.from_code(code) for code in found.episodes.status[0].tolist()]
    assert known[7:11] == ["open", "partly", "partly", "repaired"]


def test_chance_alone_gives_back_most_of_the_drop(found):
    # every weight 1 (decision 0066): R = .21839 + .05; the level goes to 49.9153 - .26839/1.26839*5.9153 = 48.6636
    episode = found.episodes.all[0]
    assert episode.rebound == pytest.approx(48.6636 - 44, abs=1e-4)
    assert (episode.returned_next, episode.returned) == (49 - 44, 52 - 44)


def test_the_rule_as_shipped_signals_and_repairs_at_the_same_sessions(found):
    shipped = course(SCORES, prior=PRIOR)
    np.testing.assert_array_equal(shipped.detection.acute, found.detection.acute)
    np.testing.assert_array_equal(shipped.detection.erosion, found.detection.erosion)
    # by hand from the table, c(6) = 1.1070 and z = 0 at session 1, z = .7941 at session 2 with c(7) = 1.0916
    assert shipped.detection.states.variance[0, 0] == pytest.approx(3.4286, abs=5e-5)
    assert shipped.detection.states.variance[0, 1] == pytest.approx(3.4286 * (7 + 1.0916 * 0.7941**2) / 8, abs=2e-4)
