"""The page of questionnaires: what is asked, what cannot be and why, whose words, chosen by whoever runs it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client as Browser

from holdfast.instruments import list_instruments
from holdfast.practice.accounts.models import Membership
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.insight.catalogue import catalogue, preview

SignedIn = Callable[[Membership | None], Browser]


def test_every_questionnaire_stands_with_its_rights(ada: Membership, signed_in: SignedIn) -> None:
    text = signed_in(ada).get("/practice/forms/").content.decode()
    for each in list_instruments():
        assert each.rights.licence in text
        assert f"/practice/forms/{each.id}/" in text
    assert "never joined" in text
    assert "Keep this set" not in text


def test_what_cannot_be_asked_says_why_and_cannot_be_ticked(olga: Membership, signed_in: SignedIn) -> None:
    sets = {occasion: {each.instrument.id: each for each in held} for occasion, _, held in catalogue(olga).sets}
    assert sets["before"]["phq-8"].is_asked
    assert not sets["before"]["phq-8"].reason
    assert "two named people" in sets["before"]["phq-9"].reason
    text = signed_in(olga).get("/practice/forms/").content.decode()
    box = re.search(r'<input type="checkbox" name="before" value="phq-9"[^>]*>', text)
    assert box is not None
    assert "disabled" in box[0]


def test_the_owner_chooses_and_the_order_stays(olga: Membership, signed_in: SignedIn) -> None:
    desk = signed_in(olga)
    given = {"occasion": "before", "before": ["gad-7", "holdfast-before", "phq-8"]}
    assert desk.post("/practice/forms/", given)["Location"] == "/practice/forms/"
    olga.practice.refresh_from_db()
    assert olga.practice.before_forms == ["phq-8", "holdfast-before", "gad-7"]
    assert AuditEntry.objects.get(verb="forms.chosen").person_id == olga.person_id


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"occasion": "before", "before": ["phq-9"]}, "two named people"),
        ({"occasion": "before"}, "one form at least"),
        ({"occasion": "midnight"}, "chosen for one of"),
        ({"occasion": "after", "after": ["phq-8"]}, "not made for this occasion"),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    given: dict[str, object], says: str, olga: Membership, signed_in: SignedIn
) -> None:
    answer = signed_in(olga).post("/practice/forms/", given)
    assert (answer.status_code, says in answer.content.decode()) == (422, True)
    before = list(olga.practice.before_forms)
    olga.practice.refresh_from_db()
    assert olga.practice.before_forms == before


@pytest.mark.parametrize("who", ["ada", "ben", "rae"])
def test_others_read_and_do_not_choose(who: str, signed_in: SignedIn, request: pytest.FixtureRequest) -> None:
    actor = request.getfixturevalue(who)
    browser = signed_in(actor)
    assert browser.get("/practice/forms/").status_code == 200
    assert browser.post("/practice/forms/", {"occasion": "before", "before": ["gad-7"]}).status_code == 404
    actor.practice.refresh_from_db()
    assert "gad-7" not in actor.practice.before_forms


@pytest.mark.parametrize("name", [each.id for each in list_instruments()])
def test_each_can_be_looked_at_or_says_why_not(name: str, ada: Membership, signed_in: SignedIn) -> None:
    answer = signed_in(ada).get(f"/practice/forms/{name}/")
    assert answer.status_code == 200
    found = preview(name, "en")
    assert found is not None
    text = answer.content.decode()
    if found.form is None:
        assert found.reason
        assert "☐" not in text
    else:
        assert text.count("☐") == sum(len(question.choices) for question in found.form.questions)
        assert "<input" not in text[text.index("paper") :]


def test_a_preview_in_german_and_of_nothing(ada: Membership, signed_in: SignedIn) -> None:
    browser = signed_in(ada)
    assert "auf derselben Seite" in browser.get("/practice/forms/holdfast-session/?language=de").content.decode()
    assert "☐" not in browser.get("/practice/forms/phq-8/?language=de").content.decode()
    assert browser.get("/practice/forms/no-such/").status_code == 404
    assert signed_in(None).get("/practice/forms/").status_code == 302
