"""The simulated practice tells the stories it was made to tell, and lets a visitor in at once, each time."""

from datetime import timedelta
from functools import partial
from typing import Any
from unittest import mock

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client as Browser
from django.test import TestCase

from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.actions import open_form
from holdfast.practice.answers.models import CheckIn, Invitation
from holdfast.practice.answers.queries import answered, comments_of
from holdfast.practice.audit.models import AuditEntry
from holdfast.practice.audit.queries import verify_chain
from holdfast.practice.caseload.models import Dyad, Session
from holdfast.practice.caseload.queries import clients_of, sessions_between, sessions_of
from holdfast.practice.checkins.actions import rate, submit
from holdfast.practice.demo import answering, seed, stories, visit
from holdfast.practice.demo.management.commands import demo
from holdfast.practice.demo.moments import moments_of_all
from holdfast.practice.demo.tour import stops
from holdfast.practice.insight.supervision import supervision_list
from holdfast.practice.lib import clock
from holdfast.practice.ruptures.actions import recompute
from holdfast.practice.ruptures.models import RuptureEpisode
from holdfast.practice.ruptures.queries import episodes_of, notes_of
from holdfast.practice.ruptures.voices import hear
from tests.practice.conftest import NOON, PASSWORD
from tests.practice.sayings import RATED, session_answers

TOLD = {
    "C-02": ("acute", 7, "repaired"),
    "C-03": ("erosion", 10, "open"),
    "C-05": ("tension", 6, "open"),
}
"""What each shaped course has to show: the kind, the session that signals, and how it stands."""


def dyad_of(code: str) -> Dyad:
    return Dyad.objects.get(client__code=code)


