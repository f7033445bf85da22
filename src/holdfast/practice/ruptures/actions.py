"""Rupture episodes: what people do about them. ``review`` is what the ratings do."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from holdfast.alliance.signals import Budget
from holdfast.errors import RecordError
from holdfast.practice.accounts.models import Membership, Practice
from holdfast.practice.answers.actions import rescore
from holdfast.practice.audit.actions import record
from holdfast.practice.caseload.actions import close_episode_of_care
from holdfast.practice.caseload.models import Dyad, EpisodeOfCare
from holdfast.practice.caseload.rules import demand
from holdfast.practice.caseload.sealing import seal_text
from holdfast.practice.ruptures.archive import HIGH, LOW, learn
from holdfast.practice.ruptures.course import up_to_the_last_heard
from holdfast.practice.ruptures.models import EpisodeNote, RuptureEpisode
from holdfast.practice.ruptures.review import review
from holdfast.practice.ruptures.voices import hear

__all__ = [
    "acknowledge",
    "close",
    "end_episode_of_care",
    "learn_from_archive",
    "note",
    "recompute",
    "reopen",
    "review",
    "set_signals",
    "take_back",
    "talk_about",
]

REOPENS_WITHIN = timedelta(days=1)
CHOICES = (RuptureEpisode.Status.REPAIRED, RuptureEpisode.Status.PARTLY, RuptureEpisode.Status.NOT)


@transaction.atomic
def acknowledge(*, actor: Membership, episode: RuptureEpisode, at: datetime) -> RuptureEpisode:
    """The therapist has seen it. The first time counts."""
    demand(actor, "acknowledge", episode)
    if episode.acknowledged_at is None:
        episode.acknowledged_at, episode.acknowledged_by = at, actor
        episode.save(update_fields=["acknowledged_at", "acknowledged_by"])
        record("rupture.acknowledged", actor=actor, practice=actor.practice, target=episode, at=at)
    return episode


@transaction.atomic
def take_back(*, actor: Membership, episode: RuptureEpisode, at: datetime) -> RuptureEpisode:
    """Undo that it was seen or spoken about, as long as nothing rests on it: the last of the two steps goes."""
    demand(actor, "acknowledge", episode)
    if episode.status != RuptureEpisode.Status.OPEN or not (episode.talked_at or episode.acknowledged_at):
        raise RecordError("There is nothing to take back in episode {number}.", number=episode.number)
    if episode.talked_at:
        episode.talked_at, fields = None, ["talked_at"]
    else:
        episode.acknowledged_at = episode.acknowledged_by = None
        fields = ["acknowledged_at", "acknowledged_by"]
    episode.save(update_fields=fields)
    record("rupture.taken-back", actor=actor, practice=actor.practice, target=episode, at=at, fields=fields)
    return episode


@transaction.atomic
def reopen(*, actor: Membership, episode: RuptureEpisode, at: datetime) -> RuptureEpisode:
    """Undo a closing by hand, within a day. What has happened since is reviewed at once."""
    demand(actor, "reopen", episode)
    if episode.closed_by_id is None or episode.closed_at is None or at - episode.closed_at > REOPENS_WITHIN:
        raise RecordError(
            "Episode {number} can no longer be reopened. A new one opens by itself.", number=episode.number
        )
    episode.status = RuptureEpisode.Status.OPEN
    episode.closed_at = episode.closed_by = episode.closed_after = None
    episode.save(update_fields=["status", "closed_at", "closed_by", "closed_after"])
    record("rupture.reopened", actor=actor, practice=actor.practice, target=episode, at=at, fields=["status"])
    review(dyad=episode.dyad, at=at)
    episode.refresh_from_db()
    return episode


@transaction.atomic
def talk_about(*, actor: Membership, episode: RuptureEpisode, at: datetime) -> RuptureEpisode:
    """The pair has spoken about it. The first time counts."""
    demand(actor, "talk about", episode)
    if episode.talked_at is None:
        episode.talked_at = at
        episode.save(update_fields=["talked_at"])
        record("rupture.talked-about", actor=actor, practice=actor.practice, target=episode, at=at)
    return episode


@transaction.atomic
def note(*, actor: Membership, episode: RuptureEpisode, text: str, at: datetime) -> EpisodeNote:
    """Put down what was seen or tried. Part of the record; process notes are something else."""
    demand(actor, "note", episode)
    if not text.strip():
        raise RecordError("The note is empty. Write it first.")
    row = EpisodeNote(episode=episode, author=actor, at=at)
    row.sealed_text = seal_text(text.strip(), client=episode.dyad.client, row=row, column="sealed_text")
    row.save(force_insert=True)
    record("rupture.noted", actor=actor, practice=actor.practice, target=row, at=at)
    return row


@transaction.atomic
def close(*, actor: Membership, episode: RuptureEpisode, status: str, text: str, at: datetime) -> RuptureEpisode:
    """Close an episode as the therapist sees it, with a note that says why."""
    demand(actor, "close", episode)
    if episode.status != RuptureEpisode.Status.OPEN:
        raise RecordError("Episode {number} is closed already.", number=episode.number)
    if status not in CHOICES:
        raise RecordError("An episode is closed as one of: {known}.", known=", ".join(CHOICES))
    note(actor=actor, episode=episode, text=text, at=at)
    care = episode.signal_session.episode_of_care
    rated = care.sessions.filter(pk__in=hear(care).said["client"]).order_by("number").last()
    episode.status, episode.closed_at, episode.closed_by = RuptureEpisode.Status(status), at, actor
    episode.closed_after = rated or episode.signal_session
    episode.save(update_fields=["status", "closed_at", "closed_by", "closed_after"])
    record("rupture.closed", actor=actor, practice=actor.practice, target=episode, at=at, fields=["status"])
    return episode


@transaction.atomic
def end_episode_of_care(*, actor: Membership, care: EpisodeOfCare, at: datetime) -> EpisodeOfCare:
    """End a therapy; the rupture episodes still open end with it."""
    close_episode_of_care(actor=actor, care=care, at=at)
    review(dyad=care.dyad, at=at)
    return care


@transaction.atomic
def set_signals(
    *,
    practice: Practice,
    at: datetime,
    actor: Membership | None = None,
    per_20: float | None = None,
    talk_at: float | None = None,
    clear: bool = False,
) -> Practice:
    """How many false alarms are tolerable, and from which rating on one is worth talking about; None leaves it.

    actor: None at the console, which needs no leave of the policy.

    clear: no rule on worth talking about. Episodes are reviewed by the new dial at once. Raises MethodError for a dial
    out of bounds, RecordError for a rating that is none.
    """
    if actor is not None:
        demand(actor, "set", practice)
    before = (practice.false_alarms_per_20, practice.talk_at)
    if per_20 is not None:
        practice.false_alarms_per_20 = Budget(per_20=per_20).per_20
    if talk_at is not None and not LOW <= talk_at <= HIGH:
        raise RecordError("A rating of {rating} does not exist. Ratings run from 0 to 100.", rating=talk_at)
    if talk_at is not None or clear:
        practice.talk_at = None if clear else talk_at
    after = (practice.false_alarms_per_20, practice.talk_at)
    names = ("false_alarms_per_20", "talk_at")
    fields = [name for name, old, new in zip(names, before, after, strict=True) if old != new]
    if fields:
        practice.save(update_fields=fields)
        record("practice.signals-set", actor=actor, practice=practice, target=practice, at=at, fields=fields)
        for dyad in Dyad.objects.filter(client__practice=practice).select_related("client__practice"):
            review(dyad=dyad, at=at)
    return practice


@transaction.atomic
def learn_from_archive(*, practice: Practice, at: datetime) -> dict[str, Any]:
    """Learn the starting point from the practice's own courses, and review everything from there. Returns what is kept.

    Raises RecordError where there is too little to learn from; nothing is changed then.
    """
    heard = []
    cares = EpisodeOfCare.objects.filter(dyad__client__practice=practice).order_by("started_at", "pk")
    for care in cares.select_related("dyad__client__practice").prefetch_related("sessions"):
        voices = hear(care)
        heard.append((voices, up_to_the_last_heard(care, voices)))
    learned = learn(heard, at=at)
    practice.learned = learned
    practice.save(update_fields=["learned"])
    record("practice.archive-learned", actor=None, practice=practice, target=practice, at=at, fields=["learned"])
    for dyad in Dyad.objects.filter(client__practice=practice).select_related("client__practice"):
        review(dyad=dyad, at=at)
    return learned


@transaction.atomic
def recompute(*, practice: Practice, at: datetime) -> tuple[int, int]:
    """Compute all scores and episodes of a practice again from the raw answers. Returns how many there are."""
    scores = rescore(practice=practice, at=at)
    dyads = Dyad.objects.filter(client__practice=practice).select_related("client__practice")
    return scores, sum(len(review(dyad=dyad, at=at)) for dyad in dyads)
