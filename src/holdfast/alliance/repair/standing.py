"""How an episode stands: in the ratings, and in the client's own word."""

from enum import StrEnum


class RepairStatus(StrEnum):
    """How far the alliance has come back in the ratings; its code is its place here, counted from 1."""

    OPEN = "open"
    REPAIRED = "repaired"
    PARTLY = "partly"
    NOT = "not"
    ENDED = "ended"

    @property
    def code(self) -> int:
        """The number that stands for it in arrays; 0 stands for no episode."""
        return list(RepairStatus).index(self) + 1

    @classmethod
    def from_code(cls, code: int) -> "RepairStatus | None":
        """The status behind a number in an array; None for 0."""
        return None if code == 0 else list(cls)[code - 1]


class Confirmation(StrEnum):
    """What the client said when asked whether the strain had eased; its code is its place here, counted from 0."""

    NOT_ASKED = "not asked"
    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"

    @property
    def code(self) -> int:
        """The number that stands for it in arrays."""
        return list(Confirmation).index(self)

    @classmethod
    def from_code(cls, code: int) -> "Confirmation":
        """The word behind a number in an array."""
        return list(cls)[code]
