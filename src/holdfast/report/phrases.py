"""The sentences of the report: what was rated, what it is compared with, by which rule. No promise, no advice."""

import math

from holdfast.alliance import RepairStatus, RuptureEpisode
from holdfast.outcome import ChangeCategory
from holdfast.report.figure import known
from holdfast.report.model import AllianceStudy, ClientCourse, OutcomeStudy
from holdfast.report.scatter import Pair
from holdfast.report.tally import Tally, pair_of
from holdfast.report.words import count, grouped, listed, number

SIGNAL = {
    "acute": "lower than expected",
    "erosion": "sliding",
    "tension": "tension reported",
    "disagreement": "two views far apart",
}
TOGETHER = "low as a whole"
KIND = {"acute": "rupture", "erosion": "sliding", "tension": "tension", "disagreement": "disagreement"}
BEGAN = {"acute": "one low rating", "tension": "tension reported", "disagreement": "two views far apart"}
STATUS = {
    RepairStatus.OPEN: "open",
    RepairStatus.REPAIRED: "repaired",
    RepairStatus.PARTLY: "partly repaired",
    RepairStatus.NOT: "not repaired",
    RepairStatus.ENDED: "ended first",
}
CHANGE = {
    ChangeCategory.RECOVERED: "improved reliably, into the functional range",
    ChangeCategory.IMPROVED: "improved reliably",
    ChangeCategory.UNCHANGED: "no reliable change",
    ChangeCategory.DETERIORATED: "deteriorated reliably",
}


def change_sentence(tally: Tally, study: OutcomeStudy) -> str:
    """The first sentence about the outcome."""
    pairs = tally.pairs
    if not pairs:
        return f"No client has two {study.name} scores, so no change can be shown."
    if study.reliable_points is None:
        down = sum(pair.last < pair.first for pair in pairs)
        up = sum(pair.last > pair.first for pair in pairs)
        same = len(pairs) - up - down
        return (
            f"From first to last, {study.name} fell in {grouped(down)} of {count(len(pairs), 'client')}, rose in "
            f"{grouped(up)} and stayed the same in {grouped(same)}."
        )
    if len(pairs) == 1:
        return f"The one client with two {study.name} scores: {change_name(pairs[0].category)}."
    unchanged, worse = tally.changes.get("unchanged", 0), tally.changes.get("deteriorated", 0)
    return (
        f"Of {count(len(pairs), 'client')} with two {study.name} scores, {grouped(tally.improved)} improved reliably, "
        f"{grouped(unchanged)} stayed within measurement error and {grouped(worse)} deteriorated reliably."
    )


def signal_sentence(tally: Tally, study: AllianceStudy) -> str:
    """The first sentence about the alliance: what was found beside what chance alone would give."""
    if not tally.monitored:
        return f"No client has enough ratings of the {study.name} to be compared with an own history."
    what, whose = ("session", "pair's") if tally.pooled else ("rating", "client's")
    parts = [f"{count(tally.acute, what)} lower than the {whose} own history leads one to expect"]
    parts += [f"{count(tally.erosion, 'slide')} over several sessions"] if tally.erosion else []
    parts += [f"{count(tally.tension, 'session')} with tension reported"] if tally.tension else []
    parts += [f"{count(tally.disagreement, 'session')} with two views far apart"] if tally.disagreement else []
    most = "at most " if tally.pooled else ""
    said = f" In {count(tally.said, 'more session')} somebody reported tension." if tally.said else ""
    return (
        f"{grouped(tally.signals)} of {count(tally.monitored, 'monitored session')} raised a signal: {listed(parts)}. "
        f"Chance alone would give {most}about {number(tally.by_chance, places=0)}.{said}"
    )


def episode_sentence(tally: Tally) -> str:
    """What became of the episodes, as far as the ratings tell."""
    if not tally.rupture_episodes:
        return "No rupture episode was opened. That no signal was raised does not mean that nothing happened."
    parts = [f"{grouped(tally.statuses[status])} {STATUS[status]}" for status in STATUS if tally.statuses.get(status)]
    made = f"{count(tally.rupture_episodes, 'rupture episode')} in {count(tally.with_episode, 'client')}"
    told = "This is what the ratings say; whether it eased, only the two can tell."
    return f"The signals make up {made}: {listed(parts)}. {told}"


def called(client: ClientCourse) -> str:
    """What the client is called on the page: the id as given; a bare number becomes Client 7."""
    return client.id if any(sign.isalpha() for sign in client.id) else f"Client {client.id}"