class TestShore(TestCase):
    """The practice is made once for all of these; each test is taken back."""

    shore: Practice
    quist: Membership

    @classmethod
    def setUpTestData(cls) -> None:
        cls.enterClassContext(mock.patch.object(clock, "now", return_value=NOON))
        cls.shore = seed.seed(now=NOON, password=PASSWORD, more=0)
        cls.quist = Membership.objects.get(practice=cls.shore, role="therapist")

    def test_it_says_that_it_is_simulated(self) -> None:
        assert self.shore.is_simulated
        assert len(clients_of(self.quist)) == 10
        assert verify_chain(self.shore.pk).broken_at is None
        assert AuditEntry.objects.filter(at__gt=NOON).count() == 0  # nothing has happened yet that is still to come

    def test_the_detector_tells_each_story(self) -> None:
        found = {
            row.dyad.client.code: (row.kind, row.signal_session.number, row.status)
            for row in RuptureEpisode.objects.select_related("dyad__client", "signal_session")
        }
        shaped = {story.code for story in stories.STORIES if story.alliance}
        assert {code: told for code, told in found.items() if code in shaped} == TOLD
        assert any(code not in shaped for code in found)  # what the generative model drew shows too

    def test_the_repair_is_in_the_ratings_and_in_the_words(self) -> None:
        (episode,) = episodes_of(self.quist, [dyad_of("C-02")])
        assert (episode.ratings_status, episode.client_eased, episode.closed_by) == ("repaired", True, None)
        assert episode.acknowledged_at is not None
        assert episode.talked_at is not None
        assert len(notes_of(self.quist, episode)) == 2

    def test_the_answers_give_the_wanted_ratings(self) -> None:
        for story in stories.STORIES:
            care = dyad_of(story.code).episodes_of_care.get()
            scores = hear(care, check_ins=CheckIn.objects.all()).said["client"]
            by_number = {session.number: scores.get(session.pk) for session in care.sessions.all()}
            shaped = dict(enumerate(story.alliance, start=1))
            assert {number: by_number[number] for number in shaped} == shaped

    def test_a_rating_that_was_not_given_is_not_made_up(self) -> None:
        missed = dyad_of("C-05").episodes_of_care.get().sessions.get(number=4)
        assert (missed.state, missed.check_ins.count()) == ("missed", 0)
        drawn = next(
            moments for story, moments in zip(stories.STORIES, moments_of_all(), strict=True) if story.code == "C-07"
        )
        unrated = {moment.number for moment in drawn if moment.alliance is None}
        assert unrated
        care = dyad_of("C-07").episodes_of_care.get()
        silent = care.sessions.filter(state="held").exclude(
            check_ins__in=CheckIn.objects.filter(rater="client", purpose="after")
        )
        assert {session.number for session in silent} == unrated

    def test_yesterdays_session_waits_for_the_therapists_rating(self) -> None:
        last = sessions_of(self.quist, dyad_of("C-06"))[6]
        state = answered(self.quist, [last])[last]
        assert (state.after, state.may_read) == (True, False)
        assert episodes_of(self.quist, [dyad_of("C-06")]) == []
        assert comments_of(self.quist, [last]) == []
        rate(session=last, actor=self.quist, answers=RATED, at=NOON)
        (episode,) = episodes_of(self.quist, [dyad_of("C-06")])
        assert (episode.kind, episode.signal_session, episode.status) == ("acute", last, "open")

    def test_two_therapies_are_open_for_supervision_with_a_question_each(self) -> None:
        ben = Membership.objects.get(practice=self.shore, role="supervisor")
        lines = supervision_list(ben, NOON)
        assert [line.line.code for line in lines] == ["C-02", "C-03"]
        assert all(len(line.threads[0].unsettled) == 1 for line in lines)

    def test_today_has_sessions_with_the_form_before_them_in(self) -> None:
        start = NOON.replace(hour=0)
        today = sessions_between(self.quist, start, start + timedelta(days=1))
        assert {session.episode_of_care.dyad.client.code for session in today} == {"C-01", "C-03", "C-04"}
        assert all(state.before and not state.after for state in answered(self.quist, today).values())

    def test_comments_have_replies(self) -> None:
        read = comments_of(self.quist, sessions_of(self.quist, dyad_of("C-05")))
        assert [len(each.replies) for each in read] == [0, 1]

    def test_one_therapy_has_ended(self) -> None:
        assert dyad_of("C-10").episodes_of_care.get().ended_at is not None

    def test_what_was_said_is_in_the_past_and_each_running_therapy_has_a_next_session(self) -> None:
        assert not CheckIn.objects.filter(submitted_at__gt=NOON).exists()
        start = NOON.replace(hour=0)
        ahead = sessions_between(self.quist, start, start + timedelta(days=8))
        assert {session.episode_of_care.dyad.client.code for session in ahead} == {
            story.code for story in stories.STORIES if not story.ended
        }

    def test_it_is_computed_again_to_the_same(self) -> None:
        before = list(RuptureEpisode.objects.order_by("pk").values())
        recompute(practice=self.shore, at=NOON)
        assert list(RuptureEpisode.objects.order_by("pk").values()) == before

    def test_the_link_works_at_once_and_is_fresh_each_time(self) -> None:
        first = visit.fresh_link(practice=self.shore, at=NOON)
        second = visit.fresh_link(practice=self.shore, at=NOON)
        assert first.invitation.session == second.invitation.session
        assert Invitation.objects.get(pk=first.invitation.pk).state == "replaced"
        assert open_form(token=second.token, at=NOON).form.invitation == second.invitation
        assert open_form(code=second.code, at=NOON).form.invitation == second.invitation

    def test_a_low_rating_of_the_visitor_opens_an_episode_once_it_is_rated(self) -> None:
        link = visit.fresh_link(practice=self.shore, at=NOON)
        submit(form=open_form(token=link.token, at=NOON).form, answers=session_answers(50), nonce="n", at=NOON)
        opened = RuptureEpisode.objects.filter(dyad=dyad_of(stories.VISITOR))
        assert opened.count() == 0
        rate(session=link.invitation.session, actor=self.quist, answers=RATED, at=NOON)
        assert opened.count() == 1

    def test_once_it_is_answered_a_new_session_is_booked(self) -> None:
        link = visit.fresh_link(practice=self.shore, at=NOON)
        submit(form=open_form(token=link.token, at=NOON).form, answers=session_answers(75), nonce="n", at=NOON)
        again = visit.fresh_link(practice=self.shore, at=NOON)
        assert again.invitation.session.number == link.invitation.session.number + 1
        later = visit.fresh_link(practice=self.shore, at=NOON + timedelta(days=30))
        assert later.invitation.session.starts_at == NOON + timedelta(days=30)
        assert open_form(token=later.token, at=NOON + timedelta(days=30)).cookie

    def test_without_the_visitor_it_says_what_to_do(self) -> None:
        Dyad.objects.filter(client__code=stories.VISITOR).update(closed_at=NOON)
        with pytest.raises(RecordError, match="Remove the folder"):
            visit.fresh_link(practice=self.shore, at=NOON)

    def test_every_stop_opens_as_its_person_and_shows_what_it_says(self) -> None:
        shown = {
            "today": "Today", "course": "Noah Brandt", "episode": "I pushed on", "together": "Between us",
            "formulation": "I go quiet", "mine": "Your page", "supervision": "N. B.", "practice": "Practice",
            "help": "Ada Quist", "requests": "Mika",
        }  # fmt: skip
        browser = Browser()
        for stop in stops():
            answer = browser.post(f"/tour/{stop.key}/")
            assert answer.status_code == 302, stop.key
            if stop.key == "form":
                assert answer.headers["Location"].startswith("/f#")
                continue
            page = browser.get(answer.headers["Location"])
            assert page.status_code == 200, stop.key
            assert shown[stop.key] in page.content.decode(), stop.key
        assert {stop.key for stop in stops()} == {"form", *shown}

    def test_the_tour_lists_the_stops_and_needs_no_script(self) -> None:
        page = Browser().get("/tour/").content.decode()
        assert page.count("<button") == len(stops())
        assert "<script" not in page
        assert "everybody here is made up" in page

    def test_a_real_practice_has_no_tour(self) -> None:
        Practice.objects.update(is_simulated=False)
        browser = Browser()
        assert browser.get("/tour/").status_code == 404
        for stop in stops():
            assert browser.post(f"/tour/{stop.key}/").status_code == 404
        assert "_auth_user_id" not in browser.session

    def test_nor_has_a_simulated_one_that_asks_for_a_second_factor(self) -> None:
        with self.settings(SECOND_FACTOR=True):
            assert Browser().get("/tour/").status_code == 404
            assert Browser().post("/tour/today/").status_code == 404

    def test_a_stop_that_does_not_exist_is_not_there(self) -> None:
        assert Browser().post("/tour/nowhere/").status_code == 404
        assert Browser().get("/tour/today/").status_code == 405


