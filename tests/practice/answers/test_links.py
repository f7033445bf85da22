"""A link is made, replaced, taken back, opened once and again, and dies in every way that it should."""

import base64
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client as Browser

from holdfast.errors import LinkError, RecordError, TooManyTriesError
from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.actions import Link, exit_form, issue_link, open_form, revoke_link
from holdfast.practice.answers.models import Invitation, OpenForm
from holdfast.practice.answers.queries import form_behind, is_spent, offers_behind, open_links
from holdfast.practice.answers.secrets import code_digest, hidden_fields
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.actions import book_session, mark_session
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.checkins.actions import submit
from holdfast.practice.lib import tries
from holdfast.practice.lib.secrets import ALPHABET, readable, same
from tests.practice.conftest import NOON
from tests.practice.remember import remembered
from tests.practice.sayings import answer, session_answers

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.fixture
@remembered
def link(ada: Membership, session: Session) -> Link:
    return issue_link(actor=ada, session=session, purpose="after", at=NOON)


def test_only_digests_are_stored(link: Link) -> None:
    row = Invitation.objects.get()
    assert len(base64.urlsafe_b64decode(link.token + "=")) * 8 == 160
    assert len(link.code) == 8
    assert set(link.code) <= set(ALPHABET)
    stored = " ".join(str(getattr(row, field.attname)) for field in row._meta.fields)
    assert link.token not in stored
    assert link.code not in stored


def test_the_window_is_a_day_before_to_three_days_after(link: Link, session: Session) -> None:
    assert link.invitation.opens_at == session.starts_at - 24 * HOUR
    assert link.invitation.closes_at == session.starts_at + 72 * HOUR


def test_the_link_names_the_words_that_are_shown(link: Link) -> None:
    (form,) = link.invitation.forms
    assert (form["id"], form["version"], form["language"], len(form["sha256"])) == ("holdfast-session", "1.0", "en", 64)


def test_a_new_link_replaces_the_old(ada: Membership, session: Session, link: Link) -> None:
    open_form(token=link.token, at=NOON)
    second = issue_link(actor=ada, session=session, purpose="after", at=NOON + HOUR)
    link.invitation.refresh_from_db()
    assert (link.invitation.state, link.invitation.ended_at) == ("replaced", NOON + HOUR)
    assert OpenForm.objects.count() == 0
    with pytest.raises(LinkError):
        open_form(token=link.token, at=NOON + HOUR)
    assert open_form(token=second.token, at=NOON + HOUR).form.invitation == second.invitation
    assert AuditEntry.objects.filter(verb="link.replaced").count() == 1


def test_a_link_of_the_next_session_replaces_an_old_one_too(ada: Membership, cleo: Client, link: Link) -> None:
    later = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=NOON + 7 * DAY, at=NOON)
    issue_link(actor=ada, session=later, purpose="after", at=NOON + 7 * DAY)
    link.invitation.refresh_from_db()
    assert link.invitation.state == "expired"


def test_before_and_after_stand_beside_each_other(ada: Membership, session: Session, link: Link) -> None:
    issue_link(actor=ada, session=session, purpose="before", at=NOON)
    assert [row.purpose for row in open_links(ada, session, NOON)] == ["after", "before"]


def test_the_before_set_is_offered_without_a_safety_item(ada: Membership, session: Session) -> None:
    made = issue_link(actor=ada, session=session, purpose="before", at=NOON)
    assert [form["id"] for form in made.invitation.forms] == ["phq-8", "gad-2", "holdfast-before"]


def _expired(link: Link, **_: object) -> datetime:
    return link.invitation.closes_at + timedelta(seconds=1)


def _early(link: Link, **_: object) -> datetime:
    return link.invitation.opens_at - timedelta(seconds=1)


def _revoked(link: Link, ada: Membership) -> datetime:
    revoke_link(actor=ada, invitation=link.invitation, at=NOON)
    return NOON


def _exited(link: Link, **_: object) -> datetime:
    exit_form(form=open_form(token=link.token, at=NOON).form, at=NOON)
    return NOON


def _spent(link: Link, **_: object) -> datetime:
    submit(form=open_form(token=link.token, at=NOON).form, answers=session_answers(75), nonce="n", at=NOON)
    return NOON


