"""Within and between: planted effects come back, shares add up, and what cannot be told apart is one sentence."""

import numpy as np
import pytest

from holdfast.errors import MethodError
from holdfast.process import ProcessModel, Trend, within_between


def _clinic(seed, *, clients=240, sessions=10, therapists=24):
    """Planted: within -.4, between clients -.9, between therapists -1.4; SDs of intercepts 2 and 1.5, residual 1."""
    rng = np.random.default_rng(seed)
    client = np.repeat(np.arange(clients), sessions)
    therapist = client % therapists
    level, inside, moved = (
        rng.normal(size=therapists) * 4,
        rng.normal(size=clients) * 4,
        rng.normal(size=len(client)) * 3,
    )
    alliance = 60 + level[therapist] + inside[client] + moved
    own = np.bincount(client, alliance) / sessions
    larger = np.bincount(therapist, alliance) / np.bincount(therapist)
    y = 20 - 0.4 * (alliance - own[client]) - 0.9 * (own[client] - larger[therapist]) - 1.4 * larger[therapist]
    y = y + (rng.normal(size=clients) * 2.0)[client] + (rng.normal(size=therapists) * 1.5)[therapist]
    return y + rng.normal(size=len(client)), alliance, client, therapist, np.tile(np.arange(float(sessions)), clients)


def test_planted_effects_are_covered_at_three_levels() -> None:
    covered = []
    for seed in range(20):
        y, x, client, therapist, _ = _clinic(seed, clients=96, sessions=6)
        found = within_between(y, alliance=x, client=client, therapist=therapist)
        truths = {
            "within": -0.4,
            "between": -0.9,
            "contextual": -0.5,
            "therapists": -1.4,
            "therapists_contextual": -0.5,
        }
        covered.append([found.effects[name].covers(truth) for name, truth in truths.items()])
        assert found.shares.within + found.shares.clients + found.shares.therapists == pytest.approx(1.0)
    assert np.mean(covered, axis=0) == pytest.approx(np.full(5, 0.95), abs=0.12)


def test_a_shared_trend_is_taken_out_two_ways() -> None:
    y, x, client, _, time = _clinic(50)
    climbing, falling = x + time, y - 2.0 * time
    kept = within_between(falling, alliance=climbing, client=client, time=time)
    assert not kept.within.covers(-0.4)
    assert any(doubt.startswith("A trend that alliance and outcome share") for doubt in kept.doubts)
    for trend in (Trend.FROM_ALLIANCE, Trend.IN_MODEL):
        assert within_between(
            falling, alliance=climbing, client=client, time=time, model=ProcessModel(trend=trend)
        ).within.value == pytest.approx(-0.4, abs=0.03)


def test_what_it_says_and_counts() -> None:
    y, x, client, therapist, _ = _clinic(51)
    y[3], x[7] = np.nan, np.nan
    found = within_between(y, alliance=x, client=client, therapist=therapist)
    assert (found.clients, found.therapist_count, found.sessions, found.left_out) == (240, 24, 2398, 2)
    lines = found.summary()
    assert len(lines) == 6
    assert lines[0].startswith("Of the variance of the outcome ")
    assert lines[1].startswith(
        "Within clients: in a session rated one point higher than the client's usual, the outcome is -0."
    )
    table = found.table()
    assert {len(column) for column in table.values()} == {5}
    assert all(
        low < value < high for low, value, high in zip(table["low"], table["estimate"], table["high"], strict=True)
    )


def test_few_sessions_make_the_client_mean_doubtful() -> None:
    y, x, client, _, _ = _clinic(52, sessions=2)
    x = x + np.random.default_rng(1).normal(size=len(x)) * 6
    found = within_between(y, alliance=x, client=client)
    assert found.mean_reliability < 0.8
    assert any(f"reliability of {found.mean_reliability:.2f}" in doubt for doubt in found.doubts)


