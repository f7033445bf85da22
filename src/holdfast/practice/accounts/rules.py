"""Who may see memberships and the audit log: owners and administrators their practice's, everybody their own."""

from django.db import models
from django.db.models import Q, QuerySet

from holdfast.practice.accounts.models import Device, Membership, Passkey, Practice, SetUpLink
from holdfast.practice.accounts.policy import allows, rows_of
from holdfast.practice.audit.models import AuditEntry


@rows_of(Membership)
def memberships(actor: Membership) -> QuerySet[Membership]:
    own = Q(person=actor.person)
    if actor.role in {Membership.Role.OWNER, Membership.Role.ADMINISTRATOR}:
        own |= Q(practice=actor.practice)
    return Membership.objects.filter(own, practice=actor.practice)


@rows_of(Practice)
def practices(actor: Membership) -> QuerySet[Practice]:
    return Practice.objects.filter(pk=actor.practice_id)


@rows_of(SetUpLink)
def set_up_links(actor: Membership) -> QuerySet[SetUpLink]:
    return SetUpLink.objects.filter(membership=actor)


@rows_of(Device)
def devices(actor: Membership) -> QuerySet[Device]:
    return Device.objects.filter(person=actor.person_id)


@rows_of(Passkey)
def passkeys(actor: Membership) -> QuerySet[Passkey]:
    return Passkey.objects.filter(person=actor.person_id)


@allows("set", Practice)
def _runs_it(actor: Membership, row: models.Model) -> bool:
    return actor.role in {Membership.Role.OWNER, Membership.Role.ADMINISTRATOR}


@allows("see figures", Practice)
def _owns_it(actor: Membership, row: models.Model) -> bool:
    """Counts and means over the practice; an administrator has no clinical rights."""
    return actor.role == Membership.Role.OWNER


@rows_of(AuditEntry)
def audit_entries(actor: Membership) -> QuerySet[AuditEntry]:
    """Owners read their practice's log, administrators what happened to accounts, everybody their own acts."""
    entries = AuditEntry.objects.filter(practice_id=actor.practice_id)
    if actor.role == Membership.Role.OWNER:
        return entries
    seen = Q(person_id=actor.person_id)
    if actor.role == Membership.Role.ADMINISTRATOR:
        seen |= Q(object_type__startswith="accounts.")
    return entries.filter(seen)
