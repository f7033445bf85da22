"""Simulated therapies say that they are, follow their settings, and hold what was planted."""

from dataclasses import replace

import numpy as np
import pytest

from holdfast.alliance import detect, prior_for_range
from holdfast.errors import MethodError
from holdfast.simulate import (
    Attachment,
    Ending,
    Facets,
    People,
    Ratings,
    Reports,
    Ruptures,
    World,
    described,
    draw_from_prior,
    simulate_sessions,
)
from holdfast.simulate.sessions import FACETS
from holdfast.simulate.therapies import cast_of, happen
from holdfast.simulate.world import basis_of
from holdfast.stats import LevelPrior

STAYING = World(ending=Ending(rate=0.0))
CALM = replace(
    World.quiet(),
    people=People(client_sd=0.0, therapist_sd=0.0, growth=0.0),
    ratings=Ratings(within_spread=0.0, missing_rate=0.0),
)


def test_it_says_so_in_every_row():
    made = simulate_sessions(clients=5, sessions=6, seed=1, world=STAYING)
    assert made.simulated is True
    assert set(made.columns["simulated"].tolist()) == {"yes"}
    assert all(len(column) == 30 for column in made.columns.values())
    first = ["client", "session", "therapist", "alliance", "therapist_alliance", "predicted", "outcome"]
    assert list(made.columns)[:7] == first
    assert list(made.columns)[-4:] == ["rupture", "kind", "acknowledged", "simulated"]
    assert set(simulate_sessions(clients=60, sessions=12, seed=1).ruptures["simulated"].tolist()) == {"yes"}


def test_the_same_seed_makes_the_same_therapies():
    one, other = simulate_sessions(clients=5, sessions=6, seed=1), simulate_sessions(clients=5, sessions=6, seed=1)
    np.testing.assert_array_equal(one.alliance, other.alliance)
    assert not np.array_equal(one.alliance, simulate_sessions(clients=5, sessions=6, seed=2).alliance, equal_nan=True)


def test_ratings_lie_on_the_scales_and_are_missing_together():
    made = simulate_sessions(clients=80, sessions=20, seed=3)
    rated = ~np.isnan(made.columns["alliance"])
    scales = (("alliance", 100, 3.125), ("predicted", 100, 3.125), ("outcome", 24, 1), ("bond", 100, 25))
    for name, top, step in (*scales, ("client_way", 2, 1), ("therapist_tension", 1, 1)):
        values = made.columns[name]
        assert (np.isnan(values) == ~rated).all()
        assert (values[rated] % step == 0).all()
        assert ((values[rated] >= 0) & (values[rated] <= top)).all()
    assert (~rated).mean() == pytest.approx(0.08, abs=0.03)


def test_the_facets_add_up_to_the_rating_and_a_rupture_hits_some_of_them():
    made = simulate_sessions(clients=400, sessions=20, seed=4)
    columns = made.columns
    rated = ~np.isnan(columns["alliance"])
    together = np.mean([columns[name] for name in FACETS], axis=0)
    np.testing.assert_allclose(together[rated], columns["alliance"][rated])
    withdrawn, against = (rated & (columns["kind"] == kind) for kind in ("withdrawal", "confrontation"))
    assert columns["safety"][withdrawn].mean() < columns["regard"][withdrawn].mean() - 8
    assert columns["empathy"][against].mean() < columns["regard"][against].mean() - 8


def test_how_far_a_facet_falls_can_be_set():
    facets = ("safety", "bond", "empathy", "goal")
    settings = ("withdrawal_safety", "withdrawal_bond", "confrontation_empathy", "confrontation_goal")
    even = Facets(**dict.fromkeys(settings, 0))
    for facet, setting in zip(facets, settings, strict=True):
        level, hit = (
            simulate_sessions(clients=200, sessions=20, seed=4, world=World(facets=each)).columns
            for each in (even, replace(even, **{setting: 2}))
        )
        kind = level["kind"] == setting.split("_")[0]
        fall = level[facet] - hit[facet]
        assert set(fall[kind & ~np.isnan(fall)].tolist()) == {0.0, 25.0, 50.0}
        assert (fall[~kind & ~np.isnan(fall)] == 0).all()
        together = np.mean([hit[name] for name in FACETS], axis=0)
        np.testing.assert_allclose(together, hit["alliance"])


