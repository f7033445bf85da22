"""The first page of a client: what comes next, and the lines of what they answered."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from holdfast.errors import HoldfastError
from holdfast.instruments import load
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.links import CLOSES_AFTER, MEETS, OPENS_BEFORE
from holdfast.practice.answers.models import CheckIn, Purpose, Score
from holdfast.practice.answers.monthly import is_monthly_due
from holdfast.practice.answers.offers import folders, offers
from holdfast.practice.answers.queries import ReadReply, comments_of, scores_of_sessions
from holdfast.practice.caseload.models import Session
from holdfast.practice.caseload.queries import OpenedClient, sessions_of
from holdfast.practice.checkins.actions import begin_own
from holdfast.practice.checkins.views import with_form_cookie
from holdfast.practice.insight.figures import as_asked, outcome_name
from holdfast.practice.insight.markup import drawing
from holdfast.practice.lib import clock
from holdfast.practice.own.frame import Own, own_page, show
from holdfast.practice.ruptures.voices import INSTRUMENT, SCALE
from holdfast.report import CourseFigure
from holdfast.report.words import number

TOP = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One course: its drawing, the same in a sentence, and the same in numbers."""

    title: str
    said: str
    drawn: SafeString
    rows: tuple[tuple[str, str], ...]
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """What a client said in the work with one therapist."""

    therapist: str
    course: Line | None
    outcomes: tuple[Line, ...]
    months: tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenNow:
    """A form that can be answered now."""

    session: Session
    purpose: str
    said: str


def start(request: HttpRequest, own: Own) -> HttpResponse:
    at = clock.now()
    sessions = {each.dyad.pk: sessions_of(own.actor, each.dyad) for each in own.pairs}
    every = [session for rows in sessions.values() for session in rows]
    scores = scores_of_sessions(own.actor, every)
    coming = min((each.starts_at for each in every if _is_coming(each, at)), default=None)
    replies = [(each, reply) for each in comments_of(own.actor, every) for reply in each.replies]
    latest = max(replies, key=lambda each: each[1].reply.at, default=None)
    return show(
        request,
        "start",
        own,
        here="mine",
        coming=own.time(coming) if coming else "",
        forms=open_now(own, every, at),
        pairs=[_pair(own, each, sessions[each.dyad.pk], scores) for each in own.pairs],
        latest=_reply(own, latest[1]) if latest else None,
        several=len(own.pairs) > 1,
        is_empty=not scores,
    )


@require_POST
@own_page
def answer_now(request: HttpRequest, own: Own) -> HttpResponse:
    """Open the form here; a link that was sent for it is replaced, as by any newer one."""
    at = clock.now()
    every = [session for each in own.pairs for session in sessions_of(own.actor, each.dyad)]
    chosen = (request.POST.get("session", ""), request.POST.get("purpose", ""))
    found = next((each for each in open_now(own, every, at) if (str(each.session.pk), each.purpose) == chosen), None)
    if found is None:
        return redirect("mine")
    try:
        opened = begin_own(actor=own.actor, session=found.session, purpose=found.purpose, at=at)
    except HoldfastError:
        return redirect("mine")
    return with_form_cookie(redirect("form"), opened)


def open_now(own: Own, sessions: Sequence[Session], at: datetime) -> list[OpenNow]:
    """The forms whose time it is and that nobody has sent: before a session until it begins, about it from then on."""
    near = [each for each in sessions if each.state in MEETS and _is_near(each, at)]
    sent = set(visible(own.actor, CheckIn).filter(session__in=near).values_list("session", "purpose"))
    found = []
    for session in near:
        wanted = [Purpose.BEFORE if at < session.starts_at else Purpose.AFTER]
        if at >= session.starts_at and own.client.practice.monthly_forms and is_monthly_due(session):
            wanted.append(Purpose.MONTHLY)
        for purpose in wanted:
            offered, _ = offers(own.client.practice, occasion=purpose, language=own.client.language)
            if offered and (session.pk, purpose) not in sent:
                said = own.say(f"form_open_{purpose.value}")
                found.append(OpenNow(session=session, purpose=purpose.value, said=said))
    return found


def _is_coming(session: Session, at: datetime) -> bool:
    return session.state == Session.State.PLANNED and session.starts_at >= at


