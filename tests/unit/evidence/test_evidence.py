"""Published figures and guidance: what the files must hold, what is hidden, and in which order help comes."""

import pytest

from holdfast.errors import InstrumentError
from holdfast.evidence import figure, figures, guidance, reading, source, strategies
from holdfast.evidence.repair import _strategy

FACETS = {"bond", "goal", "task", "empathy", "regard", "genuineness", "consistency", "safety"}


def test_the_figures_are_those_that_were_read():
    # Eubanks, Muran & Safran 2018, abstract: r = .29, 95 % CI [.10, .47], k = 11, N = 1,314
    repair = figure("repair-and-outcome")
    assert (repair.estimate, repair.low, repair.high, repair.studies, repair.people) == (0.29, 0.10, 0.47, 11, 1314)
    # Elliott et al. 2018, abstract: r = .28 [.23, .33], 82 samples, 6,138 clients
    empathy = figure("empathy-and-outcome")
    assert (empathy.estimate, empathy.low, empathy.high, empathy.studies, empathy.people) == (
        0.28,
        0.23,
        0.33,
        82,
        6138,
    )
    training = figure("training-in-repair")
    assert training.low < 0 < training.high
    assert all(each.limit.endswith(".") for each in figures())


def test_every_work_can_be_found_and_says_what_was_read():
    for name in reading.read("sources"):
        work = source(name)
        assert work.cite.count("(") >= 1
        assert work.doi.startswith("10.")
        assert work.seen


def test_what_nobody_saw_at_its_source_is_hidden(monkeypatch):
    entry = reading.read("figures")["repair-and-outcome"]
    told = {"figures": {"guessed": entry | {"source": "unread"}}, "sources": {"unread": {"cite": "Somebody (1999)."}}}
    monkeypatch.setattr("holdfast.evidence.published.read", lambda name: told[name])
    assert figures() == ()
    assert [each.id for each in figures(unseen=True)] == ["guessed"]
    with pytest.raises(InstrumentError, match="seen at its source"):
        figure("guessed")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"limit": None}, "lacks limit"),
        ({"grade": "A"}, "has grade"),
        ({"interval": [0.3, 0.4]}, "outside its own interval"),
        ({"source": "nobody"}, "no source nobody"),
    ],
)
def test_an_entry_that_does_not_hold_what_it_must_is_refused(change, says, monkeypatch):
    entry = {key: value for key, value in (reading.read("figures")["repair-and-outcome"] | change).items() if value}
    works = reading.read("sources")
    monkeypatch.setattr("holdfast.evidence.published.read", lambda name: works if name == "sources" else {"it": entry})
    with pytest.raises(InstrumentError, match=says):
        figures()


def test_validating_comes_first_and_changing_last():
    found = guidance(way="withdrawal", facets=["task"])
    assert [phase for phase, _, _ in found.phases] == ["validate", "explore", "change"]
    assert all(found.phases[place][2] for place in range(3))
    assert {each.way for each in found.markers} == {"withdrawal"}
    assert all(each.source.seen for _, _, held in found.phases for each in held)
    assert len({work.id for work in found.sources}) == len(found.sources) > 1


def test_what_fits_a_way_and_a_facet_and_nothing_else():
    def ids(**asked):
        return {each.id for _, _, held in guidance(**asked).phases for each in held}

    assert {"sense-of-it", "notice-gently"} <= ids(way="withdrawal")
    assert not {"sense-of-it", "notice-gently"} & ids(way="confrontation")
    assert {"sense-of-it", "take-complaint"} <= ids()
    for facet in FACETS:
        assert ids(way="withdrawal") < ids(way="withdrawal", facets=[facet]) or facet == "empathy"
    assert "ask-again" in ids(way="withdrawal", facets=["empathy"])
    known = {"any", "withdrawal", "confrontation", *FACETS}
    assert all(each.fits <= known for each in strategies())


def test_a_strategy_of_an_unknown_phase_or_shape_is_refused(monkeypatch):
    entry = dict(reading.read("repair")["strategies"][0])
    with pytest.raises(InstrumentError, match="unknown phase"):
        _strategy(entry | {"phase": "later"}, ["validate"])
    with pytest.raises(InstrumentError, match="has order"):
        _strategy(entry | {"order": 1}, ["validate"])
    twice = reading.read("repair") | {"strategies": [entry, entry]}
    monkeypatch.setattr("holdfast.evidence.repair.read", lambda name: twice if name == "repair" else {})
    with pytest.raises(InstrumentError, match="share an id"):
        strategies.__wrapped__()
