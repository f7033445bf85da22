"""Alliance to outcome across a caseload."""

from holdfast.process.within_between import ProcessModel, Trend, VarianceShares, WithinBetween, within_between

__all__ = ["ProcessModel", "Trend", "VarianceShares", "WithinBetween", "within_between"]
