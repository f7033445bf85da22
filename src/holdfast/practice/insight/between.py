"""The facets of the last rated session beside this client's usual, and predictions beside ratings."""

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from holdfast.alliance.pair import consistency
from holdfast.alliance.signals import facets_that_fell
from holdfast.instruments import load
from holdfast.practice.answers.models import Purpose, Rater, Score
from holdfast.practice.answers.offers import folders
from holdfast.practice.insight.care import Care
from holdfast.practice.insight.figures import predictions, rated_alike
from holdfast.practice.insight.sentences import usual_swing
from holdfast.practice.ruptures.voices import INSTRUMENT
from holdfast.report.words import count, number, signed

FACET = "facet_"
FEW = 2
ENOUGH = 5
RECENT = 5
HALF_AN_ANSWER = 12.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """One side of the relationship in the last rated session, 0 to 100; ``change`` from this client's usual."""

    name: str
    value: float | None
    change: float | None

    @property
    def shown(self) -> str:
        return "–" if self.value is None else number(self.value, places=0)

    @property
    def width(self) -> int:
        """The length of the bar."""
        return round(self.value or 0)

    @property
    def changed(self) -> str:
        return "" if self.change is None else signed(round(self.change), places=0) if round(self.change) else "±0"

    @property
    def lower(self) -> bool:
        """Whether it is down by more than half an answer: said in bold, never as a signal."""
        return self.change is not None and self.change < -HALF_AN_ANSWER


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """All facets of one session."""

    session: int
    facets: tuple[Facet, ...]
    has_usual: bool
    notices: tuple[str, ...]


def facets_of(care: Care) -> Facets | None:
    """The facets of the last session whose answers may be read; None when there is none."""
    rows = [each for each in care.scores if _is_facet(each)]
    if not rows:
        return None
    last = max(rows, key=lambda each: each.check_in.session.number).check_in.session
    now = [each for each in rows if each.check_in.session_id == last.pk]
    instrument = load(INSTRUMENT, version=now[0].version, folders=folders())
    made = {each.scale: _facet(instrument.item(each.scale.removeprefix(FACET)).facet, each, rows) for each in now}
    facets = tuple(made[scale.id] for scale in instrument.scales if scale.id in made)
    return Facets(
        session=last.number,
        facets=facets,
        has_usual=any(each.change is not None for each in facets),
        notices=instrument.notices,
    )


def _is_facet(score: Score) -> bool:
    check_in = score.check_in
    is_client = check_in.rater == Rater.CLIENT and check_in.purpose == Purpose.AFTER
    return is_client and score.instrument == INSTRUMENT and score.scale.startswith(FACET)


def _facet(name: str | None, score: Score, rows: list[Score]) -> Facet:
    earlier = [
        each.percent
        for each in rows
        if each.scale == score.scale
        and each.percent is not None
        and each.check_in.session.number < score.check_in.session.number
    ]
    usual = sum(earlier) / len(earlier) if len(earlier) >= FEW else None
    change = None if usual is None or score.percent is None else score.percent - usual
    return Facet(name=(name or score.scale).capitalize(), value=score.percent, change=change)


def fell_in(care: Care, session_id: UUID) -> dict[str, str]:
    """The facets that fell furthest below this client's usual in a session, the deepest first: item, then its name."""
    rows = [each for each in care.scores if _is_facet(each)]
    names = sorted({each.scale for each in rows})
    place = {session.pk: column for column, session in enumerate(care.sessions)}
    if session_id not in place or not names:
        return {}
    series = np.full((1, len(place), len(names)), np.nan)
    for each in rows:
        if each.percent is not None:
            series[0, place[each.check_in.session_id], names.index(each.scale)] = each.percent
    instrument = load(INSTRUMENT, version=rows[0].version, folders=folders())
    items = tuple(name.removeprefix(FACET) for name in names)
    fell = facets_that_fell(series).named(0, place[session_id], items)
    return {item: instrument.item(item).facet or item for item in fell}


def consistency_sentence(care: Care) -> str:
    """How much the ratings usually swing; empty before there are enough of them."""
    if care.course is None or sum(score is not None for score in care.course.scores) < ENOUGH:
        return ""
    detection = care.course.course.detection
    found = consistency(detection.scores, prior=detection.prior)
    return usual_swing(swing=float(found.swing[0]), low=float(found.low[0]), high=float(found.high[0]))


def prediction_sentences(care: Care) -> tuple[str, ...]:
    """The last prediction beside its rating, and how far off they were on average, recently and before."""
    guessed, rated = predictions(care), rated_alike(care)
    both = [session for session in care.seen if session.pk in guessed and session.pk in rated]
    if not both:
        return ()
    off = [guessed[session.pk] - rated[session.pk] for session in both]
    last = both[-1]
    said = [
        f"Session {last.number}: you expected {_whole(guessed, last.pk)} for bond and work together; "
        f"they answered {_whole(rated, last.pk)}."
    ]
    if len(off) >= FEW:
        recent, before = off[-RECENT:], off[:-RECENT]
        sentence = f"Over the last {count(len(recent), 'prediction')} you were {_off(recent)}"
        said.append(f"{sentence}; before that {_off(before)}." if before else f"{sentence}.")
    return tuple(said)


def _whole(values: dict[UUID, float], session: UUID) -> str:
    return number(values[session], places=0)


def _off(differences: list[float]) -> str:
    """How far the guesses were from the ratings, on average."""
    mean = round(sum(differences) / len(differences), 1)
    if mean == 0:
        return "as high as the ratings on average"
    return f"{number(abs(mean))} {'point' if abs(mean) == 1 else 'points'} {'high' if mean > 0 else 'low'} on average"