def test_planted_ruptures_lower_the_rating():
    made = simulate_sessions(clients=400, sessions=20, seed=4, world=STAYING)
    truth = made.columns["rupture"].reshape(400, 20)
    assert set(np.unique(truth)) == {"none", "acute", "slide", "repairing"}
    assert (truth[:, :3] == "none").all()
    usual = np.nanmean(made.alliance[truth == "none"])
    assert np.nanmean(made.alliance[truth == "acute"]) < usual - 15
    assert np.nanmean(made.alliance[truth == "slide"]) < usual - 5


def test_the_table_of_ruptures_agrees_with_the_sessions():
    made = simulate_sessions(clients=300, sessions=20, seed=5)
    rows, columns = made.ruptures, made.columns
    place = {key: i for i, key in enumerate(zip(columns["client"].tolist(), columns["session"].tolist(), strict=True))}
    for i in range(len(rows["client"])):
        client, onset, repaired = rows["client"][i], int(rows["onset"][i]), int(rows["repaired_at"][i])
        at = place[client, onset]
        assert columns["rupture"][at] == ("slide" if rows["form"][i] == "slide" else "acute")
        assert columns["kind"][at] == rows["kind"][i]
        if repaired:
            assert onset < repaired
            before = columns["rupture"][place[client, repaired - 1]]
            assert before != "none"
        spoken = int(rows["acknowledged_at"][i])
        assert not spoken or columns["acknowledged"][place[client, spoken]] == "yes"
    assert {"sudden", "slide"} == set(rows["form"].tolist())
    assert (rows["repaired_at"] > 0).mean() > 0.5


def test_anxiety_moves_against_and_avoidance_away():
    world = replace(STAYING, ruptures=Ruptures(rate=0.3, kind_tilt=2.0))
    made = simulate_sessions(clients=600, sessions=6, seed=6, world=world)
    first = made.columns["session"] == 5
    rated = first & ~np.isnan(made.columns["attachment_anxiety"]) & (made.columns["kind"] != "none")
    anxious = made.columns["attachment_anxiety"][rated] - made.columns["attachment_avoidance"][rated]
    against = made.columns["kind"][rated] == "confrontation"
    assert anxious[against].mean() > anxious[~against].mean() + 1


def test_what_is_taken_up_mends_sooner():
    spoken, unspoken = (
        simulate_sessions(
            clients=400, sessions=20, seed=7, world=replace(STAYING, ruptures=Ruptures(acknowledge_rate=chance))
        ).ruptures
        for chance in (1.0, 0.0)
    )
    lasted = [rows["repaired_at"] - rows["onset"] for rows in (spoken, unspoken)]
    sudden = [rows["form"] == "sudden" for rows in (spoken, unspoken)]
    means = [last[(last > 0) & form].mean() for last, form in zip(lasted, sudden, strict=True)]
    assert means[0] < means[1] - 0.5


def ahead_by_responsiveness(ruptures: Ruptures) -> tuple[float, float]:
    """More responsive therapists less the others, in sudden ruptures: the share repaired within four sessions, and the
    sessions until the repair of those repaired; each in its standard errors."""
    world = replace(STAYING, ruptures=ruptures)
    rows = simulate_sessions(clients=6000, sessions=20, seed=19, world=world).ruptures
    responsive = cast_of(np.random.default_rng(19), world, 6000).responsiveness  # drawn first, so the same people
    above = np.array([responsive[int(name[4:]) - 1] > 0 for name in rows["client"].tolist()])
    lasted = (rows["repaired_at"] - rows["onset"]).astype(float)
    seen, over = rows["onset"] <= 16, rows["repaired_at"] > 0
    soon = ((over & (lasted <= 4)).astype(float), seen)
    both = [(values[which & above], values[which & ~above]) for values, which in (soon, (lasted, over & seen))]
    ahead = [
        float((more.mean() - less.mean()) / np.sqrt(more.var() / len(more) + less.var() / len(less)))
        for more, less in both
    ]
    return ahead[0], ahead[1]


