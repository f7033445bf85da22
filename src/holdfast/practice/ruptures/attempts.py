"""What is tried in an episode: planned, told, and remembered when the next one comes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from holdfast.errors import RecordError
from holdfast.evidence import Strategy, strategies
from holdfast.practice.accounts.models import Membership
from holdfast.practice.accounts.policy import visible
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.rules import demand
from holdfast.practice.caseload.sealing import open_text, seal_text
from holdfast.practice.ruptures.models import Attempt, RuptureEpisode

OWN_WORDS = "In your own words"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadAttempt:
    """An attempt, opened: what it is called, the words about it, and how it went."""

    attempt: Attempt
    title: str
    text: str
    outcome: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """One strategy in earlier episodes that went the same way: in how many it was tried, and how those stand.

    here: how many of them were with this client.
    """

    title: str
    episodes: int
    here: int
    repaired: int
    partly: int
    not_repaired: int
    open: int


@transaction.atomic
def plan(*, actor: Membership, episode: RuptureEpisode, strategy: str, text: str, at: datetime) -> Attempt:
    """Put down what will be tried: something from the guidance, words of one's own, or both."""
    demand(actor, "plan", episode)
    if episode.status != RuptureEpisode.Status.OPEN:
        raise RecordError(
            "Episode {number} is closed. What is tried now belongs to another one.", number=episode.number
        )
    if strategy and strategy not in _by_id():
        raise RecordError("The guidance holds no such strategy. Choose one that is shown, or write your own words.")
    if not strategy and not text.strip():
        raise RecordError("Nothing is chosen or written yet. Do one of the two.")
    attempt = Attempt(episode=episode, author=actor, strategy=strategy, planned_at=at)
    if text.strip():
        attempt.sealed_text = seal_text(text.strip(), client=episode.dyad.client, row=attempt, column="sealed_text")
    attempt.save(force_insert=True)
    record("attempt.planned", actor=actor, practice=actor.practice, target=attempt, at=at, fields=["strategy"])
    return attempt


@transaction.atomic
def tell(*, actor: Membership, attempt: Attempt, judgement: str, text: str, at: datetime) -> Attempt:
    """Say how it went. Told again, the last word counts; the log keeps that there was another."""
    demand(actor, "tell", attempt)
    if judgement not in Attempt.Judgement.values:
        raise RecordError("Say whether it helped: choose one of the four.")
    client = attempt.episode.dyad.client
    attempt.judgement, attempt.told_at = Attempt.Judgement(judgement), at
    attempt.sealed_outcome = (
        seal_text(text.strip(), client=client, row=attempt, column="sealed_outcome") if text.strip() else None
    )
    attempt.save(update_fields=["judgement", "told_at", "sealed_outcome"])
    record("attempt.told", actor=actor, practice=actor.practice, target=attempt, at=at, fields=["judgement"])
    return attempt


def attempts_of(actor: Membership | None, episode: RuptureEpisode) -> list[ReadAttempt]:
    """What was tried in an episode, opened, oldest first."""
    client = episode.dyad.client
    return [
        ReadAttempt(
            attempt=row,
            title=_by_id()[row.strategy].title if row.strategy in _by_id() else OWN_WORDS,
            text=open_text(client=client, row=row, column="sealed_text") if row.sealed_text else "",
            outcome=open_text(client=client, row=row, column="sealed_outcome") if row.sealed_outcome else "",
        )
        for row in visible(actor, Attempt).filter(episode=episode)
    ]


def way_of(episode: RuptureEpisode) -> str:
    """withdrawal or confrontation, where somebody said so; empty otherwise."""
    way = str((episode.finding.get("tension") or {}).get("way", ""))
    return way if way in ("withdrawal", "confrontation") else ""


def memory_of(actor: Membership | None, episode: RuptureEpisode) -> list[Memory]:
    """What was tried in the actor's other episodes of the same way (or, where none is known, kind), and how they stand.

    Counts only, over episodes the actor may see: what was tried most, first.
    """
    rows = visible(actor, Attempt).exclude(episode=episode).exclude(strategy="").select_related("episode")
    like = [row for row in rows if _alike(row.episode, episode)]
    tried: dict[str, dict[RuptureEpisode, None]] = {}
    for row in like:
        tried.setdefault(row.strategy, {})[row.episode] = None
    known = ((_by_id()[id_], list(found)) for id_, found in tried.items() if id_ in _by_id())
    return sorted((_memory(strategy, found, episode) for strategy, found in known), key=lambda each: -each.episodes)


def _alike(one: RuptureEpisode, other: RuptureEpisode) -> bool:
    way = way_of(other)
    return way_of(one) == way if way else one.kind == other.kind


def _memory(strategy: Strategy, found: Iterable[RuptureEpisode], episode: RuptureEpisode) -> Memory:
    rows = list(found)
    stands = [row.status for row in rows]
    return Memory(
        title=strategy.title,
        episodes=len(rows),
        here=sum(row.dyad_id == episode.dyad_id for row in rows),
        repaired=stands.count(RuptureEpisode.Status.REPAIRED),
        partly=stands.count(RuptureEpisode.Status.PARTLY),
        not_repaired=stands.count(RuptureEpisode.Status.NOT) + stands.count(RuptureEpisode.Status.ENDED),
        open=stands.count(RuptureEpisode.Status.OPEN),
    )


def _by_id() -> dict[str, Strategy]:
    return {each.id: each for each in strategies()}
