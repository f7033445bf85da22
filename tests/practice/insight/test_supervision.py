"""Supervision on the pages: consent, share, questions; what Ben reads and finds no button on; what others never see."""

import re
from collections.abc import Callable

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Consent, Share, SupervisionWord
from tests.practice.insight.conftest import WORDS, Therapy

SignedIn = Callable[[Membership | None], Browser]
QUESTION = "What did I miss in session six?"
SECRETS = ("Quellbach", "C-01", WORDS, QUESTION, "0151 4711")


def page(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def shared(told: Therapy, ada: Membership, ben: Membership, signed_in: SignedIn) -> Share:
    """Ada has recorded the consent, shared Cleo with Ben without comments, and asked."""
    browser, base = signed_in(ada), f"/clients/{told.client.pk}/supervision/"
    assert browser.post(base + "consent/", {"how": "session"})["Location"] == base
    assert browser.post(base + "share/", {"supervisor": ben.pk, "last_day": "2026-09-30"})["Location"] == base
    share = Share.objects.get()
    assert browser.post(f"/shares/{share.pk}/say/", {"text": QUESTION})["Location"] == base
    return share


def test_ada_reads_the_text_before_she_records_and_shares(told: Therapy, ada: Membership, signed_in: SignedIn) -> None:
    browser, base = signed_in(ada), f"/clients/{told.client.pk}/supervision/"
    said = page(browser, base)
    assert "talk over your work together with a supervisor" in said
    assert "Share with a supervisor" not in said
    assert browser.post(base + "consent/", {}).status_code == 422
    assert not Consent.objects.exists()
    browser.post(base + "consent/", {"how": "paper"})
    assert "on paper, signed" in page(browser, base)
    again = browser.post(base + "consent/", {"how": "paper"})
    assert (again.status_code, "on record already" in again.content.decode()) == (422, True)


def test_a_share_that_cannot_be_keeps_what_was_chosen(
    told: Therapy, ada: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    browser, base = signed_in(ada), f"/clients/{told.client.pk}/supervision/"
    early = browser.post(base + "share/", {"supervisor": ben.pk, "last_day": "2026-09-30"})
    assert (early.status_code, "rests on the client" in early.content.decode()) == (422, False)  # no form yet
    browser.post(base + "consent/", {"how": "session"})
    past = browser.post(base + "share/", {"supervisor": ben.pk, "last_day": "2020-01-01", "with_comments": "on"})
    assert past.status_code == 422
    assert "within a year" in past.content.decode()
    assert 'value="2020-01-01"' in past.content.decode()
    assert "checked" in past.content.decode()
    assert browser.post(base + "share/", {"supervisor": "nobody", "last_day": "x"}).status_code == 422
    assert not Share.objects.exists()


def test_ben_reads_under_initials_and_finds_no_button_of_the_therapist(
    shared: Share, told: Therapy, ben: Membership, signed_in: SignedIn
) -> None:
    browser = signed_in(ben)
    listed = page(browser, "/supervision/")
    assert "C. Q." in listed
    assert QUESTION in listed
    assert "1 open episode" in listed
    client = page(browser, f"/clients/{told.client.pk}/")
    assert "Shared with you by Ada" in client
    episode = page(browser, f"/episodes/{told.episode.pk}/")
    for text in (listed, client, episode):
        assert "Quellbach" not in text
        assert WORDS not in text
    for text in (client, episode):
        posts = set(re.findall(r'<form method="post" action="([^"]*)"', text))
        assert posts == {"/sign-out/"}
    for path in (f"/sessions/{told.coming.pk}/", f"/sessions/{told.sessions[-1].pk}/rate/"):
        assert browser.get(path).status_code == 404
    assert AuditEntry.objects.filter(verb="client.read", role="supervisor").count() == 1


def test_ben_answers_and_ada_puts_it_aside(
    shared: Share, told: Therapy, ada: Membership, ben: Membership, signed_in: SignedIn
) -> None:
    base = f"/clients/{told.client.pk}/supervision/"
    empty = signed_in(ben).post(f"/shares/{shared.pk}/say/", {"text": " "})
    assert (empty.status_code, "Nothing is written yet" in empty.content.decode()) == (422, True)
    signed_in(ben).post(f"/shares/{shared.pk}/say/", {"text": "What was said just before?"})
    assert "What was said just before?" in page(signed_in(ada), base)
    word = SupervisionWord.objects.earliest("at")
    assert signed_in(ada).post(f"/words/{word.pk}/settle/")["Location"] == base
    assert "talked over" in page(signed_in(ben), base)
    assert QUESTION not in page(signed_in(ben), "/supervision/")


def test_it_ends_at_once(shared: Share, told: Therapy, ada: Membership, ben: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ben)
    assert browser.get(f"/clients/{told.client.pk}/").status_code == 200
    signed_in(ada).post(f"/clients/{told.client.pk}/supervision/consent/back/")
    for path in (f"/clients/{told.client.pk}/", f"/episodes/{told.episode.pk}/"):
        assert browser.get(path).status_code == 404
    assert browser.post(f"/shares/{shared.pk}/say/", {"text": "x"}).status_code == 404
    assert "will stand here" in page(browser, "/supervision/")
    assert "No longer shared" in page(signed_in(ada), f"/clients/{told.client.pk}/supervision/")


def test_ada_stops_a_share(shared: Share, told: Therapy, ada: Membership, ben: Membership, signed_in: SignedIn) -> None:
    assert "Shared with Ben until 30 September 2026" in page(signed_in(ada), "/supervision/")
    signed_in(ada).post(f"/shares/{shared.pk}/end/")
    assert signed_in(ben).get(f"/clients/{told.client.pk}/").status_code == 404
    assert "What you share for supervision will stand here" in page(signed_in(ada), "/supervision/")


@pytest.mark.parametrize("chair", ["dan", "rae", "olga", None])
def test_others_find_nothing_and_change_nothing(
    chair: str | None, shared: Share, told: Therapy, signed_in: SignedIn, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(chair) if chair else None)
    word = SupervisionWord.objects.get()
    base = f"/clients/{told.client.pk}/supervision/"
    before = [list(model.objects.values()) for model in (Consent, Share, SupervisionWord)]
    listed = browser.get("/supervision/", follow=True).content.decode()
    assert not [secret for secret in SECRETS if secret in listed]
    posts = {
        base + "consent/": {"how": "paper"}, base + "consent/back/": {}, base + "share/": {},
        f"/shares/{shared.pk}/end/": {}, f"/shares/{shared.pk}/say/": {"text": "x"}, f"/words/{word.pk}/settle/": {},
    }  # fmt: skip
    refused = [browser.get(base), *(browser.post(path, form) for path, form in posts.items())]
    for answer in refused:
        assert answer.status_code == (404 if chair else 302)
        assert not [secret for secret in SECRETS if secret in answer.content.decode()]
    assert [list(model.objects.values()) for model in (Consent, Share, SupervisionWord)] == before


def test_ben_cannot_share_or_end_or_record(shared: Share, told: Therapy, ben: Membership, signed_in: SignedIn) -> None:
    browser, base = signed_in(ben), f"/clients/{told.client.pk}/supervision/"
    before = [list(model.objects.values()) for model in (Consent, Share)]
    assert browser.post(base + "consent/", {"how": "paper"}).status_code == 404
    assert browser.post(base + "consent/back/").status_code == 404
    assert browser.post(base + "share/", {"supervisor": ben.pk, "last_day": "2026-09-30"}).status_code in (404, 422)
    assert browser.post(f"/shares/{shared.pk}/end/").status_code == 404
    assert [list(model.objects.values()) for model in (Consent, Share)] == before
