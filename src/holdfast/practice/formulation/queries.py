"""A formulation as its reader may see it now: opened, with its history, its goals, and what sessions worked on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import may, visible
from holdfast.practice.answers.content import open_answers
from holdfast.practice.answers.models import CheckIn, Rater
from holdfast.practice.answers.offers import as_offered
from holdfast.practice.answers.queries import scores_of_sessions
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.caseload.queries import OpenedClient, client_of, session_of, sessions_of
from holdfast.practice.caseload.sealing import open_text
from holdfast.practice.formulation.actions import EARLY
from holdfast.practice.formulation.models import (
    EntryVersion,
    FormulationEntry,
    GoalLink,
    GoalVersion,
    Kind,
    Part,
    SessionWork,
    SharedGoal,
    Worked,
)
from holdfast.practice.formulation.moved import GOAL_RATING, Measure, Moved, WorkedOn, measures_of, worked_on
from holdfast.practice.formulation.rules import builds, reading

FOCUS = "focus"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadVersion:
    """One wording, opened. ``kind`` and ``worked`` stand for entries alone."""

    number: int
    text: str
    author: str
    at: datetime
    kind: str = ""
    worked: str = ""

    @property
    def kind_shown(self) -> str:
        return Kind(self.kind).label if self.kind else ""

    @property
    def worked_shown(self) -> str:
        return Worked(self.worked).label if self.worked else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadEntry:
    """An entry with its versions, newest first, and the sessions that worked on it."""

    row: FormulationEntry
    versions: tuple[ReadVersion, ...]
    sessions: tuple[Session, ...]

    @property
    def now(self) -> ReadVersion:
        return self.versions[0]

    @property
    def part(self) -> Part:
        return Kind(self.now.kind).part

    @property
    def is_aside(self) -> bool:
        return self.row.set_aside_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadGoal:
    """A goal with its versions, newest first, the entries it has to do with, and the sessions that worked on it."""

    row: SharedGoal
    versions: tuple[ReadVersion, ...]
    linked: tuple[ReadEntry, ...]
    sessions: tuple[Session, ...]

    @property
    def now(self) -> ReadVersion:
        return self.versions[0]

    @property
    def is_open(self) -> bool:
        return self.row.state == SharedGoal.State.OPEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Formulation:
    """Everything on the page. ``sessions``: those that have begun, newest first. ``may_build``: not only read."""

    client: OpenedClient
    may_build: bool
    entries: tuple[ReadEntry, ...]
    goals: tuple[ReadGoal, ...]
    sessions: tuple[Session, ...]
    work: frozenset[tuple[UUID, UUID]]
    goal_rating: Measure | None
    rated: tuple[tuple[Session, float], ...]
    moved: Moved

    @property
    def current(self) -> tuple[ReadEntry, ...]:
        return tuple(each for each in self.entries if not each.is_aside)

    @property
    def open_goals(self) -> tuple[ReadGoal, ...]:
        return tuple(each for each in self.goals if each.is_open)

    @property
    def last_change(self) -> ReadVersion | None:
        """The newest wording of anything that is shown."""
        every = [*(each.now for each in self.current), *(each.now for each in self.open_goals)]
        return max(every, key=lambda each: each.at, default=None)

    def in_part(self, part: Part, *, aside: bool = False) -> tuple[ReadEntry, ...]:
        return tuple(each for each in self.entries if each.part == part and each.is_aside == aside)


def formulation_of(actor: Membership | None, client_id: UUID, at: datetime) -> Formulation | None:
    """The formulation of one client that the actor reads. Eight queries, one more for a supervisor."""
    found = client_of(actor, client_id)
    if actor is None or found is None:
        return None
    if not builds(actor) and not reading(actor).filter(pk=found.dyad.pk).exists():
        return None
    return formulation_in(actor, found, at)


def formulation_in(actor: Membership, found: OpenedClient, at: datetime) -> Formulation:
    """The formulation of one dyad, as far as the actor reads it."""
    sessions = [each for each in sessions_of(actor, found.dyad) if each.state != Session.State.CANCELLED]
    work = _work(actor, sessions)
    entries = _entries(actor, found, sessions, work)
    goals = _goals(actor, found, entries, sessions, work)
    measures = measures_of(scores_of_sessions(actor, sessions), found.client.practice.before_forms)
    rating = next((each for each in measures if each.name == GOAL_RATING), None)
    return Formulation(
        client=found,
        may_build=builds(actor),
        entries=entries,
        goals=goals,
        sessions=tuple(each for each in reversed(sessions) if _has_begun(each, at)),
        work=frozenset(work),
        goal_rating=rating,
        rated=tuple((each, rating.values[each.pk]) for each in sessions if rating and each.pk in rating.values),
        moved=_moved(entries, goals, _focuses(actor, sessions), sessions, measures),
    )


def entry_of(actor: Membership | None, key: UUID) -> FormulationEntry | None:
    return visible(actor, FormulationEntry).select_related("dyad__client").filter(pk=key).first()


def goal_of(actor: Membership | None, key: UUID) -> SharedGoal | None:
    return visible(actor, SharedGoal).select_related("dyad__client").filter(pk=key).first()


def worked_session_of(actor: Membership | None, key: UUID) -> Session | None:
    """A session of which the actor may say what it worked on."""
    row = session_of(actor, key)
    return row if row is not None and may(actor, "say what was worked on", row) else None


def entries_named(actor: Membership | None, goal: SharedGoal, keys: Iterable[str]) -> list[FormulationEntry]:
    """The entries of these keys, in the formulation that a goal belongs to; what is not there is left out."""
    wanted = set(keys)
    rows = visible(actor, FormulationEntry).filter(dyad=goal.dyad_id)
    return [row for row in rows if str(row.pk) in wanted]


def _has_begun(session: Session, at: datetime) -> bool:
    return session.state != Session.State.MISSED and at >= session.starts_at - EARLY


def _work(actor: Membership, sessions: Sequence[Session]) -> set[tuple[UUID, UUID]]:
    """Session and goal, or session and entry."""
    rows = visible(actor, SessionWork).filter(session__in=[each.pk for each in sessions])
    return {(session, goal or entry) for session, goal, entry in rows.values_list("session", "goal", "entry")}


def _entries(
    actor: Membership, found: OpenedClient, sessions: Sequence[Session], work: set[tuple[UUID, UUID]]
) -> tuple[ReadEntry, ...]:
    rows = visible(actor, EntryVersion).filter(entry__dyad=found.dyad).select_related("entry", "author__person")
    by_entry: dict[FormulationEntry, list[EntryVersion]] = {}
    for row in rows.order_by("entry__begun_at", "entry", "-number"):
        by_entry.setdefault(row.entry, []).append(row)
    read = [
        ReadEntry(
            row=entry,
            versions=tuple(_read(found.client, each, kind=each.kind, worked=each.worked) for each in versions),
            sessions=tuple(each for each in sessions if (each.pk, entry.pk) in work),
        )
        for entry, versions in by_entry.items()
    ]
    return tuple(sorted(read, key=lambda each: list(Part).index(each.part)))


def _goals(
    actor: Membership,
    found: OpenedClient,
    entries: Sequence[ReadEntry],
    sessions: Sequence[Session],
    work: set[tuple[UUID, UUID]],
) -> tuple[ReadGoal, ...]:
    rows = visible(actor, GoalVersion).filter(goal__dyad=found.dyad).select_related("goal", "author__person")
    links = set(visible(actor, GoalLink).filter(goal__dyad=found.dyad).values_list("goal", "entry"))
    by_goal: dict[SharedGoal, list[GoalVersion]] = {}
    for row in rows.order_by("goal__begun_at", "goal", "-number"):
        by_goal.setdefault(row.goal, []).append(row)
    return tuple(
        ReadGoal(
            row=goal,
            versions=tuple(_read(found.client, each) for each in versions),
            linked=tuple(each for each in entries if (goal.pk, each.row.pk) in links),
            sessions=tuple(each for each in sessions if (each.pk, goal.pk) in work),
        )
        for goal, versions in by_goal.items()
    )


def _read(client: Client, row: EntryVersion | GoalVersion, *, kind: str = "", worked: str = "") -> ReadVersion:
    return ReadVersion(
        number=row.number,
        text=open_text(client=client, row=row, column="sealed_text"),
        author=row.author.person.name,
        at=row.at,
        kind=kind,
        worked=worked,
    )


def _focuses(actor: Membership, sessions: Sequence[Session]) -> dict[str, set[UUID]]:
    """What each rated session was mostly about, as its therapist marked it: the words of the form, then sessions."""
    rows = visible(actor, CheckIn).filter(session__in=[each.pk for each in sessions], rater=Rater.THERAPIST)
    marked: dict[tuple[int, str], set[UUID]] = {}
    for row in rows.filter(skipped=False).select_related("session__episode_of_care__dyad__client"):
        answers = open_answers(row)
        for form in as_offered(row.forms, occasion="therapist"):
            said = answers.get(form.instrument.id, {}).get(FOCUS)
            if isinstance(said, int | float):
                place = int(said - form.instrument.answers_to(FOCUS).lowest)
                words = form.wording.labels[form.instrument.item(FOCUS).answers][place]
                marked.setdefault((place, words), set()).add(row.session_id)
    return {words: marked[place, words] for place, words in sorted(marked)}


def _moved(
    entries: Sequence[ReadEntry],
    goals: Sequence[ReadGoal],
    focuses: dict[str, set[UUID]],
    sessions: Sequence[Session],
    measures: tuple[Measure, ...],
) -> Moved:
    def beside(words: str, about: str, keys: Iterable[UUID]) -> WorkedOn | None:
        return worked_on(words, about, keys, sessions, measures)

    of_goals = [beside(each.now.text, _standing(each), (row.pk for row in each.sessions)) for each in goals]
    of_entries = [beside(each.now.text, _label(each), (row.pk for row in each.sessions)) for each in entries]
    of_focuses = [beside(words, "", keys) for words, keys in focuses.items()]
    idle_goals = sum(each.is_open and not each.sessions for each in goals)
    idle_entries = sum(not each.is_aside and not each.sessions for each in entries)
    return Moved(
        goals=tuple(filter(None, of_goals)),
        entries=tuple(filter(None, of_entries)),
        focuses=tuple(filter(None, of_focuses)),
        untouched=idle_goals + idle_entries,
        measures=measures,
    )


def _standing(goal: ReadGoal) -> str:
    return "" if goal.is_open else goal.row.get_state_display()


def _label(entry: ReadEntry) -> str:
    return f"{entry.now.kind_shown}, set aside" if entry.is_aside else entry.now.kind_shown
