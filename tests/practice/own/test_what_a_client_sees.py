"""What a client may read, and what not: the rows of every model, and the bytes of every page."""

import csv
import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Device, Membership
from holdfast.practice.accounts.policy import registered, visible
from holdfast.practice.answers.actions import reply
from holdfast.practice.answers.models import CheckIn, Invitation, Rater, ReleaseChoice
from holdfast.practice.caseload.actions import add_client, book_session
from holdfast.practice.caseload.contact import contact_of
from holdfast.practice.caseload.models import Client, Consent, Session
from holdfast.practice.caseload.sharing import record_consent
from holdfast.practice.formulation.actions import Saying, add_entry, begin_goal, change_entry
from holdfast.practice.formulation.models import EntryVersion, FormulationEntry, SharedGoal
from holdfast.practice.lib import clock
from holdfast.practice.own import urls
from tests.practice.insight.conftest import WORDS, Therapy
from tests.practice.own.conftest import GivePage

SEES = {
    "accounts.Membership", "accounts.Practice", "accounts.Device", "accounts.Passkey", "accounts.SetUpLink",
    "audit.AuditEntry", "caseload.Dyad", "caseload.Client", "caseload.EpisodeOfCare", "caseload.Session",
    "caseload.Consent", "answers.CheckIn", "answers.Score", "answers.Comment", "answers.Reply",
    "answers.ReleaseChoice", "answers.Invitation", "formulation.FormulationEntry", "formulation.EntryVersion",
    "formulation.SharedGoal", "formulation.GoalVersion", "formulation.GoalLink", "formulation.SessionWork",
    "messages.Timetable", "messages.Message", "messages.Attempt",
}  # fmt: skip
"""What a client's rule may let through at all; everything else shows them no row (safety.md 3)."""
PAGES = ("/mine/", "/mine/answers/", "/mine/goals/", "/mine/choices/", "/mine/keys/")


def _me(told: Therapy) -> Membership:
    told.client.refresh_from_db()
    membership: Membership = told.client.membership
    return membership


def test_a_client_sees_rows_of_these_models_only_and_only_their_own(
    mine: Browser, opened: Therapy, ada: Membership, given: GivePage
) -> None:
    other = add_client(actor=ada, code="C-02", name="Milo Pasternak", at=opened.now)
    session = book_session(actor=ada, dyad=other.dyads.get(), starts_at=opened.now, at=opened.now)
    begin_goal(actor=ada, dyad=other.dyads.get(), text="Not hers", at=opened.now)
    given(other, ada)
    me = _me(opened)
    for model in registered():
        rows = visible(me, model)
        if model._meta.label not in SEES:
            assert not rows.exists(), model._meta.label
    assert set(visible(me, Client)) == {opened.client}
    assert session not in visible(me, Session)
    assert set(visible(me, Session)) == {*opened.sessions, opened.coming}
    assert not visible(me, SharedGoal).exists()
    assert {row.person for row in visible(me, Device)} == {me.person}
    assert set(visible(me, Membership)) == {me}


def test_a_client_sees_what_they_answered_and_nothing_that_the_therapist_did(mine: Browser, opened: Therapy) -> None:
    rows = visible(_me(opened), CheckIn)
    assert {row.rater for row in rows} == {Rater.CLIENT}
    assert rows.count() == CheckIn.objects.filter(rater=Rater.CLIENT).count()


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_no_word_of_the_therapist_s_own_or_of_anybody_else(
    path: str, mine: Browser, opened: Therapy, ada: Membership
) -> None:
    add_client(actor=ada, code="C-02", name="Milo Pasternak", at=opened.now)
    page = mine.get(path).content.decode()
    for secret in ("Milo", "C-02", "Session 6 was rated", "lead one to expect", "Episode", "prediction", "0151 4711"):
        assert secret not in page, secret


def test_the_unrated_session_is_theirs_to_read_and_tells_not_whether_it_was_rated(
    mine: Browser, opened: Therapy, ada: Membership
) -> None:
    before = mine.get("/mine/answers/").content.decode()
    assert "Hidden until rated." in before
    assert WORDS in before
    from holdfast.practice.checkins.actions import skip_rating

    skip_rating(session=opened.sessions[-1], actor=ada, at=opened.now)
    assert _without_tokens(mine.get("/mine/answers/").content.decode()) == _without_tokens(before)


