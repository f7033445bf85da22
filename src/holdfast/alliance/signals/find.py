"""Which sessions hold a signal, of which kind, with the total false-alarm rate that the user chose."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from scipy.special import ndtri

from holdfast.alliance.breaks import count_since
from holdfast.alliance.detect import Detection, detect
from holdfast.alliance.kinds import SignalKind
from holdfast.alliance.prior import Prior
from holdfast.alliance.rule import Rule
from holdfast.alliance.signals.apart import Apart, rater_gap, stand_apart
from holdfast.alliance.signals.budget import Budget, Rates
from holdfast.alliance.signals.pool import Pattern, Ties, pooled_tail, ties_between
from holdfast.alliance.signals.sources import RATINGS, Sources
from holdfast.alliance.signals.tension import TensionRule, base_rate_of, tension_rule
from holdfast.errors import MethodError
from holdfast.stats.arrays import BoolArray, FloatArray, IntArray, freeze

METHOD = "pooled-signals"
DEPTHS = {"client": 2.0, "therapist": 1.5, "predicted": 1.5}
REPORTED = {"client_tension": 0.5, "therapist_tension": 0.5}
MISSES = "misses"
CALLED = {
    "therapist": "The therapist's ratings",
    "predicted": "The therapist's guesses",
    MISSES: "How far guesses miss",
}
FARTHEST = 1e-12  # tails beyond count as this far when two raters are compared


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """What is known from many courses: a prior for each source (client, therapist, predicted, misses), how the sources
    go together, and how tension is reported when nothing else is unusual. Made by `habits_of`, or given."""

    priors: Mapping[str, Prior]
    ties: Ties | None = None
    tension: Mapping[str, TensionRule] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What each session holds; arrays are (N, T), read only, one row per client.

    kind: the leading kind (SignalKind code, 0 none): the first of acute, erosion, tension, disagreement that is there;
    acute, erosion, tension, disagreement: each kind by itself; p: how often all ratings and answers of the session
    together look this much like a rupture when nothing has happened (nan if nothing was rated); way: what kind of
    strain was said, by Way (0: nothing was said); apart: the two-sided tails and the direction of a disagreement;
    client, therapist, misses: the detections behind it; rates: false alarms per session by kind, at most, and in total.
    tension_rules: by source, from which amount on a report is a signal. ties: how the sources go together, as used.
    """

    kind: IntArray
    acute: BoolArray
    erosion: BoolArray
    tension: BoolArray
    disagreement: BoolArray
    p: FloatArray
    way: IntArray
    apart: Apart | None
    client: Detection
    therapist: Detection | None
    misses: Detection | None
    tension_rules: Mapping[str, TensionRule]
    ties: Ties
    rates: Rates
    budget: Budget
    method: str
    doubts: tuple[str, ...]

    @property
    def false_alarm_rate(self) -> float:
        """Signals per session when nothing has happened, at most; reports that count as said are not among them."""
        return self.budget.total


