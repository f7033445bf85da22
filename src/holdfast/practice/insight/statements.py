"""Which sentence leads a client's page: what the last ratings are, compared with what, by which rule."""

from holdfast.alliance import SignalKind
from holdfast.practice.caseload.models import Session
from holdfast.practice.insight import sentences
from holdfast.practice.insight.care import Care
from holdfast.practice.insight.sentences import Statement
from holdfast.practice.ruptures.course import CareCourse
from holdfast.practice.ruptures.models import RuptureEpisode

MARKS = {
    SignalKind.ACUTE: "lower than expected",
    SignalKind.EROSION: "sliding",
    SignalKind.TENSION: "tension reported",
    SignalKind.DISAGREEMENT: "seen differently",
}
"""The words of a mark in the figure."""


def leading(care: Care) -> Statement:
    """The open episode, if there is one; else the last rating beside its range; else what is missing."""
    if care.open_episode is not None:
        return of_episode(care.open_episode, care.course)
    if care.course is not None:
        return _of_last(care.course)
    waiting = care.waiting()
    return sentences.waiting(session=waiting[-1].number) if waiting else sentences.unrated()


def of_episode(episode: RuptureEpisode, course: CareCourse | None) -> Statement:
    """What opened an episode, from what was stored with it."""
    finding, kind = episode.finding, RuptureEpisode.Kind(episode.kind)
    number = episode.signal_session.number
    if kind == RuptureEpisode.Kind.TENSION:
        return sentences.tension(session=number, **finding["tension"])
    if kind == RuptureEpisode.Kind.DISAGREEMENT and finding.get("apart"):
        return sentences.seen_differently(session=number, **finding["apart"])
    if kind == RuptureEpisode.Kind.EROSION and course is not None:
        return _of_slide(episode, course)
    return _of_drop(episode, course)


def _of_drop(episode: RuptureEpisode, course: CareCourse | None) -> Statement:
    """A rating far below its range; or, where the rating alone would not have led to it, everything said together."""
    finding, number = episode.finding, episode.signal_session.number
    if finding["score"] is not None and finding["p"] <= finding["alpha"]:
        return sentences.lower(
            session=number, score=finding["score"], low=finding["low"], high=finding["high"], p=finding["p"]
        )
    yours = None if course is None else course.voices.said["therapist"].get(episode.signal_session_id)
    reported = finding["tension"]["client"] or finding["tension"]["therapist"]
    return sentences.together(
        session=number, score=finding["score"], yours=yours, reported=reported, p=finding["together"]
    )


def _of_slide(episode: RuptureEpisode, course: CareCourse) -> Statement:
    onset, signal = course.at(episode.onset_session_id), course.at(episode.signal_session_id)
    detection = course.course.detection
    return sentences.sliding(
        onset=episode.onset_session.number,
        scores=[float(score) for score in detection.scores[0, onset : signal + 1]],
        low=float(detection.low[0, onset]),
        high=float(detection.high[0, onset]),
        rate=course.signals.rates.erosion,
    )


def came_back(episode: RuptureEpisode) -> str:
    """What came back after the drop of an episode; empty where nothing was rated since, or nothing had dropped."""
    finding = episode.finding
    if finding.get("returned") is None or finding.get("rebound") is None or not (finding.get("depth") or 0.0) > 0.0:
        return ""
    return sentences.came_back(returned=finding["returned"], rebound=finding["rebound"])


def worth_talking_about(care: Care) -> str:
    """The practice's fixed rule on the last rating; empty where there is none, or it does not apply."""
    course = care.course
    if course is None or course.talk is None or course.last_rated < 0 or not course.talk.applies[0, course.last_rated]:
        return ""
    return sentences.worth_talking_about(
        session=course.sessions[course.last_rated].number,
        score=float(course.course.detection.scores[0, course.last_rated]),
        cutoff=course.talk.cutoff,
        chance=float(course.talk.chance[0, course.last_rated]),
    )


def since(episode: RuptureEpisode, course: CareCourse | None) -> str:
    """What the rating after an episode's signal was, if there is one yet."""
    if course is None or course.at(episode.signal_session_id) >= course.last_rated:
        return ""
    return _of_last(course).said


def signalled(care: Care, session: Session) -> str:
    """The words of a mark in the figure; empty where there was no signal."""
    if care.course is None:
        return ""
    column = care.course.at(session.pk)
    kind = care.course.kind(column) if column >= 0 else None
    return "" if kind is None else MARKS[kind]


def _of_last(course: CareCourse) -> Statement:
    """The client's last rating beside its range."""
    detection, column = course.course.detection, course.last_rated
    if column < 0:
        return sentences.unrated()
    number, score = course.sessions[column].number, float(detection.scores[0, column])
    low, high = float(detection.low[0, column]), float(detection.high[0, column])
    if sum(each is not None for each in course.scores) == 1:
        return sentences.first_rating(session=number, score=score)
    if course.signals.acute[0, column] and detection.p[0, column] < detection.rule.alpha:
        return sentences.lower(session=number, score=score, low=low, high=high, p=float(detection.p[0, column]))
    return sentences.compared(session=number, score=score, low=low, high=high)
