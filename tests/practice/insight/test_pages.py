"""What Ada reads: the sentence first, with what it is compared and how often chance does it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client as Browser

from holdfast.practice.accounts.models import Membership
from holdfast.practice.answers.models import CheckIn, Reply
from holdfast.practice.caseload.models import Client, Session
from holdfast.practice.ruptures.models import EpisodeNote, RuptureEpisode
from tests.practice.insight.conftest import WORDS, Therapy
from tests.practice.insight.test_five_chairs import POSTS, address
from tests.practice.sayings import RATED

SignIn = Callable[[Membership | None], Browser]
TAPS = {f"holdfast-session-therapist.{item}": str(value) for item, value in RATED["holdfast-session-therapist"].items()}


@pytest.fixture
def desk(signed_in: SignIn, ada: Membership) -> Browser:
    return signed_in(ada)


def text_of(desk: Browser, path: str) -> str:
    answer = desk.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def words_of(markup: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", markup))


@pytest.mark.parametrize("name", ["today", "clients", "new-client", "episodes", "client", "session", "rate", "episode"])
def test_every_page_keeps_the_policy(name: str, told: Therapy, desk: Browser) -> None:
    answer = desk.get(address(name, told))
    markup = answer.content.decode()
    assert answer.status_code == 200
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert (answer["Cache-Control"], answer["Referrer-Policy"]) == ("no-store", "same-origin")
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", markup)
    assert not re.search(r"<style|<script(?! src=)|javascript:|https?://", markup)
    assert markup.count("<h1") == 1
    assert "Simulated practice" not in markup


def test_today_says_one_line_for_each_client(told: Therapy, desk: Browser) -> None:
    words = words_of(text_of(desk, "/today/"))
    assert "Session 6 was rated 25. The sessions before lead one to expect" in words
    assert re.search(
        r"A rating this low comes up by chance (about once in [\d,]+|less than once in 10,000) sessions", words
    )
    assert "Next: Cleo Quellbach . Session 8, today at 15:00." in words
    assert "Predict and rate session 7" in words
    assert "Not answered yet: before session 8." in words
    assert "It is no green light." in words


def test_the_clients_page_says_it_first_and_shows_all_of_it(told: Therapy, desk: Browser) -> None:
    markup = text_of(desk, address("client", told))
    words = words_of(markup)
    assert words.index("Session 6 was rated lower than expected") < words.index("Alliance, session by session")
    assert "data-chart" in markup
    assert "Empathic understanding" in words
    assert "Session 6: you expected 62 for bond and work together; they answered 25." in words
    assert WORDS in words
    assert "I felt that my therapist and I were on the same side." in words
    assert "Project items, not validated." in words
    assert "A reply is read on the client’s own page" in words


def test_a_session_the_therapist_has_not_rated_stays_hidden_everywhere(told: Therapy, desk: Browser) -> None:
    for name in ("today", "clients", "client", "episodes", "episode", "session", "rate"):
        markup = text_of(desk, address(name, told))
        assert "Hidden until rated." not in markup
        assert "Session 7 was rated" not in markup
    answer = desk.post(address("rate", told), TAPS)
    assert answer.status_code == 302
    words = words_of(text_of(desk, address("client", told)))
    assert "Session 7 was rated 50" in words
    assert "Hidden until rated." in words


def test_a_skipped_rating_shows_the_answers_too(told: Therapy, desk: Browser) -> None:
    assert desk.post(address("skip", told)).status_code == 302
    assert "Session 7 was rated 50" in words_of(text_of(desk, address("client", told)))
    assert CheckIn.objects.get(session=told.sessions[-1], rater="therapist").skipped


def test_an_unfinished_rating_keeps_what_was_marked(told: Therapy, desk: Browser) -> None:
    answer = desk.post(address("rate", told), {**TAPS, "holdfast-session-therapist.focus": ""})
    markup = answer.content.decode()
    assert answer.status_code == 422
    assert "Some questions are not marked yet." in markup
    assert markup.count(" checked") == 5
    assert CheckIn.objects.filter(session=told.sessions[-1], rater="therapist").count() == 0


def test_a_session_to_come_is_not_rated_yet(told: Therapy, desk: Browser) -> None:
    path = f"/sessions/{told.coming.pk}/"
    assert "Once you have met" in text_of(desk, path)
    assert "It was held" not in text_of(desk, path)
    assert "This session has not begun." in text_of(desk, f"{path}rate/")
    for verb, fields in (("rate", TAPS), ("skip", {})):
        answer = desk.post(f"{path}{verb}/", fields)
        assert answer.status_code == 422
        assert "This session has not begun." in answer.content.decode()
    assert told.coming.check_ins.count() == 0


def test_a_locked_rating_stays_locked(told: Therapy, desk: Browser) -> None:
    desk.post(address("rate", told), TAPS)
    assert "locked" in text_of(desk, address("rate", told))
    assert "locked" in desk.post(address("rate", told), TAPS).content.decode()
    assert desk.post(address("skip", told)).status_code == 422


def test_a_link_is_shown_once_with_its_picture_and_code(told: Therapy, desk: Browser) -> None:
    answer = desk.post(address("make-link", told), {"purpose": "before"})
    markup = answer.content.decode()
    token = re.search(r"http://testserver/f#([\w-]{27})", markup)
    assert token is not None
    assert "<svg" in markup
    assert "<title>QR code of the link</title>" in markup
    assert not re.search(r"<[^>]+\sstyle=", markup)
    again = text_of(desk, address("session", told))
    assert token[1] not in again
    assert "Open" in again
    told.link.invitation.refresh_from_db()
    assert told.link.invitation.state == "replaced"


def test_taking_a_link_back(told: Therapy, desk: Browser) -> None:
    assert desk.post(address("revoke-link", told)).status_code == 302
    assert "Taken back" in text_of(desk, address("session", told))
    assert desk.post(address("revoke-link", told)).status_code == 422


def test_what_cannot_be_done_is_said_in_one_sentence(told: Therapy, desk: Browser) -> None:
    answer = desk.post(address("make-link", told), {"purpose": "sideways"})
    assert answer.status_code == 422
    assert "A link is for one of" in answer.content.decode()


def test_booking_needs_day_and_time_and_keeps_them(told: Therapy, desk: Browser) -> None:
    answer = desk.post(address("book", told), {"day": "2026-08-03", "time": "half past"})
    assert answer.status_code == 422
    assert 'value="2026-08-03"' in answer.content.decode()
    assert "Write the time as 15:00." in answer.content.decode()
    assert desk.post(address("book", told), POSTS["book"])["Location"].startswith("/sessions/")
    assert Session.objects.order_by("number").last().number == 9  # type: ignore[union-attr]


def test_taking_a_client_on(told: Therapy, desk: Browser) -> None:
    answer = desk.post("/clients/new/", {"code": "C-01", "name": "Somebody Else"})
    assert answer.status_code == 422
    assert "has the code C-01 already" in answer.content.decode()
    assert 'value="Somebody Else"' in answer.content.decode()
    answer = desk.post("/clients/new/", {"code": "C-02", "name": "Somebody Else", "contact": "at the desk"})
    assert answer.status_code == 302
    assert "No session has been rated yet." in text_of(desk, answer["Location"])


def test_a_reply_stands_under_its_comment(told: Therapy, desk: Browser) -> None:
    answer = desk.post(address("reply", told), {"text": " "})
    assert answer.status_code == 422
    assert "Nothing is written yet." in answer.content.decode()
    assert desk.post(address("reply", told), {"text": "Let us begin there."}).status_code == 302
    assert Reply.objects.count() == 1
    assert "Let us begin there." in text_of(desk, address("client", told))


def test_the_way_of_an_episode(told: Therapy, desk: Browser) -> None:
    path = address("episode", told)
    assert "Not yet acknowledged" in text_of(desk, path)
    for name, seen in (("acknowledge", "Acknowledged"), ("talked", "Talked about")):
        assert desk.post(address(name, told)).status_code == 302
        assert seen in text_of(desk, path)
    assert desk.post(address("note", told), {"text": ""}).status_code == 422
    assert desk.post(address("note", told), {"text": "I was late."}).status_code == 302
    assert "I was late." in text_of(desk, path)
    wrong = desk.post(address("close", told), {"text": "It is better."})
    assert wrong.status_code == 422
    assert "Choose one of the three." in wrong.content.decode()
    assert "It is better." in wrong.content.decode()
    assert desk.post(address("close", told), {"status": "partly", "text": "It is better."}).status_code == 302
    assert "Closed as partly repaired" in text_of(desk, path)
    assert desk.post(address("close", told), {"status": "not", "text": "x"}).status_code == 422
    assert RuptureEpisode.objects.get().status == "partly"
    assert EpisodeNote.objects.count() == 2


def test_the_list_of_episodes_says_the_practices_own_dial(told: Therapy, desk: Browser, ada: Membership) -> None:
    ada.practice.false_alarms_per_20 = 1.5
    ada.practice.save(update_fields=["false_alarms_per_20"])
    assert "up to 1.5 of the computed signals still come up in 20 sessions" in text_of(desk, "/episodes/")


def test_the_fixed_rule_stands_apart_where_the_practice_has_one(told: Therapy, desk: Browser, ada: Membership) -> None:
    assert "Worth talking about" not in text_of(desk, address("client", told))
    ada.practice.talk_at = 30.0
    ada.practice.save(update_fields=["talk_at"])
    page = text_of(desk, address("client", told))
    assert "Session 6 was rated 25, and the practice talks about ratings of 30 or less." in page


def test_a_session_that_did_not_happen(told: Therapy, desk: Browser) -> None:
    assert desk.post(address("mark", told), {"state": "missed"}).status_code == 302
    assert "The session did not take place." in text_of(desk, address("session", told))
    assert desk.post(address("mark", told), {"state": "lost"}).status_code == 422


def test_empty_pages_say_what_will_be_there(desk: Browser) -> None:
    assert "Your clients will stand here, one line each" in text_of(desk, "/today/")
    assert "Everybody you work with will stand here" in text_of(desk, "/clients/")
    assert "an episode opens and stands here" in text_of(desk, "/episodes/")


def test_a_simulated_practice_says_so_on_every_page(told: Therapy, desk: Browser, ada: Membership) -> None:
    ada.practice.is_simulated = True
    ada.practice.save()
    for name in ("today", "client", "episode"):
        assert "Simulated practice" in text_of(desk, address(name, told))


def test_names_are_escaped(ada: Membership, desk: Browser, noon: object) -> None:
    desk.post("/clients/new/", {"code": "<b>", "name": "<script>alert(1)</script>"})
    client = Client.objects.get()
    for path in ("/today/", "/clients/", f"/clients/{client.pk}/"):
        assert "<script>alert" not in text_of(desk, path)


def test_the_days_are_said_as_a_colleague_would(told: Therapy, ada: Membership) -> None:
    from holdfast.practice.insight.lines import when

    said = [when(told.now + timedelta(days=days), told.now) for days in (-1, 0, 1, 3, 9, 300)]
    assert said == ["yesterday at 12:00", "today at 12:00", "tomorrow at 12:00", "Friday at 12:00", "25 June at 12:00",
                    "12 April 2027 at 12:00"]  # fmt: skip
