"""What stood before something was first worked on, and what stands since: beside it, and never because of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from holdfast.instruments import load
from holdfast.practice.answers.models import Purpose, Rater, Score
from holdfast.practice.answers.offers import folders
from holdfast.practice.caseload.models import Session
from holdfast.report.words import number

SIDE = 3
"""So many answers on each side make a mean: the last before, and the latest."""
ENOUGH = 2
"""With fewer on a side there is no mean."""
BEFORE_FORM, GOAL = "holdfast-before", "goal_progress"
GOAL_RATING = "Goal rating"
SESSION_FORM, ALLIANCE = "holdfast-session", "alliance"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One series of answers by the client, by session. ``ahead``: it is asked before a session, not after it."""

    name: str
    scale: str
    ahead: bool
    values: Mapping[UUID, float]
    is_validated: bool = True
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One measure on both sides of the first session that worked on something."""

    name: str
    before: tuple[float, ...]
    since: tuple[float, ...]

    @property
    def is_enough(self) -> bool:
        return min(len(self.before), len(self.since)) >= ENOUGH

    @property
    def before_shown(self) -> str:
        return _mean(self.before)

    @property
    def since_shown(self) -> str:
        return _mean(self.since)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkedOn:
    """One goal, entry or focus: which sessions worked on it, and the measures beside it."""

    words: str
    about: str
    sessions: tuple[Session, ...]
    beside: tuple[Beside, ...]

    @property
    def last(self) -> Session:
        return self.sessions[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The answer to "what did we work on, and what moved". ``untouched``: how many no session has worked on yet."""

    goals: tuple[WorkedOn, ...] = ()
    entries: tuple[WorkedOn, ...] = ()
    focuses: tuple[WorkedOn, ...] = ()
    untouched: int = 0
    measures: tuple[Measure, ...] = field(default=())

    @property
    def is_empty(self) -> bool:
        return not (self.goals or self.entries or self.focuses)

    @property
    def notices(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(f"{each.name}: {notice}" for each in self.measures for notice in each.notices))


def worked_on(
    words: str, about: str, keys: Iterable[UUID], sessions: Sequence[Session], measures: Sequence[Measure]
) -> WorkedOn | None:
    """Beside the sessions of these keys; None where there are none. ``sessions``: all of the two, in order."""
    wanted = set(keys)
    touched = tuple(each for each in sessions if each.pk in wanted)
    if not touched:
        return None
    first = sessions.index(touched[0])
    return WorkedOn(
        words=words,
        about=about,
        sessions=touched,
        beside=tuple(_beside(measure, first, sessions) for measure in measures),
    )


def _beside(measure: Measure, first: int, sessions: Sequence[Session]) -> Beside:
    """A form before the first such session still belongs to the time before it; a rating after it to the time since."""
    cut = first + 1 if measure.ahead else first
    before = [measure.values[each.pk] for each in sessions[:cut] if each.pk in measure.values]
    since = [measure.values[each.pk] for each in sessions[cut:] if each.pk in measure.values]
    return Beside(name=measure.name, before=tuple(before[-SIDE:]), since=tuple(since[-SIDE:]))


def measures_of(scores: Sequence[Score], before_forms: Sequence[str]) -> tuple[Measure, ...]:
    """How they are doing (the first of the practice's forms before sessions), the goal's rating, and the alliance."""
    asked = [row for row in scores if row.check_in.rater == Rater.CLIENT]
    ahead = [row for row in asked if row.check_in.purpose == Purpose.BEFORE]
    outcome = next((form for form in before_forms if form != BEFORE_FORM and any(_of(row, form) for row in ahead)), "")
    found = (
        _measure([row for row in ahead if _of(row, outcome)], outcome.upper()),
        _measure([row for row in ahead if _of(row, BEFORE_FORM, GOAL)], GOAL_RATING),
        _measure([row for row in asked if _of(row, SESSION_FORM, ALLIANCE)], "Alliance", ahead=False),
    )
    return tuple(each for each in found if each is not None)


def _of(row: Score, form: str, scale: str = "") -> bool:
    return row.instrument == form and scale in ("", row.scale) and row.raw is not None


def _measure(rows: Sequence[Score], name: str, *, ahead: bool = True) -> Measure | None:
    """One scale in its newest version: an older one is another course, and the two are never joined."""
    if not rows:
        return None
    newest = max(rows, key=lambda row: row.check_in.submitted_at)
    instrument = load(newest.instrument, version=newest.version, folders=folders())
    scale = next((each for each in instrument.scales if each.id == "total"), instrument.scale(newest.scale))
    better = {"better": ", higher is better", "worse": ", lower is better"}.get(scale.higher_is, "")
    return Measure(
        name=name,
        scale=f"{number(scale.lowest)} to {number(scale.highest)}{better}",
        ahead=ahead,
        values={
            row.check_in.session_id: row.raw
            for row in rows
            if row.version == newest.version and row.scale == scale.id and row.raw is not None
        },
        is_validated=instrument.validated,
        notices=instrument.notices,
    )


def _mean(values: Sequence[float]) -> str:
    return number(sum(values) / len(values)) if values else ""