def find_signals(
    sources: Sources,
    *,
    archive: Archive,
    budget: Budget | None = None,
    rule: Rule | None = None,
    steps: FloatArray | None = None,
    breaks: FloatArray | None = None,
) -> Signals:
    """Look at everything that was said in each session, and keep the total false-alarm rate at what was chosen.

    Rule: acute when the tail of the client's rating, or the pooled tail p of all ratings, predictions and answers on
    tension (pool.pooled_tail), falls below its half of the budget's share; with the client's rating alone it has the
    whole share. Erosion by the CUSUM of the client's ratings. Tension when somebody reported at least tension_rule's
    amount. Disagreement when raters, or prediction and rating, depart from each other (apart.stand_apart). None before
    the rule's first_alarm-th rating, but for tension.
    Meaning: a signal is not itself a rupture, and no signal is no green light. Shapes: sources (N, T), steps and breaks
    as in detect. Raises MethodError for a source without a prior, and as detect does.
    Source: docs/explanation/signals.md; the union bound keeps the total.
    """
    budget, rule = budget or Budget(), rule or Rule()
    rates = budget.rates(disagreement=sources.has_disagreement, tension=bool(sources.reports))
    found = _detections(sources, archive, rule_for(rates, sources, rule=rule), steps, breaks)
    scores = {name: found[name].states.normal_score for name in RATINGS if name in found}
    ties = _ties(scores, archive)
    rules = _tension_rules(sources, archive, found, None if budget.reports == "said" else rates.tension)
    p = _pooled(sources, found, scores, rules, ties)
    client, ready = found["client"], _ready(found, rule)
    acute = client.acute | (ready & (p < client.rule.alpha))
    apart = _apart(sources, found, ties, rates)
    tension = _reported(sources, rules)
    disagreement = np.zeros_like(acute) if apart is None else apart.signal
    return Signals(
        kind=freeze(_leading(acute, client.erosion, tension, disagreement)),
        acute=freeze(acute),
        erosion=client.erosion,
        tension=freeze(tension),
        disagreement=freeze(disagreement),
        p=freeze(p),
        way=freeze(np.nan_to_num(sources.ways()).astype(np.int64)),
        apart=apart,
        client=client,
        therapist=found.get("therapist"),
        misses=found.get(MISSES),
        tension_rules=rules,
        ties=ties,
        rates=rates,
        budget=budget,
        method=METHOD,
        doubts=_doubts(found, ties, rules, sources),
    )


def habits_of(sources: Sources, *, priors: Mapping[str, Prior], budget: Budget | None = None) -> Archive:
    """What one archive says of its sources: how they go together, and how often tension is reported alone.

    Rule: find_signals on the archive with nothing known but the priors; correlations and tension rules as it makes them
    from the archive itself. Shapes: sources (N, T). Raises as find_signals does.
    """
    seen = find_signals(sources, archive=Archive(priors=priors), budget=budget)
    return Archive(priors=priors, ties=seen.ties, tension=seen.tension_rules)


def rule_for(rates: Rates, sources: Sources, *, rule: Rule | None = None) -> Rule:
    """The rule of the client's rating under these rates: with other voices its own tail has half of the acute share."""
    alone = not (sources.has_disagreement or sources.reports)
    return replace(rule or Rule(), alpha=rates.acute if alone else rates.acute / 2.0, run_length=1.0 / rates.erosion)


def _detections(
    sources: Sources, archive: Archive, rule: Rule, steps: FloatArray | None, breaks: FloatArray | None
) -> dict[str, Detection]:
    """Each series of numbers against its own history."""
    series = {name: getattr(sources, name) for name in RATINGS} | {MISSES: sources.misses}
    found = {}
    for name, values in series.items():
        if values is None:
            continue
        if name not in archive.priors:
            raise MethodError(
                "No prior was given for `{name}`. Give one for each source: {known}.",
                name=name,
                known=", ".join(each for each, there in series.items() if there is not None),
            )
        found[name] = detect(values, prior=archive.priors[name], rule=rule, steps=steps, breaks=breaks)
    return found


def _ties(scores: Mapping[str, FloatArray], archive: Archive) -> Ties:
    if archive.ties is None:
        return ties_between(scores)
    if archive.ties.names != tuple(scores):
        raise MethodError(
            "The archive knows how {known} go together; the sources here are {given}. Take an archive of these.",
            known=", ".join(archive.ties.names),
            given=", ".join(scores),
        )
    return archive.ties


def _tension_rules(
    sources: Sources, archive: Archive, found: Mapping[str, Detection], rate: float | None
) -> dict[str, TensionRule]:
    """From which amount on a report counts; counted in sessions in which no rating is unusual."""
    quiet = ~np.logical_or.reduce([each.acute | each.erosion for each in found.values()])
    reports = sources.reports
    share = None if rate is None else rate / max(len(reports), 1)
    return {
        name: archive.tension.get(name) or tension_rule(name, amounts, quiet, rate=share)
        for name, amounts in reports.items()
    }


