"""A share of a count, with its interval."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from holdfast.errors import MethodError


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A share with its interval: found of these many, estimate, low, high, and the confidence of the interval."""

    found: int
    of: int
    estimate: float
    low: float
    high: float
    confidence: float


def wilson_interval(found: int, of: int, *, confidence: float = 0.95) -> Share:
    """How large a share is, and between which bounds it may well lie.

    Formula: (p + z^2/2n -+ z*sqrt(p(1-p)/n + z^2/4n^2))/(1 + z^2/n), p = found/of, z the normal quantile; no
    continuity correction. With nothing counted the share is unknown (nan) and the bounds are 0 and 1.
    Raises MethodError for counts that do not fit each other. Source: Wilson 1927; R's prop.test(correct = FALSE).
    """
    if not 0 <= found <= of:
        raise MethodError("{found} found of {of} is not a share. Count found within the whole.", found=found, of=of)
    if not 0.0 < confidence < 1.0:
        raise MethodError("The confidence is {confidence}. It lies between 0 and 1.", confidence=confidence)
    if of == 0:
        return Share(found=0, of=0, estimate=float("nan"), low=0.0, high=1.0, confidence=confidence)
    z = float(ndtri((1.0 + confidence) / 2.0))
    p = found / of
    centre, spread = p + z * z / (2 * of), z * float(np.sqrt(p * (1 - p) / of + z * z / (4 * of * of)))
    whole = 1.0 + z * z / of
    low = 0.0 if found == 0 else (centre - spread) / whole
    high = 1.0 if found == of else (centre + spread) / whole
    return Share(found=found, of=of, estimate=p, low=low, high=high, confidence=confidence)
