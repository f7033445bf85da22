"""How the client is doing: change that is more than measurement error explains, and change that is sudden."""

from holdfast.outcome.change import ChangeCategory, ChangeMethod, ReliableChange, functional_cutoff, reliable_change
from holdfast.outcome.gains import Choice, GainCriteria, SuddenGains, sudden_gains
from holdfast.outcome.methods import Clinical, change_by, cutoffs

__all__ = [
    "ChangeCategory",
    "ChangeMethod",
    "Choice",
    "Clinical",
    "GainCriteria",
    "ReliableChange",
    "SuddenGains",
    "change_by",
    "cutoffs",
    "functional_cutoff",
    "reliable_change",
    "sudden_gains",
]
