"""Reads about people."""

from holdfast.practice.accounts.models import Membership, Person

PREFERENCE = {
    role: place for place, role in enumerate(("therapist", "supervisor", "owner", "administrator", "researcher"))
}


def membership_of(person: Person) -> Membership | None:
    """The active membership a person works in, read anew on every request so that a revocation holds at once.

    With several roles the therapist's leads; none for a person without an active one.
    """
    rows = Membership.objects.filter(person=person, state=Membership.State.ACTIVE).select_related("practice", "person")
    return min(rows, key=lambda row: PREFERENCE.get(row.role, len(PREFERENCE)), default=None)