def test_more_responsive_therapists_repair_more_and_sooner():
    alone = Ruptures(rate=0.05, slide_rate=0.0, acknowledge_responsiveness=0.0)
    share, sessions = ahead_by_responsiveness(alone)
    assert share > 4
    assert sessions < -4
    share, sessions = ahead_by_responsiveness(replace(alone, repair_responsiveness=0.0))
    assert abs(share) < 3
    assert abs(sessions) < 3


def test_without_its_effects_responsiveness_changes_nothing_about_ruptures():
    none = Ruptures(rate=0.1, acknowledge_responsiveness=0.0, repair_responsiveness=0.0)
    plain, usual = (replace(STAYING, ruptures=each) for each in (none, Ruptures(rate=0.1)))
    cast = cast_of(np.random.default_rng(20), STAYING, 500)
    average = replace(cast, responsiveness=np.zeros(500))
    one, other, felt = (
        happen(np.random.default_rng(20), world, people, 20)
        for world, people in ((plain, cast), (usual, average), (usual, cast))
    )
    for name, values in one.ruptures.items():
        np.testing.assert_array_equal(values, other.ruptures[name])
    np.testing.assert_array_equal(one.drop, other.drop)
    assert not np.array_equal(one.drop, felt.drop)


@pytest.mark.parametrize(("rate", "repaired"), [(0.0, 0.0), (1.0, 1.0)])
def test_what_never_or_always_mends_does_so_with_every_therapist(rate, repaired):
    world = replace(STAYING, ruptures=Ruptures(slide_rate=0.0, repair_rate=rate, unspoken=1.0))
    rows = simulate_sessions(clients=300, sessions=20, seed=21, world=world).ruptures
    early = rows["onset"] <= 18
    assert (rows["repaired_at"][early] > 0).mean() == repaired


def test_a_bond_can_be_stronger_after_a_repair():
    base = replace(CALM, ruptures=Ruptures(rate=0.1, slide_rate=0.0))
    stronger = replace(base, ruptures=Ruptures(rate=0.1, slide_rate=0.0, strengthening=2.0))
    without, planted = (simulate_sessions(clients=200, sessions=20, seed=8, world=each) for each in (base, stronger))
    quiet = [made.columns["rupture"].reshape(200, 20)[:, -1] == "none" for made in (without, planted)]
    assert planted.alliance[quiet[1], -1].mean() > without.alliance[quiet[0], -1].mean() + 5


def test_ruptures_and_slides_keep_to_their_sessions():
    late = Ruptures(rate=0.0, slide_rate=1.0, earliest=7, slide_length=3, slide_step=2.0)
    made = simulate_sessions(clients=300, sessions=20, seed=14, world=replace(STAYING, ruptures=late))
    rows = made.ruptures
    assert rows["onset"].min() == 7
    assert set(rows["depth"].tolist()) == {6.0}
    over = rows["repaired_at"] > 0
    assert set((rows["repaired_at"] - rows["onset"])[over].tolist()) == {3}
    at_once = replace(STAYING, ruptures=Ruptures(rate=1.0, earliest=1))
    assert (simulate_sessions(clients=20, sessions=2, seed=14, world=at_once).ruptures["onset"] == 1).all()


def test_nobody_leaves_before_the_set_session():
    made = simulate_sessions(clients=300, sessions=12, seed=15, world=World(ending=Ending(rate=0.3, earliest=6)))
    assert np.unique(made.columns["client"], return_counts=True)[1].min() == 6


def test_a_therapist_sees_as_many_clients_as_was_set():
    world = replace(STAYING, people=People(clients_per_therapist=5))
    made = simulate_sessions(clients=12, sessions=1, seed=16, world=world)
    assert np.unique(made.columns["therapist"], return_counts=True)[1].tolist() == [5, 5, 2]


