"""How the client is doing: change that is more than measurement error explains."""

from holdfast.outcome.change import ChangeCategory, ReliableChange, functional_cutoff, reliable_change

__all__ = ["ChangeCategory", "ReliableChange", "functional_cutoff", "reliable_change"]
