"""Signals: the budget, each kind, what is said beside it, and what is refused."""

import numpy as np
import pytest

from holdfast.alliance import Prior, Rule, SignalKind, detect
from holdfast.alliance.signals import (
    Archive,
    Budget,
    Direction,
    Pattern,
    Ties,
    Way,
    facets_that_fell,
    find_signals,
    habits_of,
    prior_for_misses,
    sources_of,
    talk_about_it,
    tension_rule,
)
from holdfast.alliance.signals.pool import ties_between
from holdfast.errors import MethodError

PRIOR = Prior(level=50, level_ratio=2, degrees_of_freedom=6, variance=16, drift=0.05, calibrated=True, source="made up")
MISS = Prior(level=0, level_ratio=1, degrees_of_freedom=6, variance=16, drift=0.05, calibrated=True, source="made up")
PRIORS = {"client": PRIOR, "therapist": PRIOR, "predicted": PRIOR, "misses": MISS}
STEADY = [50.0, 51, 49, 50, 52, 50, 51, 49, 50, 51]
FELL = [50.0, 51, 49, 50, 52, 50, 30, 49, 50, 51]


def quiet(clients=60, sessions=10, seed=1):
    return 50 + 4 * np.random.default_rng(seed).standard_normal((clients, sessions))


def test_the_dial_is_shared_by_the_kinds_that_are_there():
    alone = Budget().rates()
    assert (alone.acute, alone.erosion, alone.disagreement, alone.tension) == pytest.approx((0.02, 0.01, 0, 0))
    every = Budget(per_20=0.8).rates(disagreement=True, tension=True)
    assert (every.acute, every.erosion) == pytest.approx((0.02, 0.01))
    assert (every.disagreement, every.tension) == pytest.approx((0.005, 0.005))
    assert every.total == pytest.approx(0.04)
    said = Budget(reports="said").rates(tension=True)
    assert said.tension == 0.0
    assert said.total == pytest.approx(0.03)


@pytest.mark.parametrize("wrong", [{"per_20": 0.0}, {"per_20": 9.0}, {"per_20": float("nan")}, {"reports": "never"}])
def test_a_dial_out_of_bounds_is_refused(wrong):
    with pytest.raises(MethodError):
        Budget(**wrong)


def test_the_clients_rating_alone_gives_what_detect_gives():
    scores = quiet()
    scores[0] = FELL
    found = find_signals(sources_of(scores), archive=Archive(priors=PRIORS))
    alone = detect(scores, prior=PRIOR, rule=Rule(alpha=0.02, run_length=100))
    np.testing.assert_array_equal(found.acute, alone.acute)
    np.testing.assert_array_equal(found.erosion, alone.erosion)
    np.testing.assert_array_equal(found.p, alone.p)
    assert found.kind[0, 6] == SignalKind.ACUTE.code
    assert (found.apart, found.therapist, found.misses, found.false_alarm_rate) == (None, None, None, 0.03)
    assert found.doubts == alone.doubts


def test_a_session_that_only_the_therapist_rated_can_signal():
    client = [*STEADY[:6], np.nan, *STEADY[7:]]
    found = find_signals(sources_of(client, therapist=FELL), archive=Archive(priors=PRIORS))
    assert found.acute[0, 6]
    assert found.p[0, 6] < 0.01
    assert found.therapist.p[0, 6] < 0.01


@pytest.mark.parametrize(
    ("client", "therapist", "direction"),
    [(FELL, STEADY, Direction.CLIENT_LOWER), (STEADY, FELL, Direction.THERAPIST_LOWER)],
)
def test_raters_who_depart_differently_disagree(client, therapist, direction):
    tied = np.array([[1, 0.3], [0.3, 1]])
    known = Archive(priors=PRIORS, ties=Ties(names=("client", "therapist"), high=tied, low=tied))
    found = find_signals(sources_of(client, therapist=therapist), archive=known)
    assert found.disagreement[0, 6]
    assert found.apart.direction[0, 6] == direction
    assert found.apart.raters[0, 6] < found.rates.disagreement
    assert np.isnan(found.apart.miss).all()
    assert found.disagreement[0].sum() == 1


