"""Published rules: settings, episodes, the rate beside every count, agreement, and what is refused."""

import numpy as np
import pytest

from holdfast.alliance import Noise, compare_rules, find_rule, flag, list_rules
from holdfast.alliance.rules import PRESETS, SHAPES, Fall, FallKind, Provenance, Return, RuleSpec, Unit
from holdfast.alliance.rules.chance import noisy_sessions
from holdfast.errors import MethodError

DIP = [50.0, 51.0, 49.0, 50.0, 40.0, 45.0, 51.0, 50.0]
NONE = np.nan


def test_every_preset_says_how_far_its_wording_is_known_and_where_it_is_from():
    assert len(list_rules()) == len(PRESETS) == 21
    assert all(spec.name == name and spec.source for name, spec in PRESETS.items())
    unchecked = ("drop-own-sd", "stiles-2004", "strauss-2006", "gumz-2012-1sd", "mclaughlin-2014", "larsson-2018")
    assert {PRESETS[name].provenance for name in unchecked} == {Provenance.OURS}
    assert PRESETS["srs-level-36"].provenance is Provenance.PUBLISHED


def test_rules_that_need_no_later_session():
    online = {spec.name for spec in list_rules() if not spec.retrospective}
    assert online == {"reliable-drop", "mclaughlin-2014", "larsson-2018", "pcoms-drop-1", "srs-level-36"}


def test_an_episode_with_its_depth_length_and_shape():
    found = flag(DIP, rule="vshape")
    assert np.flatnonzero(found.flags).tolist() == [4]
    (only,) = (found.episodes,)
    assert (only.onset[0], only.nadir[0], only.end[0], only.length[0]) == (4, 4, 6, 3)
    assert (only.baseline[0], only.depth[0], bool(only.returned[0])) == (50.0, 10.0, True)
    assert only.depth_sd[0] == pytest.approx(10.0 / np.std(DIP, ddof=1))
    assert SHAPES[only.shape[0]] == "sudden fall, slow return"
    assert (found.sessions.found, found.sessions.of, found.therapies.found) == (1, 8, 1)
    assert not found.flags.flags.writeable
    assert not only.onset.flags.writeable


def test_a_session_without_a_rating_is_skipped_and_columns_stay_those_of_the_scores():
    gapped = [NONE, 50.0, 51.0, NONE, 49.0, 50.0, NONE, 40.0, 45.0, NONE, 51.0, 50.0]
    found = flag(gapped, rule="vshape")
    assert np.flatnonzero(found.flags).tolist() == [7]
    assert (found.episodes.onset[0], found.episodes.end[0], found.episodes.length[0]) == (7, 10, 3)
    assert found.sessions.of == 8


def test_settings_change_a_preset_and_the_result_carries_them():
    strict = flag(DIP, rule="vshape", size=4.0)
    assert (strict.rule.falls[0].size, strict.sessions.found) == (4.0, 0)
    other = find_rule("vshape", unit=Unit.POINTS, size=9.0, within=1, tolerance=0.0, needed=False)
    assert other.falls[0].unit is Unit.POINTS
    assert (other.back.within, other.back.tolerance, other.back.needed) == (1, 0.0, False)
    found = flag(DIP, rule=other)
    assert (found.episodes.end[0], bool(found.episodes.returned[0])) == (5, False)
    assert find_rule("sudden-loss", size=2.0).falls[0] == PRESETS["sudden-loss"].falls[0]
    assert find_rule("stiles-2004", unit="larger-sd").falls[0].unit is Unit.LARGER_SD
    peak = flag([50, 52, 45, 51, 52.5], rule="strauss-2006").episodes
    assert (peak.end[0], bool(peak.returned[0])) == (3, True)
    assert flag([50, 52, 45, 51, 52.5], rule="strauss-2006", rise=False).episodes.end[0] == 4
    assert find_rule("reliable-drop", sd=5.0, reliability=0.9).sd == 5.0


