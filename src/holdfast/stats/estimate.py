"""A number with its uncertainty."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What was found: value, its standard error, and the ends of its interval; nan where unknown."""

    value: float
    error: float
    low: float
    high: float

    @property
    def z(self) -> float:
        """The value in standard errors; nan where the error is 0 or unknown."""
        return self.value / self.error if self.error > 0.0 else float(np.nan)

    def times(self, factor: float) -> "Estimate":
        """The same estimate in other units; factor above 0."""
        return Estimate(
            value=self.value * factor, error=self.error * factor, low=self.low * factor, high=self.high * factor
        )

    def covers(self, number: float) -> bool:
        """Whether the interval holds this number."""
        return self.low <= number <= self.high
