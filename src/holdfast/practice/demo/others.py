"""Two more therapists and their thirty simulated clients: courses drawn by the generative model, words from a list.

Who comes when, how often, and who leaves is drawn once from a seed, so that the demonstration is the same everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from holdfast.practice.demo.stories import Story

SEED = 40
CLIENTS = 30
MOST = 20
YEAR = 364


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapist:
    """Somebody who works in the simulated practice."""

    name: str
    email: str
    replies: tuple[str, ...]


THERAPISTS = (
    Therapist(
        name="Mara Oduya",
        email="mara@example.org",
        replies=(
            "Thank you for writing this down. I would like to hear more of it.",
            "I had not seen it that way. Let us begin there.",
            "That took courage to say.",
        ),
    ),
    Therapist(
        name="Jonas Reiter",
        email="jonas@example.org",
        replies=("Noted, and thank you. We look at it together.", "I am glad you told me."),
    ),
)

NAMES = (
    "Amira Said", "Ben Okafor", "Clara Winter", "Dario Conti", "Elif Demir", "Finn Larsen", "Greta Pohl", "Hana Sato",
    "Igor Petrov", "Jule Anders", "Kofi Mensah", "Lea Morgen", "Marek Nowak", "Nadia Rahm", "Oskar Blum", "Priya Nair",
    "Quentin Roy", "Rosa Keller", "Sven Ohlsson", "Tara Byrne", "Udo Stern", "Vera Lindt", "Wanda Klee", "Xenia Voss",
    "Yusuf Arslan", "Zoe Hart", "Anton Maier", "Bea Sommer", "Cem Kaya", "Dora Fink",
)  # fmt: skip

COMMENTS = (
    "I slept better this week.",
    "It was hard to come today. I am glad I did.",
    "I would have liked more time at the end.",
    "The part about my father stayed with me.",
    "I do not know yet what to make of it.",
    "For once I did not have to be funny.",
    "I noticed that I said yes when I meant no.",
    "Could we speak about what happens in the summer?",
    "The list we made is on my kitchen wall now.",
    "I was angry on the way home and did not say so.",
    "We laughed, and that helped.",
    "I am not sure the exercise is for me.",
    "I told my partner about it. It went all right.",
    "I kept thinking about what you asked at the end.",
    "Nothing much to add. It was a calm hour.",
)
GERMAN = (
    "Diese Woche war ruhiger.",
    "Es fiel mir schwer, darüber zu sprechen. Danach war es leichter.",
    "Ich habe gemerkt, dass ich mich zurückgezogen habe.",
    "Können wir nächstes Mal noch einmal darauf zurückkommen?",
)


def others() -> tuple[Story, ...]:
    """Thirty stories, the first half with the first of the two therapists. Two of the clients speak German."""
    chance = np.random.default_rng(SEED)
    return tuple(_story(place, chance) for place in range(CLIENTS))


def _story(place: int, chance: np.random.Generator) -> Story:
    every = int(chance.choice((7, 7, 14)))
    sessions = int(chance.integers(3, MOST + 1)) if every == 7 else int(chance.integers(3, 13))
    span = every * (sessions + 1) + 7
    ended = bool(chance.random() < 0.35)
    days_ago = int(chance.integers(20, YEAR - span)) if ended else int(chance.integers(1, every))
    missed = frozenset(int(each) for each in chance.choice(sessions, size=sessions // 8, replace=False) + 1 if each > 1)
    german = place in (6, 21)
    comments = _comments(sessions, missed, GERMAN if german else COMMENTS, chance)
    return Story(
        code=f"{'MO' if place < CLIENTS // 2 else 'JR'}-{place % (CLIENTS // 2) + 1:02}",
        name=NAMES[place],
        hour=int(chance.integers(8, 18)),
        sessions=sessions,
        days_ago=days_ago,
        every=every,
        ended=ended,
        missed=missed,
        comments=comments,
        replies=_replies(comments, THERAPISTS[place // (CLIENTS // 2)]) if not german else {},
        language="de" if german else "en",
        by=1 + place // (CLIENTS // 2),
        works_on_episodes=True,
    )


def _comments(
    sessions: int, missed: frozenset[int], pool: tuple[str, ...], chance: np.random.Generator
) -> Mapping[int, str]:
    """Somebody writes after about every sixth session."""
    wrote = [number for number in range(1, sessions + 1) if number not in missed and chance.random() < 1 / 6]
    return {number: pool[int(chance.integers(len(pool)))] for number in wrote}


def _replies(comments: Mapping[int, str], therapist: Therapist) -> Mapping[int, str]:
    """The therapist answers every other comment."""
    answered = list(comments)[::2]
    return {number: therapist.replies[place % len(therapist.replies)] for place, number in enumerate(answered)}
