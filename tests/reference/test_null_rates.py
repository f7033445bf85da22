"""What each rule flags when nothing has happened, and what it finds: two tables made by another program.

Each table was simulated with 20,000 therapies by another program, from the rules as written in
docs/explanation/published-rules.md: independent normal noise, AR(1) .3, Student's t with 5 degrees of freedom, and a
rise of .5*log(session), all with within-person SD 1, 20 sessions (or 10). Here 4,000; the tolerance is four standard
errors of both simulations and half a unit of the last printed digit. reliable-drop: SD of the sample sqrt(1.2^2 + 1).
"""

import numpy as np
import pytest

from holdfast.alliance.rules import PRESETS, Noise, flag
from holdfast.alliance.rules.following import apply_rule
from holdfast.alliance.rules.ratings import make_ready

THERAPIES, THEIRS = 4000, 20_000
RELIABLE = PRESETS["reliable-drop"].with_parameters(sd=float(np.sqrt(2.44)))
# rule: share of sessions / share of therapies for normal 20, AR(1) .3, normal 10, t5, log trend
TABLE = {
    "drop-own-sd": ".235/1.00 .202/1.00 .231/.99 .219/1.00 .204/1.00",
    "drop-own-2sd": ".078/.89 .050/.70 .076/.64 .075/.91 .057/.76",
    "below-own-mean": ".159/1.00 .160/1.00 .160/.98 .139/1.00 .159/1.00",
    "below-own-mean-2sd": ".018/.36 .018/.34 .011/.11 .025/.46 .020/.38",
    "drop-and-below": ".106/.97 .087/.92 .105/.80 .097/.95 .083/.90",
    "drop-own-diff-sd": ".016/.31 .016/.32 .008/.08 .021/.41 .013/.26",
    "ichart-3": ".001/.02 .004/.08 .001/.01 .005/.10 .004/.07",
    "ichart-2": ".021/.36 .041/.60 .018/.17 .027/.48 .032/.50",
    "tukey": ".012/.19 .011/.18 .020/.17 .023/.36 .013/.20",
    "vshape": ".122/.96 .096/.90 .107/.75 .110/.94 .114/.94",
    "sudden-loss": ".010/.18 .019/.34 .009/.09 .008/.14 .006/.11",
    "stiles-2004-drop": ".019/.32 .019/.32 .016/.15 .021/.35 .017/.29",
    "stiles-2004": ".006/.11 .006/.11 .004/.04 .007/.13 .006/.12",
    "strauss-2006": ".188/1.00 .154/1.00 .159/.94 .173/1.00 .174/1.00",
    "gumz-2012-1sd": ".112/.94 .085/.87 .094/.68 .094/.90 .104/.92",
    "gumz-2012-2sd": ".023/.39 .011/.20 .017/.16 .019/.33 .017/.30",
    "reliable-drop": ".081/.85 .048/.65 .076/.58 .070/.79 .073/.81",
    "reliable-drop .90": ".159/.99 .117/.95 .149/.86 .137/.97 .146/.98",
}
# size of a dip in one session, in within-person SDs: how often that session is flagged
FOUND = {
    "drop-own-sd": (0.76, 0.91, 0.98),
    "below-own-mean": (0.83, 0.97, 1.00),
    "below-own-mean-2sd": (0.40, 0.74, 0.94),
    "drop-own-diff-sd": (0.19, 0.37, 0.57),
    "ichart-3": (0.07, 0.23, 0.51),
    "ichart-2": (0.38, 0.71, 0.92),
    "tukey": (0.27, 0.58, 0.84),
    "vshape": (0.58, 0.73, 0.81),
    "sudden-loss": (0.02, 0.01, 0.00),
}
NORMAL_ONLY = {  # printed for normal noise and 20 sessions alone
    "gumz-2012-1sd drop": (PRESETS["gumz-2012-1sd"].with_parameters(needed=False), 0.218, 1.00),
    "gumz-2012-2sd drop": (PRESETS["gumz-2012-2sd"].with_parameters(needed=False), 0.063, 0.79),
    "reliable-drop .95": (RELIABLE.with_parameters(reliability=0.95), 0.235, 1.00),
}


def spec_of(name):
    if name.startswith("reliable"):
        return RELIABLE.with_parameters(reliability=0.9) if name.endswith(".90") else RELIABLE
    return PRESETS[name]


