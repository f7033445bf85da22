"""Cleo's therapy with Ada: four calm ratings, one low, each with the therapist's own; words, a reply, a note."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import Link, issue_link
from holdfast.practice.answers.models import Comment
from holdfast.practice.caseload.actions import book_session
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.checkins.actions import submit
from holdfast.practice.lib import clock
from holdfast.practice.ruptures.attempts import plan
from holdfast.practice.ruptures.models import Attempt, RuptureEpisode
from tests.practice.conftest import NOON
from tests.practice.remember import remembered
from tests.practice.sayings import opened, session_answers, therapy

WORDS = "I could not say so in the room."


@dataclass
class Therapy:
    """What there is to look at."""

    client: Client
    sessions: list[Session]
    coming: Session
    episode: RuptureEpisode
    comment: Comment
    link: Link
    attempt: Attempt
    now: datetime


@pytest.fixture
def told(played: Therapy, monkeypatch: pytest.MonkeyPatch) -> Therapy:
    """The clock stands a day after the last session; session 7 has not been rated by Ada."""
    monkeypatch.setattr(clock, "now", lambda: played.now)
    return played


@pytest.fixture
@remembered
def played(ada: Membership, cleo: Client) -> Therapy:
    """What everybody did up to that day."""
    sessions = therapy(ada, cleo, (75, 78.125, 75, 71.875, 75, 25))
    start = NOON + timedelta(days=7 * 6)
    waiting = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=start, at=start)
    form = opened(ada, waiting)
    submit(form=form, answers=session_answers(50), nonce="seven", comment="Hidden until rated.", at=form.opened_at)
    now = start + timedelta(days=1)
    coming = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=now + timedelta(hours=3), at=now)
    link = issue_link(actor=ada, session=coming, purpose="before", at=now)
    comment = Comment.objects.create(check_in=sessions[5].check_ins.get(rater="client"), sealed_text=b"", at=now)
    comment.sealed_text = _sealed(cleo, comment)
    comment.save()
    episode = RuptureEpisode.objects.get()
    attempt = plan(actor=ada, episode=episode, strategy="make-room", text="", at=now)
    return Therapy(
        client=cleo,
        sessions=[*sessions, waiting],
        coming=coming,
        episode=episode,
        comment=comment,
        link=link,
        attempt=attempt,
        now=now,
    )


def _sealed(client: Client, comment: Comment) -> bytes:
    from holdfast.practice.caseload.sealing import seal_text

    return seal_text(WORDS, client=client, row=comment, column="sealed_text")
