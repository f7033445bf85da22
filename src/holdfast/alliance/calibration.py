"""Does the detector signal as rarely as it says, on one's own archive?"""

from dataclasses import dataclass

import numpy as np

from holdfast.alliance.detect import Detection
from holdfast.stats.arrays import IntArray, freeze
from holdfast.stats.proportion import Share, wilson_interval

METHOD = "archive-calibration"
BINS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """Stated and observed rate of acute signals side by side.

    nominal: the rule's alpha; observed: the share of monitored sessions signalled, with its Wilson interval;
    per_100: signals per 100 sessions; histogram: how many p fall into each of 20 equal bins (flat if calibrated);
    threshold: alpha, or the archive's own alpha-quantile of p when the interval lies above alpha.
    """

    nominal: float
    observed: Share
    per_100: float
    histogram: IntArray
    threshold: float
    method: str
    doubts: tuple[str, ...]


def calibrate(detection: Detection) -> Calibration:
    """Count how often ratings of an archive fall below alpha, and offer a threshold that keeps the stated rate.

    Rule: over rated sessions from the first_alarm-th on, share with p < alpha and its 95 % Wilson interval. Interval
    above alpha: threshold = the k-th smallest p, k = floor(alpha*(n + 1)), at most alpha (split conformal).
    Meaning: real ruptures are in the archive too, so a rate somewhat above alpha is no proof of false alarms.
    Shapes: detection (N, T). Source: Wilson 1927; split-conformal prediction, Vovk et al. 2005.
    """
    alpha = detection.rule.alpha
    count = np.cumsum(~np.isnan(detection.scores), axis=1)
    p = detection.p[(count >= detection.rule.first_alarm) & ~np.isnan(detection.p)]
    share = wilson_interval(int((p < alpha).sum()), p.size)
    above = share.low > alpha
    doubts: tuple[str, ...] = ("The archive holds real ruptures as well as chance; both are counted.",)
    if p.size < 20 / alpha:
        doubts += (f"Only {p.size} monitored sessions; the interval is wide.",)
    return Calibration(
        nominal=alpha,
        observed=share,
        per_100=100.0 * share.estimate,
        histogram=freeze(np.histogram(p, bins=BINS, range=(0.0, 1.0))[0].astype(np.int64)),
        threshold=_conformal(p, alpha) if above else alpha,
        method=METHOD,
        doubts=doubts,
    )


def _conformal(p: np.ndarray, alpha: float) -> float:
    """The largest threshold below which a new p falls with probability alpha or less."""
    k = int(np.floor(alpha * (p.size + 1)))
    return float(np.sort(p)[k - 1]) if k >= 1 else 0.0