@pytest.fixture(scope="module")
def worlds():
    rng = np.random.default_rng(20)
    dependent = rng.standard_normal((THERAPIES, 20))
    for t in range(1, 20):
        dependent[:, t] = 0.3 * dependent[:, t - 1] + np.sqrt(1 - 0.09) * dependent[:, t]
    return [
        rng.standard_normal((THERAPIES, 20)),
        dependent,
        rng.standard_normal((THERAPIES, 10)),
        rng.standard_t(5, (THERAPIES, 20)) / np.sqrt(5 / 3),
        rng.standard_normal((THERAPIES, 20)) + 0.5 * np.log(np.arange(1, 21)),
    ]


def close_enough(flags, sessions, therapies):
    """Within four standard errors; the flags of one therapy hang together, so therapies are the units."""
    both = 1 / THERAPIES + 1 / THEIRS
    share = flags.mean(axis=1)
    assert share.mean() == pytest.approx(sessions, abs=4 * share.std() * np.sqrt(both) + 5.1e-4)
    expected = max(therapies * (1 - therapies), 0.005)
    assert flags.any(axis=1).mean() == pytest.approx(therapies, abs=4 * np.sqrt(expected * both) + 5.1e-3)


@pytest.mark.parametrize("name", TABLE)
def test_shares_of_sessions_and_of_therapies_flagged_in_noise(worlds, name):
    for y, printed in zip(worlds, TABLE[name].split(), strict=True):
        sessions, therapies = (float(number) for number in printed.split("/"))
        close_enough(apply_rule(make_ready(y), spec_of(name)), sessions, therapies)


@pytest.mark.parametrize("name", NORMAL_ONLY)
def test_shares_printed_for_normal_noise_alone(worlds, name):
    spec, sessions, therapies = NORMAL_ONLY[name]
    close_enough(apply_rule(make_ready(worlds[0]), spec), sessions, therapies)


@pytest.mark.parametrize("name", FOUND)
def test_how_often_a_dip_in_one_session_is_flagged(worlds, name):
    for dip, expected in zip((2, 3, 4), FOUND[name], strict=True):
        y = worlds[0].copy()
        y[:, 9] -= dip
        error = np.sqrt(max(expected * (1 - expected), 0.005) * (1 / THERAPIES + 1 / THEIRS))
        assert apply_rule(make_ready(y), PRESETS[name])[:, 9].mean() == pytest.approx(expected, abs=4 * error + 5.1e-3)


@pytest.mark.parametrize("rule", ["drop-own-sd", "vshape", "stiles-2004", "strauss-2006"])
@pytest.mark.parametrize(("autocorrelation", "column"), [(0.0, 0), (0.3, 1)])
def test_the_rate_beside_every_count_is_that_of_the_table(rule, autocorrelation, column):
    y = np.full((40, 20), 50.0)
    chance = flag(y, rule=rule, noise=Noise(autocorrelation=autocorrelation, therapies=2000)).chance
    sessions, therapies = (float(number) for number in TABLE[rule].split()[column].split("/"))
    assert chance.session == pytest.approx(sessions, abs=4 * chance.session_error + 1.5e-3)
    assert chance.therapy == pytest.approx(therapies, abs=4 * chance.therapy_error + 1.5e-2)
    assert chance.expected == pytest.approx(800 * chance.session)


def test_a_fixed_drop_and_a_fixed_level_have_a_closed_form():
    # known SD: Phi(-c/(sqrt(2)*sigma)) for each of 19 steps in 20 sessions; Phi((36 - mean)/sigma) for each session
    from scipy.special import ndtr

    rng = np.random.default_rng(7)
    y = 37.0 + 2.0 * rng.standard_normal((400, 20))
    within = float(np.sqrt(np.mean(y.var(axis=1, ddof=1))))
    drop = flag(y, rule="pcoms-drop-1").chance
    wanted = 0.95 * ndtr(-1 / (np.sqrt(2) * within))
    assert drop.session == pytest.approx(wanted, abs=4 * drop.session_error)
    assert wanted / 0.95 == pytest.approx(0.36, abs=0.006)
    level = flag(y, rule="srs-level-36").chance
    wanted = float(np.mean(ndtr((36 - y.mean(axis=1)) / within)))
    assert level.session == pytest.approx(wanted, abs=4 * level.session_error)
    everywhere = float(np.mean(1 - (1 - ndtr((36 - y.mean(axis=1)) / within)) ** 20))
    assert level.therapy == pytest.approx(everywhere, abs=4 * level.therapy_error + 1e-3)
