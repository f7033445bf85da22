"""Everything a client said, form by form, with the replies, and who may see it."""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from holdfast.practice.answers.content import Answers
from holdfast.practice.answers.models import CheckIn, Purpose, Release
from holdfast.practice.answers.offers import as_offered
from holdfast.practice.answers.queries import ReadComment, comments_of, said_in
from holdfast.practice.caseload.queries import sessions_of
from holdfast.practice.insight.answers import Said, said_on
from holdfast.practice.own.frame import Own, own_page, show


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidReply:
    head: str
    day: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidForm:
    """One form that was sent."""

    head: str
    day: str
    said: tuple[Said, ...]
    comment: str
    replies: tuple[SaidReply, ...]
    seen: str
    notices: tuple[str, ...]


@require_safe
@own_page
def answers(request: HttpRequest, own: Own) -> HttpResponse:
    return show(request, "answers", own, here="mine-answers", forms=forms_of(own))


def forms_of(own: Own) -> list[SaidForm]:
    """Newest first, whoever the therapist was."""
    sessions = [session for each in own.pairs for session in sessions_of(own.actor, each.dyad)]
    comments = {each.comment.check_in_id: each for each in comments_of(own.actor, sessions)}
    rows = sorted(said_in(own.actor, sessions), key=lambda each: each[0].submitted_at, reverse=True)
    names = {each.dyad.therapist_id: each.dyad.therapist.person.name for each in own.pairs}
    return [_form(own, row, answered, comments.get(row.pk), names) for row, answered in rows]


def _form(own: Own, row: CheckIn, answered: Answers, comment: ReadComment | None, names: dict[UUID, str]) -> SaidForm:
    forms = as_offered(row.forms, occasion=row.purpose)
    replies = comment.replies if comment else ()
    return SaidForm(
        head=own.say(f"session_{row.purpose}", number=row.session.number),
        day=own.time(row.submitted_at),
        said=tuple(said for form in forms for said in said_on(form, answered.get(form.instrument.id, {}), own.phrases)),
        comment=comment.text if comment else "",
        replies=tuple(
            SaidReply(
                head=own.say("reply_from", name=names.get(each.reply.author_id, "")),
                day=own.day(each.reply.at),
                text=each.text,
            )
            for each in replies
        ),
        seen=own.say(seen_key(row)),
        notices=tuple(dict.fromkeys(notice for form in forms for notice in form.instrument.notices)),
    )


def seen_key(row: CheckIn) -> str:
    """Which sentence says who sees an answer. It never tells whether the therapist has rated the session."""
    if row.release == Release.TREND:
        return "seen_trend"
    if row.release == Release.NEXT_SESSION:
        return "seen_next"
    return "seen_predicted" if row.purpose == Purpose.AFTER else "seen_now"
