"""Which sentence leads a client's page: what the last ratings are, compared with what, by which rule."""

from holdfast.practice.caseload.models import Session
from holdfast.practice.insight import sentences
from holdfast.practice.insight.care import Care
from holdfast.practice.insight.sentences import Statement
from holdfast.practice.ruptures.course import CareCourse
from holdfast.practice.ruptures.models import RuptureEpisode


def leading(care: Care) -> Statement:
    """The open episode, if there is one; else the last rating beside its range; else what is missing."""
    if care.open_episode is not None:
        return of_episode(care.open_episode, care.course)
    if care.course is not None:
        return _of_last(care.course)
    waiting = care.waiting()
    return sentences.waiting(session=waiting[-1].number) if waiting else sentences.unrated()


def of_episode(episode: RuptureEpisode, course: CareCourse | None) -> Statement:
    """What opened an episode, from the numbers stored with it."""
    finding = episode.finding
    if episode.kind == RuptureEpisode.Kind.ACUTE or course is None:
        return sentences.lower(
            session=episode.signal_session.number,
            score=finding["score"],
            low=finding["low"],
            high=finding["high"],
            p=finding["p"],
        )
    onset, signal = course.at(episode.onset_session_id), course.at(episode.signal_session_id)
    detection = course.course.detection
    return sentences.sliding(
        onset=episode.onset_session.number,
        scores=[float(score) for score in detection.scores[0, onset : signal + 1]],
        low=float(detection.low[0, onset]),
        high=float(detection.high[0, onset]),
        rule=detection.rule,
    )


def since(episode: RuptureEpisode, course: CareCourse | None) -> str:
    """What the rating after an episode's signal was, if there is one yet."""
    if course is None or course.at(episode.signal_session_id) >= len(course.sessions) - 1:
        return ""
    return _of_last(course).said


def signalled(care: Care, session: Session) -> str:
    """The words of a mark in the figure; empty where there was no signal."""
    if care.course is None:
        return ""
    column = care.course.at(session.pk)
    if column < 0:
        return ""
    detection = care.course.course.detection
    if detection.acute[0, column]:
        return "lower than expected"
    return "sliding" if detection.erosion[0, column] else ""


def _of_last(course: CareCourse) -> Statement:
    detection = course.course.detection
    column = len(course.sessions) - 1
    number, score = course.sessions[column].number, float(detection.scores[0, column])
    low, high = float(detection.low[0, column]), float(detection.high[0, column])
    earlier = sum(each is not None for each in course.scores) - 1
    if earlier == 0:
        return sentences.first_rating(session=number, score=score)
    if earlier + 1 < detection.rule.first_alarm or not detection.acute[0, column]:
        return sentences.compared(session=number, score=score, low=low, high=high)
    return sentences.lower(session=number, score=score, low=low, high=high, p=float(detection.p[0, column]))
