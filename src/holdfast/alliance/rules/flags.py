"""Which sessions a published rule flags, what became of each fall, and how often the rule flags pure noise."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Unpack

import numpy as np
from numpy.typing import ArrayLike

from holdfast.alliance.rules.chance import ChanceRate, Noise, chance_rate
from holdfast.alliance.rules.following import RuleEpisodes, follow_falls
from holdfast.alliance.rules.presets import find_rule
from holdfast.alliance.rules.ratings import make_ready
from holdfast.alliance.rules.spec import OF_THE_SAMPLE, Provenance, RuleParameters, RuleSpec, Unit
from holdfast.stats.arrays import BoolArray, FloatArray, as_series, freeze
from holdfast.stats.cluster import grouped_interval
from holdfast.stats.proportion import Share, wilson_interval
from holdfast.stats.rows import count_rows

METHOD = "published-rule"
FEW_SESSIONS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFlags:
    """What one rule says about each rating. flags (N, T), read only; episodes: the ruptures they open; rule: with every
    parameter as applied; sessions: the share of rated sessions flagged, its interval over
    clients; therapies: the share of therapies with at
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
    spec, noise = find_rule(rule, **parameters), noise or Noise()
    series = as_series(scores)
    flags, episodes = follow_falls(make_ready(series), spec)
    rated = count_rows(series)
    return RuleFlags(
        flags=freeze(flags),
        episodes=episodes,
        rule=spec,
        sessions=grouped_interval(flags.sum(axis=1), rated),
        therapies=wilson_interval(int(flags.any(axis=1).sum()), int((rated > 0).sum())),
        chance=chance_rate(series, spec, noise=noise),
        method=METHOD,
        doubts=doubts_of((spec,), series, noise=noise),
    )


def doubts_of(specs: Sequence[RuleSpec], series: FloatArray, *, noise: Noise) -> tuple[str, ...]:
    """Plain sentences that limit what the rules say about these ratings, each naming the rules it holds for."""
    rated = count_rows(series)
    short = int((rated < FEW_SESSIONS).sum())
    seen = series[~np.isnan(series)]
    by_rule = {
        "our reading of a published rule, whose wording has not been checked against the paper.": [
            spec.name for spec in specs if spec.provenance is Provenance.OURS
        ],
        "looking back over the whole series; these sessions could not have been flagged on the day.": [
            spec.name for spec in specs if spec.retrospective
        ],
        "sizes pooled over the sample; clients who are more restless than others are flagged oftener.": [
            spec.name for spec in specs if spec.units & OF_THE_SAMPLE
        ],
        **{
            f"resting on a reliability of {value:g}; the scale's own belongs there.": [
                spec.name for spec in specs if Unit.DIFFERENCE_ERROR in spec.units and spec.reliability == value
            ]
            for value in dict.fromkeys(spec.reliability for spec in specs if spec.reliability is not None)
        },
        "made for another range of scores.": [spec.name for spec in specs if _beyond(spec, seen)],
    }
    noisy = f"autocorrelation {noise.autocorrelation:g}" if noise.autocorrelation else "independent between sessions"
    return (
        *(f"{', '.join(names)}: {sentence}" for sentence, names in by_rule.items() if names),
        *(
            (f"{short} of {len(rated)} clients have fewer than {FEW_SESSIONS} ratings; their own SD says little.",)
            if short
            else ()
        ),
        f"Pure noise here is normal, {noisy}, as restless in every client, and knows no end of the scale.",
    )


def _beyond(spec: RuleSpec, seen: FloatArray) -> bool:
    """Whether ratings lie outside the range that a rule was made for."""
    if spec.scale is None or not seen.size:
        return False
    return bool(seen.min() < spec.scale[0] or seen.max() > spec.scale[1])


def _counted(share: Share, what: str) -> str:
    """`3 of 120 sessions flagged (2.5 %)`."""
    return f"{share.found:,} of {share.of:,} {what} ({_percent(share.estimate)})"


def _percent(share: float, error: float | None = None) -> str:
    """A share in percent, with the error of its simulation if it has one; a dash when it is unknown."""
    if share != share:
        return "–"
    return f"{100 * share:.1f} %" if error is None else f"{100 * share:.1f} % (± {196 * error:.1f})"
