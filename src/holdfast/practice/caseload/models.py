"""Clients, dyads, episodes of care and sessions: who works with whom, and when."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class Client(models.Model):
    """One person in therapy. The code is what pages and tables show; the name is sealed."""

    KEEP: ClassVar = {"id", "practice", "state", "language", "membership", "created_at"}
    SCRUB: ClassVar = {"code", "key_id", "contact_key_id", "sealed_name", "sealed_contact"}

    class State(models.TextChoices):
        INVITED = "invited"
        ACTIVE = "active"
        SUSPENDED = "suspended"
        LEFT = "left"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practice = models.ForeignKey("accounts.Practice", models.PROTECT, related_name="clients")
    code = models.CharField(max_length=40)
    key_id = models.CharField(max_length=64, unique=True)
    contact_key_id = models.CharField(max_length=64, unique=True)
    sealed_name = models.BinaryField()
    sealed_contact = models.BinaryField(null=True)
    state = models.CharField(max_length=9, choices=State, default=State.INVITED)
    language = models.CharField(max_length=12, default="en")  # of forms and messages
    membership = models.OneToOneField("accounts.Membership", models.PROTECT, null=True)  # once they sign in themselves
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["code"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["practice", "code"], name="client_code_once_per_practice"),
            models.CheckConstraint(condition=~Q(code=""), name="client_has_a_code"),
            models.CheckConstraint(
                condition=Q(state__in=["invited", "active", "suspended", "left"]), name="client_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.code


class Dyad(models.Model):
    """One client with one therapist. While it is open, the client belongs to the therapist's caseload."""

    KEEP: ClassVar = {"id", "client", "therapist", "opened_at", "closed_at"}
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="dyads")
    therapist = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="dyads")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["opened_at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["client", "therapist"], condition=Q(closed_at=None), name="dyad_open_once_per_pair"
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")), name="dyad_closes_after_it_opened"
            ),
        ]

    def __str__(self) -> str:
        return f"dyad {self.id}"


class Consent(models.Model):
    """What a client agreed to: one purpose, one version of a text that was read, until it is withdrawn."""

    KEEP: ClassVar = {
        "id", "client", "purpose", "version", "language", "how", "given_at", "recorded_by", "withdrawn_at",
        "withdrawn_by",
    }  # fmt: skip
    SCRUB: ClassVar[set[str]] = set()

    class Purpose(models.TextChoices):
        MESSAGES = "messages"
        SAFETY = "safety"
        SUPERVISION = "supervision"
        RESEARCH = "research"

    class How(models.TextChoices):
        IN_SESSION = "session", "in the session, read together"
        ON_PAPER = "paper", "on paper, signed"
        SIGNED_IN = "signed in", "by the client, signed in"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey(Client, models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=11, choices=Purpose)
    version = models.CharField(max_length=20)
    language = models.CharField(max_length=12)
    how = models.CharField(max_length=9, choices=How)
    given_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["given_at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["client", "purpose"], condition=Q(withdrawn_at=None), name="one_consent_per_purpose"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None, withdrawn_by=None)
                | Q(withdrawn_at__isnull=False, withdrawn_at__gte=F("given_at"), withdrawn_by__isnull=False),
                name="consent_withdrawn_by_somebody_after_it_was_given",
            ),
        ]

    def __str__(self) -> str:
        return f"consent to {self.purpose}"


class Share(models.Model):
    """What a therapist opens to one supervisor: one dyad, while the consent behind it holds."""

    KEEP: ClassVar = {"id", "dyad", "supervisor", "consent", "with_comments", "started_at", "until", "ended_at"}
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dyad = models.ForeignKey(Dyad, models.PROTECT, related_name="shares")
    supervisor = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="shares")
    consent = models.ForeignKey(Consent, models.PROTECT, related_name="shares")
    with_comments = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["started_at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["dyad", "supervisor"], condition=Q(ended_at=None), name="one_share_per_dyad_and_supervisor"
            ),
            models.CheckConstraint(condition=Q(until__gt=F("started_at")), name="share_ends_after_it_started"),
        ]

    def __str__(self) -> str:
        return f"share {self.id}"


class SupervisionWord(models.Model):
    """A question for supervision, or a word on it, by either side. Part of the record; a question can be settled."""

    KEEP: ClassVar = {"id", "share", "author", "at", "settled_at"}
    SCRUB: ClassVar = {"sealed_text"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    share = models.ForeignKey(Share, models.PROTECT, related_name="words")
    author = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    sealed_text = models.BinaryField()
    at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(settled_at=None) | Q(settled_at__gte=F("at")), name="word_settled_after_it_was_written"
            ),
        ]

    def __str__(self) -> str:
        return f"word {self.id}"


class SavedView(models.Model):
    """How one person likes to look at their caseload, under a name. Name and search are sealed."""

    KEEP: ClassVar = {"id", "owner", "show", "sort", "is_first", "made_at", "removed_at"}
    SCRUB: ClassVar = {"sealed_words"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    owner = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    show = models.CharField(max_length=20, blank=True)
    sort = models.CharField(max_length=20, blank=True)
    sealed_words = models.BinaryField()
    is_first = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["made_at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["owner"], condition=Q(is_first=True), name="one_view_is_shown_first"),
            models.CheckConstraint(
                condition=Q(removed_at=None) | Q(is_first=False, removed_at__gte=F("made_at")),
                name="view_removed_is_not_first",
            ),
        ]

    def __str__(self) -> str:
        return f"saved view {self.id}"


class EpisodeOfCare(models.Model):
    """One client's therapy with one therapist, from intake to ending."""

    KEEP: ClassVar = {"id", "dyad", "started_at", "ended_at"}
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dyad = models.ForeignKey(Dyad, models.PROTECT, related_name="episodes_of_care")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["started_at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["dyad"], condition=Q(ended_at=None), name="care_open_once_per_dyad"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")), name="care_ends_after_it_started"
            ),
        ]

    def __str__(self) -> str:
        return f"episode of care {self.id}"


class Session(models.Model):
    """One meeting of a dyad, planned or held. Its number counts within the episode of care."""

    KEEP: ClassVar = {"id", "episode_of_care", "number", "starts_at", "minutes", "state", "marked_at"}
    SCRUB: ClassVar[set[str]] = set()

    class State(models.TextChoices):
        PLANNED = "planned"
        HELD = "held"
        MISSED = "missed"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    episode_of_care = models.ForeignKey(EpisodeOfCare, models.PROTECT, related_name="sessions")
    number = models.PositiveIntegerField()
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=50)
    state = models.CharField(max_length=9, choices=State, default=State.PLANNED)
    marked_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["episode_of_care", "number"], name="session_number_once_per_care"),
            models.CheckConstraint(condition=Q(number__gte=1), name="session_numbers_start_at_one"),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=600), name="session_has_a_length"),
            models.CheckConstraint(
                condition=Q(state="planned", marked_at=None)
                | Q(state__in=["held", "missed", "cancelled"], marked_at__isnull=False),
                name="session_state_and_time_of_marking_agree",
            ),
        ]

    def __str__(self) -> str:
        return f"session {self.number}"