def test_own_slopes_and_autocorrelation_are_found_and_said() -> None:
    y, x, client, _, time = _clinic(53)
    rng = np.random.default_rng(53)
    own = np.bincount(client, x)[client] / 10
    y = y + (rng.normal(size=240) * 0.3)[client] * (x - own)
    model = ProcessModel(own_slopes=True, autocorrelation=True)
    found = within_between(y, alliance=x, client=client, time=time, model=model)
    plain = within_between(y, alliance=x, client=client)
    assert found.within_sd.covers(0.3)
    assert found.autocorrelation.covers(0.0)
    assert found.within.error > 1.5 * plain.within.error
    assert found.summary()[-2].startswith("Clients differ in their within effect by an SD of 0.")
    assert found.summary()[-1].startswith("What is left over hangs together")
    assert any(doubt.startswith("All clients are taken to have the same") for doubt in plain.doubts)
    assert not any(doubt.startswith(("All clients", "What is left")) for doubt in found.doubts)
    assert found.method.endswith("own slopes, AR(1)")


def test_an_interval_that_is_not_known_is_said_to_be_so() -> None:
    y, x, client, _, _ = _clinic(55, clients=30)
    found = within_between(y, alliance=x, client=client, model=ProcessModel(own_slopes=True))
    assert found.model.singular
    assert found.summary()[-1].endswith("(interval unknown).")
    assert any(doubt.startswith("The model is at its edge: the clients do not show") for doubt in found.doubts)


LINE = np.arange(12.0)
BASE = {
    "outcome": np.array([3.0, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8]),
    "alliance": np.array([2.0, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5]),
    "client": np.repeat([1, 2, 3, 4], 3),
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"alliance": LINE[:5]}, "differ in length"),
        ({"outcome": LINE * np.nan}, "No session has both"),
        ({"client": np.repeat([1, 2], 6)}, "Clients who have both values: 2"),
        ({"client": LINE}, "Every client has one session alone"),
        ({"outcome": np.full(12, 2.0)}, "outcome is the same in every session"),
        ({"alliance": np.repeat([1.0, 2.0, 3.0, 4.0], 3)}, "Within clients the alliance never changes"),
        ({"alliance": np.tile([1.0, 2.0, 3.0], 4)}, "All clients have the same mean alliance"),
        ({"outcome": BASE["alliance"] * 2.0 + 1.0}, "exactly"),
        ({"therapist": np.ones(12)}, "All clients have the same therapist"),
        ({"therapist": LINE % 2}, "Clients with more than one therapist: 4"),
        ({"therapist": BASE["client"]}, "Every therapist has one client"),
        ({"model": ProcessModel(trend=Trend.IN_MODEL)}, "A trend or an autocorrelation needs the time"),
        ({"time": np.repeat([1.0, 2.0, 2.0], 4)}, "Sessions that stand twice: 7"),
        (
            {
                "time": np.tile([0.0, 1.0, 2.0], 4),
                "alliance": np.tile([0.0, 1.0, 2.0], 4) + BASE["client"],
                "model": ProcessModel(trend=Trend.FROM_ALLIANCE),
            },
            "follows time exactly",
        ),
        (
            {
                "alliance": np.tile([1.0, 2, 3], 4) + np.repeat([0.0, 2, 0, 2], 3),
                "therapist": np.repeat([0, 1, 0, 1], 3),
            },
            "of one therapist",
        ),
        (
            {"alliance": np.tile([1.0, 2, 3], 4) + np.repeat([0.0, 2, 0, 2], 3), "therapist": np.repeat([0, 1], 6)},
            "All therapists have the same mean",
        ),
    ],
)
def test_data_that_cannot_tell_is_refused_in_one_sentence_or_two(change, said) -> None:
    given = BASE | change
    with pytest.raises(MethodError, match=said) as refused:
        within_between(given.pop("outcome"), **given)
    assert str(refused.value).count(".") <= 2
