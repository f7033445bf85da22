"""What may be read of links, answers, scores and comments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.answers.content import Answer, client_of, open_answers
from holdfast.practice.answers.links import is_open
from holdfast.practice.answers.models import CheckIn, Comment, Invitation, OpenForm, Purpose, Rater, Reply, Score
from holdfast.practice.answers.offers import Offer, as_offered
from holdfast.practice.audit.queries import latest
from holdfast.practice.caseload.models import Session
from holdfast.practice.caseload.sealing import open_text
from holdfast.practice.lib.secrets import digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReply:
    """A reply, opened."""

    reply: Reply
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadComment:
    """A client's comment, opened, with its replies."""

    comment: Comment
    text: str
    replies: tuple[ReadReply, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Which forms of a session are in: whether, never what. ``may_read``: the client's rating is released."""

    before: bool
    after: bool
    monthly: bool
    rated: bool
    skipped: bool

    @property
    def may_read(self) -> bool:
        return self.rated or self.skipped

    @property
    def readable(self) -> bool:
        """Whether there is anything that its reader may open now."""
        return self.before or self.monthly or self.rated or (self.after and self.may_read)


def form_behind(cookie: str | None, at: datetime) -> OpenForm | None:
    """The opened form of a cookie, while it lasts. Look at ``is_spent`` before showing it."""
    if not cookie:
        return None
    form = OpenForm.objects.select_related("invitation__session", "invitation__client__practice").filter(
        cookie_hash=digest(cookie)
    ).first()  # fmt: skip
    seen = latest(at)
    if form is None or seen > form.expires_at:
        return None
    return form if is_spent(form) or is_open(form.invitation, seen) else None


def is_spent(form: OpenForm) -> bool:
    """Whether the form was submitted: then it is thanked again and never shown."""
    return form.invitation.state == Invitation.State.SUBMITTED


def offers_behind(form: OpenForm) -> tuple[Offer, ...]:
    """The instruments and words of an opened form; nothing of person, therapist or practice."""
    return as_offered(form.invitation.forms, occasion=form.invitation.purpose)


def open_links(actor: Membership | None, session: Session, at: datetime) -> list[Invitation]:
    """The links of a session that are still in their window, by purpose. Their secrets cannot be shown again."""
    rows = visible(actor, Invitation).filter(session=session, state=Invitation.State.OPEN, closes_at__gte=at)
    return list(rows.order_by("purpose"))


def links_of(actor: Membership | None, sessions: Sequence[Session]) -> dict[UUID, frozenset[str]]:
    """For each of the actor's sessions the purposes that a link was made for and not taken back. One query."""
    rows = visible(actor, Invitation).filter(session__in=[each.pk for each in sessions])
    found: dict[UUID, set[str]] = {each.pk: set() for each in sessions}
    for session, purpose in rows.exclude(state__in=["revoked", "replaced"]).values_list("session", "purpose"):
        found[session].add(purpose)
    return {session: frozenset(purposes) for session, purposes in found.items()}


def answered(actor: Membership | None, sessions: Sequence[Session]) -> dict[Session, Answered]:
    """For each of the actor's sessions, which forms are in. Says nothing of their content."""
    own = visible(actor, Session).filter(pk__in=[each.pk for each in sessions])
    rows = set(CheckIn.objects.filter(session__in=own).values_list("session", "rater", "purpose", "skipped"))
    return {
        session: Answered(
            before=(session.pk, Rater.CLIENT, Purpose.BEFORE, False) in rows,
            after=(session.pk, Rater.CLIENT, Purpose.AFTER, False) in rows,
            monthly=(session.pk, Rater.CLIENT, Purpose.MONTHLY, False) in rows,
            rated=(session.pk, Rater.THERAPIST, Purpose.AFTER, False) in rows,
            skipped=(session.pk, Rater.THERAPIST, Purpose.AFTER, True) in rows,
        )
        for session in sessions
    }


def check_ins_of(actor: Membership | None, session: Session) -> list[CheckIn]:
    """The check-ins of a session that the actor may read now: the client's rating only after their own."""
    return [row for row, _ in said_in(actor, [session])]


def said_in(
    actor: Membership | None, sessions: Sequence[Session]
) -> list[tuple[CheckIn, dict[str, dict[str, Answer]]]]:
    """The check-ins of these sessions that the actor may read now, each with what was said. One query."""
    rows = visible(actor, CheckIn).filter(session__in=[each.pk for each in sessions])
    return [(row, open_answers(row)) for row in rows.select_related("session__episode_of_care__dyad__client")]


def answers_of(actor: Membership | None, check_in: CheckIn) -> dict[str, dict[str, Answer]]:
    """What was said, by instrument and item; empty for what the actor may not read."""
    if not visible(actor, CheckIn).filter(pk=check_in.pk).exists():
        return {}
    return open_answers(check_in)


def scores_of_sessions(actor: Membership | None, sessions: Sequence[Session]) -> list[Score]:
    """The scores of these sessions that the actor may read now, with check-in and session at hand."""
    rows = visible(actor, Score).filter(check_in__session__in=[each.pk for each in sessions])
    return list(rows.select_related("check_in__session").order_by("check_in__session__number", "instrument", "scale"))


def comments_of(actor: Membership | None, sessions: Sequence[Session]) -> list[ReadComment]:
    """The comments to these sessions that the actor may read now, newest first."""
    rows = visible(actor, Comment).filter(check_in__session__in=[each.pk for each in sessions])
    rows = rows.select_related("check_in__session__episode_of_care__dyad__client").prefetch_related("replies")
    return [_read(comment) for comment in rows.order_by("-at")]


def _read(comment: Comment) -> ReadComment:
    client = client_of(comment.check_in)
    return ReadComment(
        comment=comment,
        text=open_text(client=client, row=comment, column="sealed_text"),
        replies=tuple(
            ReadReply(reply=each, text=open_text(client=client, row=each, column="sealed_text"))
            for each in comment.replies.all()
        ),
    )
