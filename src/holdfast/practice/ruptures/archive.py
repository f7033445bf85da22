"""What a practice's own courses teach: where ratings start, how they move, how the two sides go together.

Kept with the practice as numbers over all its clients; nobody's rating can be read from them.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np

from holdfast.alliance import Prior, RatingScale, learn_prior, prior_for_range
from holdfast.alliance.signals import Archive, Sources, TensionRule, Ties, habits_of, prior_for_misses
from holdfast.alliance.signals.sources import RATINGS
from holdfast.errors import RecordError
from holdfast.practice.ruptures.voices import Voices
from holdfast.stats.arrays import FloatArray
from holdfast.stats.proportion import Share

LOW, HIGH = 0.0, 100.0
CLOSEST = 0.6
ASSUMED = "How closely the ratings of the two of you go together is assumed, not learned from this practice."
NUMBERS = ("level", "level_ratio", "degrees_of_freedom", "variance", "drift", "rise", "tails")
ENDS = {"misses": (LOW - HIGH, HIGH - LOW)}


def archive_for(sources: Sources, learned: Mapping[str, Any] | None) -> Archive:
    """What the practice has learned, where it has; else the range of the scale.

    Without an archive the two sides are taken to see the same sessions: their ratings may go together closely, or not
    at all, but not against each other.
    """
    kept = learned or {}
    whole = prior_for_range(LOW, HIGH)
    priors = {"client": whole, "therapist": whole, "predicted": whole, "misses": prior_for_misses(LOW, HIGH)}
    priors |= {name: _prior(numbers, *ENDS.get(name, (LOW, HIGH))) for name, numbers in kept.get("priors", {}).items()}
    there = [name for name in RATINGS if getattr(sources, name) is not None]
    return Archive(priors=priors, ties=_ties(there, kept.get("ties")), tension=_tension(kept.get("tension", {})))


def learn(heard: Sequence[tuple[Voices, Sequence[Any]]], *, at: datetime) -> dict[str, Any]:
    """The numbers to keep, from the voices of every episode of care and its sessions.

    Rule: holdfast.alliance.learn_prior for each source, habits_of for ties and reports. Raises RecordError where the
    client's ratings are too few to learn from.
    """
    sources = _side_by_side([voices.sources(sessions) for voices, sessions in heard if sessions])
    series = {name: getattr(sources, name) for name in (*RATINGS, "misses")}
    priors = {
        name: learn_prior(values, low=ENDS.get(name, (LOW, HIGH))[0], high=ENDS.get(name, (LOW, HIGH))[1])
        for name, values in series.items()
        if values is not None
    }
    if not priors["client"].calibrated:
        raise RecordError("There is too little to learn from yet. {why}", why=priors["client"].doubts[0])
    known = {name: prior for name, prior in priors.items() if prior.calibrated}
    fallback = archive_for(sources, None).priors
    habits = habits_of(sources, priors={**fallback, **known})
    ties = habits.ties
    return {
        "made_at": at.isoformat(),
        "priors": {name: _numbers(prior) for name, prior in known.items()},
        "ties": None
        if ties is None
        else {"names": list(ties.names), "high": ties.high.tolist(), "low": ties.low.tolist()},
        "tension": {name: _rates(rule) for name, rule in habits.tension.items() if rule.any_rate is not None},
    }


def _side_by_side(courses: Sequence[Sources]) -> Sources:
    """Many courses as one array for each source, nan after each one's last session and where it was not asked."""
    longest = max((each.client.shape[1] for each in courses), default=0)

    def stacked(name: str) -> FloatArray | None:
        found = [getattr(each, name) for each in courses]
        if all(values is None for values in found):
            return None
        rows = np.full((len(courses), longest), np.nan)
        for row, values in zip(rows, found, strict=True):
            if values is not None:
                row[: values.shape[1]] = values[0]
        return rows

    client = stacked("client")
    others = {name: stacked(name) for name in Sources.__dataclass_fields__ if name != "client"}
    return Sources(client=np.zeros((0, 0)) if client is None else client, **others)


def _numbers(prior: Prior) -> dict[str, Any]:
    """A prior as JSON has it; endless tails are None."""
    values = {name: getattr(prior, name) for name in NUMBERS}
    values["tails"] = None if math.isinf(prior.tails) else prior.tails
    said = {"method": prior.method, "source": prior.source, "clients": prior.clients, "ratings": prior.ratings}
    return values | said | {"doubts": list(prior.doubts)}


def _prior(kept: Mapping[str, Any], low: float, high: float) -> Prior:
    numbers = {name: kept[name] for name in NUMBERS} | {"tails": math.inf if kept["tails"] is None else kept["tails"]}
    return Prior(
        **numbers,
        calibrated=True,
        method=kept["method"],
        source=kept["source"],
        clients=kept["clients"],
        ratings=kept["ratings"],
        doubts=tuple(kept["doubts"]),
        scale=RatingScale(low=low, high=high),
    )


def _ties(there: Sequence[str], kept: Mapping[str, Any] | None) -> Ties:
    """The learned ties of the sources that are there, or the assumed ones."""
    if kept is not None and set(there) <= set(kept["names"]):
        places = [kept["names"].index(name) for name in there]
        high, low = (np.array(kept[end])[np.ix_(places, places)] for end in ("high", "low"))
        return Ties(names=tuple(there), high=high, low=low)
    alone = np.eye(len(there))
    return Ties(names=tuple(there), high=np.where(alone == 1.0, 1.0, CLOSEST), low=alone, doubts=(ASSUMED,))


def _rates(rule: TensionRule) -> dict[str, Any]:
    """How often tension is reported, as JSON has it."""
    shares = {"base_rate": rule.base_rate, "any_rate": rule.any_rate}
    return {name: None if share is None else _share(share) for name, share in shares.items()}


def _share(share: Share) -> list[float]:
    return [share.found, share.of, share.estimate, share.low, share.high, share.confidence]


def _tension(kept: Mapping[str, Any]) -> dict[str, TensionRule]:
    """The rules as they count in the practice: what was said is a signal from the default amount on."""
    from holdfast.alliance.signals.tension import DEFAULT_AMOUNTS

    def share(numbers: Sequence[float]) -> Share:
        found, of, estimate, low, high, confidence = numbers
        return Share(found=int(found), of=int(of), estimate=estimate, low=low, high=high, confidence=confidence)

    return {
        name: TensionRule(
            at_least=DEFAULT_AMOUNTS[name],
            base_rate=None if rates["base_rate"] is None else share(rates["base_rate"]),
            any_rate=share(rates["any_rate"]),
        )
        for name, rates in kept.items()
    }
