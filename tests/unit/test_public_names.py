"""One front door: the public names are complete, and each is loaded on first use."""

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import holdfast

NOT_PUBLIC = {
    "alliance": {
        "EpisodeTable": "the columns behind Episodes.table",
        "RuleEpisodes": "the columns behind RuleFlags.episodes",
        "Stretches": "the columns behind Hindsight.stretches",
    },
    "alliance.signals": dict.fromkeys(
        (
            "Apart",
            "Direction",
            "Pattern",
            "Rates",
            "TensionRule",
            "Ties",
            "Way",
            "pooled_tail",
            "prior_for_misses",
            "rater_gap",
            "tension_rule",
        ),
        "parts of Signals and Sources",
    ),
    "alliance.pair": {"Condition": "a part of PairSurface", "Skill": "a part of Attunement"},
    "instruments": dict.fromkeys(
        ("AnswerSet", "Band", "Code", "Condition", "Figure", "Item", "Rights", "Scale", "Wording"),
        "parts of Instrument",
    ),
    "interop": dict.fromkeys(("chosen_format", "frame_of", "write_whole"), "plumbing of the command"),
    "outcome": {"Choice": "a word of sudden_gains"},
    "simulate": {"draw_from_prior": "for calibration studies", "described": "for the page on the simulated world"}
    | dict.fromkeys(
        ("Attachment", "Ending", "Facets", "Outcome", "People", "Ratings", "Reports", "Ruptures"), "parts of World"
    ),
}
"""What a room offers to other rooms and not to people, with the reason."""


@pytest.mark.parametrize("name", holdfast.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(holdfast, name) is not None


def test_the_list_is_complete_and_in_order() -> None:
    assert holdfast.__all__ == sorted(holdfast.__all__)
    listed = sorted(name for names in holdfast.ROOMS.values() for name in names.split())
    assert listed == holdfast.__all__
    assert set(holdfast.__all__) <= set(dir(holdfast))


@pytest.mark.parametrize("room", ["alliance", "alliance.pair", "instruments", "interop", "outcome", "simulate"])
def test_what_a_room_offers_is_public_or_said_not_to_be(room: str) -> None:
    offered = set(import_module(f"holdfast.{room}").__all__)
    assert offered == set(holdfast.ROOMS[room].split()) | set(NOT_PUBLIC.get(room, {}))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'predict'"):
        holdfast.predict  # noqa: B018


def test_importing_it_loads_nothing() -> None:
    program = "import sys, holdfast; print([name for name in sys.modules if name.startswith('holdfast')])"
    environment = {**os.environ, "PYTHONPATH": str(Path(holdfast.__file__).parents[1])}
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment)
    assert run.stdout.strip() == "['holdfast']"
