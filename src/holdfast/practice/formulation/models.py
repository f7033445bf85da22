"""The formulation of a dyad, entry by entry, its shared goals, and which sessions worked on what.

Every wording is a version: written once, never changed. What each says is sealed under the client's key.
"""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models
from django.db.models import F, Q


class Part(models.TextChoices):
    """The four parts of a formulation."""

    ROOTS = "roots", "Roots"
    UPKEEP = "upkeep", "What keeps it going"
    STRENGTHS = "strengths", "Strengths"
    COPING = "coping", "Coping skills"


class Kind(models.TextChoices):
    """What an entry is; the first five are roots."""

    ATTACHMENT = "attachment", "An early bond"
    LOSS = "loss", "A loss"
    TRAUMA = "trauma", "Trauma"
    THOUGHT = "thought", "A way of thinking"
    RELATING = "relating", "A way of relating"
    UPKEEP = "upkeep", "What keeps it going"
    STRENGTH = "strength", "A strength"
    COPING = "coping", "A coping skill"

    @property
    def part(self) -> Part:
        return {Kind.UPKEEP: Part.UPKEEP, Kind.STRENGTH: Part.STRENGTHS, Kind.COPING: Part.COPING}.get(self, Part.ROOTS)


KINDS = {part: tuple(kind for kind in Kind if kind.part == part) for part in Part}


class Worked(models.TextChoices):
    """How a coping skill worked, as the client says."""

    HELPED = "helped", "Helped"
    PARTLY = "partly", "Helped a little"
    NOT = "not", "Did not help"
    UNTRIED = "untried", "Not tried yet"


class FormulationEntry(models.Model):
    """One thing that the pair understands. What it says stands in its versions; set aside, it is kept and not shown."""

    KEEP: ClassVar = {"id", "dyad", "begun_at", "begun_by", "set_aside_at", "set_aside_by"}
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dyad = models.ForeignKey("caseload.Dyad", models.PROTECT, related_name="formulation")
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    set_aside_at = models.DateTimeField(null=True)
    set_aside_by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["begun_at"]
        verbose_name_plural = "formulation entries"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(set_aside_at=None, set_aside_by=None)
                | Q(set_aside_at__isnull=False, set_aside_at__gte=F("begun_at"), set_aside_by__isnull=False),
                name="entry_set_aside_by_somebody_after_it_was_begun",
            ),
        ]

    def __str__(self) -> str:
        return f"formulation entry {self.id}"


class EntryVersion(models.Model):
    """What an entry says from one moment on, by whom. The highest number is what it says now."""

    KEEP: ClassVar = {"id", "entry", "number", "author", "at"}
    SCRUB: ClassVar = {"kind", "worked", "sealed_text"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    entry = models.ForeignKey(FormulationEntry, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    worked = models.CharField(max_length=7, choices=Worked, default="", blank=True)
    sealed_text = models.BinaryField()
    author = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["entry", "number"], name="entry_version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="entry_versions_start_at_one"),
            models.CheckConstraint(
                condition=Q(kind="coping", worked__in=["helped", "partly", "not", "untried"])
                | Q(
                    kind__in=["attachment", "loss", "trauma", "thought", "relating", "upkeep", "strength"],
                    worked="",
                ),
                name="entry_kind_is_known_and_a_skill_says_how_it_worked",
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.entry_id}"


class SharedGoal(models.Model):
    """What the two agreed that therapy is for. What it says stands in its versions."""

    KEEP: ClassVar = {"id", "dyad", "begun_at", "begun_by", "ended_at", "ended_by"}
    SCRUB: ClassVar = {"state"}

    class State(models.TextChoices):
        OPEN = "open", "open"
        REACHED = "reached", "reached"
        LET_GO = "let go", "let go"

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    dyad = models.ForeignKey("caseload.Dyad", models.PROTECT, related_name="goals")
    state = models.CharField(max_length=7, choices=State, default=State.OPEN)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("accounts.Membership", models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering: ClassVar = ["begun_at"]
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None, ended_by=None)
                | Q(
                    state__in=["reached", "let go"],
                    ended_at__isnull=False,
                    ended_at__gte=F("begun_at"),
                    ended_by__isnull=False,
                ),
                name="goal_state_and_time_of_ending_agree",
            ),
        ]

    def __str__(self) -> str:
        return f"shared goal {self.id}"


class GoalVersion(models.Model):
    """What a goal says from one moment on, by whom."""

    KEEP: ClassVar = {"id", "goal", "number", "author", "at"}
    SCRUB: ClassVar = {"sealed_text"}

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    goal = models.ForeignKey(SharedGoal, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    sealed_text = models.BinaryField()
    author = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["number"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["goal", "number"], name="goal_version_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="goal_versions_start_at_one"),
        ]

    def __str__(self) -> str:
        return f"version {self.number} of {self.goal_id}"


class GoalLink(models.Model):
    """A goal has to do with an entry of the formulation."""

    KEEP: ClassVar = {"id", "goal", "entry", "author", "at"}
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    goal = models.ForeignKey(SharedGoal, models.CASCADE, related_name="links")
    entry = models.ForeignKey(FormulationEntry, models.CASCADE, related_name="links")
    author = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at"]
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["goal", "entry"], name="goal_and_entry_linked_once"),
        ]

    def __str__(self) -> str:
        return f"link {self.id}"


class SessionWork(models.Model):
    """A session worked on a goal, or on an entry of the formulation."""

    KEEP: ClassVar = {"id", "session", "goal", "entry", "author", "at"}
    SCRUB: ClassVar[set[str]] = set()

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    session = models.ForeignKey("caseload.Session", models.PROTECT, related_name="work")
    goal = models.ForeignKey(SharedGoal, models.CASCADE, null=True, related_name="work")
    entry = models.ForeignKey(FormulationEntry, models.CASCADE, null=True, related_name="work")
    author = models.ForeignKey("accounts.Membership", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["at"]
        verbose_name_plural = "session work"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["session", "goal"], name="session_worked_on_a_goal_once"),
            models.UniqueConstraint(fields=["session", "entry"], name="session_worked_on_an_entry_once"),
            models.CheckConstraint(
                condition=Q(goal__isnull=False, entry=None) | Q(goal=None, entry__isnull=False),
                name="session_worked_on_a_goal_or_an_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"work {self.id}"
