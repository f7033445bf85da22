"""Who may see memberships and the audit log: owners and administrators their practice's, everybody their own."""

from django.db.models import Q, QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import rows_of
from holdfast.practice.audit.models import AuditEntry


@rows_of(Membership)
def memberships(actor: Membership) -> QuerySet[Membership]:
    own = Q(person=actor.person)
    if actor.role in {Membership.Role.OWNER, Membership.Role.ADMINISTRATOR}:
        own |= Q(practice=actor.practice)
    return Membership.objects.filter(own, practice=actor.practice)


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
