"""Every page and every post of the therapist, asked for by everybody. The refusals are the point."""

import re
from collections.abc import Callable

import pytest
from django.test import Client as Browser
from django.urls import URLPattern, get_resolver

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.models import CheckIn, Invitation, Reply
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.insight import urls
from holdfast.practice.ruptures.models import Attempt, EpisodeNote, RuptureEpisode
from tests.practice.insight.conftest import WORDS, Therapy

SignIn = Callable[[Membership | None], Browser]
OWN = ("client", "session", "rate", "episode")
POSTS = {
    "book": {"day": "2026-08-03", "time": "10:00"},
    "make-link": {"purpose": "after"},
    "mark": {"state": "cancelled"},
    "rate": {},
    "skip": {},
    "revoke-link": {},
    "reply": {"text": "x"},
    "acknowledge": {},
    "talked": {},
    "note": {"text": "x"},
    "close": {"status": "not", "text": "x"},
    "choose-language": {"language": "de"},
    "plan": {"strategy": "own-part"},
    "undo": {},
    "reopen": {},
    "tell": {"judgement": "helped"},
}
ELSEWHERE = {
    "practice", "settings", "supervision", "client-supervision", "give-consent", "take-consent-back", "start-share",
    "stop-share", "say-in-supervision", "settle-word", "together", "letter", "letter-pdf", "forms", "form-preview",
    "form-pdf", "give-device", "paper", "sharing", "keep-view", "change-view", "words",
}  # fmt: skip
"""Asked for from every chair in test_supervision, test_running, test_paper, test_pdf, test_questionnaires,
test_other_ways_in, test_sharing, test_kept_views and test_licensed_words."""
SECRETS = ("Quellbach", "C-01", WORDS, "Session 6 was rated", "0151 4711")
MODELS = (Client, Session, Invitation, CheckIn, Reply, RuptureEpisode, EpisodeNote, Attempt)


def address(name: str, told: Therapy) -> str:
    keys = {
        "client": told.client.pk, "book": told.client.pk, "choose-language": told.client.pk, "session": told.coming.pk,
        "make-link": told.coming.pk,
        "mark": told.coming.pk, "rate": told.sessions[-1].pk, "skip": told.sessions[-1].pk,
        "revoke-link": told.link.invitation.pk, "reply": told.comment.pk, "tell": told.attempt.pk,
    }  # fmt: skip
    pattern = next(each for each in urls.urlpatterns if each.name == name)
    return "/" + re.sub("<uuid:key>", str(keys.get(name, told.episode.pk)), str(pattern.pattern))


def state_of_everything() -> list[object]:
    return [list(model.objects.order_by("pk").values()) for model in MODELS]


def test_the_chairs_below_know_every_address_of_the_therapist() -> None:
    names = {pattern.name for pattern in urls.urlpatterns if isinstance(pattern, URLPattern)}
    assert names == {"today", "clients", "new-client", "episodes", *OWN, *POSTS, *ELSEWHERE}
    assert all(get_resolver().reverse_dict.getlist(name) for name in names)


@pytest.mark.parametrize("path", ["/today/", "/clients/", "/episodes/"])
@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga"])
def test_lists_are_empty_for_whoever_has_no_such_clients(
    path: str, chair: str, told: Therapy, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    answer = signed_in(request.getfixturevalue(chair)).get(path)
    assert answer.status_code == 200
    assert not [secret for secret in SECRETS if secret in answer.content.decode()]


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga"])
def test_not_yours_and_not_there_are_the_same_page(
    name: str, chair: str, told: Therapy, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(chair))
    foreign = browser.get(address(name, told))
    missing = browser.get(re.sub(r"[0-9a-f]{8}-", "00000000-", address(name, told)))
    assert (foreign.status_code, foreign.content) == (404, missing.content)
    assert not [secret for secret in SECRETS if secret in foreign.content.decode()]


@pytest.mark.parametrize("name", POSTS)
@pytest.mark.parametrize("chair", ["ben", "dan", "rae", "olga"])
def test_nobody_else_changes_anything(
    name: str, chair: str, told: Therapy, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    before = state_of_everything()
    answer = signed_in(request.getfixturevalue(chair)).post(address(name, told), POSTS[name])
    assert answer.status_code == 404
    assert state_of_everything() == before


@pytest.mark.parametrize("name", ["today", "clients", "new-client", "episodes", *OWN])
def test_a_stranger_is_asked_to_sign_in(name: str, told: Therapy, signed_in: SignIn) -> None:
    answer = signed_in(None).get(address(name, told))
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


@pytest.mark.parametrize("chair", ["ben", "rae", "olga"])
def test_only_a_therapist_takes_clients_on(
    chair: str, told: Therapy, signed_in: SignIn, request: pytest.FixtureRequest
) -> None:
    browser = signed_in(request.getfixturevalue(chair))
    assert browser.get("/clients/new/").status_code == 404
    assert browser.post("/clients/new/", {"code": "X", "name": "Y"}).status_code == 404
    assert Client.objects.count() == 1


@pytest.mark.parametrize("name", ["client", "session", "episode"])
def test_every_look_is_on_the_log(name: str, told: Therapy, signed_in: SignIn, ada: Membership) -> None:
    log = AuditEntry.objects.count()
    assert signed_in(ada).get(address(name, told)).status_code == 200
    entry = AuditEntry.objects.order_by("seq").last()
    assert AuditEntry.objects.count() == log + 1
    assert entry is not None
    assert (entry.verb.split(".")[1], entry.person_id) == ("read", ada.person_id)


def test_a_therapist_whose_case_was_closed_is_refused_at_once(
    told: Therapy, signed_in: SignIn, ada: Membership
) -> None:
    browser = signed_in(ada)
    assert browser.get(address("client", told)).status_code == 200
    told.client.dyads.update(closed_at=told.now)
    assert browser.get(address("client", told)).status_code == 404


@pytest.mark.parametrize("name", POSTS)
def test_without_the_token_of_our_form_a_post_does_nothing(name: str, told: Therapy, ada: Membership) -> None:
    browser = Browser(enforce_csrf_checks=True)
    browser.force_login(ada.person)
    before = state_of_everything()
    answer = browser.post(address(name, told), POSTS[name])
    assert answer.status_code == 403
    assert "This page was open too long" in answer.content.decode()
    assert state_of_everything() == before
