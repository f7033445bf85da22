"""Who may see memberships: owners and administrators those of their practice, everybody their own."""

from django.db.models import Q, QuerySet

from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import rows_of


@rows_of(Membership)
def memberships(actor: Membership) -> QuerySet[Membership]:
    own = Q(person=actor.person)
    if actor.role in {Membership.Role.OWNER, Membership.Role.ADMINISTRATOR}:
        own |= Q(practice=actor.practice)
    return Membership.objects.filter(own, practice=actor.practice)
