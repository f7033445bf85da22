"""A whole course looked back on: how unusual each rating was among all the others, and which stretches were low."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.detect import Detection
from holdfast.alliance.prior import Prior
from holdfast.alliance.rebound import drift_of, steps_from
from holdfast.alliance.stretches import Stretches, stretches_of
from holdfast.stats.arrays import BoolArray, FloatArray, as_series, freeze
from holdfast.stats.leave_out import leave_one_out
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
    Meaning: for looking back only; both change with every further rating. With the model true each p is uniform, so a
    share alpha of ratings is unusual when nothing has happened. A lowered stretch is a finding in ratings, not an
    observed rupture. A p looks at one rating; a probability also at its neighbours, and at how common stretches are.
    Shapes: detection (N, T). Source: de Jong 1989; Hamilton 1989; docs/explanation/hindsight.md.
    """
    chosen = regimes or ASSUMED
    prior, scores = detection.prior, detection.scores
    steps = steps_from(drift_of(detection), prior.drift)
    alpha = detection.rule.alpha
    left = leave_one_out(scores, prior=prior, steps=steps)
    half = -student_quantile(alpha, left.degrees_of_freedom)[:, np.newaxis] * left.scale
    found = switch_regimes(scores, prior=prior, switch=chosen, steps=steps)
    return Hindsight(
        p=left.p,
        expected=left.expected,
        low=freeze(left.expected - half),
        high=freeze(left.expected + half),
        unusual=freeze(left.p < alpha),
        probability=found.probability,
        begins=found.begins,
        ends=found.ends,
        depth=found.depth,
        stretches=stretches_of(found),
        alpha=alpha,
        prior=prior,
        regimes=chosen,
        method=METHOD,
        doubts=("It uses later sessions: for looking back only.", *prior.doubts, *chosen.doubts),
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