def gist(client: ClientCourse, outcome: OutcomeStudy | None) -> str:
    """One client in one line: sessions, episodes, outcome."""
    parts = [count(len(client.sessions), "session")]
    if client.episodes:
        parts.append(episodes_gist(client))
    if outcome:
        parts.append(f"{outcome.name} {change_gist(pair_of(client))}")
    return " \N{MIDDLE DOT} ".join(parts)


def episodes_gist(client: ClientCourse) -> str:
    """How many episodes, and how many of them are open."""
    is_open = sum(found.status is RepairStatus.OPEN for found in client.episodes)
    return count(len(client.episodes), "episode") + (f", {is_open} open" if is_open else "")


def change_gist(pair: Pair | None) -> str:
    """First and last score and what the change is called."""
    if pair is None:
        return "fewer than two scores"
    called = change_name(pair.category)
    arrow = f"{number(pair.first)} \N{RIGHTWARDS ARROW} {number(pair.last)}"
    return f"{arrow}, {called}" if called else arrow


def change_name(category: str) -> str:
    """What a change is called; nothing where it cannot be told."""
    return CHANGE.get(ChangeCategory(category), "") if category else ""


def alliance_summary(client: ClientCourse) -> str:
    """What the drawing of the alliance shows, in words."""
    rated = known(client.alliance)
    if not rated:
        return "No session was rated."
    values = [client.alliance[index] for index in rated]
    said = f"Between {number(min(values))} and {number(max(values))} in {count(len(rated), 'rated session')}"
    marks = mark_words(client)
    for words in dict.fromkeys((*SIGNAL.values(), TOGETHER)):
        at = [str(client.sessions[index]) for index, found in marks.items() if found == words]
        said += f"; {words} in {'session' if len(at) == 1 else 'sessions'} {listed(at)}" if at else ""
    return said + "."


def mark_words(client: ClientCourse) -> dict[int, str]:
    """The words beside each diamond: a rating inside its range is low only together with what else was said."""
    words = {at: SIGNAL[kind] for at, kind in enumerate(client.signals) if kind}
    for found in client.noticed:
        below = client.alliance[found.index] < client.low[found.index]
        if client.signals[found.index] == "acute" and not below and not math.isnan(found.together):
            words[found.index] = TOGETHER
    return words


def outcome_summary(client: ClientCourse, study: OutcomeStudy, *, at: str = "session") -> str:
    """What the drawing of the outcome shows, in words."""
    scored = known(client.outcome)
    if len(scored) < 2:
        one = f"One score: {number(client.outcome[scored[0]])}." if scored else "No score."
        return f"{one} A change needs two."
    first, last = (str(client.sessions[index]) for index in (scored[0], scored[-1]))
    pair = pair_of(client)
    if pair is None or study.reliable_points is None or not pair.category:
        return f"From {at} {first} to {at} {last}: {change_gist(pair)}."
    points = number(study.reliable_points)
    return f"From {at} {first} to {at} {last}: {change_gist(pair)} (reliable beyond {points} points)."


def span_words(found: RuptureEpisode) -> str:
    """The words over a brace: what it was and how it stands."""
    return f"{KIND[found.kind]}, {STATUS[found.status]}"


def episode_words(found: RuptureEpisode, client: ClientCourse) -> str:
    """One episode as a sentence or two."""
    at = client.sessions
    kind = BEGAN.get(found.kind, f"a slide from session {at[found.onset]} on")
    said = f"Episode {found.number}: {kind}, signalled in session {at[found.signalled]}; "
    if found.nadir is None or found.depth is None or found.depth_in_sd is None:
        said += f"nothing rated in it. {_standing(found, client)}"
    else:
        where = "below" if found.depth >= 0 else "above"
        said += (
            f"lowest in session {at[found.nadir]}, {number(abs(found.depth))} points {where} the level before "
            f"({number(abs(found.depth_in_sd))} times this client's usual spread). {_standing(found, client)}"
        )
    if found.returned is not None and found.rebound is not None:
        said += (
            f" {number(found.returned)} points came back after the signal; chance alone would give about "
            f"{number(found.rebound)}."
        )
    return " ".join((said, *found.doubts))


def _standing(found: RuptureEpisode, client: ClientCourse) -> str:
    if found.status is RepairStatus.REPAIRED and found.repaired_at is not None:
        return f"Repaired in the ratings by session {client.sessions[found.repaired_at]}."
    words = STATUS[found.status]
    return f"{words[:1].upper()}{words[1:]} in the ratings, {count(found.length, 'rated session')} after its onset."
