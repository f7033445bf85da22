"""What was noticed in a client's sessions, as sentences: what was said, compared with what, how often by chance."""

import math
from collections.abc import Sequence

from holdfast.alliance.signals import Direction, Way
from holdfast.report.model import AllianceStudy, ClientCourse, Noticed
from holdfast.report.studies import Trust
from holdfast.report.words import count, listed, number, once_in, safe

WAYS = {
    Way.WITHDRAWAL: " (pulling away)",
    Way.CONFRONTATION: " (pushing against)",
    Way.BOTH: " (pulling away and pushing against)",
    Way.NOT_SURE: " (not sure which way)",
}
RATERS = (
    "The client's rating and the therapist's lie further apart than chance brings {often} sessions; against its own "
)
GUESS = "The therapist's guess lay further {where} the rating than chance brings {often} sessions with this pair."
APART = {
    Direction.CLIENT_LOWER: RATERS + "history the client's is the lower one.",
    Direction.THERAPIST_LOWER: RATERS + "history the therapist's is the lower one.",
    Direction.PREDICTED_TOO_HIGH: GUESS.replace("{where}", "above"),
    Direction.PREDICTED_TOO_LOW: GUESS.replace("{where}", "below"),
}
RARE = 0.05  # a tail below it is worth a sentence
MOST = 8  # sessions that are named one by one


def noticed_list(client: ClientCourse, study: AllianceStudy, trust: Trust | None, *, at: str = "session") -> str:
    """One item for each session with a signal; apart from them, what was said that is none."""
    items = [
        f"<li><b>{safe(f'{_capital(at)} {client.sessions[found.index]}.')}</b> "
        f"{safe(noticed_words(found, client, study, trust))}</li>"
        for found in client.noticed
    ]
    listing = f'<ul class="small noticed">{"".join(items)}</ul>' if items else ""
    apart = "".join(f'<p class="small soft">{safe(said)}</p>' for said in beside(client, trust, at=at))
    return f"<div>{listing}{apart}</div>" if listing or apart else ""


def noticed_words(found: Noticed, client: ClientCourse, study: AllianceStudy, trust: Trust | None) -> str:
    """One session: every kind of signal that it holds, and who reported tension in it."""
    said = []
    if "acute" in found.kinds:
        said += _low(found, client)
    if "erosion" in found.kinds:
        often = 1.0 / trust.rates.erosion if trust else study.rule.run_length
        said.append(f"A slide: low ratings in a row add up to what chance gives {once_in(1.0 / often)} sessions.")
    if "disagreement" in found.kinds:
        often = trust.rates.disagreement if trust else 0.0
        said.append(APART.get(found.direction, "Two views lie far apart.").format(often=once_in(often)))
    if found.reported:
        by = [f"the {who}{WAYS.get(way, '')}" for who, way in sorted(found.reported.items())]
        said.append(f"Tension was reported by {listed(by)}.")
    return " ".join(said)


def _low(found: Noticed, client: ClientCourse) -> list[str]:
    """The rating, its range, and how often chance alone does as much; then the same of everything said."""
    rating = client.alliance[found.index]
    if math.isnan(rating):
        return [
            "Not rated by the client.",
            f"Everything said in it, taken together, comes up by chance {once_in(found.together)} sessions.",
        ]
    low, high = client.low[found.index], client.high[found.index]
    rated = f"Rated {number(rating)}. The sessions before lead one to expect {number(low)} to {number(high)}; "
    alone = f"a rating this low comes up by chance {once_in(found.p)} sessions"
    if math.isnan(found.together):
        return [f"{rated}{alone}."]
    if found.p < RARE:
        return [f"{rated}{alone}, everything said in it together {once_in(found.together)}."]
    return [f"{rated}everything said in it, taken together, comes up by chance {once_in(found.together)} sessions."]


def beside(client: ClientCourse, trust: Trust | None, *, at: str) -> list[str]:
    """Tension that was reported and is no signal, and the fixed cut-off, kept apart from every signal."""
    said = []
    if client.tension:
        said.append(f"Tension was also reported in {_where(client, client.tension, at)}, without a signal.")
    if client.talk and trust and trust.talk_at is not None:
        said.append(
            f"Worth talking about, by the fixed cut-off and not as a signal: rated {number(trust.talk_at)} or less in "
            f"{_where(client, client.talk, at)}."
        )
    return said


def _where(client: ClientCourse, places: Sequence[int], at: str) -> str:
    """The sessions by their labels; very many are counted."""
    labels = [str(client.sessions[place]) for place in places]
    if len(labels) > MOST:
        return count(len(labels), at)
    return f"{at if len(labels) == 1 else at + 's'} {listed(labels)}"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
