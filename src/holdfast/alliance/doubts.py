"""The plain sentences that limit a detection."""

from collections.abc import Sequence

from holdfast.alliance.prior import Prior
from holdfast.alliance.rule import Rule
from holdfast.stats.arrays import IntArray

KNOWN_RATE = {0.02: 0.0204, 0.005: 0.0052}  # robust 2.5, consistent; drawn from the prior itself, bench.rates
PLAIN_RATE = {0.02: 0.0222, 0.005: 0.0059}  # the same, not consistent


def doubts_of(ratings: IntArray, priors: Sequence[Prior], rule: Rule) -> tuple[str, ...]:
    """What limits the result: few ratings, the priors' own doubts, the rate under down-weighting.

    Shapes: ratings (N,), how many each client has.
    """
    known = dict.fromkeys(doubt for prior in priors for doubt in prior.doubts)
    return (*_of_length(ratings, priors[0]), *known, *_of_rate(rule))


def _of_length(ratings: IntArray, prior: Prior) -> tuple[str, ...]:
    """The prior counts as many ratings as its degrees of freedom; a shorter course leans on it more than on itself."""
    short = int((ratings <= prior.degrees_of_freedom).sum())
    if not short:
        return ()
    if len(ratings) == 1:
        number = int(ratings[0])
        sessions = "1 session" if number == 1 else f"{number} sessions"
        rests = "the expected range rests on the prior more than on this pair."
        return (f"Only {sessions}; {rests}" if number else f"No rated session; {rests}",)
    return (f"{short} of {len(ratings)} clients have so few sessions that the expected range rests on the prior more.",)


def _of_rate(rule: Rule) -> tuple[str, ...]:
    """With down-weighting the stated rate is nominal."""
    if rule.robust is None:
        return ()
    table = KNOWN_RATE if rule.consistent else PLAIN_RATE
    known = table.get(rule.alpha) if rule.robust == 2.5 else None
    seen = f"{known:.4f} at nominal {rule.alpha:.3g} in simulation" if known else f"nominal {rule.alpha:.3g}"
    return (f"Extreme ratings are weighted down, so the false-alarm rate is approximate: {seen}.",)
