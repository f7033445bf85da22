"""Arithmetic of two measurements of one thing: their error, and how large a difference chance alone makes."""

import math

from scipy.special import ndtri

from holdfast.errors import MethodError


def measurement_error(sd: float, reliability: float) -> float:
    """The standard error of one measurement: sd * sqrt(1 - reliability), in points.

    Raises MethodError unless sd is above 0 and reliability lies in [0, 1). Source: classical test theory.
    """
    if not 0.0 < sd < math.inf:
        raise MethodError("The standard deviation is {sd}. It has to be above 0.", sd=sd)
    if not 0.0 <= reliability < 1.0:
        raise MethodError("The reliability is {reliability}. It is at least 0 and below 1.", reliability=reliability)
    return sd * math.sqrt(1.0 - reliability)


def difference_error(sd: float, reliability: float) -> float:
    """The standard error of the difference of two measurements: sqrt(2) * measurement_error, in points.

    Raises as measurement_error does. Source: Jacobson & Truax 1991 (S_diff).
    """
    return math.sqrt(2.0) * measurement_error(sd, reliability)


def smallest_reliable_difference(sd: float, reliability: float, *, confidence: float = 0.95) -> float:
    """The difference that chance alone exceeds, either way, with probability 1 - confidence; in points.

    Formula: z * difference_error, z = 1.959964 for .95. Source: Jacobson & Truax 1991.
    """
    if not 0.0 < confidence < 1.0:
        raise MethodError("The confidence is {confidence}. It lies between 0 and 1.", confidence=confidence)
    return float(ndtri((1.0 + confidence) / 2.0)) * difference_error(sd, reliability)