def test_attachment_is_asked_as_it_was_set():
    asked = Attachment(mean=4.0, sd=0.5, noise=0.0, every=3)
    world = replace(STAYING, attachment=asked, ratings=Ratings(missing_rate=0.0), people=People(carry_over=0.0))
    made = simulate_sessions(clients=2000, sessions=7, seed=17, world=world)
    for name in ("attachment_anxiety", "attachment_avoidance"):
        values = made.columns[name].reshape(2000, 7)
        assert (~np.isnan(values)).all(axis=0).tolist() == [True, False, False, True, False, False, True]
        assert (values[:, 0] == values[:, 6]).all()
        assert values[:, 0].mean() == pytest.approx(4.0, abs=4 * 0.5 / np.sqrt(2000))
        assert values[:, 0].std() == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(2 * 2000))


def test_about_one_in_five_leaves_oftener_in_a_rupture():
    made = simulate_sessions(clients=3000, sessions=20, seed=9)
    _, held = np.unique(made.columns["client"], return_counts=True)
    assert 0.14 < (held < 20).mean() < 0.24
    ends = np.cumsum(held) - 1
    left = ends[held < 20]
    assert (made.columns["rupture"][left] != "none").mean() > 2 * (made.columns["rupture"] != "none").mean()


def test_either_side_reports_tension_as_often_as_it_was_set():
    made = simulate_sessions(clients=1000, sessions=20, seed=10)
    columns, reports = made.columns, Reports()
    rated = ~np.isnan(columns["alliance"])
    within, alone = (rated & ((columns["rupture"] != "none") == ruptured) for ruptured in (True, False))
    for name, ruptured, calm in (
        ("client_tension", reports.client_in_rupture, reports.client_alone),
        ("therapist_tension", reports.therapist_in_rupture, reports.therapist_alone),
    ):
        assert (columns[name][within] > 0).mean() == pytest.approx(ruptured, abs=0.03)
        assert (columns[name][alone] > 0).mean() == pytest.approx(calm, abs=0.01)
    said = within & (columns["client_way"] > 0)
    assert ((columns["client_way"][said] == 2) == (columns["kind"][said] == "confrontation")).all()


def test_settings_do_what_they_say():
    steady = simulate_sessions(clients=300, sessions=20, seed=5, world=CALM).alliance
    assert steady.mean() == pytest.approx(72, abs=0.3)
    assert steady.std() == pytest.approx(np.hypot(5, 3.125 / np.sqrt(12)), abs=0.2)
    bound = replace(CALM, ratings=replace(CALM.ratings, autocorrelation=0.6))
    clinging = simulate_sessions(clients=300, sessions=20, seed=5, world=bound).alliance
    assert np.corrcoef(clinging[:, :-1].ravel(), clinging[:, 1:].ravel())[0, 1] == pytest.approx(0.6, abs=0.05)


def test_a_better_alliance_goes_with_a_better_next_outcome():
    made = simulate_sessions(clients=400, sessions=12, seed=6, world=CALM)
    outcome = made.columns["outcome"].reshape(400, 12)
    within = made.alliance[:, :-1] - made.alliance.mean(axis=1, keepdims=True)
    change = outcome[:, 1:] - outcome.mean(axis=1, keepdims=True)
    slope = (within * change).sum() / (within**2).sum()
    assert -0.12 < slope < -0.03


def test_a_quiet_world_keeps_the_detectors_rate():
    made = simulate_sessions(clients=3000, sessions=20, seed=11, world=World.quiet())
    assert (made.columns["rupture"] == "none").all()
    assert len(made.ruptures["client"]) == 0
    found = detect(made.alliance, prior=prior_for_range(0, 100))
    monitored = (np.cumsum(~np.isnan(made.alliance), axis=1) >= 3) & ~np.isnan(made.alliance)
    assert found.acute[monitored].mean() < 0.025


def test_carried_over_avoidance_falls_where_the_bond_is_felt():
    world = replace(STAYING, people=People(carry_over=0.2))
    made = simulate_sessions(clients=600, sessions=21, seed=12, world=world)
    avoidance = made.columns["attachment_avoidance"].reshape(600, 21)
    change = avoidance[:, 20] - avoidance[:, 0]
    felt = np.nanmean(made.alliance, axis=1)
    both = ~np.isnan(change)
    assert np.corrcoef(change[both], felt[both])[0, 1] < -0.5