def test_a_reply_is_read_on_the_first_page(mine: Browser, opened: Therapy, ada: Membership) -> None:
    reply(actor=ada, comment=opened.comment, text="Thank you for saying it.", at=opened.now)
    assert "Thank you for saying it." in mine.get("/mine/").content.decode()


def test_pages_speak_the_client_s_language(mine: Browser, opened: Therapy) -> None:
    Client.objects.filter(pk=opened.client.pk).update(language="de")
    for path in PAGES:
        page = mine.get(path).content.decode()
        assert '<html lang="de" dir="ltr">' in page
        assert "Ihre" in page or "Sie" in page
        for english in (" the ", " your ", "Your "):
            assert english not in _written(page), (path, english)


def test_goals_and_formulation_are_built_by_both_hands(mine: Browser, opened: Therapy, ada: Membership) -> None:
    dyad = opened.client.dyads.get()
    mine.post("/mine/goals/", {"do": "add-goal", "dyad": dyad.pk, "text": "Ask for help sooner"})
    mine.post(
        "/mine/goals/",
        {"do": "add-entry", "dyad": dyad.pk, "kind": "coping", "worked": "helped", "text": "Walking by the sea"},
    )
    goal, entry = SharedGoal.objects.get(), FormulationEntry.objects.get()
    assert goal.begun_by == _me(opened)
    page = mine.get("/mine/goals/").content.decode()
    assert "Ask for help sooner" in page
    assert "Walking by the sea" in page
    version = entry.versions.get()
    change_entry(
        actor=ada,
        entry=entry,
        saying=Saying(kind="coping", text="Walking by the sea, alone", worked="helped"),
        after=version.number,
        at=opened.now,
    )
    stale = {"do": "change-entry", "key": entry.pk, "after": 1, "kind": "coping", "worked": "not", "text": "Mine"}
    refused = mine.post("/mine/goals/", stale)
    assert refused.status_code == 422
    assert "Mine" in refused.content.decode()  # what was typed is not lost
    assert EntryVersion.objects.filter(entry=entry).count() == 2
    for act in ("reached", "take-up", "let-go"):
        mine.post("/mine/goals/", {"do": act, "key": goal.pk})
    goal.refresh_from_db()
    assert goal.state == "let go"
    mine.post("/mine/goals/", {"do": "aside", "key": entry.pk})
    entry.refresh_from_db()
    assert entry.set_aside_by == _me(opened)
    mine.post("/mine/goals/", {"do": "back", "key": entry.pk})
    entry.refresh_from_db()
    assert entry.set_aside_at is None


@pytest.mark.parametrize(
    "posted",
    [
        {"do": "add-goal", "text": "  "},
        {"do": "add-goal", "text": "x" * 4001},
        {"do": "add-entry", "kind": "coping", "text": "No word on how it worked"},
        {"do": "add-entry", "kind": "nothing", "text": "x"},
    ],
)
def test_what_is_not_whole_is_refused_in_one_sentence_and_changes_nothing(
    posted: dict[str, str], mine: Browser, opened: Therapy
) -> None:
    refused = mine.post("/mine/goals/", posted | {"dyad": str(opened.client.dyads.get().pk)})
    assert refused.status_code == 422
    assert refused.content.decode().count('role="alert"') == 1
    assert not SharedGoal.objects.exists()
    assert not FormulationEntry.objects.exists()


