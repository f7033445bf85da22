"""How the client is doing: change that is more than measurement error explains, and change that is sudden."""

from holdfast.outcome.change import ChangeCategory, ReliableChange, functional_cutoff, reliable_change
from holdfast.outcome.gains import Choice, GainCriteria, SuddenGains, reliable_cut, sudden_gains

__all__ = [
    "ChangeCategory",
    "Choice",
    "GainCriteria",
    "ReliableChange",
    "SuddenGains",
    "functional_cutoff",
    "reliable_change",
    "reliable_cut",
    "sudden_gains",
]
