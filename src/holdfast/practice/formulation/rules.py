"""Who may see and build a formulation: the two of a dyad. A client who signed in still reads it when it has ended.

A supervisor reads what is shared under a text of consent that names it (decision 0113), and builds nothing.
"""

from django.db import models
from django.db.models import QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import allows, rows_of, visible
from holdfast.practice.caseload.models import Dyad, Session
from holdfast.practice.caseload.rules import own_caseload, shared_with
from holdfast.practice.formulation.models import (
    EntryVersion,
    FormulationEntry,
    GoalLink,
    GoalVersion,
    SessionWork,
    SharedGoal,
)


def builds(actor: Membership) -> bool:
    """Whether somebody's role builds formulations, wherever a dyad is open to them."""
    return actor.role in {Membership.Role.THERAPIST, Membership.Role.CLIENT}


def reading(actor: Membership) -> QuerySet[Dyad]:
    """The dyads whose formulation somebody reads: who builds it, and a supervisor where the consent names it."""
    if actor.role == Membership.Role.SUPERVISOR:
        return shared_with(actor, "formulation")
    rows = visible(actor, Dyad)
    return rows if builds(actor) else rows.none()


@rows_of(FormulationEntry)
def entries(actor: Membership) -> QuerySet[FormulationEntry]:
    return FormulationEntry.objects.filter(dyad__in=reading(actor))


@rows_of(EntryVersion)
def entry_versions(actor: Membership) -> QuerySet[EntryVersion]:
    return EntryVersion.objects.filter(entry__dyad__in=reading(actor))


@rows_of(SharedGoal)
def goals(actor: Membership) -> QuerySet[SharedGoal]:
    return SharedGoal.objects.filter(dyad__in=reading(actor))


@rows_of(GoalVersion)
def goal_versions(actor: Membership) -> QuerySet[GoalVersion]:
    return GoalVersion.objects.filter(goal__dyad__in=reading(actor))


@rows_of(GoalLink)
def goal_links(actor: Membership) -> QuerySet[GoalLink]:
    return GoalLink.objects.filter(goal__dyad__in=reading(actor))


@rows_of(SessionWork)
def session_work(actor: Membership) -> QuerySet[SessionWork]:
    return SessionWork.objects.filter(session__episode_of_care__dyad__in=reading(actor))


@allows("build formulation", Dyad)
@allows("build formulation", FormulationEntry)
@allows("build formulation", SharedGoal)
def _while_open(actor: Membership, row: models.Model) -> bool:
    """Either of the two, while they work together."""
    dyad = row.dyad if isinstance(row, FormulationEntry | SharedGoal) else row
    return builds(actor) and isinstance(dyad, Dyad) and dyad.closed_at is None


allows("say what was worked on", Session)(own_caseload)