@pytest.mark.parametrize(
    ("work", "said"),
    [
        (lambda: find_rule("stiles"), "No rule is called stiles. The rules are drop-own-sd"),
        (lambda: find_rule("vshape", depth=2), "vshape has no setting depth. The settings are size"),
        (lambda: find_rule("vshape", size=-1.0), "vshape cannot have this size. It is 0 or more"),
        (lambda: find_rule("vshape", unit="sds"), "sds is no unit. It is one of points, own-sd"),
        (lambda: Return(unit="sds"), "sds is no unit"),
        (lambda: Fall(kind="down"), "down is no kind of fall. It is one of from-previous"),
        (lambda: find_rule("vshape", within=0), "this within"),
        (lambda: find_rule("vshape", tolerance=-1.0), "this tolerance"),
        (lambda: find_rule("reliable-drop", reliability=1.0), "this reliability"),
        (lambda: find_rule("reliable-drop", sd=0.0), "this sd"),
        (lambda: find_rule("vshape", unit=Unit.DIFFERENCE_ERROR), "vshape needs the reliability of the scale"),
        (lambda: RuleSpec(name="none", falls=(), provenance=Provenance.DESIGN, source="us"), "this falls"),
        (
            lambda: RuleSpec(
                name="two",
                falls=(Fall(kind=FallKind.FROM_PEAK), Fall(kind=FallKind.BELOW_MEAN)),
                provenance=Provenance.DESIGN,
                source="us",
            ),
            "two joins a fall from the peak with others",
        ),
        (lambda: Noise(autocorrelation=1.0), "Noise of 5000 therapies with autocorrelation 1.0"),
        (lambda: Noise(therapies=0), "Noise of 0 therapies"),
        (lambda: compare_rules(DIP, rules=[]), "0 rules were given"),
        (lambda: compare_rules(DIP, rules=["tukey", "tukey"]), "2 rules were given, or one twice"),
    ],
)
def test_what_no_rule_can_do_is_refused(work, said):
    with pytest.raises(MethodError, match=said.replace("(", r"\(")):
        work()


def test_no_count_is_written_without_its_rate_on_noise():
    found = flag([DIP, DIP], rule="drop-own-2sd", noise=Noise(therapies=400))
    chance = found.chance
    assert str(found) == (
        f"drop-own-2sd: 2 of 16 sessions flagged (12.5 %), pure noise {100 * chance.session:.1f} % "
        f"(± {196 * chance.session_error:.1f}); 2 of 2 therapies with at least one (100.0 %), pure noise "
        f"{100 * chance.therapy:.1f} % (± {196 * chance.therapy_error:.1f})."
    )
    assert 0.04 < chance.session < 0.11
    again = flag([DIP, DIP], rule="drop-own-2sd", noise=Noise(therapies=400)).chance
    assert again == chance
    assert flag([DIP, DIP], rule="drop-own-2sd", noise=Noise(therapies=400, seed=2)).chance != chance


def test_the_noise_has_the_lengths_the_gaps_and_the_levels_at_hand():
    y = np.array([[50.0, NONE, 52.0, 48.0], [90.0, 91.0, 89.0, NONE]])
    drawn = noisy_sessions(y, noise=Noise(therapies=4000, autocorrelation=0.5))
    assert drawn.rated.shape == (4000, 4)
    np.testing.assert_array_equal(drawn.rated[:2], ~np.isnan(y))
    assert np.nanmean(drawn.ratings.y[0::2]) == pytest.approx(50.0, abs=0.2)
    assert np.nanmean(drawn.ratings.y[1::2]) == pytest.approx(90.0, abs=0.2)
    spread = np.sqrt((8.0 + 2.0) / 4.0)  # pooled within: squares 8 and 2, freedom 2 and 2
    assert np.nanstd(drawn.ratings.y[1::2]) == pytest.approx(spread, rel=0.05)
    pairs = drawn.ratings.y[1::2, :2] - 90.0
    assert np.corrcoef(pairs.T)[0, 1] == pytest.approx(0.5, abs=0.06)
    assert len(np.unique(drawn.cluster)) == 2000


def test_a_large_sample_is_thinned_and_therapies_are_then_the_units_of_the_error():
    y = np.random.default_rng(1).normal(size=(50, 6))
    drawn = noisy_sessions(y, noise=Noise(therapies=20))
    assert drawn.rated.shape == (20, 6)
    assert len(np.unique(drawn.cluster)) == 20


