"""The tour leads to every stop as whoever looks there, and is not there in a practice with real clients."""

from unittest import mock

from django.test import Client as Browser
from django.test import TestCase

from holdfast.practice.accounts.models import Practice
from holdfast.practice.demo import others, seed
from holdfast.practice.demo.moments import moments_of_all
from holdfast.practice.demo.tour import stops
from holdfast.practice.lib import clock
from tests.practice.conftest import NOON, PASSWORD


class TestTour(TestCase):
    """One small practice for all of these."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.enterClassContext(mock.patch.object(clock, "now", return_value=NOON))
        seed.seed(now=NOON, password=PASSWORD, more=0)

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


def test_thirty_more_clients_are_the_same_each_time_and_none_is_twice() -> None:
    made = others.others()
    assert made == others.others()
    assert len({story.code for story in made}) == len({story.name for story in made}) == others.CLIENTS
    assert {story.by for story in made} == {1, 2}
    assert sum(story.language == "de" for story in made) == 2
    assert any(story.ended for story in made)
    assert all(story.sessions <= others.MOST for story in made)


def test_their_courses_hold_as_many_sessions_as_they_say() -> None:
    made = others.others()
    for story, moments in zip(made, moments_of_all(made, others.MOST), strict=True):
        assert len(moments) == story.sessions


def test_therapists_answer_some_of_the_comments_in_their_own_words() -> None:
    for story in others.others():
        assert set(story.replies) <= set(story.comments)
        assert set(story.replies.values()) <= set(others.THERAPISTS[story.by - 1].replies)
