"""Reads about people."""

from holdfast.practice.accounts.models import Membership, Person

PREFERENCE = {
    role: place for place, role in enumerate(("therapist", "supervisor", "owner", "administrator", "researcher"))
}


def memberships_of(person: Person) -> list[Membership]:
    """The active memberships of a person, read anew on every request so that a revocation holds at once.

    The therapist's comes first, if there is one.
    """
    rows = Membership.objects.filter(person=person, state=Membership.State.ACTIVE).select_related("practice", "person")
    return sorted(rows, key=lambda row: PREFERENCE.get(row.role, len(PREFERENCE)))


def membership_of(person: Person) -> Membership | None:
    """The active membership a person begins to work in; None without an active one."""
    return next(iter(memberships_of(person)), None)
