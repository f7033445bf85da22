"""What all clients of a table together say: how far to trust it, what was mended, both sides, published rules.

Models and rules that take long are given so many clients, evenly spaced over the table, and the report says so.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from holdfast.alliance import (
    Noise,
    RepairStatus,
    RuleSpec,
    Strengthening,
    compare_rules,
    detect,
    follow,
    list_rules,
    strengthening,
)
from holdfast.alliance.pair import attunement, congruence, consistency
from holdfast.alliance.rules import Provenance
from holdfast.errors import MethodError
from holdfast.interop.checking import Range
from holdfast.interop.listening import Heard, another_therapist
from holdfast.interop.looking import Finding
from holdfast.interop.sessions import SessionTable
from holdfast.report.request import SCORE
from holdfast.report.studies import Mending, PublishedRules, Spread, Trust, TwoSides
from holdfast.stats.arrays import FloatArray, IntArray
from holdfast.stats.cluster import grouped_interval
from holdfast.stats.group_mean import mean_over_groups

ENOUGH = 2000  # clients that slow models are given
FEWEST_SESSIONS = 100  # rated; with fewer, shares of flagged sessions say nothing
RATERS = {"score": "The client's rating", "therapist_score": "The therapist's rating"}
RESTS = (
    "What chance gives back rests on the model: where neighbouring ratings hang together, or ratings rise in a way "
    "that the starting point does not know, a part of the return is counted wrongly."
)
OPENED = (
    "Some episodes may have been opened by what else was said in a session; what chance gives back is reckoned from "
    "the client's ratings alone."
)
Found = TypeVar("Found")


def trust_of(sessions: SessionTable, heard: Heard, *, talk_at: float | None) -> Trust | None:
    """How far the signals can be trusted; None where no session could have raised one."""
    if not heard.monitored:
        return None
    return Trust(
        kinds={kind: int(found.sum()) for kind, found in heard.kinds.items()},
        rates=heard.rates,
        monitored=heard.monitored,
        budget=heard.budget,
        calibration=heard.calibration,
        priors={RATERS[name]: finding.prior.sentence for name, finding in heard.findings.items()},
        tension=heard.tension_rules,
        talk_at=talk_at,
        talk=int(heard.talk.sum()),
        talk_expected=heard.talk_expected,
        pooled=len(sessions.flat) > 2,  # more than outcome and rating
        doubts=heard.calibration.doubts,
    )


def mending_of(sessions: SessionTable, finding: Finding, *, therapist: str | None = None) -> Mending | None:
    """What became of all episodes; None where there is none. therapist: the column that
    names them; with another one a course begins anew."""
    columns = ("row", "status", "depth", "depth_in_sd", "end", "onset", "returned", "rebound")
    parts = [{name: getattr(block.table, name) for name in columns} for _, block in finding.blocks]
    rows = [members[part["row"]] for (members, _), part in zip(finding.blocks, parts, strict=True)]
    row = np.concatenate(rows) if rows else np.zeros(0, dtype=np.int64)
    if not len(row):
        return None
    found = {name: np.concatenate([part[name] for part in parts]) for name in columns}
    repaired = found["status"] == RepairStatus.REPAIRED.code
    back = ~np.isnan(found["returned"]) & ~np.isnan(found["rebound"])
    stronger, doubts = _stronger(sessions, finding, therapist)
    rests = (RESTS, *((OPENED,) if len(sessions.flat) > 2 else ())) if back.any() else ()
    return Mending(
        episodes=len(row),
        clients=len(np.unique(row)),
        statuses={
            status: grouped_interval(*_counts(row, found["status"] == status.code))
            for status in RepairStatus
            if (found["status"] == status.code).any()
        },
        size=_spread(found["depth"]),
        size_in_sd=_spread(found["depth_in_sd"]),
        latency=_spread((found["end"] - found["onset"])[repaired].astype(np.float64)),
        returned=float(found["returned"][back].mean()) if back.any() else float("nan"),
        rebound=float(found["rebound"][back].mean()) if back.any() else float("nan"),
        compared=int(back.sum()),
        beyond=mean_over_groups((found["returned"] - found["rebound"])[back], group=row[back]) if back.any() else None,
        strengthening=stronger,
        doubts=(*rests, *doubts),
    )


def _counts(row: IntArray, chosen: FloatArray) -> tuple[IntArray, IntArray]:
    """How many episodes of each client are chosen, and how many there are."""
    of = np.bincount(row)
    return np.bincount(row[chosen], minlength=len(of)), of


def _spread(values: FloatArray) -> Spread | None:
    """Median and range of what there is."""
    seen = values[~np.isnan(values)]
    if not len(seen):
        return None
    return Spread(median=float(np.median(seen)), low=float(seen.min()), high=float(seen.max()), count=len(seen))


def _stronger(
    sessions: SessionTable, finding: Finding, therapist: str | None
) -> tuple[Strengthening | None, tuple[str, ...]]:
    """Whether the alliance is stronger afterwards, and what limits the answer."""
    members = _chosen(sessions)
    change = None if therapist is None else another_therapist(sessions, therapist)
    detection = detect(
        sessions.dense(sessions.flat[SCORE], members),
        prior=finding.prior,
        rule=finding.rule,
        steps=np.nan_to_num(sessions.dense(sessions.flat_steps, members)),
        breaks=None if change is None else np.nan_to_num(sessions.dense(change, members)),
    )
    signals = np.nan_to_num(sessions.dense(finding.signal.astype(np.float64), members)).astype(np.int64)
    found, why = _or_why("Stronger afterwards", lambda: strengthening(detection, follow(detection, signals=signals)))
    return found, (*_sampled(sessions, members), *why, *(found.doubts if found else ()))


def sides_of(sessions: SessionTable, finding: Finding) -> TwoSides | None:
    """Client and therapist side by side; None without the therapist's ratings and predictions."""
    if not {"therapist_score", "predicted"} & set(sessions.flat):
        return None
    members = _chosen(sessions)
    given = {name: sessions.dense(sessions.flat[name], members) for name in sessions.flat}
    client, not_computed = given[SCORE], list[str]()
    together = near = None
    if (therapist := given.get("therapist_score")) is not None:
        together, why = _or_why("Congruence", lambda: congruence(client, therapist=therapist, rise=True))
        not_computed += why
    if (predicted := given.get("predicted")) is not None:
        near, why = _or_why("Predictions", lambda: attunement(client, predicted=predicted))
        not_computed += why
    steady = consistency(client, prior=finding.prior)
    doubts = [doubt for part in (together, near, steady) if part for doubt in part.doubts]
    return TwoSides(
        congruence=together,
        attunement=near,
        consistency=steady,
        clients=len(members),
        of=len(sessions.clients),
        not_computed=tuple(not_computed),
        doubts=tuple(dict.fromkeys((*_sampled(sessions, members), *doubts))),
    )


