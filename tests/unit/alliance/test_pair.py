"""Two raters: known truths are found again, doubts are said, and what cannot be done is refused."""

import numpy as np
import pytest

from holdfast.alliance import Prior
from holdfast.alliance.pair import attunement, congruence, consistency, pair_surface
from holdfast.errors import MethodError
from holdfast.simulate import draw_from_prior

PRIOR = Prior(
    level=70.0, level_ratio=4.0, degrees_of_freedom=6.0, variance=25.0, drift=0.1, calibrated=True, source="Made up."
)


def _dyads(seed, *, dyads=100, sessions=10, force=0.0, rise=0.0, moves=5.0):
    """Discrepancy -4 (SD 5), congruence .6 (SD .25), correlation .4 over dyads; the client's true level is hidden."""
    rng = np.random.default_rng(seed)
    level = 70 + 10 * rng.normal(size=(dyads, 1))
    client = level + moves * rng.normal(size=(dyads, sessions))
    z = rng.normal(size=(dyads, 2))
    b0 = -4 + 5 * z[:, 0]
    b1 = 0.6 + 0.25 * (0.4 * z[:, 0] + np.sqrt(1 - 0.16) * z[:, 1])
    doubled = np.log2(np.arange(1, sessions + 1))
    judged, before = np.zeros((dyads, sessions)), b0 / (1 - force) if force else np.zeros(dyads)
    for t in range(sessions):
        slope = b1 + rise * (doubled[t] - doubled.mean())
        judged[:, t] = b0 + slope * (client[:, t] - level[:, 0]) + force * before + 3 * rng.normal(size=dyads)
        before = judged[:, t]
    return client, level + judged


def test_congruence_finds_the_truth_and_its_bias_is_as_stated() -> None:
    found = [congruence(c, therapist=t) for c, t in (_dyads(seed) for seed in range(12))]
    means = np.mean(
        [
            [
                each.directional_discrepancy.value,
                each.temporal_congruence.value,
                each.congruence_sd.value,
                each.correlation,
                each.discrepancy_sd.value**2 - each.centring_sd**2,
            ]
            for each in found
        ],
        axis=0,
    )
    assert means[:2] == pytest.approx([-4.0, 0.6], abs=0.4)
    assert means[1] == pytest.approx(0.6, abs=0.03)
    assert means[2:4] == pytest.approx([0.25, 0.4], abs=0.08)
    assert means[4] == pytest.approx(25.0, abs=3.0)
    assert np.mean([each.temporal_congruence.covers(0.6) for each in found]) > 0.7
    one = found[0]
    assert one.implied[0.8].value == pytest.approx(one.temporal_congruence.value / 0.8)
    assert (one.bias_force, one.rise) == (None, None)
    assert [doubt.split()[0] for doubt in one.doubts] == ["The", "Ratings"]


def test_centring_alone_spreads_the_discrepancy_by_what_is_stated() -> None:
    """The observed mean misses the level by s^2/T, of which 1 - b1 stays in the discrepancy."""
    rng = np.random.default_rng(5)
    level = 70 + 10 * rng.normal(size=(400, 1))
    client = level + 5 * rng.normal(size=(400, 4))
    found = congruence(client, therapist=level + rng.normal(size=(400, 4)))
    assert found.centring_sd == pytest.approx(2.5, rel=0.05)
    assert found.discrepancy_sd.value == pytest.approx(2.5, rel=0.1)


def test_rise_and_bias_force_are_found() -> None:
    client, therapist = _dyads(3, rise=0.1)
    rise = congruence(client, therapist=therapist, rise=True).rise
    assert rise is not None
    assert rise.covers(0.1)
    client, therapist = _dyads(4, force=0.3, sessions=12)
    found = congruence(client, therapist=therapist, bias_force=True)
    assert found.bias_force is not None
    assert found.bias_force.value == pytest.approx(0.3, abs=0.08)
    assert "previous rating" in found.doubts[-1]
    assert found.sessions.tolist() == [11] * 100
    assert not found.model.singular


def test_own_values_are_shrunken_and_cover_the_truth() -> None:
    covered = []
    for seed in range(6):
        client, therapist = _dyads(seed)
        z = np.random.default_rng(seed)
        z.normal(size=(100, 1))
        z.normal(size=(100, 10))
        drawn = z.normal(size=(100, 2))
        truth = 0.6 + 0.25 * (0.4 * drawn[:, 0] + np.sqrt(0.84) * drawn[:, 1])
        found = congruence(client, therapist=therapist)
        covered.append(np.abs(found.own_congruence - truth) < 1.96 * found.own_congruence_error)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.03)


def test_doubts_of_short_and_uneven_dyads() -> None:
    client, therapist = _dyads(6, sessions=3)
    mean = therapist.mean(axis=1, keepdims=True)
    client[0] = np.nan
    found = congruence(client, therapist=mean + 4 * (therapist - mean))
    assert any(doubt.startswith("Half of the dyads have fewer than 5") for doubt in found.doubts)
    assert any("times as much as the clients'" in doubt for doubt in found.doubts)
    assert np.isnan(found.own_congruence[0])
    assert found.sessions[0] == 0


@pytest.mark.parametrize("therapist", [np.full((5, 4), 50.0), np.full((5, 4), np.nan)])
def test_congruence_needs_changes(therapist) -> None:
    with pytest.raises(MethodError, match="Congruence is about changes"):
        congruence(np.random.default_rng(1).normal(size=(5, 4)), therapist=therapist)
    with pytest.raises(MethodError, match="Give the same sessions"):
        congruence(np.ones((5, 3)), therapist=therapist)


