"""What stands on each page. Every query takes the person who asks; None is "not there" and "not yours" alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import prefetch_related_objects
from django.urls import reverse

from holdfast.evidence import Figure, Guidance, figures, guidance
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.models import Comment, Invitation, Purpose
from holdfast.practice.answers.monthly import is_monthly_due
from holdfast.practice.answers.offers import Offer, offers
from holdfast.practice.answers.queries import Answered, ReadComment, answered, comments_of
from holdfast.practice.caseload.models import Session
from holdfast.practice.caseload.queries import OpenedClient, client_of, clients_of, session_of
from holdfast.practice.checkins.questions import FormPage, Part, form_page
from holdfast.practice.insight.answers import CheckInAnswers, last_answers
from holdfast.practice.insight.between import Facets, consistency_sentence, facets_of, fell_in, prediction_sentences
from holdfast.practice.insight.care import Care, care_of, cares_of
from holdfast.practice.insight.figures import STATUS, alliance_figure, outcome_figures, outcome_notices, side_by_side
from holdfast.practice.insight.lines import ClientLine, ToDo, View, lines_of, to_do, when
from holdfast.practice.insight.months import Months, months_of
from holdfast.practice.insight.sentences import Statement, fell_most, rule_in_words
from holdfast.practice.insight.sharing import trends_of
from holdfast.practice.insight.statements import came_back, leading, of_episode, since, worth_talking_about
from holdfast.practice.reading.queries import NOT_ASKED, statement_of
from holdfast.practice.ruptures.actions import REOPENS_WITHIN
from holdfast.practice.ruptures.attempts import Memory, ReadAttempt, attempts_of, memory_of, way_of
from holdfast.practice.ruptures.models import Attempt, RuptureEpisode
from holdfast.practice.ruptures.queries import ReadNote, courses_of, episodes_of, notes_of
from holdfast.practice.safety.queries import duty_of, may_ask
from holdfast.report import CourseFigure

RECENT = 5
EARLY = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TodayPage:
    """The clients of a caseload: those with a session today, those with something noticed, then the others."""

    at: datetime
    today: tuple[ClientLine, ...]
    noticed: tuple[ClientLine, ...]
    others: tuple[ClientLine, ...]
    upcoming: ClientLine | None

    @property
    def is_empty(self) -> bool:
        return not (self.today or self.noticed or self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeLine:
    """One rupture episode in a list."""

    row: RuptureEpisode
    client: OpenedClient
    statement: Statement

    @property
    def status(self) -> str:
        return STATUS[RuptureEpisode.Status(self.row.status)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientPage:
    """Everything on a client's page."""

    client: OpenedClient
    is_own: bool
    care: Care
    statement: Statement
    since: str
    fell: str
    talk: str
    coming: Session | None
    coming_when: str
    alliance: CourseFigure | None
    outcomes: tuple[CourseFigure, ...]
    outcomes_open: int
    facets: Facets | None
    between: tuple[str, ...]
    comments: tuple[ReadComment, ...]
    answers: tuple[CheckInAnswers, ...]
    why: tuple[str, ...]
    doubts: tuple[str, ...]
    notices: tuple[str, ...]
    trends: tuple[str, ...]
    safety: str
    months: Months
    to_do: tuple[ToDo, ...]

    @property
    def recent(self) -> tuple[Session, ...]:
        """The next session and the last ones, newest first."""
        return tuple(reversed(self.care.sessions[-RECENT:]))


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkState:
    """One check-in of a session: what became of its link. The link itself cannot be shown again."""

    purpose: str
    answered: bool
    invitation: Invitation | None
    can_make: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionPage:
    """A session with its links and what is in."""

    session: Session
    client: OpenedClient
    answered: Answered
    links: tuple[LinkState, ...]
    left_out: tuple[str, ...]
    has_begun: bool
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingPage:
    """The therapist's form for one session. ``is_locked``: rated or skipped already."""

    session: Session
    client: OpenedClient
    forms: tuple[Offer, ...]
    form: FormPage
    is_locked: bool
    has_begun: bool

    @property
    def parts_with_forms(self) -> tuple[tuple[Part, Offer], ...]:
        return tuple(zip(self.form.parts, self.forms, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodePage:
    """One rupture episode with what led to it and what was done about it."""

    row: RuptureEpisode
    client: OpenedClient
    is_own: bool
    statement: Statement
    since: str
    fell: str
    came_back: str
    guidance: Guidance
    evidence: tuple[Figure, ...]
    attempts: tuple[ReadAttempt, ...]
    memory: tuple[Memory, ...]
    can_reopen: bool
    notes: tuple[ReadNote, ...]
    figure: CourseFigure | None
    why: tuple[str, ...]
    doubts: tuple[str, ...]


def today(actor: Membership | None, at: datetime) -> TodayPage:
    lines = lines_of(actor, at)
    ahead = sorted((line for line in lines if line.starts_at), key=lambda line: line.starts_at or at)
    on_the_day = tuple(line for line in ahead if ", today at" in line.when)
    rest = [line for line in lines if line not in on_the_day]
    return TodayPage(
        at=at,
        today=on_the_day,
        noticed=tuple(line for line in rest if line.noticed or line.to_do),
        others=tuple(line for line in rest if not (line.noticed or line.to_do or line.has_ended)),
        upcoming=ahead[0] if ahead else None,
    )


def clients(actor: Membership | None, at: datetime, view: View) -> tuple[tuple[ClientLine, ...], int]:
    """The caseload in one view, and how many there are in all."""
    lines = lines_of(actor, at)
    return view.of(lines, at), len(lines)


def client(actor: Membership | None, client_id: UUID, at: datetime) -> ClientPage | None:
    found = client_of(actor, client_id)
    if found is None:
        return None
    care = care_of(actor, found.dyad)
    coming = care.next_session(at)
    return ClientPage(
        client=found,
        is_own=works_with(actor),
        care=care,
        statement=leading(care),
        since=since(care.open_episode, care.course) if care.open_episode else "",
        fell=fell_most(fell_in(care, care.open_episode.signal_session_id).values()) if care.open_episode else "",
        talk=worth_talking_about(care),
        coming=coming,
        coming_when=when(coming.starts_at, at) if coming else "",
        alliance=alliance_figure(care),
        outcomes=outcome_figures(care, found.client.practice.before_forms),
        outcomes_open=side_by_side(care, found.client.practice.before_forms),
        facets=facets_of(care),
        between=tuple(filter(None, (*prediction_sentences(care), consistency_sentence(care)))),
        comments=tuple(comments_of(actor, care.sessions)),
        answers=last_answers(actor, care),
        why=rule_in_words(care.course.signals) if care.course else (),
        doubts=care.course.signals.doubts if care.course else (),
        notices=outcome_notices(care),
        trends=trends_of(actor, found.dyad),
        safety=_safety(actor, found, care),
        months=months_of(care),
        to_do=to_do(care, at) if works_with(actor) else (),
    )


def next_to_rate(actor: Membership | None) -> ToDo | None:
    """The session that waits longest for its therapist's rating, whoever it was with: on to it after another one."""
    clients = clients_of(actor)
    cares = cares_of(actor, [each.dyad for each in clients])
    waiting = [(session, each) for each in clients for session in cares[each.dyad.pk].waiting()]
    if not waiting:
        return None
    session, with_whom = min(waiting, key=lambda each: each[0].starts_at)
    words = f"Next to rate: session {session.number} with {with_whom.name}"
    return ToDo(words=words, address=reverse("rate", args=[session.pk]))


def _safety(actor: Membership | None, found: OpenedClient, care: Care) -> str:
    """What is known of the question about safety; nothing is said in a practice that never asked it."""
    said = statement_of(actor, care.sessions)
    return "" if said == NOT_ASKED and duty_of(found.client.practice) is None else said


def session(actor: Membership | None, session_id: UUID, at: datetime) -> SessionPage | None:
    row = session_of(actor, session_id)
    found = client_of(actor, row.episode_of_care.dyad.client_id) if row else None
    if actor is None or row is None or found is None or not works_with(actor):
        return None
    state = answered(actor, [row])[row]
    asks = may_ask(found.client)
    left_out = [
        each.reason
        for occasion in ("before", "after", "monthly")
        for each in offers(actor.practice, occasion=occasion, asks_safety=asks)[1]
    ]
    return SessionPage(
        session=row,
        client=found,
        answered=state,
        links=tuple(_link_state(actor, row, purpose, is_in) for purpose, is_in in _purposes(row, state)),
        left_out=tuple(left_out),
        has_begun=_has_begun(row, at),
        when=when(row.starts_at, at),
    )


def works_with(actor: Membership | None) -> bool:
    """Whether the reader is the client's therapist and can act on the page; a supervisor reads it."""
    return actor is not None and actor.role == Membership.Role.THERAPIST


def _has_begun(row: Session, at: datetime) -> bool:
    """Whether it can be rated: from an hour before the booked time, since people begin early."""
    return at >= row.starts_at - EARLY


def _purposes(row: Session, state: Answered) -> tuple[tuple[str, bool], ...]:
    """The forms that go with a session; the monthly one only where it is due, or has been sent out."""
    known = (("before", state.before), ("after", state.after))
    if not row.episode_of_care.dyad.client.practice.monthly_forms:
        return known
    sent = row.invitations.filter(purpose=Purpose.MONTHLY).exists()
    return (*known, ("monthly", state.monthly)) if sent or is_monthly_due(row) else known


def _link_state(actor: Membership, row: Session, purpose: str, is_in: bool) -> LinkState:
    rows = visible(actor, Invitation).filter(session=row, purpose=purpose)
    meets = row.state in (Session.State.PLANNED, Session.State.HELD)
    return LinkState(
        purpose=purpose,
        answered=is_in,
        invitation=rows.filter(state=Invitation.State.OPEN).first() or rows.order_by("-made_at").first(),
        can_make=meets and not is_in,
    )


def invitation(actor: Membership | None, invitation_id: UUID) -> Invitation | None:
    return visible(actor, Invitation).select_related("client__practice").filter(pk=invitation_id).first()


def comment(actor: Membership | None, comment_id: UUID) -> Comment | None:
    rows = visible(actor, Comment).select_related("check_in__session__episode_of_care__dyad__client")
    return rows.filter(pk=comment_id).first()


def rating(actor: Membership | None, session_id: UUID, at: datetime, *, posted: Mapping[str, str]) -> RatingPage | None:
    row = session_of(actor, session_id)
    found = client_of(actor, row.episode_of_care.dyad.client_id) if row else None
    if actor is None or row is None or found is None or not works_with(actor):
        return None
    forms, _ = offers(actor.practice, occasion="therapist")
    return RatingPage(
        session=row,
        client=found,
        forms=forms,
        form=form_page(forms, purpose="after", posted=posted, may_decline=False),
        is_locked=answered(actor, [row])[row].may_read,
        has_begun=_has_begun(row, at),
    )


def paper(
    actor: Membership | None, session_id: UUID, purpose: str, at: datetime, *, posted: Mapping[str, str]
) -> RatingPage | None:
    """A client's form for one session, to be filled in from paper."""
    row = session_of(actor, session_id)
    found = client_of(actor, row.episode_of_care.dyad.client_id) if row else None
    if actor is None or row is None or found is None or not works_with(actor) or purpose not in Purpose.values:
        return None
    language, state = found.client.language, answered(actor, [row])[row]
    asks = may_ask(found.client)
    forms, _ = offers(actor.practice, occasion=purpose, language=language, asks_safety=asks)
    return RatingPage(
        session=row,
        client=found,
        forms=forms,
        form=form_page(forms, purpose=purpose, posted=posted, language=language),
        is_locked={"before": state.before, "after": state.after, "monthly": state.monthly}[purpose],
        has_begun=purpose != Purpose.AFTER or state.may_read,
    )


def episodes(actor: Membership | None) -> tuple[EpisodeLine, ...]:
    by_dyad = {each.dyad.pk: each for each in clients_of(actor)}
    rows = [row for row in episodes_of(actor) if row.dyad_id in by_dyad]
    cares = list({row.signal_session.episode_of_care for row in rows})
    prefetch_related_objects(cares, "sessions")
    courses = courses_of(actor, cares)
    return tuple(
        EpisodeLine(
            row=row,
            client=by_dyad[row.dyad_id],
            statement=of_episode(row, courses[row.signal_session.episode_of_care_id]),
        )
        for row in rows
    )


def attempt(actor: Membership | None, attempt_id: UUID) -> Attempt | None:
    return visible(actor, Attempt).select_related("episode__dyad__client").filter(pk=attempt_id).first()


def open_episodes(actor: Membership | None) -> int:
    """The number in the navigation."""
    return visible(actor, RuptureEpisode).filter(status=RuptureEpisode.Status.OPEN).count()


def episode(actor: Membership | None, episode_id: UUID, at: datetime) -> EpisodePage | None:
    row = next((each for each in episodes_of(actor) if each.pk == episode_id), None)
    found = client_of(actor, row.dyad.client_id) if row else None
    if row is None or found is None:
        return None
    care = care_of(actor, found.dyad, row)
    fell = fell_in(care, row.signal_session_id)
    return EpisodePage(
        row=row,
        client=found,
        is_own=works_with(actor),
        statement=of_episode(row, care.course),
        since=since(row, care.course),
        fell=fell_most(fell.values()),
        came_back=came_back(row),
        guidance=guidance(way=way_of(row), facets=fell),
        evidence=figures(),
        attempts=tuple(attempts_of(actor, row)),
        memory=tuple(memory_of(actor, row)) if works_with(actor) else (),
        can_reopen=row.closed_by_id is not None and row.closed_at is not None and at - row.closed_at <= REOPENS_WITHIN,
        notes=tuple(notes_of(actor, row)),
        figure=alliance_figure(care),
        why=rule_in_words(care.course.signals) if care.course else (),
        doubts=tuple(row.finding.get("doubts", ())),
    )
