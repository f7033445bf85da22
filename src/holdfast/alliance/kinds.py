"""The kinds of signal, and their numbers in arrays."""

from enum import StrEnum


class SignalKind(StrEnum):
    """What kind of evidence one session holds; its code is its place here, counted from 1.

    acute: a rating far below expectation; erosion: a slide over several ratings; tension: somebody said so;
    disagreement: two raters, or a prediction and its rating, depart from each other more than usual.
    """

    ACUTE = "acute"
    EROSION = "erosion"
    TENSION = "tension"
    DISAGREEMENT = "disagreement"

    @property
    def code(self) -> int:
        """The number that stands for it in arrays; 0 stands for no signal."""
        return list(SignalKind).index(self) + 1

    @classmethod
    def from_code(cls, code: int) -> "SignalKind | None":
        """The kind behind a number in an array; None for 0."""
        return None if code == 0 else list(cls)[code - 1]