def _predictions(seed, *, dyads=60, sessions=12):
    """Predictions 2 points too high (SD 1.5 over dyads) whose misses shrink with the session."""
    rng = np.random.default_rng(seed)
    client = 70 + 10 * rng.normal(size=(dyads, 1)) + 5 * rng.normal(size=(dyads, sessions))
    spread = 6 * 2 ** (-0.3 * np.log2(np.arange(1, sessions + 1)))
    return client, client + 2 + 1.5 * rng.normal(size=(dyads, 1)) + spread * rng.normal(size=(dyads, sessions))


def test_attunement_finds_bias_narrowing_and_skill() -> None:
    client, predicted = _predictions(1)
    found = attunement(client, predicted=predicted)
    assert found.bias.covers(2.0)
    assert found.narrowing.high < 0.0
    usual = (np.cumsum(client, axis=1) - client)[:, 1:] / np.arange(1, 12)
    ratio = np.sum((predicted - client)[:, 1:] ** 2) / np.sum((usual - client[:, 1:]) ** 2)
    assert found.skill.overall.value == pytest.approx(1 - ratio)
    assert np.all((found.skill.low < found.skill.own) & (found.skill.own < found.skill.high))
    assert np.ptp(found.own_bias) < np.ptp((predicted - client).mean(axis=1))
    assert found.miss == pytest.approx(np.abs(predicted - client).mean(axis=1))
    assert found.sessions.tolist() == [12] * 60


def test_skill_of_single_dyads_covers_the_truth() -> None:
    covered, overall = [], []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        spread = 4 * np.exp(0.3 * rng.normal(size=(100, 1)))
        client = 70 + 5 * rng.normal(size=(100, 12))
        found = attunement(client, predicted=client + spread * rng.normal(size=(100, 12))).skill
        plain = 25 * np.mean(1 + 1 / np.arange(1, 12))
        truth = 1 - spread[:, 0] ** 2 / plain
        covered.append((found.low <= truth) & (truth <= found.high))
        overall.append(found.overall.covers(1 - float(np.mean(spread**2)) / plain))
    assert np.mean(covered) == pytest.approx(0.94, abs=0.03)
    assert np.mean(overall) > 0.7


def test_doubts_of_few_predictions() -> None:
    client, predicted = _predictions(2, dyads=8, sessions=4)
    predicted[0] = np.nan
    found = attunement(client, predicted=predicted)
    assert any(doubt.startswith("8 of 8 dyads have fewer than 5") for doubt in found.doubts)
    assert any(doubt.startswith("Only 7 dyads to compare") for doubt in found.doubts)
    assert np.isnan(found.own_bias[0])
    assert np.isnan(found.miss[0])
    assert np.isnan(_alone(client, predicted).overall.value)
    with pytest.raises(MethodError, match="No session has both a prediction and a rating"):
        attunement(client, predicted=np.full(client.shape, np.nan))
    predicted[:, 1:] = np.nan
    with pytest.raises(MethodError, match="All predictions are of the same session number"):
        attunement(client, predicted=predicted)


def _alone(client, predicted):
    predicted = predicted.copy()
    predicted[2:, 1:] = np.nan
    return attunement(client, predicted=predicted).skill


def test_a_congruence_effect_is_seen_and_its_absence_too() -> None:
    rng = np.random.default_rng(2)
    client, therapist = 70 + 5 * rng.normal(size=(2, 300, 4))
    distress = 0.1 * (client - therapist) ** 2 + rng.normal(size=(300, 4))
    found = pair_surface(client, therapist=therapist, outcome=distress)
    assert [each.agrees for each in found.conditions][2:] == [True, True, True]
    assert found.surface.shape["a4"].covers(-0.4)
    assert found.surface.groups == 300
    turned = pair_surface(client, therapist=therapist, outcome=distress, higher_is_better=True, centre=50.0)
    assert turned.conditions[2].agrees is False
    assert turned.centre == 50.0
    once = pair_surface(client[:, :1], therapist=therapist[:, :1], outcome=distress[:, :1])
    assert once.surface.groups is None


def test_a_surface_needs_all_three() -> None:
    ones = np.ones((3, 4))
    with pytest.raises(MethodError, match="The outcome has the shape"):
        pair_surface(ones, therapist=ones, outcome=np.ones((3, 5)))
    with pytest.raises(MethodError, match="No session has both ratings and an outcome"):
        pair_surface(ones, therapist=ones, outcome=ones * np.nan)


def test_the_swing_covers_the_truth() -> None:
    ratings = draw_from_prior(PRIOR, clients=4000, sessions=10, seed=3)
    truth = np.sqrt(6 * 25 / np.random.default_rng(3).chisquare(6, size=4000))
    found = consistency(ratings, prior=PRIOR)
    assert np.mean((found.low <= truth) & (truth <= found.high)) == pytest.approx(0.95, abs=0.012)
    assert np.corrcoef(found.place, found.swing)[0, 1] > 0.85
    assert np.all((found.place_low < found.place) & (found.place < found.place_high))
    assert found.doubts == ()


def test_the_swing_of_few_ratings_is_the_archives() -> None:
    found = consistency(np.full((2, 3), np.nan), prior=PRIOR)
    assert found.swing.tolist() == [5.0, 5.0]
    assert found.sessions.tolist() == [0, 0]
    assert found.doubts[0].startswith("2 of 2 clients have fewer than 5 rated sessions")
    assert consistency(np.empty((1, 0)), prior=PRIOR).swing.tolist() == [5.0]
    with pytest.raises(MethodError, match="The confidence is 2"):
        consistency(np.ones((1, 3)), prior=PRIOR, confidence=2)
