"""Answers as the cast would give them, and the way from a booked session to a submitted form."""

from datetime import datetime, timedelta

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import issue_link, open_form
from holdfast.practice.answers.models import CheckIn, OpenForm
from holdfast.practice.caseload.actions import book_session
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.checkins.actions import rate, submit
from tests.practice.conftest import NOON
from tests.practice.remember import remembered

RATINGS = ("bond", "goal", "task", "empathy", "regard", "genuineness", "consistency", "safety")
REVERSED = ("task", "empathy")
RATED = {"holdfast-session-therapist": {"own_bond": 3, "own_work": 3, "predicted_bond": 3, "predicted_work": 2,
                                        "tension_kind": 0, "focus": 1}}  # fmt: skip
CALM = (75, 78.125, 75, 78.125, 75, 78.125)
"""An alliance course on which nothing happens."""


def session_answers(alliance: float, **more: int | str | None) -> dict[str, dict[str, int | str | None]]:
    """Answers to the session form that score this alliance (0 to 100, in steps of 3.125)."""
    points = round(alliance / 3.125)
    felt = {item: points // 8 + (place < points % 8) for place, item in enumerate(RATINGS)}
    said = {item: 4 - value if item in REVERSED else value for item, value in felt.items()}
    return {"holdfast-session": {**said, "tension": 0, **more}}


def opened(actor: Membership, session: Session, purpose: str = "after", at: datetime | None = None) -> OpenForm:
    """The form of a fresh link."""
    at = at or session.starts_at + timedelta(hours=1)
    return open_form(token=issue_link(actor=actor, session=session, purpose=purpose, at=at).token, at=at).form


def answer(actor: Membership, session: Session, alliance: float, **more: int | str | None) -> CheckIn:
    """The client's rating of a session, through a link."""
    form = opened(actor, session)
    at = session.starts_at + timedelta(hours=2)
    return submit(form=form, answers=session_answers(alliance, **more), nonce=f"nonce-{session.pk}", at=at)


@remembered
def therapy(actor: Membership, client: Client, course: tuple[float | None, ...]) -> list[Session]:
    """Weekly sessions with these ratings by the client (None: unrated), each rated by the therapist too."""
    sessions = []
    for rating in course:
        week = Session.objects.filter(episode_of_care__dyad__client=client).count()
        start = NOON + timedelta(days=7 * week)
        session = book_session(actor=actor, dyad=client.dyads.get(), starts_at=start, at=start)
        if rating is not None:
            answer(actor, session, rating)
        rate(session=session, actor=actor, answers=RATED, at=start + timedelta(hours=3))
        sessions.append(session)
    return sessions