def _is_near(session: Session, at: datetime) -> bool:
    return session.starts_at - OPENS_BEFORE <= at <= session.starts_at + CLOSES_AFTER


def _reply(own: Own, reply: ReadReply) -> tuple[str, str, str]:
    name = next((each.dyad.therapist.person.name for each in own.pairs if _wrote(each, reply)), "")
    return own.say("reply_from", name=name), own.day(reply.reply.at), reply.text


def _wrote(pair: OpenedClient, reply: ReadReply) -> bool:
    return pair.dyad.therapist_id == reply.reply.author_id


def _pair(own: Own, pair: OpenedClient, sessions: Sequence[Session], scores: Sequence[Score]) -> Pair:
    keys = {each.pk for each in sessions}
    course: dict[UUID, float] = {}
    outcomes: dict[tuple[str, str, str], dict[UUID, float]] = {}
    months: dict[tuple[str, str, str], dict[UUID, float]] = {}
    for score in scores:
        session = score.check_in.session_id
        if session not in keys:
            continue
        if (score.instrument, score.scale) == (INSTRUMENT, SCALE) and score.percent is not None:
            course[session] = score.percent
        elif score.check_in.purpose != Purpose.AFTER and score.raw is not None:
            kept = months if score.check_in.purpose == Purpose.MONTHLY else outcomes
            kept.setdefault((score.instrument, score.version, score.scale), {})[session] = score.raw
    ordered = as_asked(outcomes, own.client.practice.before_forms)
    return Pair(
        therapist=pair.dyad.therapist.person.name,
        course=_course(own, pair, sessions, course) if course else None,
        outcomes=tuple(_outcome(own, pair, key, sessions, outcomes[key]) for key in ordered),
        months=tuple(_outcome(own, pair, key, sessions, months[key]) for key in months),
    )


def _course(own: Own, pair: OpenedClient, sessions: Sequence[Session], values: Mapping[UUID, float]) -> Line:
    ends = {"low": number(min(values.values()), places=0), "high": number(max(values.values()), places=0)}
    said = own.say("course_alt" if len(values) > 1 else "course_alt_one", count=len(values), **ends)
    return _line(f"course-{pair.dyad.pk}", own.say("course_head"), said, sessions, values, extent=(0.0, TOP))


def _outcome(
    own: Own, pair: OpenedClient, key: tuple[str, str, str], sessions: Sequence[Session], values: Mapping[UUID, float]
) -> Line:
    instrument = load(key[0], version=key[1], folders=folders())
    scale = instrument.scale(key[2])
    known = f"measure_{key[2]}"
    name = own.say(known) if known in own.words.words else outcome_name(key)
    answered = [each for each in sessions if each.pk in values]
    parts = {
        "name": name,
        "first": number(values[answered[0].pk]),
        "first_session": answered[0].number,
        "last": number(values[answered[-1].pk]),
        "last_session": answered[-1].number,
        "lowest": number(scale.lowest),
        "highest": number(scale.highest),
        "direction": own.say(f"direction_{scale.higher_is}"),
    }
    said = own.say("outcome_alt" if len(answered) > 1 else "outcome_alt_one", **parts)
    drawn = f"{key[0]}-{key[2]}-{pair.dyad.pk}"
    extent = (scale.lowest, scale.highest)
    made = _line(drawn, name, said, sessions, values, extent=extent)
    return Line(title=made.title, said=said, drawn=made.drawn, rows=made.rows, notices=tuple(instrument.notices))


def _line(
    key: str,
    title: str,
    said: str,
    sessions: Sequence[Session],
    values: Mapping[UUID, float],
    *,
    extent: tuple[float, float],
) -> Line:
    """Over the sessions up to the last that was answered; a session without an answer leaves a gap."""
    last = max(index for index, each in enumerate(sessions) if each.pk in values)
    shown = [each for each in sessions[: last + 1] if each.state != Session.State.CANCELLED]
    figure = CourseFigure(
        name=key,
        title=title,
        summary=said,
        sessions=[str(each.number) for each in shown],
        values=[values.get(each.pk, math.nan) for each in shown],
        extent=extent,
        value_name=title,
        height=190,
    )
    places = 0 if extent[1] == TOP else 1
    rows = tuple((str(each.number), number(values[each.pk], places=places)) for each in shown if each.pk in values)
    return Line(title=title, said=said, drawn=drawing(figure), rows=rows)
