"""Whether the client's own words say that the strain eased."""

from collections.abc import Mapping, Sequence
from typing import Any

from holdfast.instruments import load
from holdfast.practice.answers.content import Answer
from holdfast.practice.answers.offers import folders
from holdfast.practice.ruptures.voices import INSTRUMENT

ITEM = "eased"


def says_eased(answers: Mapping[str, Answer], forms: Sequence[Mapping[str, Any]]) -> bool | None:
    """True for an answer above the middle of the item's range, False for any other; None when it was not answered."""
    answer = answers.get(ITEM)
    if answer is None or isinstance(answer, str):
        return None
    version = next(each["version"] for each in forms if each["id"] == INSTRUMENT)
    instrument = load(INSTRUMENT, version=version, folders=folders())
    points = instrument.answers_to(ITEM)
    return 2 * answer > points.lowest + points.highest
