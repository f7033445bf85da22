"""Consent, and what rests on it: a share for supervision, with the questions that belong to it."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.consents import newest
from holdfast.practice.caseload.models import Client, Consent, Dyad, Share, SupervisionWord
from holdfast.practice.caseload.rules import demand
from holdfast.practice.caseload.sealing import seal_text

LONGEST = timedelta(days=366)
NEEDS_CONSENT = "Supervision rests on the client's consent. Read the text together and record it first."


@transaction.atomic
def record_consent(
    *, actor: Membership, client: Client, purpose: str, how: str, at: datetime, language: str = "en"
) -> Consent:
    """Put down that a client agreed to the newest text of a purpose.

    A consent to an older text ends with it, and what rested on that one rests on the new one from now on.
    """
    demand(actor, "record consent", client)
    if purpose not in Consent.Purpose.values or how not in Consent.How.values:
        raise RecordError("A consent has a purpose and a way. Choose both.")
    version, older = newest(purpose).version, client.consents.filter(purpose=purpose, withdrawn_at=None).first()
    if older is not None:
        if older.version == version:
            raise RecordError("This consent is on record already.")
        older.withdrawn_at, older.withdrawn_by = at, actor
        older.save(update_fields=["withdrawn_at", "withdrawn_by"])
        record("consent.replaced", actor=actor, practice=actor.practice, target=older, at=at)
    consent = Consent.objects.create(
        client=client,
        purpose=purpose,
        version=version,
        language=language,
        how=how,
        given_at=at,
        recorded_by=actor,
    )
    record("consent.given", actor=actor, practice=actor.practice, target=consent, at=at, fields=["purpose", "version"])
    if older is not None:
        older.shares.filter(ended_at=None).update(consent=consent)
    return consent


@transaction.atomic
def withdraw_consent(*, actor: Membership, consent: Consent, at: datetime) -> Consent:
    """Take a consent back, as easily as it was given; every share that rests on it ends at once."""
    demand(actor, "withdraw consent", consent)
    if consent.withdrawn_at is None:
        consent.withdrawn_at, consent.withdrawn_by = at, actor
        consent.save(update_fields=["withdrawn_at", "withdrawn_by"])
        record("consent.withdrawn", actor=actor, practice=actor.practice, target=consent, at=at)
        for share in consent.shares.filter(ended_at=None):
            _end(share, actor, at)
    return consent


@transaction.atomic
def share(
    *, actor: Membership, dyad: Dyad, supervisor: Membership, until: datetime, with_comments: bool, at: datetime
) -> Share:
    """Open one dyad to a supervisor of the practice, until a day."""
    demand(actor, "share", dyad)
    if supervisor.practice_id != actor.practice_id or supervisor.role != Membership.Role.SUPERVISOR:
        raise PermissionDenied
    if supervisor.state != Membership.State.ACTIVE:
        raise RecordError("This supervisor does not work here at present. Choose another.")
    consent = dyad.client.consents.filter(purpose=Consent.Purpose.SUPERVISION, withdrawn_at=None).first()
    if consent is None:
        raise RecordError(NEEDS_CONSENT)
    if not at < until <= at + LONGEST:
        raise RecordError("A share ends on a day to come, within a year. Choose such a day.")
    if dyad.shares.filter(supervisor=supervisor, ended_at=None, until__gt=at).exists():
        raise RecordError("This is shared with them already. End that first, to share it in another way.")
    for over in dyad.shares.filter(supervisor=supervisor, ended_at=None):
        _end(over, actor, at)
    made = Share.objects.create(
        dyad=dyad, supervisor=supervisor, consent=consent, with_comments=with_comments, started_at=at, until=until
    )
    record("share.started", actor=actor, practice=actor.practice, target=made, at=at, fields=["supervisor", "until"])
    return made


@transaction.atomic
def end_share(*, actor: Membership, share: Share, at: datetime) -> Share:
    """Close it again; the supervisor's next request finds nothing."""
    demand(actor, "end share", share)
    if share.ended_at is None:
        _end(share, actor, at)
    return share


@transaction.atomic
def say_in_supervision(*, actor: Membership, share: Share, text: str, at: datetime) -> SupervisionWord:
    """Ask, or answer, about one shared dyad: the therapist or the supervisor, while it is shared."""
    demand(actor, "say in supervision", share)
    if not text.strip():
        raise RecordError("Nothing is written yet. Write it first.")
    word = SupervisionWord(share=share, author=actor, at=at)
    word.sealed_text = seal_text(text.strip(), client=share.dyad.client, row=word, column="sealed_text")
    word.save(force_insert=True)
    record("supervision.said", actor=actor, practice=actor.practice, target=word, at=at)
    return word


@transaction.atomic
def settle(*, actor: Membership, word: SupervisionWord, at: datetime) -> SupervisionWord:
    """Put a question aside: it has been talked over."""
    demand(actor, "settle", word)
    if word.settled_at is None:
        word.settled_at = at
        word.save(update_fields=["settled_at"])
        record("supervision.settled", actor=actor, practice=actor.practice, target=word, at=at)
    return word


def _end(share: Share, actor: Membership, at: datetime) -> None:
    share.ended_at = at
    share.save(update_fields=["ended_at"])
    record("share.ended", actor=actor, practice=actor.practice, target=share, at=at)