def rules_of(sessions: SessionTable, extent: Range) -> PublishedRules | None:
    """Published rules on the client's ratings; None where there are too few ratings to count in."""
    members = _chosen(sessions)
    scores = sessions.dense(sessions.flat[SCORE], members)
    if (~np.isnan(scores)).sum() < FEWEST_SESSIONS:
        return None
    specs: dict[tuple[object, ...], RuleSpec] = {}
    same: dict[str, list[str]] = {}
    for spec in list_rules():
        if spec.provenance is Provenance.DESIGN or spec.scale not in (None, extent):
            continue
        key = (spec.falls, spec.back, spec.sd, spec.reliability)
        if key in specs:
            same.setdefault(specs[key].name, []).append(spec.name)
        else:
            specs[key] = spec
    found = compare_rules(scores, rules=list(specs.values()), noise=Noise())
    return PublishedRules(
        agreement=found,
        same=same,
        clients=len(members),
        of=len(sessions.clients),
        doubts=(*_sampled(sessions, members), *found.doubts),
    )


def _chosen(sessions: SessionTable) -> IntArray:
    """All clients, or evenly spaced ones."""
    clients = len(sessions.clients)
    return np.unique(np.linspace(0, max(clients - 1, 0), min(clients, ENOUGH)).astype(np.int64))


def _sampled(sessions: SessionTable, members: IntArray) -> tuple[str, ...]:
    """Said when not everybody was looked at."""
    if len(members) == len(sessions.clients):
        return ()
    return (f"Looked at {len(members):,} of {len(sessions.clients):,} clients, evenly spaced over the file.",)


def _or_why(what: str, ask: Callable[[], Found]) -> tuple[Found | None, tuple[str, ...]]:
    """The answer, or why there is none."""
    try:
        with np.errstate(divide="raise", invalid="raise"):
            return ask(), ()
    except MethodError as error:
        return None, (f"{what}: not computed. {error}",)
    except ArithmeticError:
        return None, (f"{what}: not computed. The ratings vary too little, or follow each other exactly.",)
