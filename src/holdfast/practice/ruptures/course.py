"""The alliance course of one episode of care: the client's stored scores by session number, detected and followed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from holdfast.alliance import Course, RuptureEpisode, course, prior_for_range
from holdfast.practice.answers.models import Purpose, Rater, Score
from holdfast.practice.caseload.models import EpisodeOfCare, Session

INSTRUMENT, SCALE = "holdfast-session", "alliance"
LOW, HIGH = 0.0, 100.0
RULE_VERSION = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class CareCourse:
    """The sessions up to the last rated one, and what the detector says of them; column i is sessions[i]."""

    sessions: tuple[Session, ...]
    scores: tuple[float | None, ...]
    course: Course

    def at(self, session_id: UUID | None) -> int:
        """The column of a session; -1 when it is not in the course."""
        return next((i for i, session in enumerate(self.sessions) if session.pk == session_id), -1)

    def signals(self, after: int, until: int | None) -> list[int]:
        """The columns with a signal, later than one and up to another."""
        detection = self.course.detection
        both = detection.acute[0] | detection.erosion[0]
        last = len(self.sessions) - 1 if until is None else until
        return [column for column in range(after + 1, last + 1) if both[column]]


def stored_scores(care: EpisodeOfCare, among: QuerySet[Score] | None = None) -> dict[UUID, float]:
    """The client's alliance score of each rated session, in percent of the scale; of some rows only, or of all."""
    rows = Score.objects.all() if among is None else among
    found = rows.filter(
        check_in__session__episode_of_care=care,
        check_in__rater=Rater.CLIENT,
        check_in__purpose=Purpose.AFTER,
        instrument=INSTRUMENT,
        scale=SCALE,
    ).values_list("check_in__session", "percent")
    return {session: percent for session, percent in found if percent is not None}


def follow_care(care: EpisodeOfCare, scores: Mapping[UUID, float]) -> CareCourse | None:
    """The course of one episode of care; None while nothing is rated. Time steps are differences of session numbers."""
    sessions = _up_to_the_last_rated(care, scores)
    if not sessions:
        return None
    series = [scores.get(session.pk) for session in sessions]
    numbers = np.array([session.number for session in sessions], dtype=np.float64)
    made = course(
        np.array([np.nan if value is None else value for value in series]),
        prior=prior_for_range(LOW, HIGH),
        steps=np.diff(numbers, prepend=numbers[0] - 1.0),
        ended=care.ended_at is not None,
    )
    return CareCourse(sessions=tuple(sessions), scores=tuple(series), course=made)


def _up_to_the_last_rated(care: EpisodeOfCare, scores: Mapping[UUID, float]) -> Sequence[Session]:
    sessions = list(care.sessions.exclude(state=Session.State.CANCELLED).order_by("number"))
    rated = [place for place, session in enumerate(sessions) if session.pk in scores]
    return sessions[: rated[-1] + 1] if rated else []


def finding(care: CareCourse, episode: RuptureEpisode, column: int) -> dict[str, Any]:
    """What was seen at one signal, compared with what, by which rule; plain numbers, stored with the episode."""
    detection = care.course.detection
    rule, prior = detection.rule, detection.prior
    return {
        "instrument": INSTRUMENT,
        "scale": SCALE,
        "score": float(detection.scores[0, column]),
        "expected": float(detection.expected[0, column]),
        "low": float(detection.low[0, column]),
        "high": float(detection.high[0, column]),
        "p": float(detection.p[0, column]),
        "alpha": rule.alpha,
        "false_alarm_rate": detection.false_alarm_rate,
        "method": detection.method,
        "rule_version": RULE_VERSION,
        "rule": {"robust": rule.robust, "slack": rule.slack, "run_length": rule.run_length, "window": rule.window},
        "prior": {"calibrated": prior.calibrated, "source": prior.source},
        "baseline": episode.baseline,
        "nadir_session": None if episode.nadir is None else care.sessions[episode.nadir].number,
        "depth": episode.depth,
        "depth_in_sd": episode.depth_in_sd,
        "length": episode.length,
        "rebound": episode.rebound,
        "returned": episode.returned,
        "doubts": list(dict.fromkeys((*detection.doubts, *episode.doubts))),
    }