def test_nobody_writes_on_the_page_of_another(mine: Browser, opened: Therapy, ada: Membership, given: GivePage) -> None:
    other = add_client(actor=ada, code="C-02", name="Milo Pasternak", at=opened.now)
    entry = add_entry(actor=ada, dyad=other.dyads.get(), saying=Saying(kind="strength", text="Patience"), at=opened.now)
    goal = begin_goal(actor=ada, dyad=other.dyads.get(), text="Theirs", at=opened.now)
    tries = (
        {"do": "add-goal", "dyad": other.dyads.get().pk, "text": "x"},
        {"do": "reword", "key": goal.pk, "text": "x", "after": 1},
        {"do": "change-entry", "key": entry.pk, "text": "x", "kind": "strength", "after": 1},
        {"do": "aside", "key": entry.pk},
        {"do": "reached", "key": goal.pk},
        {"do": "nothing"},
        {"do": "reached", "key": "no key"},
    )
    for posted in tries:
        assert mine.post("/mine/goals/", posted).status_code == 404, posted
    entry.refresh_from_db()
    assert entry.set_aside_at is None


def test_an_ended_therapy_is_read_and_not_written(mine: Browser, opened: Therapy) -> None:
    dyad = opened.client.dyads.get()
    mine.post("/mine/goals/", {"do": "add-goal", "dyad": dyad.pk, "text": "Ask for help sooner"})
    dyad.closed_at = opened.now
    dyad.save()
    assert "Ask for help sooner" in mine.get("/mine/goals/").content.decode()
    assert WORDS in mine.get("/mine/answers/").content.decode()
    assert mine.post("/mine/goals/", {"do": "add-goal", "dyad": dyad.pk, "text": "x"}).status_code == 404
    assert SharedGoal.objects.count() == 1


def test_the_client_s_own_hand_on_what_is_shown_when(mine: Browser, opened: Therapy) -> None:
    mine.post("/mine/choices/", {"do": "release", "before": "trend", "after": "next session", "comment": "at once"})
    now = dict(ReleaseChoice.objects.filter(ended_at=None).values_list("kind", "release"))
    assert now == {"before": "trend", "after": "next session", "comment": "at once"}
    assert {row.recorded_by for row in ReleaseChoice.objects.all()} == {_me(opened)}
    assert mine.post("/mine/choices/", {"do": "release", "before": "never"}).status_code == 422


