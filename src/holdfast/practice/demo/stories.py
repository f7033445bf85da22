"""Ten simulated people: whose course is shaped by hand so that it tells something, and whose is drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

UNRATED = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One simulated client. Numbers are session numbers; the alliance runs from 0 to 100 in steps of 3.125.

    alliance: one rating per past session (None: unrated); empty: drawn by holdfast.simulate, ``sessions`` of them.
    distress: the eight questions before each session, added up; empty: drawn. tension, eased: answers of the session
    form; dark: answers to the question about safety, for who agreed to be asked; weak: the facets that give way first.
    comments, replies, notes: texts. tried: after a session, a strategy, how it went and in which words. question: what
    Ada brings to supervision. acknowledged, talked: after which session the therapist did it. days_ago: when the last
    past session was. by: whose client; every: days between sessions; works_on_episodes: the therapist does what can be
    done, as episodes come.
    """

    code: str
    name: str
    hour: int
    alliance: tuple[float | None, ...] = ()
    sessions: int = 0
    distress: tuple[int, ...] = ()
    days_ago: int = 7
    meets_today: bool = False
    missed: frozenset[int] = frozenset()
    unrated_by_therapist: frozenset[int] = frozenset()
    ended: bool = False
    weak: tuple[str, ...] = ("empathy", "task")
    tension: Mapping[int, int] = field(default_factory=dict)
    eased: Mapping[int, int] = field(default_factory=dict)
    dark: Mapping[int, int] = field(default_factory=dict)
    comments: Mapping[int, str] = field(default_factory=dict)
    replies: Mapping[int, str] = field(default_factory=dict)
    notes: Mapping[int, str] = field(default_factory=dict)
    tried: Mapping[int, tuple[str, str, str]] = field(default_factory=dict)
    question: str = ""
    acknowledged: int = 0
    talked: int = 0
    by: int = 0
    every: int = 7
    language: str = "en"
    works_on_episodes: bool = False


EMAIL, SUPERVISOR = "ada@example.org", "ben@example.org"
VISITOR = "C-01"
"""Whose check-in link the demonstration prints: a calm course, so that a low rating shows what happens."""

STORIES = (
    Story(
        code=VISITOR,
        name="Cleo Marten",
        hour=9,
        alliance=(68.75, 71.875, 75.0, 71.875, 75.0, 78.125, 75.0, 78.125),
        meets_today=True,
        comments={6: "Today I could say what I usually keep to myself."},
        replies={6: "I am glad you did. We take it up next time."},
    ),
    Story(
        code="C-02",
        name="Noah Brandt",
        hour=10,
        alliance=(71.875, 75.0, 78.125, 75.0, 78.125, 75.0, 46.875, 71.875, 78.125, 78.125, 81.25),
        distress=(16, 15, 14, 13, 13, 12, 15, 14, 12, 11, 10),
        weak=("empathy", "regard"),
        tension={7: 3, 8: 1, 9: 1},
        eased={7: 1, 8: 3, 9: 4},
        comments={7: "I felt you were in a hurry."},
        replies={7: "You are right, and I am sorry. Let us begin with it next week."},
        question="He went quiet and I pushed on. What would have let me notice it sooner?",
        acknowledged=7,
        talked=8,
        tried={7: ("own-part", "helped", "He looked up for the first time. We could stay with it.")},
        notes={
            7: "I pushed on with the exercise although he had gone quiet.",
            8: "Began with his comment. He said he had felt like a case. It helped to name it.",
        },
    ),
    Story(
        code="C-03",
        name="Ines Falk",
        hour=14,
        alliance=(84.375, 81.25, 84.375, 84.375, 81.25, 84.375, 81.25, 78.125, 75.0, 71.875),
        distress=(17, 16, 14, 13, 12, 11, 11, 12, 13, 13),
        weak=("goal", "task"),
        meets_today=True,
        question="It has been sliding for weeks. Are we still working on what she came for?",
    ),
    Story(code="C-04", name="Juri Holm", hour=16, alliance=(65.625,), meets_today=True),
    Story(
        code="C-05",
        name="Maren Voss",
        hour=11,
        days_ago=5,
        alliance=(56.25, 59.375, 62.5, UNRATED, 62.5, 65.625, 68.75, 68.75, 71.875),
        dark={2: 1, 3: 0},
        missed=frozenset({4}),
        tension={6: 2},
        comments={2: "The breathing did not work at home.", 8: "I spoke to my sister, as we had planned."},
        replies={2: "Thank you for saying so. We look for something that fits."},
    ),
    Story(
        code="C-06",
        name="Theo Lind",
        hour=15,
        days_ago=1,
        alliance=(78.125, 75.0, 78.125, 81.25, 78.125, 78.125, 56.25),
        tension={7: 2},
        comments={7: "I was not sure whether you agreed with my decision."},
        unrated_by_therapist=frozenset({7}),
    ),
    Story(code="C-07", name="Anouk Peters", hour=12, days_ago=2, sessions=12),
    Story(code="C-08", name="Samir Haddad", hour=13, days_ago=3, sessions=10),
    Story(code="C-09", name="Lotte Jansen", hour=17, days_ago=4, sessions=8),
    Story(code="C-10", name="Paul Ritter", hour=10, days_ago=13, sessions=11, ended=True),
)

BEFORE = ["phq-9", "gad-2", "holdfast-before"]
"""PHQ-9 goes to who agreed to the question about safety; the others get PHQ-8 in its place."""

DUTY: dict[str, Any] = {
    "opens": time(9), "closes": time(18), "weekdays": (0, 1, 2, 3, 4), "within_hours": 6, "phone": "0151 555 0100",
    "country": "GB",
}  # fmt: skip
"""When Ben reads what is answered about safety, and what clients are told."""

PAGE = {
    "who": "I am Ada Quist, a psychotherapist. I work with adults, one at a time, and I take time to get to know you.",
    "how": "We look at what brings you and at how we get on, because the one goes with the other. After each session "
    "you tell me in a minute how it was between us, and we speak about it when something was amiss.",
    "languages": "English, German",
    "fees": "90 a session. Two places at half the fee.",
    "place": "In rooms near the harbour, on the ground floor, or by video.",
}
"""What the simulated therapist says of herself on her public page."""

REQUESTS = (
    (
        30,
        {
            "name": "Mika",
            "reach": "0151 555 7700",
            "hours": "weekdays after 18:00",
            "times": "Tuesday or Thursday, in the morning",
            "words": "I keep breaking off things that matter to me.",
        },
    ),
    (
        5,
        {"name": "Noor A.", "reach": "noor@example.org", "times": "Any day after 17:00"},
    ),
)
"""Who has asked for an appointment, and how many hours ago."""