@pytest.mark.parametrize(
    ("guess", "direction"), [(75.0, Direction.PREDICTED_TOO_HIGH), (25.0, Direction.PREDICTED_TOO_LOW)]
)
def test_a_prediction_that_misses_unusually_is_a_disagreement(guess, direction):
    predicted = [*STEADY[:7], guess, *STEADY[8:]]
    found = find_signals(sources_of(STEADY, predicted=predicted), archive=Archive(priors=PRIORS))
    assert found.apart.direction[0].tolist() == [0] * 7 + [direction] + [0] * 2
    assert np.isnan(found.apart.raters).all()
    assert found.misses.scores[0, 7] == guess - STEADY[7]


def test_reported_tension_says_its_way_and_leads_unless_a_rating_fell():
    tension = np.zeros((1, 10))
    tension[0, [3, 6, 8]] = 2, 3, 1
    way = np.zeros((1, 10))
    way[0, 6] = Way.CONFRONTATION
    theirs = np.where(tension > 0, Way.WITHDRAWAL, Way.NONE).astype(float)
    sources = sources_of(FELL, client_tension=tension, client_way=way, therapist_way=theirs)
    found = find_signals(sources, archive=Archive(priors=PRIORS), budget=Budget(reports="said"))
    assert found.tension[0].tolist() == [t in (3, 6) for t in range(10)]
    assert found.kind[0, [3, 6, 8]].tolist() == [SignalKind.TENSION.code, SignalKind.ACUTE.code, 0]
    assert found.way[0, [3, 6, 8, 9]].tolist() == [Way.WITHDRAWAL, Way.CONFRONTATION, Way.WITHDRAWAL, Way.NONE]
    assert found.tension_rules["client_tension"].base_rate is None
    assert any("not part of the stated rate" in doubt for doubt in found.doubts)


def test_an_answer_on_tension_moves_the_pooled_tail_both_ways():
    low = [*STEADY[:6], 43.0, *STEADY[7:]]
    yes, no = np.zeros((1, 10)), np.zeros((1, 10))
    yes[0, 6] = 1
    tails = [
        find_signals(sources_of(low, client_tension=each), archive=Archive(priors=PRIORS)).p[0, 6] for each in (yes, no)
    ]
    alone = find_signals(sources_of(low), archive=Archive(priors=PRIORS)).p[0, 6]
    assert tails[0] < alone < tails[1]


def test_the_amount_that_counts_is_the_lowest_that_is_rare_enough():
    amounts = np.zeros((50, 10))
    amounts[:, 0] = 1
    amounts[:2, 1] = 3
    calm = np.ones(amounts.shape, dtype=bool)
    rule = tension_rule("client_tension", amounts, calm, rate=0.01)
    assert (rule.at_least, rule.base_rate.found, rule.base_rate.of) == (3.0, 2, 500)
    assert rule.false_alarm_rate == 0.004
    assert rule.any_rate.found == 52
    assert tension_rule("client_tension", amounts, calm, rate=0.001).at_least == np.inf
    said = tension_rule("therapist_tension", amounts, calm, rate=None)
    assert (said.at_least, said.base_rate.found) == (1.0, 52)
    few = tension_rule("therapist_tension", amounts[:5], calm[:5], rate=0.01)
    assert (few.at_least, few.false_alarm_rate) == (1.0, None)


def test_an_archive_remembers_how_its_sources_go_together():
    base = quiet(clients=80)
    sources = sources_of(base, therapist=0.5 * base + 0.5 * quiet(80, seed=2), client_tension=np.zeros(base.shape))
    known = habits_of(sources, priors=PRIORS)
    assert 0.5 < known.ties.low[0, 1] < known.ties.high[0, 1] < 0.95
    assert known.tension["client_tension"].any_rate.found == 0
    again = find_signals(sources, archive=known)
    assert again.ties is known.ties
    assert not any("go together is not known" in doubt for doubt in again.doubts)
    with pytest.raises(MethodError, match="client, therapist go together; the sources here are client"):
        find_signals(sources_of(base), archive=known)


def test_few_common_sessions_leave_it_open_how_sources_go_together():
    found = find_signals(sources_of(STEADY, therapist=STEADY), archive=Archive(priors=PRIORS))
    assert (found.ties.high[0, 1], found.ties.low[0, 1]) == (0.6, -0.2)
    assert any("Only 10 sessions have both the client's rating" in doubt for doubt in found.doubts)


