"""Alliance to outcome across a caseload."""

from holdfast.process.within_between import Trend, VarianceShares, WithinBetween, within_between

__all__ = ["Trend", "VarianceShares", "WithinBetween", "within_between"]
