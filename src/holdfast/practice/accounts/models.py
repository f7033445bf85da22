"""Practices, people, and who is what in which practice."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

NOWHERE = "about:blank"
"""Where a client goes who leaves a form, until the practice names a page."""


class Practice(models.Model):
    """The organisation that runs Holdfast: one per encrypted file."""

    KEEP: ClassVar = {
        "id", "name", "is_simulated", "before_forms", "after_forms", "therapist_forms", "exit_address", "created_at",
        "false_alarms_per_20", "talk_at", "learned",
    }  # fmt: skip
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=120)
    is_simulated = models.BooleanField(default=False)
    before_forms = models.JSONField(default=list)  # instrument ids, in the order they are asked
    after_forms = models.JSONField(default=list)
    therapist_forms = models.JSONField(default=list)
    exit_address = models.URLField(default=NOWHERE)  # where "Leave this page" goes
    false_alarms_per_20 = models.FloatField(default=0.6)  # computed signals in 20 sessions in which nothing happens
    talk_at = models.FloatField(null=True)  # a rating at or below it is worth talking about; None: no such rule
    learned = models.JSONField(null=True)  # what its own courses teach, over all clients; made by ruptures.archive
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(false_alarms_per_20__gt=0, false_alarms_per_20__lte=8), name="practice_dial_within_bounds"
            ),
            models.CheckConstraint(
                condition=Q(talk_at=None) | Q(talk_at__gte=0, talk_at__lte=100), name="practice_talk_at_on_the_scale"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    """Finds people by their mail address, whatever its capitals."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(email=(username or "").strip().lower())


class Person(AbstractBaseUser):
    """Somebody who signs in. What they may do is a matter of memberships, never of the person."""

    KEEP: ClassVar = {"id", "last_login", "is_active", "created_at"}
    SCRUB: ClassVar = {"email", "name", "password"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = PersonManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=~Q(email="") & ~Q(name=""), name="person_has_an_address_and_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One role of one person in one practice, with its state."""

    KEEP: ClassVar = {"id", "practice", "person", "role", "state", "since"}
    SCRUB: ClassVar[set[str]] = set()

    class Role(models.TextChoices):
        OWNER = "owner"
        ADMINISTRATOR = "administrator"
        THERAPIST = "therapist"
        SUPERVISOR = "supervisor"
        RESEARCHER = "researcher"
        CLIENT = "client"

    class State(models.TextChoices):
        INVITED = "invited"
        ACTIVE = "active"
        SUSPENDED = "suspended"
        LEFT = "left"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    practice = models.ForeignKey(Practice, models.PROTECT, related_name="memberships")
    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=13, choices=Role)
    state = models.CharField(max_length=9, choices=State, default=State.INVITED)
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["practice", "person", "role"], name="membership_once_per_role"),
            models.CheckConstraint(
                condition=Q(role__in=["owner", "administrator", "therapist", "supervisor", "researcher", "client"]),
                name="membership_role_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["invited", "active", "suspended", "left"]), name="membership_state_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.person_id}"
