"""A formulation in supervision: opened by the text of consent that names it, read and never built."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.accounts.policy import may, visible
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.consents import newest, text_of, versions_covering
from holdfast.practice.caseload.models import Client, Consent, Share
from holdfast.practice.caseload.own_page import give_page
from holdfast.practice.caseload.sharing import record_consent, share, withdraw_consent
from holdfast.practice.formulation.models import FormulationEntry
from tests.practice.formulation.conftest import GOAL, ROOT, SKILL, Built
from tests.practice.formulation.test_page import MODELS, POSTS, address, everything, page, path, posted

SignIn = Callable[[Membership | None], Browser]


@dataclass
class Shared:
    """A therapy that Ada shares with Ben, under one version of the text."""

    built: Built
    share: Share


@pytest.fixture
def older(built: Built, ada: Membership, ben: Membership) -> Shared:
    """Under version 1, which names no formulation, as it was recorded before there was a second."""
    consent = Consent.objects.create(
        client=built.client, purpose="supervision", version="1", language="en", how="paper", given_at=built.now,
        recorded_by=ada,
    )  # fmt: skip
    until = built.now + timedelta(days=30)
    made = share(actor=ada, dyad=built.dyad, supervisor=ben, until=until, with_comments=False, at=built.now)
    assert made.consent == consent
    return Shared(built=built, share=made)


@pytest.fixture
def newer(older: Shared, ada: Membership) -> Shared:
    """The client has agreed to version 2."""
    at = older.built.now
    record_consent(actor=ada, client=older.built.client, purpose="supervision", how="session", at=at)
    return older


def test_the_second_text_names_what_the_first_does_not() -> None:
    assert (newest("supervision").version, versions_covering("supervision", "formulation")) == ("2", ["2"])
    assert "formulation" not in text_of("supervision", "1").text["en"]
    assert "your formulation" in text_of("supervision", "2").text["en"]


def test_under_the_first_text_the_formulation_stays_hidden(older: Shared, ben: Membership, signed_in: SignIn) -> None:
    browser = signed_in(ben)
    page(browser, path(older.built), 404)
    assert page(browser, f"/clients/{older.built.client.pk}/")
    said = page(browser, f"/clients/{older.built.client.pk}/supervision/")
    assert "To the course" in said
    assert "ormulation" not in said
    assert not [model for model in MODELS if visible(ben, model).exists()]


def test_agreeing_to_the_second_carries_the_share_over_and_opens_it(
    older: Shared, ada: Membership, ben: Membership, signed_in: SignIn
) -> None:
    browser, base = signed_in(ada), f"/clients/{older.built.client.pk}/supervision/"
    said = page(browser, base)
    assert "(text 1)" in said
    assert "There is a newer text, which names the formulation" in said
    assert browser.post(base + "consent/", {}).status_code == 422
    assert browser.post(base + "consent/", {"how": "session"})["Location"] == base
    older.share.refresh_from_db()
    assert (older.share.ended_at, older.share.consent.version) == (None, "2")
    assert Consent.objects.get(version="1").withdrawn_at == older.built.now
    verbs = AuditEntry.objects.filter(verb__startswith="consent.").order_by("seq").values_list("verb", flat=True)
    assert list(verbs) == ["consent.replaced", "consent.given"]
    said = page(browser, base)
    assert "(text 2)" in said
    assert "There is a newer text" not in said
    assert visible(ben, type(older.built.root)).exists()
    again = browser.post(base + "consent/", {"how": "session"})
    assert (again.status_code, "on record already" in again.content.decode()) == (422, True)


def test_ben_reads_it_under_initials_and_finds_nothing_to_press(
    newer: Shared, ben: Membership, signed_in: SignIn
) -> None:
    browser = signed_in(ben)
    said = page(browser, path(newer.built))
    assert [text for text in (ROOT, SKILL, GOAL, "C. Q.", "What the two understand so far") if text not in said] == []
    assert "Quellbach" not in said
    assert set(re.findall(r'<form method="post" action="([^"]*)"', said)) == {"/sign-out/"}
    assert not re.search(r"<(textarea|input type=\"checkbox\")", said)
    assert "To the formulation" in page(browser, f"/clients/{newer.built.client.pk}/supervision/")
    assert AuditEntry.objects.filter(verb="client.read", role="supervisor").count() == 2


@pytest.mark.parametrize("name", POSTS)
def test_ben_changes_nothing_of_it(name: str, newer: Shared, ben: Membership, signed_in: SignIn) -> None:
    before = everything()
    for sent in (posted(name, newer.built), {"text": " "}):
        assert signed_in(ben).post(address(name, newer.built), sent).status_code == 404
    assert everything() == before
    assert not may(ben, "build formulation", newer.built.root)


@pytest.mark.parametrize("chair", ["dan", "rae", "olga"])
@pytest.mark.parametrize("name", ["formulation", *POSTS])
def test_nobody_else_gains_anything_by_the_share(
    name: str, chair: str, newer: Shared, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    actor, before = request.getfixturevalue(chair), everything()
    browser = signed_in(actor)
    ask = browser.get if name == "formulation" else browser.post
    answer = ask(address(name, newer.built), {} if name == "formulation" else posted(name, newer.built))
    assert answer.status_code == 404
    assert not [model for model in MODELS if visible(actor, model).exists()]
    assert everything() == before


def test_ada_still_builds_it(newer: Shared, ada: Membership, signed_in: SignIn) -> None:
    browser = signed_in(ada)
    assert browser.post(address("add-goal", newer.built), {"text": "To sleep."}).status_code == 302
    assert "Add a goal" in page(browser, path(newer.built))


@pytest.mark.parametrize("how", ["withdrawn", "ended", "another"])
def test_it_closes_with_the_share(
    how: str, newer: Shared, ada: Membership, ben: Membership, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    at, browser = newer.built.now, signed_in(ben)
    page(browser, path(newer.built))
    if how == "withdrawn":
        newer.share.refresh_from_db()
        withdraw_consent(actor=ada, consent=newer.share.consent, at=at)
    elif how == "ended":
        Share.objects.update(ended_at=at)
    else:  # of another supervisor
        Share.objects.update(supervisor=request.getfixturevalue("dan"))
    page(browser, path(newer.built), 404)
    assert not [model for model in MODELS if visible(ben, model).exists()]


def test_cleo_who_signs_in_keeps_her_formulation_and_takes_the_consent_back_herself(
    newer: Shared, ada: Membership, ben: Membership, signed_in: SignIn
) -> None:
    Practice.objects.update(clients_sign_in=True)
    client = Client.objects.select_related("practice").get(pk=newer.built.client.pk)
    give_page(actor=ada, client=client, at=newer.built.now)
    cleo = client.membership
    assert cleo is not None
    assert visible(cleo, FormulationEntry).count() == 2
    assert may(cleo, "build formulation", newer.built.root)
    consents = visible(cleo, Consent).order_by("version")
    assert [(each.version, each.withdrawn_at is None) for each in consents] == [("1", False), ("2", True)]
    assert "/sign-in/" in signed_in(cleo).get(path(newer.built))["Location"]  # a page of the staff; she has her own
    withdraw_consent(actor=cleo, consent=consents[1], at=newer.built.now)
    page(signed_in(ben), path(newer.built), 404)
    assert visible(cleo, FormulationEntry).count() == 2
