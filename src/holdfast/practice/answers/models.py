"""A form out, answers in, kept as they were said."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class Purpose(models.TextChoices):
    BEFORE = "before"
    AFTER = "after"
    MONTHLY = "monthly"


class Rater(models.TextChoices):
    CLIENT = "client"
    THERAPIST = "therapist"


class Kind(models.TextChoices):
    """The kinds of answers about which a client chooses when they are shown."""

    BEFORE = "before", "How they are doing, before sessions"
    AFTER = "after", "How it was between you, after sessions"
    MONTHLY = "monthly", "What they answer once a month"
    COMMENT = "comment", "What they write besides"


class Release(models.TextChoices):
    """When the therapist sees an answer (after her own prediction, where it is about the session)."""

    AT_ONCE = "at once", "At once"
    NEXT_SESSION = "next session", "When the next session begins"
    TREND = "trend", "Only as a trend, never one by one"


class ReleaseChoice(models.Model):
    """What a client chose for one kind of answer. It holds for what is answered from then on; earlier ones are kept."""

    KEEP: ClassVar = {"id", "client", "kind", "release", "chosen_at", "recorded_by", "ended_at"}
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey("caseload.Client", models.PROTECT, related_name="release_choices")
    kind = models.CharField(max_length=7, choices=Kind)
    release = models.CharField(max_length=12, choices=Release)
    chosen_at = models.DateTimeField()
    recorded_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["chosen_at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["client", "kind"], condition=Q(ended_at=None), name="one_release_choice_per_kind"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("chosen_at")), name="release_choice_ends_after_it_began"
            ),
            models.CheckConstraint(condition=~Q(kind="comment", release="trend"), name="a_comment_has_no_trend"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.release}"


class Invitation(models.Model):
    """The address sent to a client. It writes one check-in and never reads; only digests of its secrets are kept.

    ``client`` repeats what the session says, because one open link per client and purpose is a rule of the database.
    """

    KEEP: ClassVar = {
        "id", "client", "session", "purpose", "forms", "language", "opens_at", "closes_at", "state", "made_at",
        "ended_at",
    }  # fmt: skip
    SCRUB: ClassVar = {"token_hash", "code_hmac"}

    class State(models.TextChoices):
        OPEN = "open"
        SUBMITTED = "submitted"
        EXITED = "exited"
        REPLACED = "replaced"
        REVOKED = "revoked"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    client = models.ForeignKey("caseload.Client", models.PROTECT, related_name="invitations")
    session = models.ForeignKey("caseload.Session", models.PROTECT, related_name="invitations")
    purpose = models.CharField(max_length=7, choices=Purpose)
    forms = models.JSONField()  # [{id, version, language, sha256}] as offered: the wording that was shown
    language = models.CharField(max_length=12, default="en")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hmac = models.CharField(max_length=64, unique=True)
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["made_at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["client", "purpose"], condition=Q(state="open"), name="one_open_link_per_client_and_purpose"
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="link_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(purpose__in=["before", "after", "monthly"]), name="link_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None)
                | Q(state__in=["submitted", "exited", "replaced", "revoked", "expired"], ended_at__isnull=False),
                name="link_state_and_time_of_ending_agree",
            ),
        ]

    def __str__(self) -> str:
        return f"link {self.id}"


class OpenForm(models.Model):
    """A link that somebody opened: what the form's cookie stands for. One per link; opening again replaces it."""

    KEEP: ClassVar = {"id", "invitation", "opened_at", "expires_at"}
    SCRUB: ClassVar = {"cookie_hash"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    invitation = models.OneToOneField(Invitation, models.CASCADE, related_name="open_form")
    cookie_hash = models.CharField(max_length=64, unique=True)
    opened_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("opened_at")), name="open_form_ends_after_it_opened"),
        ]

    def __str__(self) -> str:
        return f"open form {self.id}"


class CheckIn(models.Model):
    """One filled-in form. The sealed answers are the only truth; a skipped rating holds none."""

    KEEP: ClassVar = {
        "id", "session", "rater", "purpose", "invitation", "author", "forms", "nonce", "skipped", "release",
        "submitted_at",
    }  # fmt: skip
    SCRUB: ClassVar = {"sealed_answers"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    session = models.ForeignKey("caseload.Session", models.PROTECT, related_name="check_ins")
    rater = models.CharField(max_length=9, choices=Rater)
    purpose = models.CharField(max_length=7, choices=Purpose)
    invitation = models.OneToOneField(Invitation, models.PROTECT, null=True, related_name="check_in")
    author = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="ratings")
    forms = models.JSONField()
    sealed_answers = models.BinaryField(null=True)
    nonce = models.CharField(max_length=64, unique=True)
    skipped = models.BooleanField(default=False)
    release = models.CharField(max_length=12, choices=Release, default=Release.AT_ONCE)  # as chosen when it was sent
    submitted_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["submitted_at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["session", "rater", "purpose"], name="one_check_in_per_rater_and_purpose"),
            models.CheckConstraint(
                condition=Q(rater="client", invitation__isnull=False, author=None, skipped=False)
                | Q(rater="therapist", invitation=None, author__isnull=False, purpose="after"),
                name="check_in_comes_from_a_link_or_an_author",
            ),
            models.CheckConstraint(
                condition=Q(skipped=True, sealed_answers=None) | Q(skipped=False, sealed_answers__isnull=False),
                name="check_in_holds_answers_unless_skipped",
            ),
        ]

    def __str__(self) -> str:
        return f"check-in {self.id}"


class Score(models.Model):
    """What the instrument's rule makes of the answers. A cache: thrown away and computed again to the same digits."""

    KEEP: ClassVar = {
        "id", "check_in", "instrument", "version", "scale", "raw", "percent", "answered", "of", "prorated", "band",
        "reason",
    }  # fmt: skip
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    check_in = models.ForeignKey(CheckIn, models.CASCADE, related_name="scores")
    instrument = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    scale = models.CharField(max_length=60)
    raw = models.FloatField(null=True)
    percent = models.FloatField(null=True)
    answered = models.PositiveIntegerField()
    of = models.PositiveIntegerField()
    prorated = models.BooleanField(default=False)
    band = models.CharField(max_length=80, null=True)
    reason = models.TextField(null=True)

    class Meta:
        ordering: ClassVar = ["instrument", "scale"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["check_in", "instrument", "scale"], name="one_score_per_scale"),
            models.CheckConstraint(condition=Q(answered__lte=F("of")), name="score_counts_its_items"),
            models.CheckConstraint(
                condition=Q(raw__isnull=False) | Q(percent=None, band=None, prorated=False, reason__isnull=False),
                name="no_score_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} {self.scale}"


class Comment(models.Model):
    """What the client wrote under a form."""

    KEEP: ClassVar = {"id", "check_in", "release", "at"}
    SCRUB: ClassVar = {"sealed_text"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    check_in = models.OneToOneField(CheckIn, models.CASCADE, related_name="comment")
    release = models.CharField(max_length=12, choices=Release, default=Release.AT_ONCE)
    sealed_text = models.BinaryField()
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"comment {self.id}"


class Reply(models.Model):
    """What the therapist answered to a comment."""

    KEEP: ClassVar = {"id", "comment", "author", "at"}
    SCRUB: ClassVar = {"sealed_text"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    comment = models.ForeignKey(Comment, models.CASCADE, related_name="replies")
    author = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="replies")
    sealed_text = models.BinaryField()
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at"]
        verbose_name_plural = "replies"

    def __str__(self) -> str:
        return f"reply {self.id}"
