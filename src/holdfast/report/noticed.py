"""What was noticed in a client's sessions, as sentences: what was said, compared with what, how often by chance."""

import math
from collections.abc import Sequence

from holdfast.alliance.signals import Direction, Way
from holdfast.report.model import AllianceStudy, ClientCourse, Noticed
from holdfast.report.studies import Trust
from holdfast.report.words import count, listed, number, once_in, safe

WAYS = {
    Way.WITHDRAWAL: ", pulling away",
    Way.CONFRONTATION: ", pushing against",
    Way.BOTH: ", pulling away and pushing against",
    Way.NOT_SURE: ", not sure which way",
}
RARE = 0.05  # a tail below it is worth a sentence
APART = {
    Direction.CLIENT_LOWER: "the client's rating and the therapist's part more than they do by chance once in {often} "
    "sessions: against its own history, the client's is the lower one",
    Direction.THERAPIST_LOWER: "the client's rating and the therapist's part more than they do by chance once in "
    "{often} sessions: against its own history, the therapist's is the lower one",
    Direction.PREDICTED_TOO_HIGH: "the therapist's guess lay further above the rating than it does by chance once in "
    "{often} sessions, against this pair's own history",
    Direction.PREDICTED_TOO_LOW: "the therapist's guess lay further below the rating than it does by chance once in "
    "{often} sessions, against this pair's own history",
}


def noticed_list(client: ClientCourse, study: AllianceStudy, trust: Trust | None, *, at: str = "session") -> str:
    """One item for each session with a signal; apart from them, what was said that is none."""
    items = [f"<li>{safe(noticed_words(found, client, study, trust, at))}</li>" for found in client.noticed]
    listing = f'<ul class="small noticed">{"".join(items)}</ul>' if items else ""
    apart = "".join(f'<p class="small soft">{safe(said)}</p>' for said in beside(client, trust, at=at))
    return listing + apart


def noticed_words(found: Noticed, client: ClientCourse, study: AllianceStudy, trust: Trust | None, at: str) -> str:
    """One session: every kind of signal that it holds."""
    says = {"acute": _low, "erosion": _slide, "tension": _tension, "disagreement": _apart}
    parts = [says[kind](found, client, study, trust) for kind in found.kinds]
    return f"{at.capitalize()} {client.sessions[found.index]}: {'; '.join(parts)}."


def _low(found: Noticed, client: ClientCourse, study: AllianceStudy, trust: Trust | None) -> str:
    """The rating, its range, and how often chance alone does as much."""
    rating = client.alliance[found.index]
    together = f"everything said in that session, taken together, comes up by chance {once_in(found.together)} sessions"
    if math.isnan(rating):
        return f"not rated by the client; {together}"
    low, high = client.low[found.index], client.high[found.index]
    said = f"rated {number(rating)}; the sessions before lead one to expect {number(low)} to {number(high)}"
    alone = f"{said}, and a rating this low comes up by chance {once_in(found.p)} sessions"
    if math.isnan(found.together):
        return alone
    return f"{alone if found.p < RARE else said}; {together}"


def _slide(found: Noticed, client: ClientCourse, study: AllianceStudy, trust: Trust | None) -> str:
    often = 1.0 / trust.rates.erosion if trust else study.rule.run_length
    more = "ratings rather low" if "acute" in found.kinds else "a slide: ratings rather low"
    return f"{more} for several sessions add up to what chance gives about once in {number(often, places=0)} sessions"


def _tension(found: Noticed, client: ClientCourse, study: AllianceStudy, trust: Trust | None) -> str:
    """Who reported it, and which way."""
    said = [f"the {who} reported tension{WAYS.get(way, '')}" for who, way in found.reported.items()]
    return listed(said) or "tension was reported"


def _apart(found: Noticed, client: ClientCourse, study: AllianceStudy, trust: Trust | None) -> str:
    """Which of the two departs, and which way."""
    rate = trust.rates.disagreement if trust else math.nan
    often = number(1.0 / rate, places=0) if rate > 0.0 else "many"
    return APART.get(found.direction, "two views lie far apart").format(often=often)


def beside(client: ClientCourse, trust: Trust | None, *, at: str) -> list[str]:
    """Tension that was reported and is no signal, and the fixed cut-off, kept apart from every signal."""
    said = []
    if client.tension:
        said.append(f"Tension was also reported in {_where(client, client.tension, at)}; by itself no signal here.")
    if client.talk and trust and trust.talk_at is not None:
        said.append(
            f"Worth talking about, by the fixed cut-off and not as a signal: rated {number(trust.talk_at)} or less in "
            f"{_where(client, client.talk, at)}."
        )
    return said


def _where(client: ClientCourse, places: Sequence[int], at: str) -> str:
    """The sessions by their labels; very many are counted."""
    labels = [str(client.sessions[place]) for place in places]
    if len(labels) > 8:
        return count(len(labels), at)
    return f"{at if len(labels) == 1 else at + 's'} {listed(labels)}"