def test_ties_that_cannot_be_together_are_drawn_apart():
    a, b = quiet(80), quiet(80, seed=3)
    found = find_signals(sources_of(a, therapist=a + b, predicted=b), archive=Archive(priors=PRIORS))
    assert np.linalg.eigvalsh(found.ties.high)[0] >= 0.05
    same = find_signals(sources_of(a, therapist=a), archive=Archive(priors=PRIORS))
    assert same.ties.high[0, 1] == same.ties.low[0, 1] == pytest.approx(0.95)


def test_bounds_that_no_three_numbers_can_have_are_drawn_toward_independence():
    a, b = np.random.default_rng(7).standard_normal((2, 1, 100))
    ties = ties_between({"client": a, "therapist": (a + b) / np.sqrt(2), "predicted": b})
    assert 0.05 <= np.linalg.eigvalsh(ties.high)[0] < 0.12
    assert ties.high[0, 1] < 0.75  # its own upper bound is about .8


def test_sources_of_other_sessions_and_numbers_below_zero_are_refused():
    with pytest.raises(MethodError, match="therapist"):
        sources_of(STEADY, therapist=STEADY[:5])
    with pytest.raises(MethodError, match="below 0"):
        sources_of(STEADY, client_tension=[-1.0] * 10)
    with pytest.raises(MethodError, match="No prior was given for `therapist`"):
        find_signals(sources_of(STEADY, therapist=STEADY), archive=Archive(priors={"client": PRIOR}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"depths": {"client": 0.0}, "reported": {}, "base_rates": {}},
        {"depths": {"client": 2.0}, "reported": {"client_tension": 1.0}, "base_rates": {"client_tension": 0.1}},
        {"depths": {"client": 2.0}, "reported": {"client_tension": 0.5}, "base_rates": {"client_tension": 0.0}},
    ],
)
def test_a_pattern_in_which_nothing_falls_is_refused(wrong):
    with pytest.raises(MethodError):
        Pattern(**wrong)


def test_the_fixed_rule_stands_apart_with_how_often_it_is_expected():
    found = detect(FELL, prior=PRIOR)
    marked = talk_about_it(found, cutoff=36)
    assert marked.applies[0].tolist() == [t == 6 for t in range(10)]
    assert marked.chance[0, 0] == pytest.approx(0.04490503, abs=1e-8)  # R: pt((36 - 50)/sqrt(16*3), 6)
    with pytest.raises(MethodError):
        talk_about_it(found, cutoff=float("nan"))


def test_misses_are_expected_around_none():
    prior = prior_for_misses(0, 100)
    assert (prior.level, prior.variance, prior.calibrated) == (0.0, 50.0, False)


def test_facets_that_fell_are_named_the_deepest_first():
    facets = np.repeat(quiet(20, 8, seed=4)[:, :, None], 3, axis=2) + np.random.default_rng(5).normal(0, 4, (20, 8, 3))
    facets[0, 7] = (10, 30, 55)
    facets[1, 5, 2] = np.nan
    found = facets_that_fell(facets)
    assert found.named(0, 7, ("empathy", "goal", "bond")) == ("empathy", "goal")
    assert np.isnan(found.change[:, :2]).all()
    assert np.isnan(found.p[1, 5, 2])
    assert found.change[0, 7, 0] == pytest.approx(10 - facets[0, :7, 0].mean())
    flat = facets_that_fell(np.full((2, 3, 1), 50.0))
    assert np.isnan(flat.p).all()
    once = facets_that_fell(np.full((1, 1, 1), 50.0))
    assert not once.fell.any()
    with pytest.raises(MethodError, match="2 dimensions"):
        facets_that_fell(np.zeros((2, 2)))


def test_facets_are_marked_no_oftener_than_alpha():
    facets = 50 + 8 * np.random.default_rng(6).standard_normal((4000, 10, 8))
    fell = facets_that_fell(facets).fell[:, 2:].any(axis=2)
    assert 0.02 < fell.mean() <= 0.055


def test_a_miss_is_measured_against_what_was_guessed():
    alike = [value + 10 for value in STEADY]
    sources = sources_of(STEADY, predicted=STEADY, alike=alike)
    assert sources.misses[0].tolist() == [-10] * 10
    assert sources_of(STEADY).misses is None
