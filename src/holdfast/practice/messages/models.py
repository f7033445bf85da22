"""The outbox, what was tried, timers, and the worker's sign of life. No address and no text rests here."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class Message(models.Model):
    """One message to one client or one member. Its id goes out with it, so that a second copy can be recognised.

    ``about`` is what the room that put it there wrote down for itself; ``made`` is what it made at sending time.
    """

    KEEP: ClassVar = {
        "id", "practice", "key", "kind", "client", "member", "about", "made", "language", "put_at", "due_at", "until",
        "next_at", "lease_until", "tries", "state", "reason", "settled_at",
    }  # fmt: skip
    SCRUB: ClassVar[set[str]] = set()

    class State(models.TextChoices):
        WAITING = "waiting"
        HANDED_OVER = "handed over"  # a gateway took it; never "read"
        DROPPED = "dropped"  # not sent, on purpose
        GIVEN_UP = "given up"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practice = models.ForeignKey("accounts.Practice", models.PROTECT, related_name="messages")
    key = models.CharField(max_length=160)  # the same key twice is the same message
    kind = models.CharField(max_length=30)
    client = models.ForeignKey("caseload.Client", models.PROTECT, null=True, related_name="messages")
    member = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="messages")
    about = models.UUIDField(null=True)
    made = models.UUIDField(null=True)
    language = models.CharField(max_length=12)
    put_at = models.DateTimeField()
    due_at = models.DateTimeField()
    until = models.DateTimeField(null=True)  # later than this it is not sent
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=11, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=60, default="")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["due_at"]
        indexes: ClassVar = [models.Index(fields=["state", "next_at"], name="messages_waiting")]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["practice", "key"], name="a_message_is_put_once"),
            models.CheckConstraint(
                condition=Q(client=None, member__isnull=False) | Q(client__isnull=False, member=None),
                name="message_goes_to_a_client_or_a_member",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gt=F("due_at")), name="message_may_be_sent_once_it_is_due"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None)
                | Q(state__in=["handed over", "dropped", "given up"], settled_at__isnull=False),
                name="message_state_and_time_agree",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "handed over"]) | ~Q(reason=""), name="message_unsent_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"message {self.id}"


class Attempt(models.Model):
    """One try at sending. Without an outcome the worker ended in between, and nobody knows."""

    KEEP: ClassVar = {"id", "message", "begun_at", "outcome", "ended_at"}
    SCRUB: ClassVar[set[str]] = set()

    class Outcome(models.TextChoices):
        HANDED_OVER = "handed over"
        FAILED = "failed"  # not reached, too slow, or asked to come again
        REFUSED = "refused"  # this message, for ever

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="attempts")
    begun_at = models.DateTimeField()
    outcome = models.CharField(max_length=11, choices=Outcome, null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["begun_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(outcome=None, ended_at=None) | Q(outcome__isnull=False, ended_at__isnull=False),
                name="attempt_outcome_and_time_agree",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.id}"


class Due(models.Model):
    """A timer: what is to be looked at when. A row, so that no restart forgets it."""

    KEEP: ClassVar = {"id", "practice", "key", "what", "about", "at", "done_at"}
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practice = models.ForeignKey("accounts.Practice", models.PROTECT, related_name="+")
    key = models.CharField(max_length=160)
    what = models.CharField(max_length=30)
    about = models.UUIDField()
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["at"]
        verbose_name_plural = "due"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["practice", "key"], name="a_timer_is_set_once"),
        ]

    def __str__(self) -> str:
        return f"{self.what} at {self.at:%Y-%m-%d %H:%M}"


class Heartbeat(models.Model):
    """When the worker was last alive."""

    KEEP: ClassVar = {"worker", "at"}
    SCRUB: ClassVar[set[str]] = set()

    worker = models.CharField(primary_key=True, max_length=20)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker


class Timetable(models.Model):
    """When a practice's messages go out, around an appointment. Without a row the numbers below hold."""

    KEEP: ClassVar = {"practice", "before_hours", "after_minutes", "again_hours", "appointment_hours"}
    SCRUB: ClassVar[set[str]] = set()

    practice = models.OneToOneField("accounts.Practice", models.PROTECT, primary_key=True, related_name="timetable")
    before_hours = models.PositiveSmallIntegerField(default=24)
    after_minutes = models.PositiveSmallIntegerField(default=0)
    again_hours = models.PositiveSmallIntegerField(null=True, default=24)  # a form not answered is named once more
    appointment_hours = models.PositiveSmallIntegerField(null=True, default=None)  # None: appointments are not named

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(before_hours__gte=1, before_hours__lte=24), name="timetable_before_within_a_day"
            ),
            models.CheckConstraint(condition=Q(after_minutes__lte=24 * 60), name="timetable_after_within_a_day"),
            models.CheckConstraint(
                condition=Q(again_hours=None) | Q(again_hours__gte=1, again_hours__lte=71),
                name="timetable_again_before_the_form_closes",
            ),
            models.CheckConstraint(
                condition=Q(appointment_hours=None) | Q(appointment_hours__gte=1, appointment_hours__lte=14 * 24),
                name="timetable_appointment_within_two_weeks",
            ),
        ]

    def __str__(self) -> str:
        return f"timetable of {self.practice_id}"