def _pooled(
    sources: Sources,
    found: Mapping[str, Detection],
    scores: Mapping[str, FloatArray],
    rules: Mapping[str, TensionRule],
    ties: Ties,
) -> FloatArray:
    """The pooled tail; the client's own where there is nothing to pool."""
    reports = {name: np.where(np.isnan(each), np.nan, each > 0.0) for name, each in sources.reports.items()}
    if len(scores) == 1 and not reports:
        return np.array(found["client"].p)
    pattern = Pattern(
        depths={name: DEPTHS[name] for name in scores},
        reported={name: max(REPORTED[name], base_rate_of(rules[name])) for name in reports},
        base_rates={name: base_rate_of(rules[name]) for name in reports},
    )
    return pooled_tail(scores, reports, correlation=ties.high, pattern=pattern)


def _ready(found: Mapping[str, Detection], rule: Rule) -> BoolArray:
    """Sessions in which every source that is there has been heard often enough."""
    ready = np.ones(found["client"].scores.shape, dtype=np.bool_)
    some = np.zeros_like(ready)
    for name in (name for name in RATINGS if name in found):
        rated = ~np.isnan(found[name].scores)
        ready &= ~rated | (count_since(rated, found[name].starts) >= rule.first_alarm)
        some |= rated
    return ready & some


def _apart(
    sources: Sources,
    found: Mapping[str, Detection],
    ties: Ties,
    rates: Rates,
) -> Apart | None:
    if not sources.has_disagreement:
        return None
    gap, ready = None, np.ones(sources.client.shape, dtype=np.bool_)
    if "therapist" in found:
        one, other = (ndtri(np.clip(found[name].p, FARTHEST, 1.0 - FARTHEST)) for name in ("client", "therapist"))
        gap = rater_gap(one, other, correlation=float(ties.low[0, 1]))
        ready = _ready({name: found[name] for name in ("client", "therapist")}, found["client"].rule)
    return stand_apart(gap, found.get(MISSES), rate=rates.disagreement, ready=ready, shape=sources.client.shape)


def _reported(sources: Sources, rules: Mapping[str, TensionRule]) -> BoolArray:
    """Where somebody reported enough tension."""
    said = np.zeros(sources.client.shape, dtype=np.bool_)
    for name, amounts in sources.reports.items():
        said |= amounts >= rules[name].at_least
    return said


def _leading(acute: BoolArray, erosion: BoolArray, tension: BoolArray, disagreement: BoolArray) -> IntArray:
    """The first kind that is there, in the order of the codes."""
    kinds = (acute, erosion, tension, disagreement)
    return np.select(kinds, [kind.code for kind in SignalKind], default=0).astype(np.int64)


def _doubts(
    found: Mapping[str, Detection], ties: Ties, rules: Mapping[str, TensionRule], sources: Sources
) -> tuple[str, ...]:
    """What limits the result, over all sources; what is said of another source's prior names the source."""
    said = list(found["client"].doubts)
    for name, each in found.items():
        own = [doubt for doubt in each.prior.doubts if doubt not in said]
        said += [f"{CALLED.get(name, name)}: {doubt[:1].lower()}{doubt[1:]}" for doubt in own]
    said += ties.doubts
    unknown = [name for name, rule in rules.items() if rule.base_rate is None]
    if unknown:
        who = " and ".join({"client_tension": "clients", "therapist_tension": "therapists"}[name] for name in unknown)
        said.append(
            f"How often {who} report tension when nothing else is unusual is not known here; those signals are not "
            "part of the stated rate."
        )
    if len(found) > 1 or sources.reports:
        said.append("The sources are taken to depend on each other only as far as their correlation says.")
    return tuple(dict.fromkeys(said))
