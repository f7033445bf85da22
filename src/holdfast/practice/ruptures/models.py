"""Rupture episodes: opened by the rule, worked on by the pair, closed by both."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class RuptureEpisode(models.Model):
    """A rupture followed from onset to its end.

    ``finding`` and ``ratings_status`` come from the ratings alone and are computed again at each review; the rest is
    what people did, and no review touches it, except that ratings and the client's words together close it as repaired.
    """

    KEEP: ClassVar = {
        "id", "dyad", "number", "kind", "onset_session", "signal_session", "finding", "opened_at", "acknowledged_at",
        "acknowledged_by", "talked_at", "ratings_status", "client_eased", "status", "closed_at", "closed_by",
        "closed_after",
    }  # fmt: skip
    SCRUB: ClassVar[set[str]] = set()

    class Kind(models.TextChoices):
        ACUTE = "acute"
        EROSION = "erosion"
        TENSION = "tension"
        DISAGREEMENT = "disagreement"

    class Status(models.TextChoices):
        OPEN = "open"
        REPAIRED = "repaired"
        PARTLY = "partly"
        NOT = "not"
        ENDED = "ended"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dyad = models.ForeignKey("caseload.Dyad", models.PROTECT, related_name="rupture_episodes")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind)
    onset_session = models.ForeignKey("caseload.Session", models.PROTECT, related_name="ruptures_begun")
    signal_session = models.ForeignKey("caseload.Session", models.PROTECT, related_name="ruptures_signalled")
    finding = models.JSONField()
    opened_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="acknowledged")
    talked_at = models.DateTimeField(null=True)
    ratings_status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    client_eased = models.BooleanField(null=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="closed_ruptures")
    closed_after = models.ForeignKey("caseload.Session", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["dyad", "number"], name="rupture_number_once_per_dyad"),
            models.UniqueConstraint(fields=["dyad", "signal_session"], name="one_rupture_per_signal_session"),
            models.CheckConstraint(condition=Q(number__gte=1), name="rupture_numbers_start_at_one"),
            models.CheckConstraint(
                condition=Q(status="open", closed_at=None, closed_by=None, closed_after=None)
                | Q(
                    status__in=["repaired", "partly", "not", "ended"],
                    closed_at__isnull=False,
                    closed_after__isnull=False,
                ),
                name="rupture_status_and_closing_agree",
            ),
            models.CheckConstraint(
                condition=Q(acknowledged_at=None, acknowledged_by=None)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="rupture_acknowledged_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(closed_at=None) | Q(closed_at__gte=F("opened_at")), name="rupture_closes_after_it_opened"
            ),
        ]

    def __str__(self) -> str:
        return f"rupture episode {self.number}"


class Attempt(models.Model):
    """What the therapist means to try in an episode, and, later, how it went: part of the record."""

    KEEP: ClassVar = {"id", "episode", "author", "strategy", "planned_at", "judgement", "told_at"}
    SCRUB: ClassVar = {"sealed_text", "sealed_outcome"}

    class Judgement(models.TextChoices):
        HELPED = "helped", "It helped"
        LITTLE = "little", "It helped a little"
        NOT = "not", "It did not help"
        UNCLEAR = "unclear", "I cannot tell"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    episode = models.ForeignKey(RuptureEpisode, models.CASCADE, related_name="attempts")
    author = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="attempts")
    strategy = models.CharField(max_length=40)  # an id of the guidance; empty for words of one's own
    sealed_text = models.BinaryField(null=True)
    planned_at = models.DateTimeField()
    judgement = models.CharField(max_length=7, choices=Judgement, null=True)
    sealed_outcome = models.BinaryField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["planned_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=~Q(strategy="") | Q(sealed_text__isnull=False), name="attempt_says_what_is_tried"
            ),
            models.CheckConstraint(
                condition=Q(told_at=None, judgement=None, sealed_outcome=None)
                | Q(
                    told_at__isnull=False,
                    judgement__isnull=False,
                    told_at__gte=F("planned_at"),
                    judgement__in=["helped", "little", "not", "unclear"],
                ),
                name="attempt_told_with_a_judgement_after_it_was_planned",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.id}"


class EpisodeNote(models.Model):
    """What the therapist noted about an episode: part of the record, not a process note."""

    KEEP: ClassVar = {"id", "episode", "author", "at"}
    SCRUB: ClassVar = {"sealed_text"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    episode = models.ForeignKey(RuptureEpisode, models.CASCADE, related_name="notes")
    author = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="episode_notes")
    sealed_text = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at"]

    def __str__(self) -> str:
        return f"note {self.id}"
