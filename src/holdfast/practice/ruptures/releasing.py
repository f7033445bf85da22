"""What a client chose to show at the next session is reviewed by the worker when it begins (decision 0111)."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Min, Q

from holdfast.practice.answers.models import CheckIn, Purpose, Rater, Release
from holdfast.practice.caseload.models import Dyad, Session
from holdfast.practice.messages.models import Due
from holdfast.practice.messages.timers import every_round, rings
from holdfast.practice.ruptures.review import review

RELEASED = "answers-released"
LOOKS_BACK = timedelta(days=30)
"""A worker that stood still catches up with so much; the next rating reviews everything anyway."""


@every_round
def when_answers_are_released(at: datetime) -> None:
    """Set a timer, once, for each answer whose next session has begun; it rings in the same or the next round.

    The key names the answer and the minute. So a session that is moved after it began is waited for anew.
    """
    begun = {f"{RELEASED} {pk} {begins:%Y%m%d%H%M}": (*about, begins) for pk, *about, begins in _released(at)}
    known = set(Due.objects.filter(key__in=begun).values_list("key", flat=True)) if begun else set()
    for key, (dyad, practice, begins) in begun.items():
        if key not in known:
            facts = {"what": RELEASED, "about": dyad, "at": begins}
            Due.objects.get_or_create(practice_id=practice, key=key, defaults=facts)


@rings(RELEASED)
def review_what_was_released(row: Due, at: datetime) -> None:
    dyad = Dyad.objects.select_related("client__practice").filter(pk=row.about).first()
    if dyad is not None:
        review(dyad=dyad, at=at)


def _released(at: datetime) -> list[tuple[Any, ...]]:
    """The answers after sessions that wait for a next one, each with dyad, practice, and the start of the first later
    session that was not cancelled.
    """
    later = "session__episode_of_care__dyad__episodes_of_care__sessions"
    counts = Q(**{f"{later}__starts_at__gt": F("session__starts_at")}) & ~Q(
        **{f"{later}__state": Session.State.CANCELLED}
    )
    rows = CheckIn.objects.filter(rater=Rater.CLIENT, purpose=Purpose.AFTER, release=Release.NEXT_SESSION)
    rows = rows.annotate(next_begins=Min(f"{later}__starts_at", filter=counts))
    rows = rows.filter(next_begins__lte=at, next_begins__gt=at - LOOKS_BACK)
    dyad = "session__episode_of_care__dyad"
    return list(rows.values_list("pk", dyad, f"{dyad}__client__practice", "next_begins"))
