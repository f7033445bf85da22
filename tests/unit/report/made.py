"""Reports made from simulated sessions, for the tests of the report."""

import math
from functools import cache
from typing import Any

import numpy as np
import polars as pl

from holdfast import ReportRequest, Table, report_from_table
from holdfast.alliance import Rule, RuptureEpisode, detect, follow, prior_for_range
from holdfast.outcome import reliable_change
from holdfast.report import (
    AllianceStudy,
    CaseloadReport,
    ClientCourse,
    CourseFigure,
    Intake,
    Mark,
    Omission,
    OutcomeStudy,
    Span,
)
from holdfast.report.figure import known
from holdfast.simulate import Ending, World, simulate_sessions

NAN = math.nan
INTAKE = Intake(
    source="sessions.csv",
    rows=120,
    used=117,
    left_out=(Omission(row=7, column="outcome", reason="no number: “moved away”"),),
    notes=("Session numbers were read from the column session.",),
)

STAYING = World(ending=Ending(rate=0.0))


def figure(**changes: Any) -> CourseFigure:
    parts: dict[str, Any] = {
        "name": "alliance",
        "title": "Alliance over four sessions",
        "summary": "Lower than expected in session 3.",
        "sessions": ["1", "2", "3", "4"],
        "values": [50.0, NAN, 41.5, 49.0],
        "low": [40.0, 44.0, 44.0, 43.0],
        "high": [60.0, 56.0, 55.0, 54.0],
        "marks": [Mark(index=2, words="lower than expected")],
        "spans": [Span(first=2, last=3, words="rupture, open")],
        "predicted": [51.0, NAN, 50.0, 48.0],
        "unit": "From 0 to 100",
        "higher_is": "better",
    }
    return CourseFigure(**{**parts, **changes})


def simulated_report(*, clients: int = 8, sessions: int = 16, seed: int = 5, **changes: Any) -> CaseloadReport:
    """A caseload through the real detector, as the table reader would hand it over."""
    drawn = simulate_sessions(clients=clients, sessions=sessions, seed=seed, world=STAYING)
    found = detect(drawn.alliance, prior=prior_for_range(0.0, 100.0))
    episodes: dict[int, list[RuptureEpisode]] = {}
    for each in follow(found).all:
        episodes.setdefault(each.row, []).append(each)
    outcome = np.asarray(drawn.columns["outcome"], dtype=float).reshape(clients, sessions)
    firsts = np.array([_end(row, 0) for row in outcome])
    change = reliable_change(
        firsts,
        [_end(row, -1) for row in outcome],
        sd=float(np.nanstd(firsts, ddof=1)) if clients > 1 else 4.0,
        reliability=0.85,
    )
    made = [
        ClientCourse(
            id=f"Client {row + 1:03d}",
            sessions=[str(at + 1) for at in range(sessions)],
            alliance=drawn.alliance[row],
            low=found.low[row],
            high=found.high[row],
            signals=[
                "acute" if a else "erosion" if e else ""
                for a, e in zip(found.acute[row], found.erosion[row], strict=True)
            ],
            episodes=episodes.get(row, ()),
            outcome=outcome[row],
            category=str(change.category[row]),
        )
        for row in range(clients)
    ]
    parts: dict[str, Any] = {
        "title": "Caseload report",
        "made_on": "23 November 2026",
        "intake": INTAKE,
        "clients": made,
        "alliance": alliance_study(doubts=found.doubts),
        "outcome": outcome_study(reliable_points=change.reliable_points, sd=change.sd, doubts=change.doubts),
        "simulated": True,
    }
    return CaseloadReport(**{**parts, **changes})


def alliance_study(**changes: Any) -> AllianceStudy:
    parts: dict[str, Any] = {
        "name": "alliance",
        "column": "alliance",
        "low": 0.0,
        "high": 100.0,
        "rule": Rule(),
        "method": "local-level-forecast-tail",
        "calibrated": False,
        "prior_source": "the range of the scale",
    }
    return AllianceStudy(**{**parts, **changes})


def outcome_study(**changes: Any) -> OutcomeStudy:
    parts: dict[str, Any] = {
        "name": "distress",
        "column": "outcome",
        "sd": 4.2,
        "sd_source": "first scores of this file",
        "reliability": 0.85,
        "reliability_source": "given",
        "reliable_points": 4.5,
    }
    return OutcomeStudy(**{**parts, **changes})


def _end(row: Any, place: int) -> float:
    scored = known(row)
    return float(row[scored[place]]) if scored else NAN


def said_in_sessions(*, clients: int = 24, sessions: int = 14, seed: int = 7) -> Table:
    """Simulated sessions in which client and therapist also report tension, oftener in planned ruptures."""
    drawn = simulate_sessions(clients=clients, sessions=sessions, seed=seed, world=STAYING)
    frame = pl.DataFrame(dict(drawn.columns), strict=False)
    dice = np.random.default_rng(seed)
    strained = (frame["rupture"] != "none").to_numpy()
    reports = {
        "client_tension": np.where(dice.random(len(frame)) < np.where(strained, 0.5, 0.01), 2, 0),
        "therapist_tension": np.where(dice.random(len(frame)) < np.where(strained, 0.5, 0.01), 1, 0),
    }
    ways = {
        name.replace("tension", "way"): np.where(each > 0, dice.integers(1, 5, len(frame)), 0)
        for name, each in reports.items()
    }
    return Table(frame=frame.with_columns(**reports, **ways), source="sessions.csv")


EVERYTHING = ReportRequest(
    outcome="outcome",
    made_on="1 May 2026",
    alliance="alliance",
    therapist_score="therapist_alliance",
    predicted="predicted",
    client_tension="client_tension",
    therapist_tension="therapist_tension",
    client_way="client_way",
    therapist_way="therapist_way",
    range=(0.0, 100.0),
    talk_at=60.0,
)


@cache
def whole_report() -> CaseloadReport:
    """A report with every chapter, made from a table in which everything was said."""
    return report_from_table(said_in_sessions(), EVERYTHING).report


def chapters_over_all() -> dict[str, Any]:
    """The chapters over all clients of that report."""
    whole = whole_report()
    return {name: getattr(whole, name) for name in ("trust", "mending", "sides", "rules")}
