"""What each simulated session was like: from the story where it says so, else drawn by the generative model."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from holdfast.practice.demo.stories import STORIES, Story
from holdfast.simulate import Ending, World, simulate_sessions
from holdfast.stats.arrays import FloatArray

SEED = 2026
LONGEST = 12
USUAL = {"alliance": 75.0, "therapist_alliance": 70.0, "predicted": 75.0, "outcome": 11.0}
"""What stands for a drawn gap where somebody else rated all the same."""
REPORTS = ("client_tension", "client_way", "therapist_way")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One simulated session: alliance 0 to 100 (None: unrated), distress 0 to 24, and how the therapist took it."""

    number: int
    alliance: float | None
    distress: int
    predicted: float
    seen_by_therapist: float
    tension: int = 0
    way: int = 0
    way_by_therapist: int = 0
    focus: int = 1
    eased: int | None = None
    weak: tuple[str, ...] = ()
    dark: int = 0


def moments_of_all(stories: Sequence[Story] = STORIES, longest: int = LONGEST) -> list[tuple[Moment, ...]]:
    """The past sessions of every story, in the order of the stories."""
    world = World(ending=Ending(rate=0.0))  # who leaves is told by the stories
    made = simulate_sessions(clients=len(stories), sessions=longest, seed=SEED, world=world).columns
    names = (*USUAL, *REPORTS)
    columns = {name: np.asarray(made[name], dtype=np.float64).reshape(len(stories), longest) for name in names}
    return [
        _moments(story, {name: values[row] for name, values in columns.items()}) for row, story in enumerate(stories)
    ]


def _moments(story: Story, drawn: Mapping[str, FloatArray]) -> tuple[Moment, ...]:
    alliance = story.alliance or tuple(None if np.isnan(value) else float(value) for value in drawn["alliance"])
    return tuple(
        Moment(
            number=place + 1,
            alliance=alliance[place],
            distress=story.distress[place] if story.distress else int(_filled(drawn["outcome"], "outcome", place)),
            predicted=_guess(story, drawn, place),
            seen_by_therapist=_filled(drawn["therapist_alliance"], "therapist_alliance", place),
            tension=story.tension.get(place + 1, 0) if story.alliance else _said(drawn, "client_tension", place),
            way=1 if story.alliance else _said(drawn, "client_way", place),
            way_by_therapist=_noticed(story, drawn, place),
            focus=1 + (place + 1) % 3,
            eased=story.eased.get(place + 1),
            dark=story.dark.get(place + 1, 0),
            weak=story.weak,
        )
        for place in range(len(story.alliance) or story.sessions)
    )


def _guess(story: Story, drawn: Mapping[str, FloatArray], place: int) -> float:
    """In the shaped courses the therapist expects what she heard last time; else her guess is drawn."""
    if not story.alliance:
        return _filled(drawn["predicted"], "predicted", place)
    known = [value for value in story.alliance[:place] if value is not None]
    return known[-1] if known else USUAL["predicted"]


def _noticed(story: Story, drawn: Mapping[str, FloatArray], place: int) -> int:
    """Which way the therapist saw the tension: in the shaped courses she notices more than a little of it."""
    if story.alliance:
        return int(story.tension.get(place + 1, 0) > 1)
    return _said(drawn, "therapist_way", place)


def _said(drawn: Mapping[str, FloatArray], name: str, place: int) -> int:
    return int(np.nan_to_num(drawn[name][place]))


def _filled(values: FloatArray, name: str, place: int) -> float:
    return USUAL[name] if np.isnan(values[place]) else float(values[place])
