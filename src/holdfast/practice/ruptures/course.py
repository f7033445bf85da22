"""The alliance course of one episode of care: everything said by session number, compared, and followed."""

import math
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from holdfast.alliance import Course, RuptureEpisode, SignalKind, follow
from holdfast.alliance.signals import (
    Budget,
    Direction,
    Signals,
    TalkAboutIt,
    Way,
    find_signals,
    talk_about_it,
)
from holdfast.practice.caseload.models import EpisodeOfCare, Session
from holdfast.practice.ruptures.archive import archive_for
from holdfast.practice.ruptures.voices import INSTRUMENT, SCALE, Voices

RULE_VERSION = "2"


@dataclass(frozen=True, slots=True, kw_only=True)
class CareCourse:
    """The sessions up to the last one heard of, and what is found in them; column i is sessions[i].

    voices: what was said; signals: what each session holds; course: the client's detection and the episodes followed in
    it; talk: where the practice's fixed rule applies (None: the practice has none).
    """

    sessions: tuple[Session, ...]
    scores: tuple[float | None, ...]
    voices: Voices
    signals: Signals
    course: Course
    talk: TalkAboutIt | None

    def at(self, session_id: UUID | None) -> int:
        """The column of a session; -1 when it is not in the course."""
        return next((i for i, session in enumerate(self.sessions) if session.pk == session_id), -1)

    @property
    def last_rated(self) -> int:
        """The column of the client's last rating; -1 when there is none."""
        return max((column for column, score in enumerate(self.scores) if score is not None), default=-1)

    def kind(self, column: int) -> SignalKind | None:
        """The leading kind of signal in a session."""
        return SignalKind.from_code(int(self.signals.kind[0, column]))

    def signalled(self, after: int, until: int | None) -> list[int]:
        """The columns with a signal, later than one and up to another."""
        last = len(self.sessions) - 1 if until is None else until
        return [column for column in range(after + 1, last + 1) if self.signals.kind[0, column]]


def follow_care(care: EpisodeOfCare, voices: Voices) -> CareCourse | None:
    """The course of one episode of care; None while nothing was said. Time steps are differences of session numbers.

    A reported tension is a signal by what was said (decision 0052); the practice's dial governs the computed kinds.
    """
    sessions = up_to_the_last_heard(care, voices)
    if not sessions:
        return None
    practice = care.dyad.client.practice
    numbers = np.array([session.number for session in sessions], dtype=np.float64)
    sources = voices.sources(sessions)
    found = find_signals(
        sources,
        archive=archive_for(sources, practice.learned),
        budget=Budget(per_20=practice.false_alarms_per_20, reports="said"),
        steps=np.diff(numbers, prepend=numbers[0] - 1.0)[np.newaxis],
    )
    episodes = follow(found.client, signals=found.kind, ended=[care.ended_at is not None])
    return CareCourse(
        sessions=tuple(sessions),
        scores=tuple(voices.said["client"].get(session.pk) for session in sessions),
        voices=voices,
        signals=found,
        course=Course(detection=found.client, episodes=episodes),
        talk=None if practice.talk_at is None else talk_about_it(found.client, cutoff=practice.talk_at),
    )


def up_to_the_last_heard(care: EpisodeOfCare, voices: Voices) -> list[Session]:
    """The sessions that took or take place, up to the last one that anything was said of."""
    sessions = [each for each in care.sessions.all() if each.state != Session.State.CANCELLED]  # by number
    heard = voices.heard
    last = max((place for place, session in enumerate(sessions) if session.pk in heard), default=-1)
    return sessions[: last + 1]


def finding(care: CareCourse, episode: RuptureEpisode, column: int) -> dict[str, Any]:
    """What was seen at one signal, compared with what, by which rule; plain numbers, stored with the episode."""
    signals, detection = care.signals, care.course.detection
    rule, prior = detection.rule, detection.prior
    return {
        "instrument": INSTRUMENT,
        "scale": SCALE,
        "score": _plain(detection.scores[0, column]),
        "expected": _plain(detection.expected[0, column]),
        "low": _plain(detection.low[0, column]),
        "high": _plain(detection.high[0, column]),
        "p": _plain(detection.p[0, column]),
        "together": _plain(signals.p[0, column]),
        "alpha": rule.alpha,
        "false_alarm_rate": signals.false_alarm_rate,
        "method": signals.method,
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
        "doubts": list(dict.fromkeys((*signals.doubts, *episode.doubts))),
        **_said(care, column),
        **_apart(care, column),
    }


def _said(care: CareCourse, column: int) -> dict[str, Any]:
    """Who reported tension in a session, and which way it went."""
    session = care.sessions[column].pk
    said = care.voices.said
    return {
        "tension": {
            "client": bool(said["client_tension"].get(session)),
            "therapist": bool(said["therapist_tension"].get(session)),
            "way": Way(int(care.signals.way[0, column])).name.lower(),
        }
    }


def _apart(care: CareCourse, column: int) -> dict[str, Any]:
    """How two sides depart from each other in a session, if that is a signal."""
    apart = care.signals.apart
    direction = Direction.NONE if apart is None else Direction(int(apart.direction[0, column]))
    if apart is None or direction is Direction.NONE:
        return {"apart": None}
    raters = direction in (Direction.CLIENT_LOWER, Direction.THERAPIST_LOWER)
    said, session = care.voices.said, care.sessions[column].pk
    first, second = ("therapist", "client") if raters else ("predicted", "alike")
    return {
        "apart": {
            "direction": direction.name.lower(),
            "p": _plain((apart.raters if raters else apart.miss)[0, column]),
            "yours": said[first].get(session),
            "theirs": said[second].get(session),
        }
    }


def _plain(value: float) -> float | None:
    """A number as JSON has it; None for none."""
    return None if math.isnan(value) else float(value)
