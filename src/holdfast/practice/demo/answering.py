"""From a wanted score to the answers that give it, for the forms the practice asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from holdfast.practice.answers.content import Answer
from holdfast.practice.answers.offers import offer
from holdfast.practice.demo.moments import Moment

RATINGS = ("bond", "goal", "task", "empathy", "regard", "genuineness", "consistency", "safety")
TOP = 4


def spread(total: int, items: Sequence[str], *, top: int, turn: int = 0) -> dict[str, int]:
    """A total over items, as evenly as it goes; ``turn`` says who gets the remainder."""
    total = max(0, min(total, top * len(items)))
    share, rest = divmod(total, len(items))
    return {item: share + ((place + turn) % len(items) < rest) for place, item in enumerate(items)}


def session_form(moment: Moment) -> dict[str, Answer]:
    """The client's session form: the wanted alliance, lower where the story says it gave way first."""
    points = spread(round((moment.alliance or 0.0) / 100 * TOP * len(RATINGS)), RATINGS, top=TOP, turn=moment.number)
    strong = [item for item in RATINGS if item not in moment.weak]
    for weak, lends in zip(moment.weak, strong, strict=False):
        if points[weak] > 0 and points[lends] < TOP:
            points[weak], points[lends] = points[weak] - 1, points[lends] + 1
    instrument = offer("holdfast-session", occasion="after").instrument
    said: dict[str, Answer] = {
        item: TOP - value if instrument.item(item).reverse else value for item, value in points.items()
    }
    said["tension"] = moment.tension
    if moment.tension:
        said |= {"tension_kind": moment.way, "addressed": 2 if moment.eased else 0}
    if moment.eased is not None:
        said["eased"] = moment.eased
    return said


def before_forms(references: Sequence[Mapping[str, Any]], moment: Moment) -> dict[str, dict[str, Answer]]:
    """The forms before a session, for those of them that the practice could offer."""
    eight = spread(moment.distress, [f"q{k}" for k in range(1, 9)], top=3, turn=moment.number)
    made: dict[str, dict[str, Answer]] = {
        "phq-8": dict(eight),
        "phq-9": {**eight, "q9": moment.dark},
        "gad-2": dict(spread(round(moment.distress / 4), ("q1", "q2"), top=3, turn=moment.number)),
        "holdfast-before": {
            "shared_goal": min(9, 1 + moment.number // 2),
            "connected": max(0, TOP - moment.distress // 5),
        },
    }
    return {each["id"]: made[each["id"]] for each in references if each["id"] in made}


def monthly_form(moment: Moment) -> dict[str, dict[str, Answer]]:
    """The form once a month: a base that grows with the work, worry and distance that give way, slowly."""
    rated, months = (moment.alliance or 60.0) / 100, moment.number // 4
    wanted = {
        ("base_dare", "base_try", "base_carry"): round(rated * 9) + months // 2,
        ("worry_wanted", "worry_much", "worry_there"): round((1 - rated) * 12) + 2 - months // 2,
        ("distance_hold", "distance_need", "distance_away"): round((1 - rated) * 10) + 2 - months // 2,
        ("close_felt", "close_shown", "close_turned"): 4 + months + (24 - moment.distress) // 8,
        ("feel_notice", "feel_say", "feel_tell"): 4 + months,
    }
    said: dict[str, Answer] = {}
    for items, total in wanted.items():
        said |= spread(total, items, top=TOP, turn=moment.number)
    return {"holdfast-monthly": said}


def therapist_form(moment: Moment) -> dict[str, dict[str, Answer]]:
    """The therapist's rating, and the guess she made of the client's."""
    own = spread(round(moment.seen_by_therapist / 100 * TOP * 2), ("own_bond", "own_work"), top=TOP)
    guess = spread(round(moment.predicted / 100 * TOP * 2), ("predicted_bond", "predicted_work"), top=TOP)
    also = {"tension_kind": moment.way_by_therapist, "focus": moment.focus}
    return {"holdfast-session-therapist": {**own, **guess, **also}}
