"""Which sessions a published rule flags, what became of each fall, and how often the rule flags pure noise."""

from dataclasses import dataclass
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.rules.chance import ChanceRate, Noise, chance_rate
from holdfast.alliance.rules.following import RuleEpisodes, follow_falls
from holdfast.alliance.rules.presets import find_rule
from holdfast.alliance.rules.ratings import make_ready
from holdfast.alliance.rules.spec import OF_THE_SAMPLE, Reading, RuleParameters, RuleSpec, Unit
from holdfast.stats.arrays import BoolArray, FloatArray, as_series, freeze
from holdfast.stats.proportion import Share, wilson_interval
from holdfast.stats.rows import count_rows

METHOD = "published-rule"
FEW_SESSIONS, FEW_CLIENTS = 6, 10


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFlags:
    """What one rule says about each rating. flags (N, T), read only; episodes: the ruptures they open; rule: with every
    parameter as applied; sessions: the share of rated sessions flagged; therapies: the share of therapies with at
    least one flag; chance: the same two shares on pure noise of the same lengths, without which no count is written.
    """

    flags: BoolArray
    episodes: RuleEpisodes
    rule: RuleSpec
    sessions: Share
    therapies: Share
    chance: ChanceRate
    method: str
    doubts: tuple[str, ...]

    def __str__(self) -> str:
        """Counts with their null beside them."""
        return (
            f"{self.rule.name}: {_counted(self.sessions, 'sessions flagged')}, pure noise "
            f"{_percent(self.chance.session, self.chance.session_error)}; "
            f"{_counted(self.therapies, 'therapies with at least one')}, pure noise "
            f"{_percent(self.chance.therapy, self.chance.therapy_error)}."
        )


def flag(
    scores: ArrayLike,
    *,
    rule: str | RuleSpec = "stiles-2004",
    noise: Noise | None = None,
    **parameters: Unpack[RuleParameters],
) -> RuleFlags:
    """Flag sessions by a rule from the literature, beside the rate at which it flags pure noise.

    Rule: PRESETS says what each compares; a session without a rating is skipped, so that the session before is the
    rated one before. Parameters (RuleParameters) change a preset. A fall inside an open episode belongs to it.
    Meaning: a flag is a drop in a rating that a study would have counted; whether it says more than noise is seen
    beside it. No flag is no green light. Most rules use the whole series: they look back, they do not monitor.
    Shapes: scores (N, T) or (T,), higher is better, missing nan; pooled units are taken over all N.
    Raises MethodError for an unknown rule or parameter, for arrays of other shapes, infinite values.
    Source: each preset's own; docs/explanation/published-rules.md.
    """
    spec = find_rule(rule, **parameters)
    series = as_series(scores)
    flags, episodes = follow_falls(make_ready(series), spec)
    rated = count_rows(series)
    return RuleFlags(
        flags=freeze(flags),
        episodes=episodes,
        rule=spec,
        sessions=wilson_interval(int(flags.sum()), int(rated.sum())),
        therapies=wilson_interval(int(flags.any(axis=1).sum()), int((rated > 0).sum())),
        chance=chance_rate(series, spec, noise=noise or Noise()),
        method=METHOD,
        doubts=doubts_of(spec, series),
    )


def doubts_of(spec: RuleSpec, series: FloatArray) -> tuple[str, ...]:
    """Plain sentences that limit what a rule says about these ratings."""
    rated = count_rows(series)
    short = int((rated < FEW_SESSIONS).sum())
    seen = series[~np.isnan(series)]
    outside = spec.scale is not None and seen.size and not spec.scale[0] <= seen.min() <= seen.max() <= spec.scale[1]
    sentences = {
        f"{spec.name} is {spec.reading.value} {spec.source}; the wording has not been checked against the paper.": (
            spec.reading is Reading.OURS
        ),
        f"{spec.name} looks back over the whole series: it could not have flagged these sessions on the day.": (
            spec.retrospective
        ),
        f"{spec.name} pools over the sample; with few or unequal clients it flags the restless ones oftener.": bool(
            spec.units & OF_THE_SAMPLE
        ),
        f"{short} of {len(rated)} clients have fewer than {FEW_SESSIONS} ratings; their own SD says little.": short > 0,
        f"{spec.name} rests on a reliability of {spec.reliability}; give the scale's own.": (
            Unit.DIFFERENCE_ERROR in spec.units
        ),
        f"{spec.name} was made for scores from {_scale(spec)}; these go beyond.": bool(outside),
    }
    return tuple(sentence for sentence, holds in sentences.items() if holds)


def _scale(spec: RuleSpec) -> str:
    """The range a rule was made for."""
    return "{:g} to {:g}".format(*spec.scale) if spec.scale else "any range"


def _counted(share: Share, what: str) -> str:
    """`3 of 120 sessions flagged (2.5 %)`."""
    return f"{share.found:,} of {share.of:,} {what} ({_percent(share.estimate)})"


def _percent(share: float, error: float | None = None) -> str:
    """A share in percent, with the error of its simulation if it has one; a dash when it is unknown."""
    if share != share:
        return "–"
    return f"{100 * share:.1f} %" if error is None else f"{100 * share:.1f} % (± {196 * error:.1f})"
