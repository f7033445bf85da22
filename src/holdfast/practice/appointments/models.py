"""What a therapist shows to strangers, what strangers ask for, and the calendar's secret address."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class PublicPage(models.Model):
    """What a therapist says of herself to everybody. Off until she switches it on."""

    KEEP: ClassVar = {"id", "therapist", "slug", "is_on", "updated_at"}
    SCRUB: ClassVar = {"who", "how", "languages", "fees", "place", "turn_to"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    therapist = models.OneToOneField("accounts.Membership", models.PROTECT, related_name="public_page")
    slug = models.SlugField(max_length=60, unique=True)
    is_on = models.BooleanField(default=False)
    who = models.TextField(default="")
    how = models.TextField(default="")
    languages = models.CharField(max_length=200, default="")
    fees = models.TextField(default="")
    place = models.TextField(default="")
    turn_to = models.TextField(default="")  # where to turn if it cannot wait; empty: the sentence of the template
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=~Q(slug=""), name="public_page_has_an_address"),
        ]

    def __str__(self) -> str:
        return self.slug


class AppointmentRequest(models.Model):
    """What a stranger asked for, sealed under a key of its own: a name, one way of contact, nothing about health.

    After 90 days the key is destroyed and the row goes, unless a client came of it.
    """

    KEEP: ClassVar = {"id", "page", "arrived_at", "state", "decided_at", "client", "session"}
    SCRUB: ClassVar = {"key_id", "sealed_answers", "sealed_reply", "token_hash"}

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for you"
        PROPOSED = "proposed", "Times proposed"
        CHOSEN = "chosen", "A time was chosen"
        NONE_FITS = "none fits", "None of the times fits"
        LISTED = "listed", "On the waiting list"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    page = models.ForeignKey(PublicPage, models.PROTECT, related_name="requests")
    key_id = models.CharField(max_length=64, unique=True)
    sealed_answers = models.BinaryField()
    sealed_reply = models.BinaryField(null=True)  # the last words to be passed on
    arrived_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    decided_at = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, null=True, unique=True)  # of the address on which a time is chosen
    client = models.ForeignKey("caseload.Client", models.PROTECT, null=True, related_name="+")
    session = models.ForeignKey("caseload.Session", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["arrived_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at=None)
                | Q(
                    state__in=["proposed", "chosen", "none fits", "listed", "accepted", "declined"],
                    decided_at__gte=F("arrived_at"),
                    decided_at__isnull=False,
                ),
                name="request_state_and_time_agree",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", client__isnull=False, session__isnull=False)
                | (~Q(state="accepted") & Q(client=None, session=None)),
                name="request_accepted_has_a_client_and_a_session",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.id}"


class ProposedTime(models.Model):
    """A time that a therapist proposed to a stranger."""

    KEEP: ClassVar = {"id", "request", "starts_at", "is_chosen"}
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    request = models.ForeignKey(AppointmentRequest, models.CASCADE, related_name="times")
    starts_at = models.DateTimeField()
    is_chosen = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["starts_at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["request", "starts_at"], name="a_time_is_proposed_once"),
            models.UniqueConstraint(fields=["request"], condition=Q(is_chosen=True), name="one_time_is_chosen"),
        ]

    def __str__(self) -> str:
        return f"proposed time {self.id}"


class CalendarFeed(models.Model):
    """The secret address of a therapist's calendar; only its digest is kept."""

    KEEP: ClassVar = {"id", "therapist", "made_at"}
    SCRUB: ClassVar = {"token_hash"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    therapist = models.OneToOneField("accounts.Membership", models.PROTECT, related_name="calendar_feed")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"feed {self.id}"