def test_safe_contact_is_set_by_whoever_it_is_about_and_asks_for_the_key_again_after_five_minutes(
    mine: Browser, opened: Therapy, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = {"do": "contact", "channel": "email", "address": "me@example.org", "earliest": "18:00", "latest": "20:00"}
    assert mine.post("/mine/choices/", said).status_code == 302
    opened.client.refresh_from_db()
    assert contact_of(opened.client).address == "me@example.org"
    assert mine.post("/mine/choices/", said | {"address": "nowhere"}).status_code == 422
    monkeypatch.setattr(clock, "now", lambda: opened.now + timedelta(minutes=6))
    late = mine.post("/mine/choices/", said | {"address": "other@example.org"})
    assert late.status_code == 403
    assert "open the page once more" in late.content.decode()
    opened.client.refresh_from_db()
    assert contact_of(opened.client).address == "me@example.org"


def test_consent_is_taken_back_as_easily_as_it_was_given_and_links_are_closed(
    mine: Browser, opened: Therapy, ada: Membership
) -> None:
    consent = record_consent(actor=ada, client=opened.client, purpose="supervision", how="session", at=opened.now)
    mine.post("/mine/choices/", {"do": "withdraw", "key": consent.pk})
    consent.refresh_from_db()
    assert consent.withdrawn_by == _me(opened)
    link = opened.link.invitation
    mine.post("/mine/choices/", {"do": "close-link", "key": link.pk})
    link.refresh_from_db()
    assert link.state == Invitation.State.REVOKED
    assert Consent.objects.filter(withdrawn_at=None).count() == 0


def test_a_form_whose_time_it_is_can_be_answered_from_the_page(mine: Browser, opened: Therapy) -> None:
    page = mine.get("/mine/").content.decode()
    assert "A form for before your session is open." in page
    answer = mine.post("/mine/form/", {"session": opened.coming.pk, "purpose": "before"})
    assert answer.headers["Location"] == "/f/form"
    form = mine.get("/f/form").content.decode()
    assert "Cleo" not in form
    opened.link.invitation.refresh_from_db()
    assert opened.link.invitation.state == Invitation.State.REPLACED
    elsewhere = mine.post("/mine/form/", {"session": opened.sessions[0].pk, "purpose": "after"})
    assert elsewhere.headers["Location"] == "/mine/"


def test_everything_goes_with_its_owner(
    mine: Browser, opened: Therapy, ada: Membership, signed_in: Callable[..., Browser]
) -> None:
    dyad = opened.client.dyads.get()
    mine.post("/mine/goals/", {"do": "add-goal", "dyad": dyad.pk, "text": "=SUM(A1)"})
    reply(actor=ada, comment=opened.comment, text="Thank you for saying it.", at=opened.now)
    signed_in(ada).get(f"/clients/{opened.client.pk}/")
    answer = mine.post("/mine/everything/")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        whole = json.loads(archive.read("record.json"))
        table = list(csv.DictReader(io.StringIO(archive.read("answers.csv").decode())))
    assert whole["person"]["name"] == "Cleo Quellbach"
    assert len(whole["answers"]) == CheckIn.objects.filter(rater=Rater.CLIENT).count()
    assert {each["text"] for each in whole["comments"]} == {WORDS, "Hidden until rated."}
    assert whole["comments"][-1]["replies"] or whole["comments"][0]["replies"]
    assert whole["work"][0]["goals"][0]["wordings"][0]["text"] == "=SUM(A1)"
    assert whole["looks"][0]["name"] == "Ada"
    raw = answer.content.decode("latin-1") + json.dumps(whole)
    assert "prediction" not in raw
    assert "depth" not in raw
    asked = sum(len(form["items"]) for each in whole["answers"] for form in each["forms"])
    assert len(table) == asked > 0
    assert not [cell for row in table for cell in row.values() if cell and cell[0] in "=+@"]


def test_everything_asks_for_the_key_again_after_five_minutes(
    mine: Browser, opened: Therapy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: opened.now + timedelta(minutes=6))
    assert mine.post("/mine/everything/").status_code == 403
    assert mine.get("/mine/answers/").headers["Location"] == "/mine/"


def test_a_key_is_taken_away_by_its_owner_alone(
    mine: Browser, opened: Therapy, ada: Membership, given: GivePage
) -> None:
    other = given(add_client(actor=ada, code="C-02", name="Milo Pasternak", at=opened.now), ada)
    key = Device.objects.get(person=_me(opened).person)
    assert other.post("/mine/keys/end/", {"key": key.pk}).status_code == 404
    assert mine.post("/mine/keys/end/", {"key": key.pk}).status_code == 302
    key.refresh_from_db()
    assert key.ended_at
    assert mine.get("/mine/answers/").headers["Location"] == "/mine/"


def test_the_number_of_queries_does_not_grow_with_the_sessions(
    mine: Browser, opened: Therapy, ada: Membership, django_assert_max_num_queries: Callable[..., object]
) -> None:
    counts = []
    for _ in range(2):
        with django_assert_max_num_queries(40) as captured:  # type: ignore[attr-defined]
            mine.get("/mine/")
        counts.append(len(captured))
        for day in range(3):
            book_session(
                actor=ada, dyad=opened.client.dyads.get(), starts_at=opened.now + timedelta(days=7 + day), at=opened.now
            )
    assert counts[0] == counts[1]


def test_the_addresses_of_the_room_are_the_ones_tested_here() -> None:
    names = {each.name for each in urls.urlpatterns}
    assert names == {
        "mine", "mine-begin", "mine-begin-open", "mine-ways", "mine-keep-pin", "mine-pin",
        "mine-passkey", "mine-passkey-shown", "mine-passkey-new", "mine-passkey-made", "mine-out", "mine-leave",
        "mine-form", "mine-answers", "mine-goals", "mine-choices", "mine-keys", "mine-end-key", "mine-everything",
        "their-page", "their-page-back",
    }  # fmt: skip


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


def _written(page: str) -> str:
    """The page without the therapist's and the client's own words, questionnaires and notices, which are not ours."""
    import re

    page = re.sub(r'<p class="(?:fine|quote written|written)">[^<]*</p>|<d[td]>[^<]*</d[td]>', "", page)
    return re.sub(r"<[^>]+>", " ", page)
