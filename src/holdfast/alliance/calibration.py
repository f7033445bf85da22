"""Does the detector signal as rarely as it says, on one's own archive?"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import chdtrc

from holdfast.alliance.breaks import count_since
from holdfast.alliance.detect import Detection
from holdfast.stats.arrays import FloatArray, IntArray, as_series, freeze
from holdfast.stats.cluster import grouped_interval
from holdfast.stats.proportion import Share

METHOD = "archive-calibration"
BINS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Stated and observed rate of signals side by side.

    nominal: the stated rate; observed: the share of monitored sessions below it, with a 95 % interval that takes
    clients, not sessions, as independent; per_100: signals per 100 sessions; histogram: how many p fall into each of 20
    equal bins (flat if calibrated); flatness: how often bins this uneven come up if they are flat, sessions taken as
    independent; threshold: the nominal rate, or the archive's own quantile of p where the interval lies above nominal;
    held_out: with threshold from one half of the clients, the share below it in the other half, both ways (None where
    the nominal rate is kept, or with one client).
    """

    nominal: float
    observed: Share
    per_100: float
    histogram: IntArray
    flatness: float
    threshold: float
    held_out: Share | None
    method: str
    doubts: tuple[str, ...]

    @property
    def exceeded(self) -> bool:
        """Whether the whole interval lies above the stated rate."""
        return self.observed.low > self.nominal


def monitored_tails(detection: Detection) -> FloatArray:
    """The tails p in which a signal could have come up, (N, T): from the first_alarm-th rating on; nan elsewhere."""
    count = count_since(~np.isnan(detection.scores), detection.starts)
    return np.where(count >= detection.rule.first_alarm, detection.p, np.nan)


def calibrate(tails: Detection | ArrayLike, *, nominal: float | None = None) -> Calibration:
    """Count how often tails of an archive fall below the stated rate, and offer a threshold that keeps it.

    Rule: share of monitored tails below nominal (a detection's own alpha), interval by grouped_interval. Interval above
    nominal: threshold = the k-th smallest p, k = floor(nominal*(n + 1)), at most nominal (split conformal), tried out
    by taking it from every second client and counting in the others, and the other way round. Flatness: chi-square
    over 20 equal bins.
    Meaning: real ruptures are in the archive too, so a rate somewhat above nominal is no proof of false alarms, and a
    threshold that keeps the rate on them finds fewer. Coarse ratings make bins uneven.
    Shapes: a detection, or tails (N, T), nan where nothing was monitored.
    Source: Wilson 1927; Korn & Graubard 1998; split-conformal prediction, Vovk et al. 2005.
    """
    if isinstance(tails, Detection):
        alpha = tails.rule.alpha if nominal is None else nominal
        series = monitored_tails(tails)
    else:
        series, alpha = as_series(tails), 0.02 if nominal is None else nominal
    p = series[~np.isnan(series)]
    observed = _below(series, np.full(len(series), alpha))
    exceeded = observed.low > alpha
    histogram = np.histogram(p, bins=BINS, range=(0.0, 1.0))[0].astype(np.int64)
    doubts: tuple[str, ...] = ("The archive holds real ruptures as well as chance; both are counted.",)
    if p.size < 20 / alpha:
        doubts += (f"Only {p.size} monitored sessions; the interval is wide.",)
    return Calibration(
        nominal=alpha,
        observed=observed,
        per_100=100.0 * observed.estimate,
        histogram=freeze(histogram),
        flatness=_flatness(histogram),
        threshold=_conformal(p, alpha) if exceeded else alpha,
        held_out=_held_out(series, alpha) if exceeded and len(series) > 1 else None,
        method=METHOD,
        doubts=doubts,
    )


def _below(series: FloatArray, threshold: FloatArray) -> Share:
    """The share of tails below their client's threshold."""
    return grouped_interval((series < threshold[:, np.newaxis]).sum(axis=1), (~np.isnan(series)).sum(axis=1))


def _conformal(p: FloatArray, alpha: float) -> float:
    """The largest threshold below which a new p falls with probability alpha or less."""
    k = int(np.floor(alpha * (p.size + 1)))
    return float(min(np.sort(p)[k - 1], alpha)) if k >= 1 else 0.0


def _held_out(series: FloatArray, alpha: float) -> Share:
    """Each half of the clients against the threshold of the other half."""
    odd = np.arange(len(series)) % 2 == 1
    threshold = np.zeros(len(series))
    for half in (odd, ~odd):
        own = series[half]
        threshold[~half] = _conformal(own[~np.isnan(own)], alpha)
    return _below(series, threshold)


def _flatness(histogram: IntArray) -> float:
    """The upper tail of the chi-square statistic of equal bins; nan with nothing counted."""
    expected = histogram.sum() / BINS
    if not expected:
        return float("nan")
    return float(chdtrc(BINS - 1, ((histogram - expected) ** 2 / expected).sum()))