def test_the_password_belongs_to_the_keys() -> None:
    assert visit.password() == visit.password()
    assert len(visit.password()) == 19


def test_the_command_prepares_and_says_where_to_go(
    db: None, noon: Any, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "now", lambda: NOON)
    monkeypatch.setattr(seed, "seed", partial(seed.seed, more=2))  # two of the thirty; a whole year takes half a minute
    call_command("demo", prepare_only=True, port=8123)
    first = capsys.readouterr().out
    assert "everybody in it is made up" in first
    assert f"http://127.0.0.1:8123/sign-in/\n              email     {stories.EMAIL}" in first
    call_command("demo", prepare_only=True)
    second = capsys.readouterr().out
    assert Practice.objects.count() == 1
    assert "Making a simulated year" in first
    assert "Making" not in second
    assert Membership.objects.filter(role="therapist").count() == 3
    token = second.split("/f#")[1].split()[0]
    assert open_form(token=token, at=NOON).cookie
    assert token not in first
    assert authenticate(None, username=stories.EMAIL, email=stories.EMAIL, password=visit.password()) is not None


def test_a_real_practice_is_left_alone(practice: Practice) -> None:
    with pytest.raises(CommandError, match="holds a real practice"):
        call_command("demo", prepare_only=True)
    assert Session.objects.count() == 0


@pytest.mark.parametrize("total", [-1, 0, 1, 7, 24, 99])
def test_a_total_is_spread_evenly(total: int) -> None:
    items = [f"q{k}" for k in range(1, 9)]
    made = answering.spread(total, items, top=3, turn=5)
    assert sum(made.values()) == max(0, min(total, 24))
    assert max(made.values()) - min(made.values()) <= 1