@pytest.mark.parametrize("scores", [np.zeros((0, 4)), np.full((2, 3), NONE), np.zeros((2, 0)), [[5.0]]])
@pytest.mark.parametrize("rule", [*PRESETS])
def test_next_to_nothing_gives_no_flags_and_no_error(scores, rule):
    found = flag(scores, rule=rule, noise=Noise(therapies=30))
    assert found.flags.shape == np.atleast_2d(scores).shape
    assert found.flags.sum() == found.sessions.found == (1 if rule == "srs-level-36" and found.sessions.of else 0)
    if not found.sessions.of:
        assert "(–), pure noise –" in str(found)


def test_doubts_name_the_rules_they_hold_for():
    short = flag(DIP[:5], rule="stiles-2004").doubts
    assert short == (
        "stiles-2004: our reading of a published rule, whose wording has not been checked against the paper.",
        "stiles-2004: looking back over the whole series; these sessions could not have been flagged on the day.",
        "stiles-2004: sizes pooled over the sample; clients who are more restless than others are flagged oftener.",
        "1 of 1 clients have fewer than 6 ratings; their own SD says little.",
        "Pure noise here is normal, independent between sessions, as restless in every client, and knows no end of the "
        "scale.",
    )
    wide = flag(DIP, rule="pcoms-drop-1", noise=Noise(autocorrelation=0.3)).doubts
    assert "pcoms-drop-1: made for another range of scores." in wide
    assert "Pure noise here is normal, autocorrelation 0.3, as restless" in wide[-1]
    below = flag([-1.0, *DIP[4:]], rule="pcoms-drop-1").doubts
    assert "pcoms-drop-1: made for another range of scores." in below
    fits = flag(np.array(DIP) / 2, rule="pcoms-drop-1").doubts
    assert not any("range" in doubt for doubt in fits)
    reliable = flag(DIP, rule="reliable-drop").doubts
    assert "reliable-drop: resting on a reliability of 0.8; the scale's own belongs there." in reliable


def test_rules_side_by_side_and_beside_noise():
    y = np.random.default_rng(3).normal(50, 3, (30, 12))
    found = compare_rules(y, rules=["drop-own-sd", "below-own-mean", "ichart-3"], noise=Noise(therapies=600))
    first, second = found.rules[0].flags, found.rules[1].flags
    pair = found.pairs[0]
    assert pair.seen.both == int((first & second).sum())
    assert pair.seen.only_first == int((first & ~second).sum())
    assert pair.seen.only_second == int((~first & second).sum())
    assert pair.seen.neither == int((~first & ~second).sum())
    po = (pair.seen.both + pair.seen.neither) / 360
    p, q = first.mean(), second.mean()
    pe = p * q + (1 - p) * (1 - q)
    assert found.kappa[0, 1] == found.kappa[1, 0] == pytest.approx((po - pe) / (1 - pe))
    assert found.chance_kappa[0, 1] == pytest.approx(0.43, abs=0.08)
    np.testing.assert_array_equal(np.diag(found.kappa), 1.0)
    assert str(pair).startswith(f"drop-own-sd and below-own-mean: both {pair.seen.both}, only the first ")
    assert str(pair).endswith(f"pure noise {pair.chance.kappa:.2f}.")
    nothing = compare_rules([[NONE, NONE]], rules=["tukey", "ichart-3"], noise=Noise(therapies=10)).pairs[0]
    assert "agreement –, kappa – (-1.00 to 1.00), pure noise –." in str(nothing)


def test_a_rule_of_ones_own():
    mine = RuleSpec(
        name="mine",
        falls=(Fall(kind=FallKind.FROM_PREVIOUS, size=5.0, unit=Unit.POINTS),),
        back=Return(within=2, needed=True),
        provenance=Provenance.DESIGN,
        source="us",
    )
    assert np.flatnonzero(flag(DIP, rule=mine).flags).tolist() == [4]
    assert flag(DIP, rule=mine).episodes.returned.tolist() == [True]
