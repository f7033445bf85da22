"""What is left of measurements after each client's own level and a free level for each session that all share."""

from dataclasses import dataclass

import numpy as np

from holdfast.stats.arrays import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Who was measured when, (N, M) over the sessions with any measurement, 1 or 0; count per client, (N, 1), at least
    1; information, (M, M): what the common levels are left with after the clients' own; solve: its inverse (Moore and
    Penrose)."""

    seen: FloatArray
    count: FloatArray
    information: FloatArray
    solve: FloatArray

    @property
    def clients(self) -> int:
        """How many were measured at all."""
        return int(self.seen.any(axis=1).sum())


def measured_of(y: FloatArray) -> Measured:
    """Who was measured when; y (N, T), missing nan."""
    seen = (~np.isnan(y))[:, (~np.isnan(y)).any(axis=0)].astype(np.float64)
    count = np.maximum(seen.sum(axis=1, keepdims=True), 1.0)
    information = np.diag(seen.sum(axis=0)) - (seen / count).T @ seen
    return Measured(seen=seen, count=count, information=information, solve=np.linalg.pinv(information))


def beyond_own(values: FloatArray, measured: Measured) -> FloatArray:
    """Values (..., N, M) less each client's own mean; 0 where nothing was measured."""
    rest = np.where(measured.seen > 0.0, values, 0.0)
    rest -= rest.sum(axis=-1, keepdims=True) / measured.count
    rest *= measured.seen
    return rest


def beyond_common(values: FloatArray, measured: Measured) -> FloatArray:
    """Values (..., N, M) less each client's own level and the levels of the sessions, by least squares."""
    rest = beyond_own(values, measured)
    levels = rest.sum(axis=-2) @ measured.solve
    return beyond_own(rest - levels[..., np.newaxis, :], measured)
