"""Everything that was said after the sessions of one episode of care, as series over its sessions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np
from django.db.models import QuerySet

from holdfast.alliance.signals import Sources, sources_of
from holdfast.practice.answers.content import Answer, open_answers
from holdfast.practice.answers.models import CheckIn, Purpose, Rater, Score
from holdfast.practice.caseload.models import EpisodeOfCare, Session

INSTRUMENT, SCALE = "holdfast-session", "alliance"
OTHER_SIDE = "holdfast-session-therapist"
PARTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "client": (INSTRUMENT, (SCALE,)),
    "alike": (INSTRUMENT, ("facet_bond", "work")),
    "therapist": (OTHER_SIDE, ("bond_own", "work_own")),
    "predicted": (OTHER_SIDE, ("bond_predicted", "work_predicted")),
}
"""Each source, the form it comes from, and the scales whose mean it is, in percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voices:
    """Each source by session: the names of Sources, and what was answered on tension and its way."""

    said: Mapping[str, Mapping[UUID, float]]

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


def hear(
    care: EpisodeOfCare, *, scores: QuerySet[Score] | None = None, check_ins: QuerySet[CheckIn] | None = None
) -> Voices:
    """What was said after the sessions: of some rows only, or of all. Two queries."""
    said: dict[str, dict[UUID, float]] = {name: {} for name in PARTS}
    found = _percents(care, Score.objects.all() if scores is None else scores)
    for name, (instrument, scales) in PARTS.items():
        for session, percents in found.items():
            parts = [percents[instrument, scale] for scale in scales if (instrument, scale) in percents]
            if len(parts) == len(scales):
                said[name][session] = sum(parts) / len(parts)
    said |= _tension(care, CheckIn.objects.all() if check_ins is None else check_ins)
    return Voices(said=said)


def _percents(care: EpisodeOfCare, rows: QuerySet[Score]) -> dict[UUID, dict[tuple[str, str], float]]:
    wanted = {scale for _, scales in PARTS.values() for scale in scales}
    found: dict[UUID, dict[tuple[str, str], float]] = {}
    of_care = rows.filter(
        check_in__session__episode_of_care=care,
        check_in__purpose=Purpose.AFTER,
        instrument__in=(INSTRUMENT, OTHER_SIDE),
        scale__in=wanted,
    )
    for session, instrument, scale, percent in of_care.values_list(
        "check_in__session", "instrument", "scale", "percent"
    ):
        if percent is not None:
            found.setdefault(session, {})[instrument, scale] = percent
    return found


def _tension(care: EpisodeOfCare, rows: QuerySet[CheckIn]) -> dict[str, dict[UUID, float]]:
    """What both sides answered on tension: the client an amount and its way, the therapist its way, 0 for none."""
    said: dict[str, dict[UUID, float]] = {
        name: {} for name in ("client_tension", "client_way", "therapist_tension", "therapist_way")
    }
    of_care = rows.filter(session__episode_of_care=care, purpose=Purpose.AFTER, skipped=False)
    for row in of_care.select_related("session__episode_of_care__dyad__client"):
        opened = open_answers(row)
        if row.rater == Rater.CLIENT:
            answers = opened.get(INSTRUMENT, {})
            _put(said["client_tension"], row, answers.get("tension"))
            _put(said["client_way"], row, answers.get("tension_kind"))
        else:
            kind = opened.get(OTHER_SIDE, {}).get("tension_kind")
            _put(said["therapist_way"], row, kind)
            _put(said["therapist_tension"], row, None if _number(kind) is None else float(bool(kind)))
    return said


def _put(values: dict[UUID, float], row: CheckIn, answer: Answer) -> None:
    number = _number(answer)
    if number is not None:
        values[row.session_id] = number


def _number(answer: Answer) -> float | None:
    return None if answer is None or isinstance(answer, str) else float(answer)
