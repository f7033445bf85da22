"""A whole course looked back on: how unusual each rating was among all the others, and which stretches were low."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.detect import Detection
from holdfast.alliance.prior import Prior
from holdfast.alliance.stretches import Stretches, stretches_of
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray, as_series, freeze
from holdfast.stats.leave_out import leave_one_out
from holdfast.stats.level import prior_of
from holdfast.stats.student import student_quantile
from holdfast.stats.switching import SwitchPrior, fit_switching, switch_regimes

METHOD = "leave-one-out-tail and switching-local-level"
FEWEST_CLIENTS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimes(SwitchPrior):
    """How ruptured states come and go, and where that is known from. learned: from an archive of the same score."""

    learned: bool
    source: str
    doubts: tuple[str, ...] = ()


ASSUMED = Regimes(
    begin=0.04,
    end=0.4,
    depths=(1.5, 2.5, 3.5),
    weights=(1 / 3, 1 / 3, 1 / 3),
    learned=False,
    source="Assumed: 4 of 100 sessions begin a lowered stretch, which lasts two to three sessions.",
    doubts=("How often lowered stretches begin and end is assumed, not learned from an archive.",),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """What the whole course says of each session; arrays are (N, T), read only, nan where it cannot be said.

    p: how often a rating this low comes up, given all other ratings of the client; expected and [low, high]: what the
    others lead one to expect, and its central 1 - 2*alpha range; unusual: p < alpha. probability: that the session lay
    in a lowered stretch; begins, ends: that one began there, or was over by then; depth: how much lower the rating is
    expected because of it, in own SDs. stretches: where the probability is .5 or more, with the range of onset and end.
    """

    p: FloatArray
    expected: FloatArray
    low: FloatArray
    high: FloatArray
    unusual: BoolArray
    probability: FloatArray
    begins: FloatArray
    ends: FloatArray
    depth: FloatArray
    stretches: Stretches
    alpha: float
    prior: Prior
    regimes: Regimes
    method: str
    doubts: tuple[str, ...]


def hindsight(detection: Detection, *, regimes: Regimes | None = None) -> Hindsight:
    """Look back on whole courses: each rating against all the others, and the probability of a lowered stretch.

    Rule: p by stats.leave_one_out; probability by stats.switch_regimes; both with the detection's prior, no weights.
    At a break a series of its own begins.
    Meaning: for looking back only; both change with every further rating. With the model true each p is uniform, so a
    share alpha of ratings is unusual when nothing has happened. A lowered stretch is a finding in ratings, not an
    observed rupture. A p looks at one rating; a probability also at its neighbours, and at how common stretches are.
    Shapes: detection (N, T). Source: de Jong 1989; Hamilton 1989; docs/explanation/hindsight.md.
    """
    chosen = regimes or ASSUMED
    names = ("p", "expected", "scale", "freedom", "probability", "begins", "ends", "depth")
    found = {name: np.full(detection.scores.shape, np.nan) for name in names}
    for part in _segments(detection):
        left = leave_one_out(part.scores, prior=part.prior, steps=part.steps)
        low = switch_regimes(part.scores, prior=part.prior, switch=chosen, steps=part.steps)
        freedom = np.broadcast_to(left.degrees_of_freedom[:, np.newaxis], part.scores.shape)
        values = (left.p, left.expected, left.scale, freedom, low.probability, low.begins, low.ends, low.depth)
        for name, each in zip(names, values, strict=True):
            found[name][part.row, part.column] = each[part.inside]
    alpha = detection.rule.alpha
    half = -student_quantile(alpha, found["freedom"]) * found["scale"]
    chances = {name: freeze(found[name]) for name in ("probability", "begins", "ends", "depth")}
    return Hindsight(
        p=freeze(found["p"]),
        expected=freeze(found["expected"]),
        low=freeze(found["expected"] - half),
        high=freeze(found["expected"] + half),
        unusual=freeze(found["p"] < alpha),
        stretches=stretches_of(**chances),
        alpha=alpha,
        prior=detection.prior,
        regimes=chosen,
        method=METHOD,
        doubts=("It uses later sessions: for looking back only.", *detection.prior.doubts, *chosen.doubts),
        **chances,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Segment:
    """Ratings between two breaks, series of their own from column 0 on; row, column: where those inside belong."""

    scores: FloatArray
    steps: FloatArray | None
    prior: Prior
    inside: BoolArray
    row: IntArray
    column: IntArray


def _segments(detection: Detection) -> Iterator[_Segment]:
    """The parts of the courses between breaks."""
    scores, segment, starts = detection.scores, detection.segment, detection.starts
    if segment is None or starts is None:
        whole = np.ones(scores.shape, dtype=np.bool_)
        row, column = np.nonzero(whole)
        yield _Segment(
            scores=scores, steps=detection.steps, prior=detection.prior, inside=whole, row=row, column=column
        )
        return
    which = prior_of(starts)
    steps = np.ones(scores.shape) if detection.steps is None else detection.steps
    at = np.arange(scores.shape[1])
    for number in range(int(segment.max(initial=-1)) + 1):
        for place, prior in enumerate(detection.priors):
            own = (segment == number) & (which == place)
            rows = np.flatnonzero(own.any(axis=1))
            shifted = np.minimum(np.argmax(own[rows], axis=1)[:, np.newaxis] + at, at[-1])
            inside = at < own[rows].sum(axis=1)[:, np.newaxis]
            row, column = np.nonzero(inside)
            yield _Segment(
                scores=np.where(inside, np.take_along_axis(scores[rows], shifted, axis=1), np.nan),
                steps=np.where(inside, np.take_along_axis(steps[rows], shifted, axis=1), 0.0),
                prior=prior,
                inside=inside,
                row=rows[row],
                column=shifted[row, column],
            )


def learn_regimes(scores: ArrayLike, *, prior: Prior, steps: ArrayLike | None = None) -> Regimes:
    """How often lowered stretches begin and end in an archive, and how deep they go.

    Rule: stats.fit_switching from the assumed chances; with fewer than 30 clients these stay, with a doubt.
    Meaning: what is counted are stretches of lowered ratings, whatever caused them. The prior was learned as if there
    were none, so part of what they add to the spread of ratings is taken for noise.
    Shapes: scores and steps (N, T), missing nan. Raises MethodError as fit_switching does.
    """
    series = as_series(scores)
    rated = ~np.isnan(series)
    clients = int(rated.any(axis=1).sum())
    if clients < FEWEST_CLIENTS:
        why = f"Only {clients} clients; how lowered stretches come and go is learned from {FEWEST_CLIENTS} or more."
        return Regimes(
            begin=ASSUMED.begin,
            end=ASSUMED.end,
            depths=ASSUMED.depths,
            weights=ASSUMED.weights,
            learned=False,
            source=ASSUMED.source,
            doubts=(why, *ASSUMED.doubts),
        )
    found = fit_switching(series, prior=prior, start=ASSUMED, steps=steps)
    return Regimes(
        begin=found.begin,
        end=found.end,
        depths=found.depths,
        weights=found.weights,
        learned=True,
        source=f"Learned from {clients} clients with {int(rated.sum())} ratings.",
    )
