"""Who reads what clients answer about safety, and each answer that waits to be read."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class Duty(models.Model):
    """Two people by name, the hours in which they read, and what is promised. One row per practice.

    Ended, it stays: forms on their way were promised that these two read them, with these contacts beside.
    """

    KEEP: ClassVar = {
        "id", "practice", "responder", "substitute", "opens", "closes", "weekdays", "within_hours", "phone", "country",
        "set_at", "ended_at",
    }  # fmt: skip
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practice = models.OneToOneField("accounts.Practice", models.PROTECT, related_name="duty")
    responder = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    substitute = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    opens = models.TimeField()  # reading hours, on the practice's clock
    closes = models.TimeField()
    weekdays = models.JSONField(default=list)  # 0 is Monday
    within_hours = models.PositiveSmallIntegerField()  # reading hours within which an answer is read
    phone = models.CharField(max_length=40)  # said to a client when nothing can be passed on
    country = models.CharField(max_length=2)  # whose contacts stand on the page
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # from then on no form asks

    class Meta:
        verbose_name_plural = "duties"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(closes__gt=F("opens")), name="duty_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(within_hours__gte=1, within_hours__lte=24), name="duty_promises_within_a_few_days"
            ),
            models.CheckConstraint(condition=~Q(phone="") & ~Q(country=""), name="duty_has_a_number_and_a_country"),
        ]

    def __str__(self) -> str:
        return f"duty of {self.practice_id}"


class Alert(models.Model):
    """An answer above the lowest: written in the transaction of the answers, closed by a person alone."""

    KEEP: ClassVar = {
        "id",
        "practice",
        "check_in",
        "raised_at",
        "promised_at",
        "stage",
        "overdue",
        "read_at",
        "read_by",
    }
    SCRUB: ClassVar[set[str]] = set()

    class Stage(models.IntegerChoices):
        RESPONDER = 0
        SUBSTITUTE = 1
        OWNER = 2

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practice = models.ForeignKey("accounts.Practice", models.PROTECT, related_name="alerts")
    check_in = models.OneToOneField("answers.CheckIn", models.PROTECT, related_name="alert")
    raised_at = models.DateTimeField()
    promised_at = models.DateTimeField()
    stage = models.PositiveSmallIntegerField(choices=Stage, default=Stage.RESPONDER)
    overdue = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)
    read_by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["raised_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(read_at=None, read_by=None)
                | Q(read_at__isnull=False, read_at__gte=F("raised_at"), read_by__isnull=False),
                name="alert_read_by_somebody",
            ),
            models.CheckConstraint(condition=Q(stage__in=[0, 1, 2]), name="alert_stage_is_known"),
        ]

    def __str__(self) -> str:
        return f"alert {self.id}"
