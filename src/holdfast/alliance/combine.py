"""Two raters of the same sessions: client and therapist."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from holdfast.alliance.detect import Detection
from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, freeze

METHOD = "either-rater"
THERAPIST_WEIGHT = 0.6
ASSUMED_CORRELATION = 0.3
FEWEST_PAIRS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """Both raters together; arrays are (N, T), read only.

    acute, erosion: a signal by either rater. stouffer: the lower tail of both normal scores together (nan unless both
    rated). disagreement: how differently the two depart from expectation, as a normal score, below 0 when the client's
    rating is the lower one; no threshold has been studied. correlation: of the two raters' normal scores, as used.
    false_alarm_rate: the sum of both rates, the most it can be if nothing has happened.
    """

    acute: BoolArray
    erosion: BoolArray
    stouffer: FloatArray
    disagreement: FloatArray
    correlation: float
    client: Detection
    therapist: Detection
    method: str
    false_alarm_rate: float
    doubts: tuple[str, ...]


def combine(client: Detection, therapist: Detection, *, correlation: float | None = None) -> Combination:
    """Put the signals of both raters of the same sessions together: either one counts.

    Rule: signal if either rater signals; give both detections rule.halved() to keep the total at alpha. Beside it
    Stouffer's score (u_C + .6*u_T)/sqrt(1 + .36 + 1.2*rho) and the disagreement (u_C - u_T)/sqrt(2 - 2*rho). rho: as
    given, else from these ratings when at least 30 sessions have both, else .3.
    Meaning: therapists see ruptures that clients do not report, so each side is heard by itself.
    Shapes: both detections (N, T). Raises MethodError when they differ in shape or rho is not between -1 and 1.
    Source: the OR rule and its detection rates, docs/explanation/the-detector.md; Stouffer et al. 1949.
    """
    if client.scores.shape != therapist.scores.shape:
        raise MethodError(
            "The client's ratings have the shape {client_shape}, the therapist's {other}. Give the same sessions.",
            client_shape=client.scores.shape,
            other=therapist.scores.shape,
        )
    u, v = client.states.normal_score, therapist.states.normal_score
    rho, doubts = _correlation(u, v, correlation)
    both = (u + THERAPIST_WEIGHT * v) / np.sqrt(1.0 + THERAPIST_WEIGHT**2 + 2.0 * THERAPIST_WEIGHT * rho)
    return Combination(
        acute=freeze(client.acute | therapist.acute),
        erosion=freeze(client.erosion | therapist.erosion),
        stouffer=freeze(np.asarray(ndtr(both), dtype=np.float64)),
        disagreement=freeze((u - v) / np.sqrt(2.0 - 2.0 * rho)),
        correlation=rho,
        client=client,
        therapist=therapist,
        method=METHOD,
        false_alarm_rate=client.false_alarm_rate + therapist.false_alarm_rate,
        doubts=tuple(dict.fromkeys((*client.doubts, *therapist.doubts, *doubts))),
    )


def _correlation(u: FloatArray, v: FloatArray, given: float | None) -> tuple[float, tuple[str, ...]]:
    """The correlation of the two raters' normal scores, and what is doubtful about it."""
    if given is not None:
        if not -1.0 < given < 1.0:
            raise MethodError("The correlation is {given}. It lies between -1 and 1.", given=given)
        return given, ()
    pairs = ~(np.isnan(u) | np.isnan(v))
    count = int(pairs.sum())
    if count < FEWEST_PAIRS or np.ptp(u[pairs]) == 0.0 or np.ptp(v[pairs]) == 0.0:
        return ASSUMED_CORRELATION, (f"Both rated {count} sessions; the two raters are taken to correlate .3.",)
    found = float(np.corrcoef(u[pairs], v[pairs])[0, 1])
    return min(max(found, -0.99), 0.99), ()