def _cancelled(link: Link, ada: Membership) -> datetime:
    mark_session(actor=ada, session=link.invitation.session, state="cancelled", at=NOON)
    return NOON


def _suspended(link: Link, **_: object) -> datetime:
    Client.objects.update(state="suspended")
    return NOON


@pytest.mark.parametrize("way", [_expired, _revoked, _exited, _spent, _cancelled, _suspended])
def test_a_dead_link_opens_nothing_and_says_one_sentence(
    way: Callable[..., datetime], link: Link, ada: Membership
) -> None:
    at = way(link, ada=ada)
    for secret in ({"token": link.token}, {"code": link.code}, {"token": "nothing"}):
        with pytest.raises(LinkError, match=r"^This form is not open\.$"):
            open_form(at=at, **secret)


def test_a_link_does_not_open_before_its_window(ada: Membership, cleo: Client) -> None:
    later = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=NOON + 7 * DAY, at=NOON)
    early = issue_link(actor=ada, session=later, purpose="before", at=NOON)
    with pytest.raises(LinkError):
        open_form(token=early.token, at=_early(early))
    assert open_form(token=early.token, at=early.invitation.opens_at).cookie


def test_setting_the_clock_back_revives_nothing(ada: Membership, cleo: Client, link: Link) -> None:
    book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=NOON + 30 * DAY, at=NOON + 30 * DAY)
    with pytest.raises(LinkError):
        open_form(token=link.token, at=NOON)


def test_the_code_may_be_typed_as_it_is_read(link: Link) -> None:
    assert readable(link.code) == f"{link.code[:4]} {link.code[4:]}"
    typed = readable(link.code).lower().replace("0", "o").replace("1", "l").replace(" ", " - ")
    assert open_form(code=typed, at=NOON).form.invitation == link.invitation
    assert code_digest("o1Il-") == code_digest("0111")


def test_opening_again_replaces_the_older_form(link: Link) -> None:
    first = open_form(token=link.token, at=NOON)
    second = open_form(token=link.token, at=NOON + HOUR / 2)
    assert form_behind(first.cookie, NOON + HOUR / 2) is None
    assert form_behind(second.cookie, NOON + HOUR / 2) == second.form
    assert OpenForm.objects.count() == 1


def test_one_browser_holds_one_form(ada: Membership, session: Session, link: Link) -> None:
    before = issue_link(actor=ada, session=session, purpose="before", at=NOON)
    first = open_form(token=before.token, at=NOON)
    second = open_form(token=link.token, at=NOON, older_cookie=first.cookie)
    assert form_behind(first.cookie, NOON) is None
    assert form_behind(second.cookie, NOON) == second.form
    assert open_form(token=before.token, at=NOON).form.invitation == before.invitation


def test_the_cookie_lasts_an_hour_and_is_stored_as_a_digest(link: Link) -> None:
    made = open_form(token=link.token, at=NOON)
    assert made.cookie not in str(OpenForm.objects.values_list())
    assert form_behind(made.cookie, NOON + HOUR) == made.form
    assert form_behind(made.cookie, NOON + HOUR + timedelta(seconds=1)) is None
    assert form_behind(None, NOON) is form_behind("nonsense", NOON) is None


def test_a_spent_form_is_thanked_again_and_offers_stay_readable(link: Link) -> None:
    made = open_form(token=link.token, at=NOON)
    assert [each.instrument.id for each in offers_behind(made.form)] == ["holdfast-session"]
    submit(form=made.form, answers=session_answers(75), nonce="n", at=NOON)
    again = form_behind(made.cookie, NOON)
    assert again is not None
    assert is_spent(again)


def test_hidden_fields_belong_to_the_cookie() -> None:
    one, two = hidden_fields("one"), hidden_fields("two")
    assert one == hidden_fields("one")
    assert len({one.form_id, one.nonce, two.form_id, two.nonce}) == 4
    assert same(one.nonce, hidden_fields("one").nonce)
    assert not same(one.nonce, two.nonce)


