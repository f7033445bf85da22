"""What goes with outcome when client and therapist agree, high or low, and when they part: a response surface."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.pair.ratings import dyads_of, same_sessions
from holdfast.errors import MethodError
from holdfast.stats import Surface, fit_surface
from holdfast.stats.arrays import as_series


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One of the five conditions of a congruence effect: in words, the property of the shape it is about, and whether
    the interval agrees with it."""

    says: str
    shape: str
    agrees: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PairSurface:
    """The surface of outcome (turned so that higher is better) over both ratings, centred on the same point.

    centre: that point; conditions: the five of a congruence effect; method, doubts. See stats.Surface for the shape.
    """

    surface: Surface
    centre: float
    conditions: tuple[Condition, ...]
    method: str
    doubts: tuple[str, ...]


def pair_surface(
    client: ArrayLike,
    *,
    therapist: ArrayLike,
    outcome: ArrayLike,
    higher_is_better: bool = False,
    centre: float | None = None,
    confidence: float = 0.95,
) -> PairSurface:
    """Fit the surface of the outcome in the same cells over client's (x) and therapist's (y) ratings.

    Rule: both less one centre (as given, else the mean of all ratings by both); outcome with its sign turned unless
    higher is better; errors by dyad when some dyad has more than one row. A congruence effect needs all five: p10 = 0,
    p11 = 1, a3 = 0, a5 = 0 within their intervals, and a4 below 0 with its whole interval.
    Meaning: association, over and within dyads together; no claim that agreeing makes people better. That an interval
    holds the wanted value is no proof of it: wide intervals hold much.
    Shapes: all (N, T), missing nan. Raises MethodError as fit_surface does.
    Source: Edwards & Parry 1993; Humberg, Nestler & Back 2019 (the five conditions).
    """
    x, y = same_sessions(client, therapist)
    z = as_series(outcome)
    if z.shape != x.shape:
        raise MethodError(
            "The outcome has the shape {z}, the ratings {x}. Give the same sessions.", z=z.shape, x=x.shape
        )
    used = ~(np.isnan(x) | np.isnan(z))
    if not used.any():
        raise MethodError("No session has both ratings and an outcome. A surface needs all three.")
    middle = float(np.mean([x[used], y[used]])) if centre is None else float(centre)
    repeated = bool((used.sum(axis=1) > 1).any())
    surface = fit_surface(
        z[used] if higher_is_better else -z[used],
        x=x[used] - middle,
        y=y[used] - middle,
        group=dyads_of(x)[used] if repeated else None,
        confidence=confidence,
    )
    shape = surface.shape
    conditions = (
        Condition(
            says="the ridge starts at the point of equal ratings (p10 = 0)", shape="p10", agrees=shape["p10"].covers(0)
        ),
        Condition(says="the ridge runs along equal ratings (p11 = 1)", shape="p11", agrees=shape["p11"].covers(1)),
        Condition(says="outcome falls as the ratings part (a4 < 0)", shape="a4", agrees=shape["a4"].high < 0.0),
        Condition(says="no side of disagreement is better (a3 = 0)", shape="a3", agrees=shape["a3"].covers(0)),
        Condition(says="the fall is the same on both sides (a5 = 0)", shape="a5", agrees=shape["a5"].covers(0)),
    )
    return PairSurface(
        surface=surface,
        centre=middle,
        conditions=conditions,
        method=surface.method,
        doubts=(*surface.doubts, "Differences between dyads and changes within them are mixed in one surface."),
    )
