"""Consent, and the share for supervision that rests on it: what it opens, to whom, and when it closes."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from holdfast.errors import RecordError
from holdfast.practice.accounts.actions import add_person, set_state
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import may, visible
from holdfast.practice.answers.models import CheckIn, Comment, Invitation, Score
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.consents import newest, texts
from holdfast.practice.caseload.models import Client, Consent, Dyad, Session, Share, SupervisionWord
from holdfast.practice.caseload.queries import client_of, clients_of, initials, supervisors_for, words_on
from holdfast.practice.caseload.sharing import (
    end_share,
    record_consent,
    say_in_supervision,
    settle,
    share,
    withdraw_consent,
)
from holdfast.practice.lib import clock
from holdfast.practice.ruptures.models import RuptureEpisode
from tests.practice.conftest import NOON, PASSWORD
from tests.practice.remember import remembered
from tests.practice.sayings import CALM, answer, therapy

LATER = NOON + timedelta(days=44)
SHARED = (Dyad, Client, Session, CheckIn, Score, RuptureEpisode, Share)


@pytest.fixture(autouse=True)
def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)


@pytest.fixture
@remembered
def dyad(ada: Membership, cleo: Client) -> Dyad:
    therapy(ada, cleo, (*CALM, 50))
    return cleo.dyads.get()


@pytest.fixture
@remembered
def consent(ada: Membership, dyad: Dyad) -> Consent:
    return record_consent(actor=ada, client=dyad.client, purpose="supervision", how="session", at=LATER)


def shared(ada: Membership, dyad: Dyad, ben: Membership, *, comments: bool = False, days: int = 30) -> Share:
    until = LATER + timedelta(days=days)
    return share(actor=ada, dyad=dyad, supervisor=ben, until=until, with_comments=comments, at=LATER)


def seen_by(actor: Membership) -> set[str]:
    return {model.__name__ for model in SHARED if visible(actor, model).exists()}


def test_a_share_needs_the_consent_that_was_read(ada: Membership, ben: Membership, dyad: Dyad) -> None:
    with pytest.raises(RecordError, match="rests on the client"):
        shared(ada, dyad, ben)
    made = record_consent(actor=ada, client=dyad.client, purpose="supervision", how="paper", at=LATER)
    assert (made.version, made.recorded_by) == (newest("supervision").version, ada)
    with pytest.raises(RecordError, match="already"):
        record_consent(actor=ada, client=dyad.client, purpose="supervision", how="paper", at=LATER)
    shared(ada, dyad, ben)
    assert AuditEntry.objects.filter(verb__in=["consent.given", "share.started"]).count() == 2


def test_what_is_shared_opens_and_nothing_else(ada: Membership, ben: Membership, dyad: Dyad, consent: Consent) -> None:
    assert seen_by(ben) == set()
    shared(ada, dyad, ben)
    assert seen_by(ben) == {model.__name__ for model in SHARED}
    assert not visible(ben, Invitation).exists()
    assert not visible(ben, Consent).exists()
    (opened,) = clients_of(ben)
    assert (opened.name, opened.contact, opened.code) == ("C. Q.", {}, "C-01")
    assert client_of(ada, dyad.client_id).name == "Cleo Quellbach"  # type: ignore[union-attr]


def test_comments_are_shared_only_if_that_was_ticked(
    ada: Membership, ben: Membership, dyad: Dyad, consent: Consent
) -> None:
    check_in = CheckIn.objects.filter(rater="client").latest("submitted_at")
    Comment.objects.create(check_in=check_in, sealed_text=b"x", at=LATER)
    first = shared(ada, dyad, ben)
    assert not visible(ben, Comment).exists()
    end_share(actor=ada, share=first, at=LATER)
    shared(ada, dyad, ben, comments=True)
    assert visible(ben, Comment).count() == 1


@pytest.mark.parametrize("how", ["ended", "over", "withdrawn", "therapist left", "supervisor suspended", "dyad closed"])
def test_a_share_closes_with_whatever_it_rests_on(
    how: str, ada: Membership, ben: Membership, dyad: Dyad, consent: Consent, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = shared(ada, dyad, ben)
    assert seen_by(ben)
    if how == "ended":
        end_share(actor=ada, share=made, at=LATER)
    elif how == "over":
        monkeypatch.setattr(clock, "now", lambda: made.until)
    elif how == "withdrawn":
        withdraw_consent(actor=ada, consent=consent, at=LATER)
        made.refresh_from_db()
        assert made.ended_at == LATER
    elif how == "therapist left":
        set_state(membership=ada, state="left", at=LATER)
    elif how == "supervisor suspended":
        set_state(membership=ben, state="suspended", at=LATER)
        ben.refresh_from_db()
    else:
        Dyad.objects.update(closed_at=LATER)
    assert seen_by(ben) == set()
    assert not may(ben, "say in supervision", made)


def test_a_supervisor_reads_and_changes_nothing(ada: Membership, ben: Membership, dyad: Dyad, consent: Consent) -> None:
    shared(ada, dyad, ben)
    session, episode = Session.objects.latest("starts_at"), RuptureEpisode.objects.get()
    verbs = [("book", dyad), ("share", dyad), ("mark", session), ("issue link", session), ("rate", session)]
    verbs += [(verb, episode) for verb in ("acknowledge", "talk about", "note", "close")]
    verbs += [("record consent", dyad.client), ("withdraw consent", consent), ("end share", Share.objects.get())]
    assert [verb for verb, row in verbs if may(ben, verb, row)] == []
    assert [verb for verb, row in verbs if not may(ada, verb, row)] == []


def test_a_hidden_rating_stays_hidden_from_the_supervisor_too(
    ada: Membership, ben: Membership, dyad: Dyad, consent: Consent
) -> None:
    shared(ada, dyad, ben)
    (session,) = therapy(ada, dyad.client, (None,))
    session.check_ins.all().delete()
    answer(ada, session, 75)
    assert not visible(ben, CheckIn).filter(session=session).exists()


def test_questions_and_words_of_both_sides(ada: Membership, ben: Membership, dyad: Dyad, consent: Consent) -> None:
    made = shared(ada, dyad, ben)
    asked = say_in_supervision(actor=ada, share=made, text=" Why so silent? ", at=LATER)
    say_in_supervision(actor=ben, share=made, text="What happened before it?", at=LATER + timedelta(hours=1))
    read = words_on(ben, [made])[made.pk]
    assert [each.text for each in read] == ["Why so silent?", "What happened before it?"]
    assert b"silent" not in bytes(SupervisionWord.objects.earliest("at").sealed_text)
    settle(actor=ben, word=asked, at=LATER + timedelta(days=1))
    settle(actor=ada, word=asked, at=LATER + timedelta(days=2))
    asked.refresh_from_db()
    assert asked.settled_at == LATER + timedelta(days=1)
    with pytest.raises(RecordError, match="Nothing is written"):
        say_in_supervision(actor=ada, share=made, text=" ", at=LATER)
    end_share(actor=ada, share=made, at=LATER)
    with pytest.raises(PermissionDenied):
        say_in_supervision(actor=ben, share=made, text="Late.", at=LATER)


@pytest.mark.parametrize("until", [LATER, LATER - timedelta(days=1), LATER + timedelta(days=400)])
def test_a_share_ends_on_a_day_within_a_year(
    until: datetime, ada: Membership, ben: Membership, dyad: Dyad, consent: Consent
) -> None:
    with pytest.raises(RecordError, match="within a year"):
        share(actor=ada, dyad=dyad, supervisor=ben, until=until, with_comments=False, at=LATER)


def test_only_supervisors_of_the_practice_can_be_chosen(
    ada: Membership, ben: Membership, dan: Membership, rae: Membership, dyad: Dyad, consent: Consent
) -> None:
    assert supervisors_for(ada) == [ben]
    assert supervisors_for(ben) == supervisors_for(None) == []
    there = add_person(
        practice=dan.practice, email="eva@example.org", name="Eva", role="supervisor", password=PASSWORD, at=NOON
    )
    for other in (rae, dan, there):
        with pytest.raises(PermissionDenied):
            shared(ada, dyad, other)
    set_state(membership=ben, state="suspended", at=LATER)
    with pytest.raises(RecordError, match="at present"):
        shared(ada, dyad, ben)
    assert supervisors_for(ada) == []


def test_one_share_at_a_time_and_an_old_one_makes_room(
    ada: Membership, ben: Membership, dyad: Dyad, consent: Consent, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = shared(ada, dyad, ben, days=10)
    with pytest.raises(RecordError, match="shared with them already"):
        shared(ada, dyad, ben)
    after = first.until + timedelta(days=1)
    share(actor=ada, dyad=dyad, supervisor=ben, until=after + timedelta(days=5), with_comments=False, at=after)
    first.refresh_from_db()
    assert first.ended_at == after


@pytest.mark.parametrize("who", ["ben", "dan", "rae", "olga"])
def test_others_record_share_and_withdraw_nothing(
    who: str, ada: Membership, ben: Membership, dyad: Dyad, consent: Consent, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        record_consent(actor=actor, client=dyad.client, purpose="research", how="paper", at=LATER)
    with pytest.raises(PermissionDenied):
        withdraw_consent(actor=actor, consent=consent, at=LATER)
    with pytest.raises(PermissionDenied):
        shared(actor, dyad, ben)


def test_a_consent_has_a_known_purpose_a_way_and_a_text(ada: Membership, cleo: Client) -> None:
    with pytest.raises(RecordError, match="Choose both"):
        record_consent(actor=ada, client=cleo, purpose="anything", how="paper", at=NOON)
    with pytest.raises(RecordError, match="no text of consent to research"):
        record_consent(actor=ada, client=cleo, purpose="research", how="paper", at=NOON)
    assert {each.purpose for each in texts()} <= set(Consent.Purpose.values)


def test_the_database_holds_the_rules_too(ada: Membership, ben: Membership, dyad: Dyad, consent: Consent) -> None:
    made = shared(ada, dyad, ben)
    word = say_in_supervision(actor=ada, share=made, text="x", at=LATER)
    for row, changes in (
        (consent, {"withdrawn_at": LATER}),
        (consent, {"withdrawn_by": ada}),
        (consent, {"withdrawn_at": LATER - timedelta(days=1), "withdrawn_by": ada}),
        (made, {"until": LATER - timedelta(days=1)}),
        (word, {"settled_at": LATER - timedelta(days=1)}),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            type(row).objects.filter(pk=row.pk).update(**changes)
    with pytest.raises(IntegrityError), transaction.atomic():
        Share.objects.create(dyad=dyad, supervisor=ben, consent=consent, started_at=LATER, until=made.until)
    with pytest.raises(IntegrityError), transaction.atomic():
        Consent.objects.create(client=dyad.client, purpose="supervision", version="1", language="en", how="paper",
                               given_at=LATER, recorded_by=ada)  # fmt: skip


def test_initials() -> None:
    assert [initials(name) for name in ("Cleo Quellbach", "ana maria de souza", "Ö")] == ["C. Q.", "A. M. D. S.", "Ö."]
