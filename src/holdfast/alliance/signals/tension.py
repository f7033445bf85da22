"""Tension that somebody reported: how much of it counts as a signal, and how often it is reported anyway."""

from dataclasses import dataclass

import numpy as np

from holdfast.stats.arrays import BoolArray, FloatArray
from holdfast.stats.proportion import Share, wilson_interval

FEWEST_QUIET = 200
LEAST = 1.0
DEFAULT_AMOUNTS = {"client_tension": 2.0, "therapist_tension": 1.0}
ASSUMED_BASE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class TensionRule:
    """From which reported amount on tension is a signal, for one source.

    at_least: the amount; infinite where no amount is rare enough; base_rate: the share of sessions without any other
    signal in which that much is reported, with its interval, None without an archive to count in; any_rate: the same
    for any tension at all.
    """

    at_least: float
    base_rate: Share | None
    any_rate: Share | None

    @property
    def false_alarm_rate(self) -> float | None:
        """The base rate, if it is known."""
        return None if self.base_rate is None else self.base_rate.estimate


def tension_rule(source: str, amounts: FloatArray, quiet: BoolArray, *, rate: float | None) -> TensionRule:
    """From which amount on a report is a signal: rarely enough reported when nothing else is unusual, or as given.

    Rule: among sessions with an answer and without any other signal the smallest amount whose share lies at or below
    the rate. rate None, or fewer than 200 such sessions: the amounts 2 (client, of 4) and 1 (therapist), with their
    share where there are enough.
    Meaning: what is said below it is shown as said, and is no signal. A report is not an error: somebody felt it. The
    rate says how often it comes alone. Shapes: amounts (N, T), nan not answered; quiet (N, T). Source: ours.
    """
    counted = quiet & ~np.isnan(amounts)
    total = int(counted.sum())
    if total < FEWEST_QUIET:
        return TensionRule(at_least=DEFAULT_AMOUNTS[source], base_rate=None, any_rate=None)
    here = amounts[counted]
    any_rate = wilson_interval(int((here >= LEAST).sum()), total)
    if rate is None:
        least = DEFAULT_AMOUNTS[source]
        return TensionRule(
            at_least=least, base_rate=wilson_interval(int((here >= least).sum()), total), any_rate=any_rate
        )
    for amount in np.unique(amounts[~np.isnan(amounts) & (amounts >= LEAST)]):
        share = wilson_interval(int((here >= amount).sum()), total)
        if share.estimate <= rate:
            return TensionRule(at_least=float(amount), base_rate=share, any_rate=any_rate)
    return TensionRule(at_least=float("inf"), base_rate=wilson_interval(0, total), any_rate=any_rate)


def base_rate_of(rule: TensionRule) -> float:
    """How often any tension is reported when nothing has happened: counted, or assumed; kept off 0 and 1."""
    found = ASSUMED_BASE if rule.any_rate is None else rule.any_rate.high
    return float(np.clip(found, 0.005, 0.9))