def test_leaving_after_submitting_keeps_what_was_said(link: Link) -> None:
    made = open_form(token=link.token, at=NOON)
    submit(form=made.form, answers=session_answers(75), nonce="n", at=NOON)
    exit_form(form=made.form, at=NOON)
    link.invitation.refresh_from_db()
    assert link.invitation.state == "submitted"
    assert form_behind(made.cookie, NOON) is None


def test_ten_wrong_codes_close_one_neighbourhood_and_no_other(link: Link) -> None:
    for _ in range(tries.PER_BLOCK):
        with pytest.raises(LinkError, match="not open"):
            open_form(code="ZZZZ ZZZZ", address="192.0.2.7", at=NOON)
    with pytest.raises(TooManyTriesError):
        open_form(code=link.code, address="192.0.2.99", at=NOON)
    assert AuditEntry.objects.filter(verb="codes.limit-reached").count() == 1
    assert open_form(code=link.code, address="198.51.100.4", at=NOON).form
    assert open_form(token=link.token, at=NOON).form


def test_sixty_wrong_codes_from_everywhere_close_the_box(link: Link) -> None:
    for number in range(tries.IN_ALL):
        with pytest.raises(LinkError, match="not open"):
            open_form(code="ZZZZ ZZZZ", address=f"2001:db8:{number:x}::1", at=NOON)
    with pytest.raises(TooManyTriesError):
        open_form(code=link.code, address="", at=NOON)


def test_right_codes_are_never_counted(link: Link) -> None:
    for _ in range(tries.PER_BLOCK + 1):
        assert open_form(code=link.code, address="192.0.2.7", at=NOON).form


def test_no_link_for_what_is_over(ada: Membership, cleo: Client, session: Session) -> None:
    with pytest.raises(RecordError, match="before, after"):
        issue_link(actor=ada, session=session, purpose="sometimes", at=NOON)
    with pytest.raises(RecordError, match="is over"):
        issue_link(actor=ada, session=session, purpose="after", at=NOON + 4 * DAY)
    answer(ada, session, 75)
    with pytest.raises(RecordError, match="answered already"):
        issue_link(actor=ada, session=session, purpose="after", at=NOON)
    other = book_session(actor=ada, dyad=cleo.dyads.get(), starts_at=NOON, at=NOON)
    mark_session(actor=ada, session=other, state="missed", at=NOON)
    with pytest.raises(RecordError, match="did not take place"):
        issue_link(actor=ada, session=other, purpose="after", at=NOON)
    Client.objects.update(state="left")
    session.refresh_from_db()
    with pytest.raises(RecordError, match="closed or restricted"):
        issue_link(actor=ada, session=Session.objects.get(pk=session.pk), purpose="before", at=NOON)


def test_a_link_is_taken_back_once(ada: Membership, link: Link) -> None:
    revoke_link(actor=ada, invitation=link.invitation, at=NOON)
    with pytest.raises(RecordError, match="not open any more"):
        revoke_link(actor=ada, invitation=link.invitation, at=NOON)


@pytest.mark.parametrize("who", ["ben", "dan", "rae", "olga"])
def test_others_neither_make_nor_take_back_links(
    who: str, link: Link, session: Session, request: pytest.FixtureRequest
) -> None:
    actor = request.getfixturevalue(who)
    with pytest.raises(PermissionDenied):
        issue_link(actor=actor, session=session, purpose="before", at=NOON)
    with pytest.raises(PermissionDenied):
        revoke_link(actor=actor, invitation=link.invitation, at=NOON)
    assert open_links(actor, session, NOON) == []
    assert Invitation.objects.get().state == "open"


def test_behind_a_proxy_each_neighbourhood_has_its_own_tries(noon: datetime, link: Link, settings: object) -> None:
    """The proxy's own address is everybody's: counted by it, ten wrong codes of a stranger would shut everybody out."""
    settings.TLS = True  # type: ignore[attr-defined]
    ours = {"HTTP_ORIGIN": "http://testserver"}

    def typed(code: str, seen: str) -> int:
        return Browser().post("/f/code", {"code": code}, headers={"X-Forwarded-For": seen}, **ours).status_code

    for _ in range(tries.PER_BLOCK):
        assert typed("wrong", "192.0.2.7") == 404
    assert typed(link.code, "192.0.2.7") == 429
    assert typed(link.code, "198.51.100.9") == 302
