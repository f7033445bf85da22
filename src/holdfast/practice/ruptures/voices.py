"""What was said after the sessions of one episode of care, and released, as series over its sessions."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from holdfast.alliance.signals import Sources, sources_of
from holdfast.instruments import load
from holdfast.practice.answers.content import Answer, open_answers
from holdfast.practice.answers.models import CheckIn, Purpose, Rater, Score
from holdfast.practice.answers.offers import folders
from holdfast.practice.answers.release import released
from holdfast.practice.caseload.models import EpisodeOfCare, Session

INSTRUMENT, SCALE = "holdfast-session", "alliance"
OTHER_SIDE = "holdfast-session-therapist"
PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "client": (INSTRUMENT, (SCALE,)),
    "alike": (INSTRUMENT, ("facet_bond", "work")),
    "therapist": (OTHER_SIDE, ("bond_own", "work_own")),
    "predicted": (OTHER_SIDE, ("bond_predicted", "work_predicted")),
}
"""Each scored source, the form it comes from, and the scales whose mean it is, in percent."""
TENSION = ("client_tension", "client_way", "therapist_tension", "therapist_way")
"""What both sides answer on tension: the client an amount and its way, the therapist its way, 0 for none."""
EASED = "eased"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """What was said, by session.

    said: each source, by the names of Sources; eased: whether the client said that a strain eased, where asked.
    """

    said: Mapping[str, dict[UUID, float]]
    eased: dict[UUID, bool]

    @property
    def heard(self) -> set[UUID]:
        """The sessions that the client rated, or in which somebody reported tension."""
        reports = (self.said[name] for name in ("client_tension", "therapist_tension"))
        return {*self.said["client"], *(session for each in reports for session, amount in each.items() if amount)}

    def sources(self, sessions: Sequence[Session]) -> Sources:
        """The same over these sessions; a source that nobody ever used is left out."""
        series = {
            name: np.array([values.get(session.pk, np.nan) for session in sessions])
            for name, values in self.said.items()
        }
        asked = {name: values for name, values in series.items() if name != "client" and not np.isnan(values).all()}
        if "predicted" not in asked or "alike" not in asked:
            asked.pop("predicted", None)
            asked.pop("alike", None)
        return sources_of(series["client"], **asked)


def hear(care: EpisodeOfCare, *, check_ins: QuerySet[CheckIn] | None = None) -> Voices:
    """What was said after the sessions, in these check-ins or else in all that are released.

    What comes of it is kept where the therapist reads, so nothing that was not released is heard (decision 0076).
    """
    return hear_all([care], check_ins=check_ins)[care.pk]


def hear_all(cares: Sequence[EpisodeOfCare], *, check_ins: QuerySet[CheckIn] | None = None) -> dict[UUID, Voices]:
    """The same for several episodes of care, by their keys. Two queries, however many."""
    rows = released() if check_ins is None else check_ins
    of_cares = rows.filter(session__episode_of_care__in=cares, purpose=Purpose.AFTER, skipped=False)
    said = list(of_cares.select_related("session__episode_of_care__dyad__client"))
    heard = {care.pk: Voices(said={name: {} for name in (*PARTS, *TENSION)}, eased={}) for care in cares}
    for (care, session), percents in _percents(cares, {row.pk for row in said}).items():
        for name, (instrument, scales) in PARTS.items():
            parts = [percents[instrument, scale] for scale in scales if (instrument, scale) in percents]
            if len(parts) == len(scales):
                heard[care].said[name][session] = sum(parts) / len(parts)
    for row in said:
        _hear_tension(heard[row.session.episode_of_care_id], row)
    return heard


def _hear_tension(voices: Voices, row: CheckIn) -> None:
    answers = open_answers(row)
    if row.rater == Rater.CLIENT:
        own = answers.get(INSTRUMENT, {})
        _put(voices.said["client_tension"], row, own.get("tension"))
        _put(voices.said["client_way"], row, own.get("tension_kind"))
        word = says_eased(own, row.forms)
        if word is not None:
            voices.eased[row.session_id] = word
    else:
        kind = answers.get(OTHER_SIDE, {}).get("tension_kind")
        _put(voices.said["therapist_way"], row, kind)
        _put(voices.said["therapist_tension"], row, None if _number(kind) is None else float(bool(kind)))


def _percents(
    cares: Sequence[EpisodeOfCare], check_ins: Set[UUID]
) -> dict[tuple[UUID, UUID], dict[tuple[str, str], float]]:
    """By episode of care and session: instrument and scale, then percent; of these check-ins and no others."""
    wanted = {scale for _, scales in PARTS.values() for scale in scales}
    found: dict[tuple[UUID, UUID], dict[tuple[str, str], float]] = {}
    rows = Score.objects.filter(
        check_in__session__episode_of_care__in=cares, instrument__in=(INSTRUMENT, OTHER_SIDE), scale__in=wanted
    )
    names = ("check_in", "check_in__session__episode_of_care", "check_in__session", "instrument", "scale", "percent")
    for check_in, care, session, instrument, scale, percent in rows.values_list(*names):
        if check_in in check_ins and percent is not None:
            found.setdefault((care, session), {})[instrument, scale] = percent
    return found


def says_eased(answers: Mapping[str, Answer], forms: Sequence[Mapping[str, Any]]) -> bool | None:
    """True for an answer above the middle of the item's range, False for any other; None when it was not answered."""
    answer = _number(answers.get(EASED))
    if answer is None:
        return None
    version = next(each["version"] for each in forms if each["id"] == INSTRUMENT)
    points = load(INSTRUMENT, version=version, folders=folders()).answers_to(EASED)
    return 2 * answer > points.lowest + points.highest


def _put(values: dict[UUID, float], row: CheckIn, answer: Answer) -> None:
    number = _number(answer)
    if number is not None:
        values[row.session_id] = number


def _number(answer: Answer) -> float | None:
    return None if answer is None or isinstance(answer, str) else float(answer)