@pytest.mark.parametrize("people", [People(), People(therapist_sd=9.0, anxiety_link=0.3, avoidance_link=-0.5)])
def test_attachment_goes_with_the_whole_start_as_published(people):
    drawn = 1_000_000
    cast = cast_of(np.random.default_rng(18), replace(STAYING, people=people), drawn)
    bound = 4 / np.sqrt(drawn)  # four standard errors of a correlation near 0; a larger one has a smaller error
    for attachment, link in ((cast.anxiety, people.anxiety_link), (cast.avoidance, people.avoidance_link)):
        assert np.corrcoef(cast.start, attachment)[0, 1] == pytest.approx(link, abs=bound)
    therapists = drawn / people.clients_per_therapist
    error = np.hypot(people.client_sd**2 / np.sqrt(drawn), people.therapist_sd**2 / np.sqrt(therapists)) * np.sqrt(2)
    assert cast.start.var() == pytest.approx(people.start_sd**2, abs=4 * error)


def test_short_therapies_have_no_ruptures():
    made = simulate_sessions(clients=3, sessions=1, seed=1)
    assert (made.columns["rupture"] == "none").all()


def test_every_setting_says_where_it_comes_from():
    told = described(World())
    assert len(told) > 30
    assert all(basis.startswith(("our choice", "published", "direction published")) for _, _, basis in told)
    assert basis_of("people.avoidance_link").startswith("published: r = -.13")
    with pytest.raises(MethodError, match=r"no setting people\.luck"):
        basis_of("people.luck")


@pytest.mark.parametrize(
    "wrong",
    [
        {"ratings": Ratings(missing_rate=1.2)},
        {"ratings": Ratings(autocorrelation=1.0)},
        {"people": People(client_sd=-1.0)},
        {"people": People(start=np.nan)},
        {"reports": Reports(client_alone=-0.1)},
    ],
)
def test_a_world_out_of_range_is_refused(wrong):
    with pytest.raises(MethodError, match="lies between"):
        World(**wrong)


def test_links_beyond_what_clients_differ_by_are_refused():
    World(people=People(therapist_sd=0.0, anxiety_link=0.6, avoidance_link=0.8))
    with pytest.raises(MethodError, match=r"SD of 12.8 among clients.*client_sd is 10"):
        World(people=People(therapist_sd=8.0, anxiety_link=0.6, avoidance_link=0.8))


@pytest.mark.parametrize(
    "wrong",
    [
        {"people": People(clients_per_therapist=0)},
        {"ruptures": Ruptures(earliest=0)},
        {"attachment": Attachment(every=0)},
        {"facets": Facets(withdrawal_bond=5)},
    ],
)
def test_a_count_out_of_range_is_refused(wrong):
    with pytest.raises(MethodError, match="lies between"):
        World(**wrong)


def test_a_count_that_is_not_whole_is_refused():
    with pytest.raises(MethodError, match=r"ruptures\.slide_length is 5\.5.* give a whole number"):
        World(ruptures=Ruptures(slide_length=5.5))
    World(ruptures=Ruptures(slide_length=np.int64(5)))


@pytest.mark.parametrize(("clients", "sessions"), [(0, 3), (3, 0)])
def test_nobody_and_nothing_are_refused(clients, sessions):
    with pytest.raises(MethodError, match="Ask for 1 or more"):
        simulate_sessions(clients=clients, sessions=sessions, seed=1)


def test_series_from_a_prior():
    prior = LevelPrior(level=50, level_ratio=2, degrees_of_freedom=6, variance=9, drift=0.1)
    drawn = draw_from_prior(prior, clients=2000, sessions=3, seed=1)
    assert drawn.shape == (2000, 3)
    assert drawn.mean() == pytest.approx(50, abs=0.5)
    with pytest.raises(MethodError):
        draw_from_prior(prior, clients=0, sessions=3, seed=1)


def test_the_page_lists_every_setting_as_it_is():
    from pathlib import Path

    page = (Path(__file__).parents[3] / "docs/explanation/the-simulated-world.md").read_text(encoding="utf-8")
    missing = [name for name, value, basis in described(World()) if f"| `{name}` | {value:g} | {basis} |" not in page]
    assert missing == []
