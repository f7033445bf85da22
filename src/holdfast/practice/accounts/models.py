"""Practices, people, and who is what in which practice."""

from typing import Any, ClassVar
from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

NOWHERE = "about:blank"
"""Where a client goes who leaves a form, until the practice names a page."""


class Practice(models.Model):
    """The organisation that runs Holdfast: one per encrypted file."""

    KEEP: ClassVar = {
        "id", "name", "is_simulated", "before_forms", "after_forms", "therapist_forms", "monthly_forms", "exit_address",
        "created_at", "false_alarms_per_20", "talk_at", "learned", "clients_sign_in", "keeps_sealed",
    }  # fmt: skip
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=120)
    is_simulated = models.BooleanField(default=False)
    before_forms = models.JSONField(default=list)  # instrument ids, in the order they are asked
    after_forms = models.JSONField(default=list)
    therapist_forms = models.JSONField(default=list)
    monthly_forms = models.JSONField(default=list)  # empty: nothing is asked by the month
    exit_address = models.URLField(default=NOWHERE)  # where "Leave this page" goes
    false_alarms_per_20 = models.FloatField(default=0.6)  # computed signals in 20 sessions in which nothing happens
    talk_at = models.FloatField(null=True)  # a rating at or below it is worth talking about; None: no such rule
    learned = models.JSONField(null=True)  # what its own courses teach, over all clients; made by ruptures.archive
    clients_sign_in = models.BooleanField(default=False)  # whether clients may have a page of their own
    keeps_sealed = models.BooleanField(
        default=False
    )  # answers without a connection wait, sealed, on the client's phone
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
    """Somebody who signs in. What they may do is a matter of memberships, never of the person.

    A client has no address here: they sign in on a device of their own (decision 0100).
    """

    KEEP: ClassVar = {"id", "last_login", "is_active", "created_at"}
    SCRUB: ClassVar = {"email", "name", "password"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True, null=True)
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    objects = PersonManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar = ["name"]

    class Meta:
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=(Q(email=None) | ~Q(email="")) & ~Q(name=""), name="person_has_a_name_and_no_empty_address"
            ),
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


class SetUpLink(models.Model):
    """Opens once, on somebody's own device, the page on which they choose how to sign in from then on."""

    KEEP: ClassVar = {"id", "membership", "made_by", "made_at", "expires_at", "ended_at"}
    SCRUB: ClassVar = {"token_hash", "code_hmac"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="set_up_links")
    made_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    code_hmac = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # opened, or replaced by a newer one

    class Meta:
        ordering: ClassVar = ["made_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="set_up_link_ends_after_it_began"),
            models.UniqueConstraint(
                fields=["membership"], condition=Q(ended_at=None), name="one_open_set_up_link_per_membership"
            ),
        ]

    def __str__(self) -> str:
        return f"set-up link {self.id}"


class Device(models.Model):
    """A browser that signs its person in with a PIN. The PIN is worth nothing without the secret in that browser."""

    KEEP: ClassVar = {"id", "person", "added_at", "last_used_at", "wrong_tries", "ended_at"}
    SCRUB: ClassVar = {"secret_hash", "pin_hash"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="devices")
    secret_hash = models.CharField(max_length=64, unique=True)
    pin_hash = models.CharField(max_length=160)
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)  # since the last right one
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["added_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("added_at")), name="device_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"device {self.id}"


class Passkey(models.Model):
    """A key that a device or a password manager holds and shows only after a look, a finger or a code of its own."""

    KEEP: ClassVar = {"id", "person", "added_at", "last_used_at", "counter", "ended_at"}
    SCRUB: ClassVar = {"credential_hash", "credential"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="passkeys")
    credential_hash = models.CharField(max_length=64, unique=True)
    credential = models.BinaryField()  # id and public key, as WebAuthn packs them: nothing secret
    counter = models.PositiveBigIntegerField(default=0)
    added_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["added_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("added_at")), name="passkey_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"passkey {self.id}"
