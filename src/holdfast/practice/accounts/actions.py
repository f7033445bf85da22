"""Practices and people: every change as a verb."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.models import Session as BrowserSession
from django.core.exceptions import PermissionDenied
from django.db import transaction

from holdfast.practice.accounts.models import NOWHERE, Membership, Person, Practice
from holdfast.practice.accounts.policy import may
from holdfast.practice.audit.actions import record
from holdfast.practice.lib import tries

BEFORE = ["phq-8", "gad-2", "holdfast-before"]
AFTER = ["holdfast-session"]
THERAPIST = ["holdfast-session-therapist"]


@transaction.atomic
def create_practice(*, name: str, at: datetime, is_simulated: bool = False) -> Practice:
    """Make a practice with the default forms."""
    practice = Practice.objects.create(
        name=name,
        is_simulated=is_simulated,
        before_forms=BEFORE,
        after_forms=AFTER,
        therapist_forms=THERAPIST,
        created_at=at,
    )
    record("practice.created", actor=None, practice=practice, target=practice, at=at)
    return practice


@transaction.atomic
def set_practice(
    *, actor: Membership, exit_address: str, clients_sign_in: bool, keeps_sealed: bool, at: datetime
) -> Practice:
    """Where clients go who leave a form (empty for nowhere), and whether they may have a page of their own.

    keeps_sealed: whether answers that find no connection wait on the client's phone, sealed.

    Raises PermissionDenied for whoever does not run it.
    """
    practice = actor.practice
    if not may(actor, "set", practice):
        raise PermissionDenied
    wanted = {
        "exit_address": exit_address or NOWHERE,
        "clients_sign_in": clients_sign_in,
        "keeps_sealed": keeps_sealed,
    }
    changed = [field for field, value in wanted.items() if getattr(practice, field) != value]
    if changed:
        for field in changed:
            setattr(practice, field, wanted[field])
        practice.save(update_fields=changed)
        record("practice.set", actor=actor, practice=practice, target=practice, at=at, fields=changed)
    return practice


@transaction.atomic
def add_person(
    *, practice: Practice, email: str, name: str, role: str, password: str | None, at: datetime
) -> Membership:
    """Give a person a role; the person is made when the address is new. Without a password nobody can sign in yet."""
    person, is_new = Person.objects.get_or_create(
        email=email.strip().lower(), defaults={"name": name, "created_at": at, "password": make_password(password)}
    )
    if not is_new and password is not None:
        person.password = make_password(password)
        person.save(update_fields=["password"])
    membership, _ = Membership.objects.update_or_create(
        practice=practice, person=person, role=role, defaults={"state": Membership.State.ACTIVE, "since": at}
    )
    record("membership.added", actor=None, practice=practice, target=membership, at=at, fields=["role", "state"])
    return membership


@transaction.atomic
def set_state(*, membership: Membership, state: str, at: datetime, actor: Membership | None = None) -> Membership:
    """Suspend, end or reactivate a membership; any state but active ends the person's browser sessions at once."""
    membership.state = state
    membership.since = at
    membership.save(update_fields=["state", "since"])
    if state != Membership.State.ACTIVE:
        end_browser_sessions(person=membership.person)
    record("membership.changed", actor=actor, practice=membership.practice, target=membership, at=at, fields=["state"])
    return membership


@transaction.atomic
def end_browser_sessions(*, person: Person) -> int:
    """Sign a person out everywhere. Returns how many sessions ended."""
    ours = [
        stored.pk
        for stored in BrowserSession.objects.all()
        if stored.get_decoded().get("_auth_user_id") == str(person.pk)
    ]
    return BrowserSession.objects.filter(pk__in=ours).delete()[0]


def count_wrong_code(address: str, *, at: datetime) -> None:
    """Count a wrong code, of a form or of setting up, outside any transaction: it has to stay.

    A wrong code names no practice, so every practice of this database hears when the limit is reached.
    """
    if tries.count_wrong(address):
        with transaction.atomic():
            for practice in Practice.objects.all():
                record("codes.limit-reached", actor=None, practice=practice, at=at)


@transaction.atomic
def note_sign_in(*, membership: Membership, at: datetime) -> None:
    """Put a sign-in on record."""
    record("person.signed-in", actor=membership, practice=membership.practice, target=membership, at=at)


@transaction.atomic
def note_role(*, membership: Membership, at: datetime) -> None:
    """Put on record that somebody with several roles goes on in this one."""
    record("role.chosen", actor=membership, practice=membership.practice, target=membership, at=at)


@transaction.atomic
def note_second_factor(*, membership: Membership, at: datetime) -> None:
    """Put a newly set up second factor on record."""
    record("second-factor.set-up", actor=membership, practice=membership.practice, target=membership.person, at=at)


@transaction.atomic
def remove_second_factor(*, person: Person, at: datetime) -> None:
    """Forget a lost authenticator and its recovery codes; the next sign-in sets up a new one. Ends open sessions."""
    Authenticator.objects.filter(user=person).delete()
    end_browser_sessions(person=person)
    for membership in Membership.objects.filter(person=person).select_related("practice"):
        record("second-factor.removed", actor=None, practice=membership.practice, target=person, at=at)
