"""The thirty clients of the two other therapists: drawn once, the same each time."""

from holdfast.practice.demo import others
from holdfast.practice.demo.moments import moments_of_all


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
